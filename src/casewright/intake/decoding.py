"""Decodings: what a text says once a disguise is taken off it, for a second look at what it asks.

A view is one decoded reading with the place it came from. Views are read for injections only; a claim is
never read from one, and the text that the rules read stays as it is.

It does not try ciphers with a key, compression, or pictures; two disguises at once are undone, not three.
"""

import base64
import binascii
import html
import re
from codecs import encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

MAX_VIEW_CHARS = 20_000
MAX_REGIONS = 400
LONG_CHUNK = 20

_HIDDEN = re.compile("[\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e0fff]")
_BIDI = re.compile("[\u202d\u202e\u2066-\u2068]([^\u202c\u2069]*)[\u202c\u2069]?")
_HIDDEN_BYTES = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{6,}")
_TAGS = re.compile("[\U000e0020-\U000e007e]{3,}")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}+={0,2}")
_BASE32 = re.compile(r"\b[A-Z2-7]{16,}+={0,6}")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9a-fA-F]{2}[\s:,-]{0,2}){8,}+")
_BINARY = re.compile(r"(?:[01]{8}[\s,]?){5,}+")
_DECIMAL = re.compile(r"(?:\b\d{2,3}[\s,]{1,2}){7,}+(?:\d{2,3})?")
_PERCENT = re.compile(r"(?:[^\s%]{0,40}%[0-9a-fA-F]{2}){3,}+[^\s%]{0,200}")
_ENTITIES = re.compile(r"(?:&#?\w{1,8};[^\s&]{0,12}\s?){4,}+")
_BACKSLASH = re.compile(r"(?:(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2})[^\s\\]{0,12}\s?){4,}+")
_ESCAPE = re.compile(r"\\[ux]([0-9a-fA-F]{4}|[0-9a-fA-F]{2})")
_CHUNK = re.compile(r"\S+")
_MIXED = re.compile(r"[a-z][013456789@$!|+]|[013456789@$!|+][a-z]")
_MARKS = r"[\u0900-\u0903\u093a-\u094f\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u09d7\u09e2\u09e3]"
_LONE = rf"[^\s._*|/~+-]{_MARKS}{{0,4}}(?:(?<=[\u094d\u09cd])[^\s._*|/~+-]{_MARKS}{{0,4}}){{0,2}}"
_SPACED = re.compile(
    rf"(?:(?<!\S)|(?<=[\"'(:\[]))(?:{_LONE}(?:[ \t]?[._*|/~+-][ \t]?|[ \t]{{1,8}})){{6,}}+(?:{_LONE}(?!\S))?"
)
_PART = re.compile(r"[ \t]{2,}|[ \t]*/[ \t]*")
_SPACES = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s._*|/~+-]+")
_RUN = re.compile(r"[a-z\u0900-\u0963\u0971-\u09ff]{12,}+")
_WORD = re.compile(r"[^\s.,!?।;:\"'()]+")
_LEET_LETTERS = str.maketrans("013456789@$!|+", "oieasgtbgasilt")
_LEET_L = str.maketrans("013456789@$!|+", "oleasgtbgasllt")


@dataclass(frozen=True, slots=True)
class View:
    """A reading of what stands at `first:last`, in the original if `is_original`, else in the matching form.

    A mirrored view runs backwards; a glued one has lost its word boundaries.
    """

    text: str
    first: int
    last: int
    is_original: bool = False
    is_mirrored: bool = False
    is_glued: bool = False


def has_hidden(original: str) -> bool:
    """Whether characters that nobody sees are in a text that is not ASCII."""
    return _HIDDEN.search(original) is not None


def decode_views(original: str, text: str) -> Iterator[View]:
    """Every reading that a cheap look makes plausible. `text` is the matching form of `original`."""
    if not original.isascii():
        yield from _hidden_views(original)
    yield from _coded_views(original)
    yield from _leet_views(text)
    yield from _spelled_views(text)


def backward_views(text: str) -> Iterator[View]:
    """The whole text backwards, each word backwards, and in rot13; each as long as the text."""
    yield View(text[::-1], 0, len(text), is_mirrored=True)
    yield View(_WORD.sub(lambda word: word[0][::-1], text), 0, len(text))
    yield View(encode(text, "rot13"), 0, len(text))


def _hidden_views(original: str) -> Iterator[View]:
    for tags in _regions(_TAGS, original):
        yield View("".join(chr(ord(char) - 0xE0000) for char in tags[0]), *tags.span(), is_original=True)
    for selectors in _regions(_HIDDEN_BYTES, original):
        raw = bytes(_selector_byte(char) for char in selectors[0])
        yield View(raw.decode("utf-8", "ignore"), *selectors.span(), is_original=True)
    if has_hidden(original):
        for turned in _regions(_BIDI, original):
            yield View(turned[1][::-1], *turned.span(), is_original=True)
        yield View(_HIDDEN.sub(" ", original), 0, len(original), is_original=True)


def _selector_byte(char: str) -> int:
    code = ord(char)
    return code - 0xFE00 if code < 0xE0000 else code - 0xE0100 + 16


def _coded_views(original: str) -> Iterator[View]:
    for pattern, decode in _CODES:
        for region in _regions(pattern, original):
            decoded = decode(region[0])
            if decoded is not None and _is_readable(decoded):
                yield View(decoded[:MAX_VIEW_CHARS], *region.span(), is_original=True)


def _leet_views(text: str) -> Iterator[View]:
    if _MIXED.search(text) is None:
        return
    readings = {
        _CHUNK.sub(lambda chunk, table=table: _unleet(chunk[0], table), text): None  # type: ignore[misc]
        for table in (_LEET_LETTERS, _LEET_L)
    }
    for reading in readings:
        yield View(reading, 0, len(text))


def _unleet(chunk: str, table: dict[int, int]) -> str:
    if chunk.isalpha() or _MIXED.search(chunk) is None:
        return chunk
    tail = len(chunk.rstrip("!.,?|"))
    return chunk[:tail].translate(table) + chunk[tail:]


def _spelled_views(text: str) -> Iterator[View]:
    for region in _regions(_SPACED, text):
        is_parted_by_space = region[0].count(" ") * 3 >= len(region[0])
        separators = _SPACES if is_parted_by_space else _SEPARATORS
        joined = [separators.sub("", part) for part in _PART.split(region[0])]
        yield View(" ".join(joined), *region.span())
        yield View("".join(joined), *region.span(), is_glued=True)
    for run in _regions(_RUN, text):
        yield View(run[0], *run.span(), is_glued=True)


def _regions(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    for place, match in enumerate(pattern.finditer(text)):
        if place == MAX_REGIONS:
            return
        yield match


def _is_readable(text: str) -> bool:
    if len(text) < 5:
        return False
    fine = sum(
        char.isalpha() or char.isspace() or " " <= char <= "~" or "\u0900" <= char <= "\u09ff"
        for char in text
    )
    return fine * 20 >= len(text) * 19


def _text_of(raw: bytes) -> str | None:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _from_base64(word: str) -> str | None:
    bare = word.rstrip("=").replace("-", "+").replace("_", "/")
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    try:
        raw = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return _text_of(raw)


def _from_base32(word: str) -> str | None:
    bare = word.rstrip("=")
    try:
        return _text_of(base64.b32decode(bare + "=" * (-len(bare) % 8)))
    except (binascii.Error, ValueError):
        return None


def _from_hex(digits: str) -> str | None:
    bare = re.sub(r"0x|\\x|[\s:,-]", "", digits)
    return _text_of(bytes.fromhex(bare[: len(bare) // 2 * 2]))


def _from_binary(digits: str) -> str | None:
    return _text_of(bytes(int(octet, 2) for octet in re.findall(r"[01]{8}", digits)))


def _from_decimal(digits: str) -> str | None:
    codes = [int(code) for code in re.findall(r"\d{2,3}", digits)]
    return "".join(map(chr, codes)) if all(32 <= code < 256 for code in codes) else None


def _from_backslash(region: str) -> str | None:
    return _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), region)


_CODES: tuple[tuple[re.Pattern[str], Callable[[str], str | None]], ...] = (
    (_BASE64, _from_base64),
    (_BASE32, _from_base32),
    (_HEX, _from_hex),
    (_BINARY, _from_binary),
    (_DECIMAL, _from_decimal),
    (_PERCENT, unquote),
    (_ENTITIES, html.unescape),
    (_BACKSLASH, _from_backslash),
)
