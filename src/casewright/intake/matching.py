"""Matching: the rulebook applied to one reading of a text, and how far a match reaches.

A match is widened to its sentence only as long as nothing in the sentence is the customer's own story: what a
span covers may be left out when asking whether a message holds anything but an injection.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from casewright.intake.concepts import BREAK, LINE
from casewright.intake.phrases import Rule
from casewright.intake.rulebook import INNER, Rulebook

MAX_MATCHES_PER_RULE = 16
LEAD_WORDS = 3
LONGEST_TAIL = 80
REPORT_REACH = 10
_SENTENCES = re.compile(f"[^{BREAK}]+")
_HOSTILE = frozenset({"injection", INNER, "exfiltration"})

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


class _Reading:
    """A text as a string of letters, one per word; the words' places are worked out once a rule matches."""

    def __init__(self, book: Rulebook, text: str) -> None:
        self.letters = "".join(map(book.vocabulary.letter, _WORDS.findall(text)))
        self._text = text

    @cached_property
    def starts(self) -> list[int]:
        return [match.start() for match in _WORDS.finditer(self._text)]

    @cached_property
    def ends(self) -> list[int]:
        return [match.end() for match in _WORDS.finditer(self._text)]


def find_matches(book: Rulebook, text: str, *, is_decoded: bool = False) -> list[Match]:
    """Everything the rules find in a text. In a decoded one only what is hostile, and to the word."""
    reading = _Reading(book, text)
    present = set(reading.letters)
    found: list[Match] = []
    for rule in book.candidates(present):
        is_hostile = rule.kind in _HOSTILE
        if is_hostile or not is_decoded:
            found += _matches_of(book, rule, reading, may_widen=is_hostile and not is_decoded)
    if not present.isdisjoint(book.markup_letters):
        found += _markup_matches(book, reading, text)
    if not is_decoded:
        found += _telling_matches(book, reading)
    if not is_decoded and any(match.kind == "injection" for match in found):
        for rule in book.weak:
            if not rule.anchors.isdisjoint(present):
                found += _matches_of(book, rule, reading, may_widen=True)
    return found


def is_worth_reading(book: Rulebook, letters: str, present: set[str]) -> bool:
    """Whether anything could be found in a text with these letters."""
    if any(map(book.is_telling, letters.split(BREAK))):
        return True
    return not present.isdisjoint(book.markup_letters) or bool(book.candidates(present))


def read_letters(book: Rulebook, text: str) -> str:
    """The letters of a text whose Hindi words the language layer's tokens do not join."""
    return _Reading(book, text).letters


def _matches_of(book: Rulebook, rule: Rule, reading: _Reading, *, may_widen: bool) -> Iterator[Match]:
    for count, match in enumerate(rule.pattern.finditer(reading.letters)):
        if count == MAX_MATCHES_PER_RULE:
            return
        first, last = match.span()
        if rule.kind in _HOSTILE and _is_reported(book, reading.letters, first):
            continue
        if may_widen:
            first, last = _reach(book, reading.letters, first, last)
        for kind in ("injection", "exfiltration") if rule.kind == INNER else (rule.kind,):
            yield Match(kind, reading.starts[first], reading.ends[last - 1])


def _markup_matches(book: Rulebook, reading: _Reading, text: str) -> Iterator[Match]:
    for _name, pattern in book.markup:
        for count, match in enumerate(pattern.finditer(text)):
            if count == MAX_MATCHES_PER_RULE:
                break
            first = bisect_right(reading.starts, match.start()) - 1
            last = bisect_left(reading.starts, match.end())
            first, last = _reach(book, reading.letters, max(first, 0), last)
            yield Match("injection", reading.starts[first], max(match.end(), reading.ends[last - 1]))


def _telling_matches(book: Rulebook, reading: _Reading) -> Iterator[Match]:
    """Sentences in which much comes together; in one that also tells the customer's story, one word of it."""
    for sentence in _SENTENCES.finditer(reading.letters):
        letters = sentence[0]
        if book.is_telling(letters) and book.reported.search(letters) is None:
            first, last = sentence.span()
            if _is_own_story(book, letters):
                first += max(range(len(letters)), key=lambda place: book.weights.get(letters[place], 0.0))
                last = first + 1
            last += reading.letters[last : last + 1] == BREAK
            yield Match("injection", reading.starts[first], reading.ends[last - 1])


def _is_reported(book: Rulebook, letters: str, first: int) -> bool:
    """Whether the customer reports what somebody told them, in the same sentence, just before."""
    before = letters[max(0, first - REPORT_REACH) : first]
    return book.reported.search(before[before.rfind(BREAK) + 1 :]) is not None


def _reach(book: Rulebook, letters: str, first: int, last: int) -> tuple[int, int]:
    left = max(letters.rfind(BREAK, 0, first), letters.rfind(LINE, 0, first)) + 1
    lead = letters[left:first]
    if len(lead) <= LEAD_WORDS and not _is_own_story(book, lead):
        first = left
    right = min(_sentence_end(letters, last), last + LONGEST_TAIL)
    tail = letters[last:right]
    if book.event_letters.isdisjoint(tail):
        last += _length_before_self(book, letters[last - 1], tail)
    return first, last


def _is_own_story(book: Rulebook, letters: Iterable[str]) -> bool:
    return not (book.event_letters | book.self_letters).isdisjoint(letters)


def _sentence_end(letters: str, last: int) -> int:
    ends = [place for place in (letters.find(BREAK, last), letters.find(LINE, last)) if place >= 0]
    return min(ends) + 1 if ends else len(letters)


def _length_before_self(book: Rulebook, before: str, tail: str) -> int:
    """How much of the rest is still the command: up to the customer's own word, unless a verb governs it."""
    for place, letter in enumerate(tail):
        if letter in book.self_letters and before not in book.command_letters:
            return place
        before = letter
    return len(tail)
