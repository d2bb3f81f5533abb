"""Console: how the command line writes, for people (tables) and for machines (JSON lines).

Invariant: text from a ticket is printed as text: no markup, no control characters, no lone surrogates.
"""

import sys

from rich.console import Console
from rich.table import Table

from casewright.service.documents import encode_json

PIPED_WIDTH = 120
_LABEL_WIDTH = 17


def make_console() -> Console:
    """A console on standard output; wide when the output is not a terminal."""
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    return Console(width=width, markup=False, emoji=False, highlight=False)


def clean(text: object) -> str:
    """The text with what a terminal could act on, or could not encode, shown as a replacement character."""
    return "".join(
        character if character.isprintable() or character in "\u200c\u200d" else "\ufffd"
        for character in str(text)
    )


def count_of(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 row", "1,200 rows"."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def say_beside(console: Console, label: str, text: str) -> None:
    """A label, and a text beside it whose further lines stay under its first."""
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=_LABEL_WIDTH, justify="right")
    row.add_column()
    row.add_row(clean(label), clean(text))
    console.print(row)


def write_json(document: object) -> None:
    """One document on one line of standard output."""
    sys.stdout.buffer.write(encode_json(document) + b"\n")
    sys.stdout.flush()
