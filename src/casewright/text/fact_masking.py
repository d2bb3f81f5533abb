"""Fact masking: every number and id of a text looked up in the facts, and replaced by what kind of thing it
is.

The masked text (the skeleton) holds no digit of a customer's record: an amount stands as `0`, an id as
`recordid`, a phone number that is not ours as `foreignphone`, an official address as `officialchannel`.
Whatever is not among the facts stays as it was and is reported by its span.

Invariant: a digit that is left in the skeleton is either the sign `0` or part of a reported span.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from casewright.text.vocabulary import words_of

NUMBER = "0"
RECORD_ID = "recordid"
FOREIGN_PHONE = "foreignphone"
OFFICIAL = "officialchannel"

_DIGITS = "0-9০-৯"
_TOKEN = re.compile(
    rf"(?<![A-Z])[A-Z]{{2,}}(?:[-_][A-Z0-9]+)+(?![A-Za-z])"
    rf"|[{_DIGITS}][A-Za-z{_DIGITS}]*(?:(?:[-_][A-Za-z{_DIGITS}]|[.,:/][{_DIGITS}])[A-Za-z{_DIGITS}]*)*%?"
)
_LEFT = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_+#")
_ASCII_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?")
_PHONE_DIGITS = 9
_LETTERS = re.compile(r"[a-z]+")
_ADDRESS = re.compile(r"(?:https?://)?[A-Za-z0-9@][A-Za-z0-9@._%+\-/?=&#:*]*[A-Za-z0-9/#*]|\*[0-9*]+#")
_MAX_SPELLING = 3
_FACT = "\x00"
_MASKED_NUMBER = f"{_FACT}{NUMBER}{_FACT}"
_ANY_DIGIT = re.compile(r"\d")
_MAX_UNKNOWN = 50


@dataclass(frozen=True, slots=True)
class Masked:
    """The skeleton of a text, and the spans of what the facts do not hold."""

    skeleton: str
    unknown: tuple[tuple[int, int], ...]


def mask_facts(text: str, facts: Collection[str], channels: Collection[str]) -> Masked:
    """Mask a text. `facts` and `channels` are compared as written first, then by value."""
    if ("@" in text or "/" in text or "." in text or "*" in text) and any(name in text for name in channels):
        text, shifts = _mask_addresses(text, channels), True
    else:
        shifts = False
    known: dict[str, str] | None = None
    parts: list[str] = []
    unknown: list[tuple[int, int]] = []
    position = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        while start > position and text[start - 1] in _LEFT:
            start -= 1
        token = text[start:end]
        if token in channels:
            sign = OFFICIAL
        elif token in facts:
            sign = _sign(token)
        else:
            if known is None:
                known = _known_values(facts, channels)
            sign = known.get(canonical(token), "")
            if not sign:
                unknown.append((start, end))
                if len(unknown) >= _MAX_UNKNOWN:
                    break
                continue
        parts.append(text[position:start])
        parts.append(sign or token)
        position = end
    if not parts:
        return Masked(text, tuple(unknown))
    parts.append(text[position:])
    spans = ((0, len(text)),) if shifts and unknown else tuple(unknown)
    return Masked("".join(parts), spans)


def outline(text: str, facts: Collection[str], channels: Collection[str] = ()) -> str | None:
    """The text with its facts replaced as they are written, or None where that is not the whole story.

    Much cheaper than masking; enough to recognise a text that differs from a checked one in its facts only,
    if no number is left in it (`has_number`). None where a fact touches a letter or digit and so may be a
    piece of something else. A fact that is no number and no id (an address, say) is left as it is: masking
    would not hide it either.
    """
    for fact in facts:
        if fact in text and (
            _is_token(fact) or (fact[0] == "+" and _is_token(fact[1:]) and fact not in channels)
        ):
            at = text.find(fact)
            while at >= 0:
                end = at + len(fact)
                if (at and text[at - 1].isalnum()) or text[end : end + 1].isalnum():
                    return None
                at = text.find(fact, end)
            text = text.replace(fact, f"{_FACT}{_sign(fact)}{_FACT}")
    return text


def has_number(outlined: str) -> bool:
    """Whether an outline holds a digit that is no fact's."""
    return _ANY_DIGIT.search(outlined.replace(_MASKED_NUMBER, "")) is not None


@lru_cache(maxsize=4096)
def _is_token(fact: str) -> bool:
    return _TOKEN.fullmatch(fact) is not None


def canonical(token: str) -> str:
    """The value of a token: digits in ASCII, no grouping, no empty decimals, a phone in its national form."""
    plain = token.translate(_ASCII_DIGITS).casefold().lstrip("#")
    if "," in plain and _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    bare = plain.lstrip("+")
    if bare.replace("-", "").isdigit() and len(bare) > _PHONE_DIGITS and "-" in bare and ":" not in bare:
        dashless = bare.replace("-", "")
        if len(dashless) > _PHONE_DIGITS:
            bare = dashless
    if bare.isdigit() and len(bare) == 13 and bare.startswith("8801"):
        return bare[2:]
    whole, point, decimals = bare.partition(".")
    if point and whole.isdigit() and decimals.isdigit():
        decimals = decimals.rstrip("0")
        return f"{whole}.{decimals}" if decimals else whole
    return bare


def _known_values(facts: Collection[str], channels: Collection[str]) -> dict[str, str]:
    known = {canonical(token): _sign(token) or token for fact in facts for token in _tokens(fact)}
    known.update((canonical(token), OFFICIAL) for channel in channels for token in _tokens(channel))
    return known


def _tokens(text: str) -> Iterator[str]:
    yield text
    for match in _TOKEN.finditer(text):
        start = match.start()
        while start > 0 and text[start - 1] in _LEFT:
            start -= 1
        yield text[start : match.end()]


@lru_cache(maxsize=4096)
def _sign(token: str) -> str:
    """What kind of thing a known token is."""
    if token.isdigit() and len(token) < _PHONE_DIGITS:
        return NUMBER
    letters = _LETTERS.findall(token.lower())
    if letters:
        if not words_of("telling").isdisjoint(letters) or len(letters) > _MAX_SPELLING:
            return " ".join(letters)
        return RECORD_ID
    digits = sum(char.isdigit() for char in token)
    return FOREIGN_PHONE if digits >= _PHONE_DIGITS else NUMBER


def _mask_addresses(text: str, channels: Collection[str]) -> str:
    allowed = {channel.casefold().rstrip("/") for channel in channels}

    def replace(match: re.Match[str]) -> str:
        return OFFICIAL if match.group().casefold().rstrip("/") in allowed else match.group()

    return _ADDRESS.sub(replace, text)
