"""Where a foreign text is put into a message: before it, after it, inside at a sentence boundary, on its own line.

The two texts are joined as a person would paste them: with a space or a line break, and no mark is added.
"""

import random
import re
from enum import StrEnum

_BOUNDARY = re.compile(r"(?<=[.!?।])\s+")


class Place(StrEnum):
    BEFORE = "before"
    AFTER = "after"
    INSIDE = "inside"
    OWN_LINE = "own_line"


def insert_text(message: str, payload: str, place: Place, rng: random.Random) -> str:
    """The message with the payload in it. A message of one sentence has no inside: the payload goes after it."""
    if place is Place.BEFORE:
        return f"{payload} {message}"
    if place is Place.AFTER:
        return f"{message} {payload}"
    if place is Place.OWN_LINE:
        return f"{payload}\n{message}" if rng.random() < 0.5 else f"{message}\n{payload}"
    boundaries = [match.end() for match in _BOUNDARY.finditer(message) if match.end() < len(message)]
    if not boundaries:
        return f"{message} {payload}"
    at = rng.choice(boundaries)
    return f"{message[:at]}{payload} {message[at:]}"
