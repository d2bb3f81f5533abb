"""Sentences addressed to the system, told from the customer's own, and how much of what they say counts.

What is said to the system counts only where no other sentence says anything; nothing is removed. Whether an
annotation marks a text makes no difference here.
"""

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_

from casewright.investigation.command_clauses import DIRECTIVE, TAGS, Clauses, Parts, Stretch, is_claim
from casewright.investigation.command_words import TELLING, uses_of
from casewright.investigation.disguises import hidden_words
from casewright.investigation.reader import Reader, load_reader
from casewright.language.normalise import Normalised
from casewright.language.tokens import Tokens

SET_APART = "set apart"
"""The pattern of an instruction whose customer's part has been split off: nothing else in it counts."""
SentenceSignals = tuple[int, int, dict[str, str]]
"""First and last word of a sentence (last exclusive), and its signals."""
_CLAUSE_ENDS = frozenset(',;"')
_OTHER_LETTERS = re.compile("[\u0904-\u0939\u0400-\u052f\u0600-\u06ff\u0b80-\u0bff\u4e00-\u9fff]")
"""Letters of scripts that are not read here: what stands in them is no claim of the customer's."""


def is_unread(word: str) -> bool:
    """Whether a word stands in a script that is not read."""
    return _OTHER_LETTERS.match(word) is not None


def has_unread(text: str) -> bool:
    """Whether any letter of a text stands in a script that is not read."""
    return not text.isascii() and _OTHER_LETTERS.search(text) is not None


def break_directives(
    reader: Reader,
    normalised: Normalised,
    tokens: Tokens,
    spans: list[tuple[int, int]],
    masks: list[int],
    own: list[bool],
    negated: list[bool],
) -> list[SentenceSignals]:
    """The sentences with their signals; where the system is spoken to, the instruction set apart.

    `own` are the words that carry their own negation. A stretch that is set apart is negated by itself.
    """
    uses = uses_of(tokens.words)
    is_telling = bool(reduce(or_, uses, 0) & TELLING)
    hidden = hidden_words(normalised, tokens, reader.lexicon)
    if hidden is not None:
        spans = _part_hidden(spans, hidden)
        for start, end in spans:
            negated[start:end] = reader.negated(tokens.words[start:end], masks[start:end], own[start:end])
    clauses: Clauses | None = None
    broken: list[SentenceSignals] = []
    is_continued = False
    for start, end in spans:
        if hidden is not None and hidden[start]:
            broken.append((start, end, {DIRECTIVE: SET_APART}))
            continue
        found = reader.signals_of(masks, negated, start, end)
        stretches: list[Stretch] = []
        if (
            DIRECTIVE in found
            or is_continued
            or (is_telling and any(use & TELLING for use in uses[start:end]))
        ):
            clauses = clauses or Clauses(normalised, tokens, uses, Parts(reader, masks, negated))
            stretches = clauses.split(start, end, is_continued=is_continued)
        if not stretches:
            broken.append((start, end, found))
            is_continued = False
        elif len(stretches) == 1:
            broken.append((start, end, {DIRECTIVE: "command clause", **found}))
            is_continued = True
        else:
            for part in stretches:
                place = slice(part.start, part.end)
                negated[place] = reader.negated(tokens.words[place], masks[place], own[place])
                signals = reader.signals_of(masks, negated, part.start, part.end)
                broken.append((part.start, part.end, {DIRECTIVE: SET_APART} if part.is_command else signals))
            is_continued = stretches[-1].is_command
    return broken


def part_commands(tokens: Tokens, spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[Stretch]]:
    """For the reader of another trade: its sentences in which the system is spoken to, in stretches.

    Sentences that are an instruction throughout, or hold none that is known here, are left out.
    """
    reader = load_reader()
    masks, own = reader.lexicon.read(tokens)
    parts = Parts(reader, masks, reader.negated(tokens.words, masks, own))
    clauses = Clauses(Normalised(tokens.text, tokens.text), tokens, uses_of(tokens.words), parts)
    parted = {span: clauses.split(*span, is_continued=False) for span in spans}
    return {span: stretches for span, stretches in parted.items() if len(stretches) > 1}


def _part_hidden(spans: Sequence[tuple[int, int]], hidden: Sequence[bool]) -> list[tuple[int, int]]:
    """The sentences, broken where what is hidden begins and ends."""
    parted: list[tuple[int, int]] = []
    for start, end in spans:
        first = start
        for at in range(start + 1, end):
            if hidden[at] != hidden[at - 1]:
                parted.append((first, at))
                first = at
        parted.append((first, end))
    return parted


def read_sentences(
    reader: Reader,
    words: Sequence[str],
    sentences: Sequence[SentenceSignals],
    masks: list[int],
    negated: list[bool],
) -> tuple[dict[str, str], dict[str, str], list[tuple[int, int]]]:
    """Signals of ordinary sentences, signals of directive ones, and where the ordinary ones are.

    A directive sentence is the customer's where a claim stands before the instruction, or in a clause behind
    it; and, if nothing else in the message claims anything, where a claim stands behind its word of command.
    """
    ordinary: dict[str, str] = {}
    directive: dict[str, str] = {}
    ordinary_spans: list[tuple[int, int]] = []
    unsplit: list[tuple[int, int]] = []
    parts = Parts(reader, masks, negated)
    for start, end, found in sentences:
        if is_unread(words[start]):
            continue
        if DIRECTIVE not in found:
            ordinary = {**found, **ordinary}
            ordinary_spans.append((start, end))
            continue
        if found[DIRECTIVE] == SET_APART:
            directive.update(found)
            continue
        first, last = _spoken_part(parts, words, start, end)
        ordinary.update(reader.signals_of(masks, negated, first, last))
        if last > first:
            ordinary_spans.append((first, last))
            found = {DIRECTIVE: found[DIRECTIVE]}
        else:
            unsplit.append((start, end))
        directive.update(found)
    if not is_claim(ordinary):
        for start, end in unsplit:
            if ordinary_spans and directive[DIRECTIVE] in TAGS:
                continue
            for at in range(start, end - 1):
                behind = parts.signals(at + 1, end) if masks[at] & reader.commands else {}
                if is_claim(behind):
                    ordinary.update(behind)
                    ordinary_spans.append((at + 1, end))
                    break
    return ordinary, directive, sorted(ordinary_spans)


def _spoken_part(parts: Parts, words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The part of a directive sentence that is the customer's own claim, before or behind the instruction."""
    for at in range(end - 1, start, -1):
        begins = parts.masks[at] & parts.reader.anchors and DIRECTIVE in parts.signals(at, end)
        if begins and is_claim(parts.signals(start, at)):
            return start, at
    if parts.signals(start, end).get(DIRECTIVE) in TAGS:
        return start, start
    for at in range(start, end - 1):
        is_edge = words[at] in _CLAUSE_ENDS or (words[at].isascii() and not words[at + 1].isascii())
        if is_edge and is_claim(parts.signals(at + 1, end)):
            return at + 1, end
    return start, start
