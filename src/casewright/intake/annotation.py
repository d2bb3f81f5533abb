"""Annotation: what a message is besides a complaint: an injected instruction, a threat, a cry for help.

An annotation adds a reason code and may fence text from a model. It never strips anything, never lowers
anything, and no rule of a desk reads a claim from it; what may raise review is the desk's policy to say.
Words are matched whole, in English, Bangla, Banglish and Hindi, and through the usual disguises.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from casewright.intake.concepts import BACKWARDS, HINDI, SHORT
from casewright.intake.decoding import LONG_CHUNK, View, backward_views, decode_views, has_hidden
from casewright.intake.matching import find_matches, is_worth_reading, read_letters
from casewright.intake.rulebook import Rulebook, load_rulebook
from casewright.language.normalise import Normalised, normalise
from casewright.language.tokens import Tokens

MANY_SHORT = 10
"""So many lone characters make a text worth a look for spelled-out words."""
DEPTH = 2
"""Disguises within disguises that are undone."""

_LEET_SIGNS = frozenset("013457@$!") | {"10", "01", "13", "00", "11", "33", "77", "55"}
_LEET = re.compile(r"[a-z][013457@$]+[a-z]|[013457@$][a-z]+[013457@$]")
_CONTENT = re.compile(r"[^\W_]")


class Annotation(StrEnum):
    """What was noticed. The values are reason codes and stable."""

    INJECTION = "injection"
    EXFILTRATION = "exfiltration"
    FRAUD_PRESSURE = "fraud_pressure"
    ABUSE = "abuse"
    SELF_HARM = "self_harm"
    LEGAL_THREAT = "legal_threat"
    VULNERABLE_CUSTOMER = "vulnerable_customer"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the normalised text that a model's prompt fences; empty where the text was invisible."""

    kind: Annotation
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Annotated:
    """The kinds found, in the order of `Annotation`, and where."""

    kinds: tuple[Annotation, ...] = ()
    spans: tuple[Span, ...] = ()


_NOTHING = Annotated()


def annotate(normalised: Normalised, tokens: Tokens) -> Annotated:
    """Everything noticed in a message. Costs microseconds where no telling word and no disguise is in it."""
    book = load_rulebook()
    letters = "".join(map(book.vocabulary.letter, tokens.words))
    if HINDI in letters:
        letters = read_letters(book, normalised.text)
    present = set(letters)
    spans: list[Span] = []
    if is_worth_reading(book, letters, present):
        spans += [Span(Annotation(m.kind), m.start, m.end) for m in find_matches(book, normalised.text)]
    if _is_disguised(normalised, tokens, letters, present):
        spans += _find_disguised(book, normalised, letters)
    return _annotated(spans) if spans else _NOTHING


def prepare_annotation() -> None:
    """Compiles every rule now, so that the first hostile message does not wait for it (about 0.1 s)."""
    for entries in load_rulebook().by_anchor.values():
        for _, rule in entries:
            rule.pattern.search("")


def remaining_after(normalised: Normalised, annotated: Annotated) -> str:
    """The text with injected spans blanked, empty if no letter or digit is left.

    Only for asking whether a message holds anything else. Never read a claim from it: what an honest customer
    quotes from a swindler is lost in it.
    """
    text = normalised.text
    for span in annotated.spans:
        if span.kind is Annotation.INJECTION:
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text if _CONTENT.search(text) else ""


def _annotated(spans: Iterable[Span]) -> Annotated:
    order = {kind: place for place, kind in enumerate(Annotation)}
    unique = sorted(set(spans), key=lambda span: (span.start, span.end, order[span.kind]))
    found = {span.kind for span in unique}
    return Annotated(tuple(kind for kind in Annotation if kind in found), tuple(unique))


def _is_disguised(normalised: Normalised, tokens: Tokens, letters: str, present: set[str]) -> bool:
    """One cheap look for text that does not read as it stands."""
    if BACKWARDS in present or letters.count(SHORT) + letters.count(HINDI) >= MANY_SHORT:
        return True
    original = normalised.original
    if not original.isascii() and has_hidden(original):
        return True
    if len(max(original.split(), key=len, default="")) >= LONG_CHUNK:
        return True
    return not _LEET_SIGNS.isdisjoint(tokens.words) and _LEET.search(normalised.text) is not None


def _find_disguised(
    book: Rulebook, normalised: Normalised, letters: str, depth: int = DEPTH
) -> Iterator[Span]:
    views = list(decode_views(normalised.original, normalised.text))
    if BACKWARDS in letters:
        views += backward_views(normalised.text)
    for view in views:
        for kind, start, end in _read_view(book, view, depth):
            if view.is_original:
                offsets = normalised.offsets
                start, end = bisect_left(offsets, start), bisect_left(offsets, end)
            yield Span(kind, start, end)


def _read_view(book: Rulebook, view: View, depth: int) -> Iterator[tuple[Annotation, int, int]]:
    """What a view holds, with places in the text that the view was made from."""
    decoded = normalise(view.text)
    text = book.vocabulary.part(decoded.text) if view.is_glued else decoded.text
    is_aligned = len(view.text) == view.last - view.first and not view.is_glued
    for match in find_matches(book, text, is_decoded=True):
        start, end = view.first, view.last
        if is_aligned:
            start, end = view.first + decoded.offsets[match.start], view.first + decoded.offsets[match.end]
        if is_aligned and view.is_mirrored:
            start, end = view.last - end, view.last - start
        yield Annotation(match.kind), start, end
    if depth > 1 and not is_aligned:
        for inner in _find_disguised(book, decoded, read_letters(book, decoded.text), depth - 1):
            yield inner.kind, view.first, view.last
