"""Tickets from a file or a pipe: a JSON object, a JSON array, or JSON lines.

Invariant: a bad line costs that line only; it is reported with its place. Whole inputs are held in memory:
this is for what a person looks at.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from casewright.domain.errors import MalformedRequest
from casewright.service.documents import parse_document

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A document and where it stood; or, where it could not be read, why."""

    place: str
    document: object = None
    problem: str = ""


def read_tickets(source: str) -> list[Ticket]:
    """All tickets of a file, or of standard input for `-`. Raises MalformedRequest where none can be read."""
    name, body = _read(source)
    if not body.strip():
        raise MalformedRequest(f"{name} is empty; write one ticket as a JSON object, or one on each line.")
    if _is_lines(name, body):
        return list(_read_lines(name, body))
    try:
        document = parse_document(body)
    except MalformedRequest as error:
        raise MalformedRequest(f"{name}: {error.message}") from None
    if isinstance(document, list):
        return [Ticket(f"{name}, item {number}", item) for number, item in enumerate(document, start=1)]
    return [Ticket(name, document)]


def _read(source: str) -> tuple[str, bytes]:
    if source == STANDARD_INPUT:
        return "standard input", sys.stdin.buffer.read()
    try:
        return source, Path(source).read_bytes()
    except FileNotFoundError:
        raise MalformedRequest(
            f"{source}: there is no such file; use - to read from standard input."
        ) from None
    except OSError as error:
        raise MalformedRequest(f"{source}: cannot be read: {error.strerror}.") from None


def _is_lines(name: str, body: bytes) -> bool:
    """JSON lines by name, or because the first line is a whole document and more follows."""
    if name.endswith((".jsonl", ".ndjson")):
        return True
    first, _, rest = body.strip().partition(b"\n")
    if not rest.strip():
        return False
    try:
        return isinstance(parse_document(first), dict)
    except MalformedRequest:
        return False


def _read_lines(name: str, body: bytes) -> Iterator[Ticket]:
    for number, line in enumerate(body.split(b"\n"), start=1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            yield Ticket(place, parse_document(line))
        except MalformedRequest as error:
            yield Ticket(place, problem=error.message)
