"""Console: how the command line writes, for people (tables) and for machines (JSON lines).

Invariant: text from a ticket is printed as text: no markup, no control characters, no lone surrogates.
"""

import sys

from rich.console import Console

from casewright.service.documents import encode_json

PIPED_WIDTH = 120


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


def write_json(document: object) -> None:
    """One document on one line of standard output."""
    sys.stdout.buffer.write(encode_json(document) + b"\n")
    sys.stdout.flush()
