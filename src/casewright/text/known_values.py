"""Known values: the name, addresses, mail and phone of a customer, out of what is kept of a text.

Redaction finds what looks like a personal datum; a name looks like any other word, and is found by its value.
Invariant: only whole words go, and hiding twice changes nothing. It knows the values that it is handed, one
customer's, and nobody else's.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

_SHORTEST_PART = 3
_SHORTEST_LINE = 5
_LONGEST_VALUE = 300
_WORDS_TOO = frozenset(
    re.findall(
        r"\w+",
        "will may mark rose grace hope joy faith bill art chance dean drew frank gene jack june mike miles "
        "pat rich rob sue van von der den del bin das dos the and",
    )
)
"""Parts of names that are words as well: hidden where they are written like a name, with a capital."""
_ADDRESS_LINES = ("address1", "address2")
"""The parts of an address that lead to a door; a town or a postcode alone does not."""


def hide_known(text: str, values: Mapping[str, Iterable[str]]) -> str:
    """The text with each known value replaced by its kind, `[name]`; `values` as `Vault.export` has them."""
    for kind in ("address", "email", "phone", "login", "name"):
        phrases = {phrase for value in values.get(kind, ()) for phrase in _phrases_of(kind, value)}
        for phrase in sorted(phrases, key=len, reverse=True):
            text = _hide(text, _pattern(phrase), f"[{kind}]")
    return text


def _hide(text: str, pattern: re.Pattern[str], mark: str) -> str:
    """The text with the mark for every match that is no part of a longer word, and of no mark."""

    def replace(match: re.Match[str]) -> str:
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        is_inside = any(letter in "[]" or unicodedata.category(letter)[0] in "LMN" for letter in around)
        return match[0] if is_inside else mark

    return pattern.sub(replace, text)


def _phrases_of(kind: str, value: str) -> Iterator[str]:
    """What stands for the value when somebody writes it: a name's parts, an address's lines."""
    if not value.strip() or len(value) > _LONGEST_VALUE:
        return
    if kind == "address":
        yield from (line for line in _lines_of(value) if len(line) >= _SHORTEST_LINE)
        return
    yield value.strip()
    if kind == "name":
        yield from (part for part in value.split() if len(part.strip(".,'")) >= _SHORTEST_PART)


def _lines_of(value: str) -> Iterator[str]:
    try:
        document = json.loads(value)
    except ValueError:
        yield from (line.strip() for line in value.split("\n"))
        return
    if isinstance(document, dict):
        yield from (str(document.get(name, "")).strip() for name in _ADDRESS_LINES)


def _pattern(phrase: str) -> re.Pattern[str]:
    words = phrase.split()
    if len(words) == 1 and words[0].casefold() in _WORDS_TOO:
        return re.compile(re.escape(words[0].capitalize()))
    return re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
