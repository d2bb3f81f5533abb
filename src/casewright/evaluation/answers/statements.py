"""Statements: what a text asserts, one sentence or bullet each. Questions and citations assert nothing."""

import re

_BULLET = re.compile(r"^\s*(?:[-*•–]|\(?\d{1,2}[.)])\s+")
_CITATION = re.compile(r"\s*\[[^\[\]\n]{1,120}\]")
_END = re.compile(r"(?<=[.!?।॥])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9\u0980-\u09ff৳$€])|\s*[;\n]\s*")
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|approx|no|nos|ltd|inc|co|corp|mr|mrs|ms|dr|st|sec|art|fig|tk|rs|a\.m|p\.m)\.$",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r",?\s+(?:so|and so|because|since|but|unless)\s+|,\s+and\s+|\s+with an?\s+(?=\w+\s+of\b)", re.IGNORECASE
)
_FEWEST_WORDS = 2


def split_statements(text: str) -> tuple[str, ...]:
    """The statements of a text, in order. A heading of one word and a question are none."""
    found: list[str] = []
    for line in text.splitlines():
        held = ""
        for piece in _END.split(_CITATION.sub("", _BULLET.sub("", line))):
            if not piece or not piece.strip():
                continue
            held = f"{held} {piece.strip()}".strip()
            if not _ABBREVIATION.search(held):
                found.append(held)
                held = ""
        if held:
            found.append(held)
    return tuple(
        statement
        for statement in found
        if not statement.rstrip("\"'”’)").endswith("?") and len(statement.split()) >= _FEWEST_WORDS
    )


def split_claims(text: str) -> tuple[str, ...]:
    """The statements of a text, cut where one joins several: one part may be right and another wrong."""
    claims: list[str] = []
    for statement in split_statements(text):
        parts = [part.strip(" ,") for part in _JOINT.split(statement)]
        is_whole = any(len(part.split()) < _FEWEST_WORDS for part in parts)
        claims += [statement] if is_whole else parts
    return tuple(claims)
