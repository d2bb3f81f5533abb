"""A source as a reader understood it: plain text, and where in it blocks, headings, pages and clauses are.

Invariant: a block is a slice of the text, blocks do not overlap and come in order. A source that cannot be
read raises Unreadable with a reason for people; what it is about is not its reader's to judge.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from casewright.domain.knowledge import SourceKind
from casewright.retrieval.chunking import Block

_CLAUSE = re.compile(r"([A-Z][A-Z0-9]*-[0-9]+(?:\.[0-9]+)+)[.:]?(?=\s)")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_BLANKS = re.compile(r"[^\S\n]+")
_LONGEST_TITLE = 200


class Unreadable(ValueError):
    """Why a source cannot be read; the message is for people and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Statements:
    """What a source says about itself; None where it says nothing."""

    title: str | None = None
    kind: SourceKind | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class ReadSource:
    """The text of a source, its blocks, and what it says about itself."""

    text: str
    blocks: tuple[Block, ...]
    statements: Statements = field(default_factory=Statements)


class TextBuilder:
    """Puts a source's text together, block by block."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[tuple[int, str]] = []
        self._blocks: list[Block] = []
        self.page: int | None = None
        """The page that is being read, from 1; None: the source has none."""
        self.first_heading: str | None = None

    def add_heading(self, level: int, words: str) -> None:
        """A heading stands in the text, and in the path of what follows; it is no block."""
        title = clean_line(words)[:_LONGEST_TITLE]
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        if not title:
            return
        if self.first_heading is None:
            self.first_heading = title
        self._headings.append((level, title))
        self._write(title)

    def add_block(self, words: str, *, clause: str | None = None) -> None:
        """A paragraph, list, table or clause. One that opens with a number such as `RET-2.1` is a clause."""
        text = clean_block(words)
        if not text:
            return
        if clause is None and (numbered := _CLAUSE.match(text)):
            clause = numbered.group(1)
        start = self._write(text)
        path = tuple(title for _, title in self._headings)
        self._blocks.append(Block(start, start + len(text), path, self.page, clause))

    def extend_clause(self, words: str) -> bool:
        """Put a block to the clause before it, if nothing stands between them; False where there is none."""
        last = self._blocks[-1] if self._blocks else None
        text = clean_block(words)
        if last is None or last.clause is None or last.end != self._length or not text:
            return False
        start = self._write(text)
        self._blocks[-1] = Block(last.start, start + len(text), last.heading_path, last.page, last.clause)
        return True

    def finish(self, statements: Statements | None = None) -> ReadSource:
        """What was read. Raises Unreadable where there is no text."""
        if not self._blocks:
            raise Unreadable("there is no text in it")
        return ReadSource("".join(self._parts), tuple(self._blocks), statements or Statements())

    def _write(self, text: str) -> int:
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start


def clean_block(words: str) -> str:
    """NFC, without control characters, with single blanks, line by line."""
    text = words.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\t", " ")
    text = _UNPRINTABLE.sub("", unicodedata.normalize("NFC", text))
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def clean_line(words: str) -> str:
    """The same on one line."""
    return clean_block(words).replace("\n", " ")


def decode(data: bytes) -> str:
    """UTF-8, or UTF-16 with its mark. Raises Unreadable."""
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
