"""Scan: one text made ready for every detector: matching form, runs of digits, words.

Detectors read the matching form (`text`) and answer in its indices; `span` leads back to the original. Tokens
of an earlier redaction are opaque here.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from casewright.language.normalise import normalise
from casewright.text.sensitive.findings import OPAQUE, Finding, Kind, hide_tokens

_CHAIN = re.compile(r"[0-9](?:[ \t\-.()/_,*|:;]{0,3}[0-9])+")
_GROUP = re.compile(r"[0-9]+")
_WORD = re.compile(
    rf"{OPAQUE}+|%[0-9a-f]{{2}}|[a-z]+(?:'[a-z]+)?|[\u0980-\u09e5\u09f0\u09f1\u09fa-\u09ff]+|[0-9]+|\n+|[^\W\d_]+|\S"
)
_SHORTEST_CHAIN = 6


@dataclass(frozen=True, slots=True)
class Chain:
    """Groups of digits with at most three separating characters between neighbours."""

    digits: str
    starts: Mapping[int, int]
    """Position in `digits` where a group begins -> index in the text."""
    ends: Mapping[int, int]
    """Position in `digits` where a group ends -> index in the text."""
    start: int
    end: int


class Scan:
    """A text as the detectors see it."""

    def __init__(self, hidden: str) -> None:
        """`hidden` is the text with its tokens made opaque (`hide_tokens`)."""
        self.original = hidden
        self._normalised = normalise(hidden)
        self.text = self._normalised.text
        self._is_same_length = hidden.isascii()

    @classmethod
    def of(cls, text: str) -> "Scan":
        """A text as it came in."""
        return cls(hide_tokens(text))

    def without(self, findings: Sequence[Finding]) -> "Scan":
        """The same text with what was found made opaque."""
        if not findings:
            return self
        pieces: list[str] = []
        at = 0
        for finding in sorted(findings, key=lambda item: item.start):
            pieces += (self.original[at : finding.start], OPAQUE * (finding.end - max(at, finding.start)))
            at = max(at, finding.end)
        pieces.append(self.original[at:])
        return Scan("".join(pieces))

    def finding(self, kind: Kind, start: int, end: int) -> Finding:
        """A finding in indices of the original, from a span of the matching form."""
        return Finding(kind, *self.span(start, end))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of the matching form lies in the original."""
        if self._is_same_length:
            return start, end
        reached = self._reached
        if reached is None:
            offsets = self._normalised.offsets
            return offsets[start], offsets[end]
        return bisect_right(reached, start), bisect_right(reached, end)

    @cached_property
    def _reached(self) -> list[int] | None:
        """How long the matching form is after each character; None where characters were composed."""
        lengths: dict[str, int] = {}
        folds: dict[int, str] = {}
        for char in set(self.original):
            fold = folds[ord(char)] = normalise(char).text
            lengths[char] = len(fold)
        if self.original.translate(folds) != self.text:
            return None
        return list(accumulate(map(lengths.__getitem__, self.original)))

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """All chains of six digits or more."""
        return tuple(self._find_chains())

    def _find_chains(self) -> Iterator[Chain]:
        for run in _CHAIN.finditer(self.text):
            start, end = run.span()
            if end - start < _SHORTEST_CHAIN:
                continue
            starts: dict[int, int] = {}
            ends: dict[int, int] = {}
            parts: list[str] = []
            at = 0
            for group in _GROUP.finditer(self.text, start, end):
                digits = group[0]
                starts[at] = group.start()
                at += len(digits)
                ends[at] = group.end()
                parts.append(digits)
            if at >= _SHORTEST_CHAIN:
                yield Chain("".join(parts), starts, ends, start, end)

    @cached_property
    def words(self) -> "Words":
        """Every word, number and mark of the text."""
        found = _WORD.findall(self.text)
        starts: list[int] = []
        at, find = 0, self.text.find
        for word in found:
            at = find(word, at)
            starts.append(at)
            at += len(word)
        return Words(found, starts)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a text and where each begins."""

    words: list[str]
    starts: list[int]

    def end(self, index: int) -> int:
        """Where the word ends."""
        return self.starts[index] + len(self.words[index])
