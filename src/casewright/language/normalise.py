"""The matching form of a text, with a way back to the original.

Lower case, NFC, ASCII digits, no invisible characters, full-width and look-alike letters folded to Latin,
typographic quotes and dashes to ASCII. For reading only: what is stored or shown is the original.
"""

import unicodedata
from functools import cached_property

_LOOKALIKES = {
    **dict(zip("аеорсхуіјѕһԁԛԝвмнткАВЕКМНОРСТХУІЈЅ", "aeopcxyijshdqwbmhtkabekmhopctxyijs", strict=True)),
    **dict(zip("αβεηικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abenikvoptuxabezhikmnoptyx", strict=True)),
}
_QUOTES = {"‘": "'", "’": "'", "‛": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "॥": "।", "\u00a0": " "}


def _fold(char: str) -> str:
    """What one character becomes; empty when it is dropped."""
    code = ord(char)
    if code < 128:
        return char.lower()
    if char in _QUOTES:
        return _QUOTES[char]
    if char in _LOOKALIKES:
        return _LOOKALIKES[char]
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    if 0xE0000 <= code <= 0xE007F or 0xFE00 <= code <= 0xFE0F:
        return ""
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.digit(char))
    if 0xFF00 <= code <= 0xFFEF or 0x1D400 <= code <= 0x1D7FF:
        return unicodedata.normalize("NFKC", char).lower()
    return char.lower()


class Normalised:
    """A text and its matching form."""

    __slots__ = ("__dict__", "original", "text")

    def __init__(self, original: str, text: str) -> None:
        self.original = original
        self.text = text

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """For each index of `text` the index in `original` it came from, and one entry for the end."""
        found: list[int] = []
        cluster_start, cluster = 0, ""
        for index, char in enumerate(self.original):
            folded = _fold(char)
            if folded and cluster and not unicodedata.combining(folded[0]) and unicodedata.category(folded[0]) not in ("Mn", "Mc"):
                found.extend([cluster_start] * len(unicodedata.normalize("NFC", cluster)))
                cluster = ""
            if folded:
                if not cluster:
                    cluster_start = index
                cluster += folded
        found.extend([cluster_start] * len(unicodedata.normalize("NFC", cluster)))
        found.append(len(self.original))
        return tuple(found)


class _Table(dict[int, str]):
    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


_TABLE = _Table()


def normalise(text: str) -> Normalised:
    """The matching form; any string is accepted, lone surrogates included."""
    if text.isascii():
        return Normalised(text, text.lower())
    return Normalised(text, unicodedata.normalize("NFC", text.translate(_TABLE)))
