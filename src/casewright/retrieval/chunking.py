"""Chunking: a document's blocks to the passages that are found and cited.

A passage is a slice of the document's text, `text[start:end] == passage.text`, of about 120 words, and shares
about 30 with the one before it under the same heading. A passage has one heading. A numbered clause is one
passage and keeps its number. It reads no format: readers say where the blocks are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casewright.domain.knowledge import Passage

WORDS = 120
OVERLAP = 30
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, table or clause: characters `start` to `end` of the document's text."""

    start: int
    end: int
    heading_path: tuple[str, ...] = ()
    page: int | None = None
    clause: str | None = None


def cut(document_id: str, title: str, text: str, blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """The passages of a document, in order. Passages carry the version 0."""
    spans: list[tuple[Block, int, int]] = []
    for run in _runs(blocks):
        first = run[0]
        start, end = first.start, run[-1].end
        if first.clause is not None:
            spans.append((first, start, end))
            continue
        spans.extend((_block_at(run, a), a, b) for a, b in _windows(text, start, end))
    return tuple(
        Passage(
            document_id=document_id,
            version=0,
            number=number,
            title=title,
            text=text[start:end],
            start=start,
            end=end,
            heading_path=block.heading_path,
            page=block.page,
            clause=block.clause,
        )
        for number, (block, start, end) in enumerate(spans)
    )


def embedded_text(passage: Passage) -> str:
    """What an embedder reads of a passage: the title, the headings, the text."""
    head = " › ".join(dict.fromkeys(part for part in (passage.title, *passage.heading_path) if part))
    return f"{head}\n{passage.text}" if head else passage.text


def _runs(blocks: Iterable[Block]) -> list[list[Block]]:
    """Blocks that may share a passage: neighbours under one heading that are no clauses."""
    runs: list[list[Block]] = []
    for block in blocks:
        is_clause = block.clause is not None or (bool(runs) and runs[-1][0].clause is not None)
        if runs and not is_clause and block.heading_path == runs[-1][0].heading_path:
            runs[-1].append(block)
        else:
            runs.append([block])
    return runs


def _windows(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of WORDS words each, every one starting OVERLAP before the last one's end."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    found = []
    first = 0
    while first < len(words):
        last = min(first + WORDS, len(words))
        found.append((words[first][0], words[last - 1][1]))
        if last == len(words):
            break
        first = last - OVERLAP
    return found


def _block_at(run: Sequence[Block], place: int) -> Block:
    """The last block that starts at or before the place."""
    found = run[0]
    for block in run:
        if block.start <= place:
            found = block
    return found
