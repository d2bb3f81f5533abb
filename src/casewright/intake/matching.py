"""Matching: the rulebook applied to one reading of a text, and how far a match reaches.

A match is widened to its sentence only as long as nothing in the sentence is the customer's own story: what a
span covers may be left out when asking whether a message holds anything but an injection.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from casewright.intake.concepts import BREAK, HINDI, LINE
from casewright.intake.phrases import Rule
from casewright.intake.rulebook import INNER, Rulebook

MAX_MATCHES_PER_RULE = 24
LEAD_WORDS = 3
REPORT_REACH = 10

_WORDS = re.compile(
    r"[a-z]+(?:'[a-z]+)*"
    r"|[\u0980-\u09e3\u09f0\u09f1\u09fc\u09fe]+"
    r"|[\u0900-\u0963\u0971-\u097f]+"
    r"|[0-9]+(?:[.,][0-9]+)*"
    r"|\n|\S"
)


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule found: its kind, and the place in the text that was read."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text as a string of letters, one per word, with each word's place."""

    letters: str
    starts: list[int]
    ends: list[int]


def find_matches(book: Rulebook, text: str, *, is_hostile_only: bool = False) -> list[Match]:
    """Everything the rules find in a matching form. `is_hostile_only` leaves out how the customer speaks or is."""
    reading = _read(book, text)
    present = set(reading.letters)
    found: list[Match] = []
    for rule in book.candidates(present):
        is_hostile = rule.kind in ("injection", INNER, "exfiltration")
        if is_hostile or not is_hostile_only:
            found += _matches_of(book, rule, reading, is_hostile=is_hostile)
    if not present.isdisjoint(book.markup_letters):
        found += _markup_matches(book, text)
    if any(match.kind == "injection" for match in found):
        for rule in book.weak:
            if not rule.anchors.isdisjoint(present):
                found += _matches_of(book, rule, reading, is_hostile=True)
    return found


def is_worth_reading(book: Rulebook, present: set[str]) -> bool:
    """Whether any rule could match a text with these letters; Hindi has to be read to know."""
    return HINDI in present or not present.isdisjoint(book.markup_letters) or bool(book.candidates(present))


def _read(book: Rulebook, text: str) -> _Reading:
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORDS.finditer(text):
        words.append(match[0])
        starts.append(match.start())
        ends.append(match.end())
    return _Reading("".join(map(book.vocabulary.letter, words)), starts, ends)


def _matches_of(book: Rulebook, rule: Rule, reading: _Reading, *, is_hostile: bool) -> Iterator[Match]:
    for count, match in enumerate(rule.pattern.finditer(reading.letters)):
        if count == MAX_MATCHES_PER_RULE:
            return
        first, last = match.span()
        if not is_hostile:
            yield Match(rule.kind, reading.starts[first], reading.ends[last - 1])
        elif not _is_reported(book, reading.letters, first):
            first, last = _reach(book, reading.letters, first, last)
            kinds = ("injection", "exfiltration") if rule.kind == INNER else (rule.kind,)
            for kind in kinds:
                yield Match(kind, reading.starts[first], reading.ends[last - 1])


def _markup_matches(book: Rulebook, text: str) -> Iterator[Match]:
    for _name, pattern in book.markup:
        for count, match in enumerate(pattern.finditer(text)):
            if count == MAX_MATCHES_PER_RULE:
                break
            line_end = text.find("\n", match.end())
            yield Match("injection", match.start(), len(text) if line_end < 0 else line_end)


def _is_reported(book: Rulebook, letters: str, first: int) -> bool:
    """Whether the customer reports what somebody told them, in the same sentence, just before."""
    before = letters[max(0, first - REPORT_REACH) : first]
    return book.reported.search(before[before.rfind(BREAK) + 1 :]) is not None


def _reach(book: Rulebook, letters: str, first: int, last: int) -> tuple[int, int]:
    left = max(letters.rfind(BREAK, 0, first), letters.rfind(LINE, 0, first)) + 1
    lead = letters[left:first]
    if len(lead) <= LEAD_WORDS and not _is_own_story(book, lead):
        first = left
    right = _sentence_end(letters, last)
    tail = letters[last:right]
    if not any(letter in book.event_letters for letter in tail):
        last += _length_before_self(book, letters[last - 1], tail)
    return first, last


def _is_own_story(book: Rulebook, letters: Iterable[str]) -> bool:
    return any(letter in book.event_letters or letter in book.self_letters for letter in letters)


def _sentence_end(letters: str, last: int) -> int:
    for place in range(last, len(letters)):
        if letters[place] in (BREAK, LINE):
            return place + 1
    return len(letters)


def _length_before_self(book: Rulebook, before: str, tail: str) -> int:
    """How much of the rest of the sentence is still the command: up to a word of the customer's own, unless owned by a verb."""
    for place, letter in enumerate(tail):
        if letter in book.self_letters and before not in book.command_letters:
            return place
        before = letter
    return len(tail)
