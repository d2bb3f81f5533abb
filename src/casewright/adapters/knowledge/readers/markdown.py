"""Markdown: headings, paragraphs, lists, tables and numbered clauses, as plain text.

Front matter may say title, kind, valid_from, valid_until and review_by; other names in it are passed over.
A numbered clause, `**RET-2.1** …`, runs to the next clause or heading, as in a desk's policy.
"""

import re
from datetime import date
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from casewright.adapters.knowledge.readers.html import strip_tags
from casewright.adapters.knowledge.readers.source import (
    ReadSource,
    Statements,
    TextBuilder,
    Unreadable,
    clean_line,
    decode,
)
from casewright.domain.knowledge import SourceKind

_FRONT = re.compile(r"\A---[^\S\n]*\n(.{0,4000}?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
_CLAUSE = re.compile(r"\*\*([A-Z][A-Z0-9]*-[0-9]+(?:\.[0-9]+)*)\.?\*\*")
_DAYS = ("valid_from", "valid_until", "review_by")
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def read_markdown(data: bytes) -> ReadSource:
    """The text of a Markdown file. Raises Unreadable."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    statements = Statements()
    if front := _FRONT.match(text):
        statements = _read_front(front.group(1))
        text = text[front.end() :]
    builder = TextBuilder()
    _add_blocks(builder, MarkdownIt("commonmark").enable("table").parse(text))
    if statements.title is None:
        statements = Statements(
            builder.first_heading,
            statements.kind,
            statements.valid_from,
            statements.valid_until,
            statements.review_by,
        )
    return builder.finish(statements)


def _add_blocks(builder: TextBuilder, tokens: list[Token]) -> None:
    """One block for each paragraph, list item, table row or piece of code at the top of its container."""
    heading: int | None = None
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "heading_open":
            heading = int(token.tag[1:])
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            _add(builder, " | ".join(cells or []), None)
            cells = None
        elif token.type == "inline":
            words = _plain(token.children or [])
            if heading is not None:
                builder.add_heading(heading, words)
                heading = None
            elif cells is not None:
                cells.append(clean_line(words))
            else:
                numbered = _CLAUSE.match(token.content)
                _add(builder, words, numbered.group(1) if numbered else None)
        elif token.type in {"fence", "code_block"}:
            _add(builder, token.content, None)
        elif token.type == "html_block":
            _add(builder, strip_tags(token.content), None)


def _add(builder: TextBuilder, words: str, clause: str | None) -> None:
    if clause is not None or not builder.extend_clause(words):
        builder.add_block(words, clause=clause)


def _plain(children: list[Token]) -> str:
    """Inline text without its marks: of a link its words, of a picture its description."""
    parts = []
    for child in children:
        if child.type in _BREAKS:
            parts.append(_BREAKS[child.type])
        elif child.type == "image":
            parts.append(_plain(child.children or []))
        elif child.type in {"text", "code_inline"}:
            parts.append(child.content)
    return "".join(parts)


def _read_front(text: str) -> Statements:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError:
        raise Unreadable("its front matter is not YAML") from None
    if not isinstance(document, dict):
        return Statements()
    days = {name: _read_day(name, document.get(name)) for name in _DAYS}
    title = document.get("title")
    return Statements(clean_line(str(title)) if title else None, _read_kind(document.get("kind")), **days)


def _read_kind(value: Any) -> SourceKind | None:
    if value is None:
        return None
    try:
        return SourceKind(value)
    except ValueError:
        kinds = ", ".join(SourceKind)
        raise Unreadable(f"its front matter names a kind that is none of {kinds}") from None


def _read_day(name: str, value: Any) -> date | None:
    if value is None or (isinstance(value, date) and type(value) is date):
        return value
    raise Unreadable(f"{name} in its front matter is no day, such as 2026-01-31")
