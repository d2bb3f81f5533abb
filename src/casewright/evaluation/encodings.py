"""Disguises of a text: the ways in which an instruction is hidden from a reader of plain words.

Some can be read by a person (spaced, reversed), some by a machine only (base64, tag characters). Every one is
undone nowhere but in the annotation of a message; for the rules it is a text like any other.
"""

import base64
import codecs
import random
from collections.abc import Callable, Mapping

Encode = Callable[[str, random.Random], str]

_HOMOGLYPHS = str.maketrans("aceiopsxyABCEHIKMNOPTXj", "асеіорѕхуАВСЕНІКМΝОРТХј")
_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_RIGHT_TO_LEFT, _POP = "\u202e", "\u202c"


def to_base64(text: str, rng: random.Random) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")


def to_hex(text: str, rng: random.Random) -> str:
    return text.encode("utf-8", "surrogatepass").hex()


def to_rot13(text: str, rng: random.Random) -> str:
    return codecs.encode(text, "rot13")


def to_reversed(text: str, rng: random.Random) -> str:
    return text[::-1]


def to_spaced(text: str, rng: random.Random) -> str:
    """Every letter apart, words two spaces apart."""
    return "  ".join(" ".join(word) for word in text.split())


def to_homoglyphs(text: str, rng: random.Random) -> str:
    """Latin letters that have one replaced by their Cyrillic or Greek look-alikes."""
    return "".join(char.translate(_HOMOGLYPHS) if rng.random() < 0.7 else char for char in text)


def to_zero_width(text: str, rng: random.Random) -> str:
    return "".join(char + (rng.choice(_ZERO_WIDTH) if rng.random() < 0.4 else "") for char in text)


def to_tags(text: str, rng: random.Random) -> str:
    """Invisible: each ASCII character as a tag character. What has no tag is left out."""
    return "".join(chr(0xE0000 + ord(char)) for char in text if 0x20 <= ord(char) < 0x7F)


def to_bidi(text: str, rng: random.Random) -> str:
    """Stored backwards and shown forwards by a direction override."""
    return f"{_RIGHT_TO_LEFT}{text[::-1]}{_POP}"


def to_leet(text: str, rng: random.Random) -> str:
    return text.translate(_LEET)


def to_full_width(text: str, rng: random.Random) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if 0x21 <= ord(char) < 0x7F else char for char in text)


ENCODINGS: Mapping[str, Encode] = {
    "base64": to_base64,
    "hex": to_hex,
    "rot13": to_rot13,
    "reversed": to_reversed,
    "spaced": to_spaced,
    "homoglyphs": to_homoglyphs,
    "zero-width": to_zero_width,
    "tags": to_tags,
    "bidi": to_bidi,
    "leet": to_leet,
    "full-width": to_full_width,
}
