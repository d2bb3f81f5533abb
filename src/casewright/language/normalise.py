"""Normalisation: the form of a text in which words and numbers are matched, with a way back.

The matching form is NFC and lower case; digits of every script are ASCII; zero-width, bidi and tag
characters, variation selectors and accents are gone; full-width and mathematical letters, and letters of
other scripts that look Latin, are Latin; typographic quotes and dashes are ASCII; a lone surrogate is U+FFFD.
Normalising twice gives the same text as normalising once.

It does not correct spelling, fold Banglish, or touch the text that is stored: `original` keeps it all.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from casewright.language.data_files import load_mapping

_REPLACEMENT = "\ufffd"
_CACHED_BELOW = 0x3000
"""Folds of higher code points are computed again each time, so that hostile text cannot fill the memory."""
_PLAIN_BANGLA = re.compile("[\\x00-\\x7f\u0964\u0981-\u09ef\u09f2-\u09fd]*")
"""Texts that need no more than digits and NFC: most complaints in Bangla script."""
_BANGLA_DIGITS = tuple((chr(0x09E6 + value), str(value)) for value in range(10))
_CACHED_ABOVE = (range(0x1D400, 0x1D800), range(0xFF00, 0x10000), range(0xE0000, 0xE0080))
_LIGATURES = range(0xFB00, 0xFB07)
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_INDIC = range(0x0900, 0x0E00)
_DROPPED = (
    range(0x0300, 0x0370),  # accents, also the stacked ones
    range(0x115F, 0x1161),
    range(0x17B4, 0x17B6),
    range(0x180B, 0x1810),
    range(0x1AB0, 0x1B00),
    range(0x1DC0, 0x1E00),
    range(0x200B, 0x2010),
    range(0x2060, 0x2070),
    range(0x20D0, 0x2100),
    range(0x3164, 0x3165),
    range(0xFE00, 0xFE10),  # variation selectors
    range(0xFE20, 0xFE30),
    range(0xFFA0, 0xFFA1),
    range(0xE0000, 0xE1000),  # tag characters
)


class Normalised:
    """A text as it came and as it is matched. Equal when the originals are equal."""

    __slots__ = ("_offsets", "original", "text")

    def __init__(self, original: str, text: str) -> None:
        self.original = original
        self.text = text
        self._offsets: tuple[int, ...] | None = None

    @property
    def offsets(self) -> tuple[int, ...]:
        """Index in `text` → index in `original`, ascending, plus one end entry; computed at first use.

        The span `text[a:b]` is `original[offsets[a]:offsets[b]]`, with what was dropped inside or after it.
        """
        if self._offsets is None:
            self._offsets = _build_offsets(self.original, self.text)
        return self._offsets

    def original_of(self, first: int, last: int) -> str:
        """What the customer wrote at `text[first:last]`."""
        return self.original[self.offsets[first] : self.offsets[last]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Normalised) and self.original == other.original

    def __hash__(self) -> int:
        return hash(self.original)

    def __repr__(self) -> str:
        return f"Normalised(text={self.text!r})"


def normalise(text: str) -> Normalised:
    """The matching form of a text. Any string is accepted, lone surrogates included."""
    if text.isascii():
        return Normalised(text, text.lower())
    if _PLAIN_BANGLA.fullmatch(text):
        folded = text.lower()
        for digit, ascii_digit in _BANGLA_DIGITS:
            folded = folded.replace(digit, ascii_digit)
    else:
        folded = text.translate(_load_folds())
    return Normalised(text, unicodedata.normalize("NFC", folded))


class _Folds(dict[int, str]):
    """The fold of each code point, filled as characters are met."""

    def __init__(self, look_alikes: dict[str, str]) -> None:
        super().__init__()
        self._look_alikes = look_alikes

    def __missing__(self, code: int) -> str:
        fold = self._fold(code)
        if code < _CACHED_BELOW or any(code in span for span in _CACHED_ABOVE):
            self[code] = fold
        return fold

    def _fold(self, code: int) -> str:
        if code < 0x80:
            return chr(code).lower()
        char = unicodedata.normalize("NFC", chr(code))
        if char != chr(code):
            return "".join(self[ord(part)] for part in char)
        sign = self._look_alikes.get(char)
        if sign is not None:
            return sign
        if any(code in span for span in _DROPPED):
            return ""
        category = unicodedata.category(char)
        if category == "Cf":
            return ""
        if category == "Cs":
            return _REPLACEMENT
        if category == "Nd":
            return str(unicodedata.decimal(char))
        if category == "Zs":
            return " "
        if category == "Zl" or category == "Zp":
            return "\n"
        return char if code in _INDIC else self._fold_letter(char, code)

    def _fold_letter(self, char: str, code: int) -> str:
        compatible = unicodedata.normalize("NFKD", char).lower()
        bare = "".join(part for part in compatible if not 0x300 <= ord(part) < 0x370)
        if len(bare) == 1:
            bare = self._look_alikes.get(bare, bare)
            if bare.isascii() and (bare.isalnum() or code in _FULL_WIDTH):
                return bare
            return bare if bare.isalpha() and char.isalpha() else char
        return bare if code in _LIGATURES and bare.isascii() else char


@cache
def _load_folds() -> _Folds:
    content = load_mapping("homoglyphs.yaml")
    return _Folds({**content["letters"], **content["signs"]})


def _build_offsets(original: str, text: str) -> tuple[int, ...]:
    if original.isascii():
        return tuple(range(len(original) + 1))
    offsets: list[int] = []
    for segment, origins in _segments(original):
        composed = len(unicodedata.normalize("NFC", segment))
        last = len(origins) - 1
        offsets.extend(origins[min(index, last)] for index in range(composed))
    offsets.append(len(original))
    if len(offsets) != len(text) + 1:  # pragma: no cover - the segments are closed under composition
        raise AssertionError("offsets and text differ in length")
    return tuple(offsets)


def _segments(original: str) -> Iterator[tuple[str, list[int]]]:
    """Pieces of the folded text that compose independently, with the origin of each character."""
    folds = _load_folds()
    chars: list[str] = []
    origins: list[int] = []
    for index, char in enumerate(original):
        for folded in folds[ord(char)]:
            if chars and not _may_join(folded):
                yield "".join(chars), origins
                chars, origins = [], []
            chars.append(folded)
            origins.append(index)
    if chars:
        yield "".join(chars), origins


def _may_join(char: str) -> bool:
    """Whether a character may compose with the one before it: a mark, or a Hangul vowel or final."""
    return not char.isascii() and (unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff")
