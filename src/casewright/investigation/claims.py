"""What the customer says: signals, amounts, times and names, read from the message by rules.

A claim is a reading, not a fact about the world. Sentences addressed to the system ("ignore your rules
and …") are read too, but what they say counts only where no other sentence says anything; nothing is removed.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate

from casewright.domain.case import Language
from casewright.domain.record import Record
from casewright.language.data_files import read_yaml
from casewright.language.detect import detect_language
from casewright.language.lexicon import Lexicon, load_lexicon
from casewright.language.negation import mark_negated
from casewright.language.normalise import Normalised, normalise
from casewright.language.patterns import PatternSet, Sentence
from casewright.language.quantities import (
    Amount,
    DayMention,
    Quantities,
    TimeOfDay,
    read_quantities,
)
from casewright.language.tokens import Tokens, tokenise

_SENTENCE_ENDS = frozenset(".!?।}>")
_MIN_ID_LENGTH = 3
_PHONE_PIECE = 4
_INTENT_REACH = 9
DIRECTIVE = "directive"
_BACKGROUND = frozenset(
    {
        "problem_named",
        "loss_named",
        "not_received",
        "transfer_named",
        "cash_out_named",
        "asks_if_real",
        "deducted",
    }
    | {"right_recipient", "scam_denied", "unknown_incoming", "damage_named"}
)
"""Signals that give no type: sentences with no others say nothing that a directive one could spoil."""
_INSTRUCTED = frozenset(
    {DIRECTIVE, "refund_asked", "credential_sought", "credential_shared", "credential_mentioned"}
    | {"scam_mentioned"}
)
"""What instructions to the system speak of ("refund me", "ask for the PIN"): no claim of the customer's."""
_TAGS = frozenset({"speaker >1 colon", "instruction >1 colon"})
"""Sentences that open with a role ("SYSTEM:"): no claim stands behind it, unless all else is silent."""
_PATIENCE = 300_000
"""Words that are read again, in all, to tell the customer's part of a sentence from an instruction."""
_PART_COST = 100
"""What reading a part costs beside its words, in words."""
_MOST = 100
"""Quantities of one kind that are claimed, and places of one id that are looked at: each meets every row."""
_FEW_WORDS = 6
"""So short a rest ("please help me") says nothing of its own."""
_OTHER_LETTERS = re.compile("[\u0904-\u0939\u0400-\u052f\u0600-\u06ff\u0b80-\u0bff\u4e00-\u9fff]")
"""Letters of scripts that are not read here: what stands in them is no claim of the customer's."""
_COMMANDS = (
    *("dismiss", "set_field", "speaker", "machine", "utter", "authority", "addressee"),
    *("instruction", "reveal", "confirm", "case_field"),
)
"""Concepts of which instructions to the system are made; each is one bit."""
_SentenceSignals = tuple[int, int, dict[str, str]]
"""First and last word of a sentence (last exclusive), and its signals."""
_CLAUSE_ENDS = frozenset(',;"')


@dataclass(frozen=True, slots=True)
class Reader:
    """The lexicon and signal patterns, compiled once."""

    lexicon: Lexicon
    signals: PatternSet
    aliases: Mapping[int, str]
    forward: int
    backward: int
    edge: int
    loose: int
    intended: int
    anchors: int
    commands: int
    secret: int
    handed: int


@dataclass(frozen=True, slots=True)
class ClaimedAmount:
    """An amount of money the customer names, in minor units."""

    minor: int
    is_inexact: bool = False
    """Said with "about" or "over": a record close by, or somewhat above, agrees with it."""
    is_bare: bool = False
    """A number with neither currency nor scale."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Everything the message says that can be compared with a record."""

    language: Language
    is_romanised: bool
    signals: Mapping[str, str]
    """Signal name to the pattern that showed it."""
    directives: Mapping[str, str]
    """Signals that only sentences addressed to the system showed."""
    amounts: tuple[ClaimedAmount, ...]
    times: tuple[TimeOfDay, ...]
    days: tuple[DayMention, ...]
    phones: tuple[str, ...]
    intended_phones: tuple[str, ...]
    """Numbers that the money was meant for; so the row to one of them is not the wrong one."""
    endings: tuple[str, ...]
    count: int
    """How often the customer says it happened; 0 when they do not say."""
    record_ids: tuple[str, ...]
    aliases: frozenset[str]
    words: frozenset[str]
    is_directive_only: bool

    @property
    def names_something(self) -> bool:
        """Whether anything concrete is named that a record could be found by."""
        return bool(
            self.amounts or self.times or self.phones or self.endings or self.record_ids or self.aliases
        )


@cache
def load_reader() -> Reader:
    """The packaged reader."""
    lexicon = load_lexicon()
    text = resources.files("casewright.investigation").joinpath("data/signals.yaml").read_text("utf-8")
    bits = lexicon.bits
    return Reader(
        lexicon=lexicon,
        signals=PatternSet(read_yaml(text), bits),
        aliases={bit: name.removeprefix("alias_") for name, bit in bits.items() if name.startswith("alias_")},
        forward=bits["negate_forward"],
        backward=bits["negate_backward"],
        edge=bits["edge"],
        loose=bits["about"] | bits["over"],
        intended=bits["intended"],
        secret=bits["secret"] | bits["code"],
        handed=bits["give"] | bits["send"] | bits["edge"],
        commands=sum(bits[name] for name in _COMMANDS),
        anchors=bits["dismiss"]
        | bits["set_field"]
        | bits["speaker"]
        | bits["machine"]
        | bits["utter"]
        | bits["authority"]
        | bits["addressee"],
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """A message in the forms that later stages share."""

    normalised: Normalised
    tokens: Tokens


def read_message(message: str) -> Reading:
    """Normalise and split a message once for all readers."""
    normalised = normalise(message)
    return Reading(normalised, tokenise(normalised.text))


def read_claim(reading: Reading, records: Sequence[Record], reader: Reader | None = None) -> Claim:
    """The claim in a message. `records` serve only to recognise ids that the message mentions."""
    reader = reader or load_reader()
    tokens = reading.tokens
    masks, own = reader.lexicon.read(tokens)
    negated = mark_negated(
        tokens.words, masks, own, forward=reader.forward, backward=reader.backward, edge=reader.edge
    )
    sentences = _break_directives(reader, reading, _sentence_spans(tokens), masks, negated)
    signals, directives, ordinary = _read_sentences(reader, tokens.words, sentences, masks, negated)
    is_directive_only = False
    said = tokens
    if len(ordinary) < len(sentences) or directives:
        said, said_masks = _restrict(tokens, masks, ordinary)
        claimed = {name: source for name, source in directives.items() if name not in _INSTRUCTED}
        is_brief = len(said.words) <= _FEW_WORDS and signals.keys() <= _BACKGROUND
        is_brief = is_brief and not (ordinary and directives.get(DIRECTIVE) in _TAGS)
        if is_brief and not claimed.keys() <= _BACKGROUND and not read_quantities(said).amounts:
            said, signals = tokens, {**claimed, **signals}
        else:
            masks = said_masks
            is_directive_only = DIRECTIVE in directives and not any(word[0].isalnum() for word in said.words)
    quantities = Quantities() if is_directive_only else read_quantities(said)
    phones = quantities.phones[:_MOST]
    detected = detect_language(tokens)
    union = 0
    for mask in masks:
        union |= mask
    return Claim(
        language=detected.language,
        is_romanised=detected.is_romanised,
        signals=signals,
        directives=directives,
        amounts=tuple(
            _claimed(amount, masks, reader.loose)
            for amount in quantities.amounts[:_MOST]
            if not _is_code(amount, said.words, masks, reader)
        ),
        times=quantities.times[:_MOST],
        days=quantities.days[:_MOST],
        phones=phones,
        intended_phones=_intended_phones(phones, said.words, masks, reader.intended, reader.edge),
        endings=quantities.endings[:_MOST],
        count=max(quantities.counts, default=0),
        record_ids=_mentioned_ids(_text_of(said, tokens), records),
        aliases=frozenset(name for bit, name in reader.aliases.items() if bit & union),
        words=frozenset(said.words),
        is_directive_only=is_directive_only,
    )


def _read_sentences(
    reader: Reader,
    words: Sequence[str],
    sentences: Sequence[_SentenceSignals],
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
    parts = _Parts(reader, masks, negated)
    for start, end, found in sentences:
        if _is_other(words[start]):
            continue
        if DIRECTIVE not in found:
            ordinary = {**found, **ordinary}
            ordinary_spans.append((start, end))
            continue
        first, last = _spoken_part(parts, words, start, end)
        ordinary.update(_signals_of(reader, masks, negated, first, last))
        if last > first:
            ordinary_spans.append((first, last))
            found = {DIRECTIVE: found[DIRECTIVE]}
        else:
            unsplit.append((start, end))
        directive.update(found)
    if not _is_claim(ordinary):
        for start, end in unsplit:
            if ordinary_spans and directive[DIRECTIVE] in _TAGS:
                continue
            for at in range(start, end - 1):
                behind = parts.signals(at + 1, end) if masks[at] & reader.commands else {}
                if _is_claim(behind):
                    ordinary.update(behind)
                    ordinary_spans.append((at + 1, end))
                    break
    return ordinary, directive, sorted(ordinary_spans)


def _signals_of(
    reader: Reader, masks: list[int], negated: list[bool], start: int, end: int
) -> dict[str, str]:
    found: dict[str, str] = {}
    reader.signals.found_in(Sentence.of(masks[start:end], negated[start:end]), found)
    return found


@dataclass(slots=True)
class _Parts:
    """Signals of parts of sentences, until so many words have been read that no customer can have meant it.

    A sentence has as many parts as words; to try them all would take time quadratic in its length.
    """

    reader: Reader
    masks: list[int]
    negated: list[bool]
    left: int = _PATIENCE

    def signals(self, start: int, end: int) -> dict[str, str]:
        """The signals of a part; none once patience is at its end."""
        if self.left <= 0:
            return {}
        self.left -= _PART_COST + end - start
        return _signals_of(self.reader, self.masks, self.negated, start, end)


def _spoken_part(parts: _Parts, words: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The part of a directive sentence that is the customer's own claim, before or behind the instruction."""
    for at in range(end - 1, start, -1):
        begins = parts.masks[at] & parts.reader.anchors and DIRECTIVE in parts.signals(at, end)
        if begins and _is_claim(parts.signals(start, at)):
            return start, at
    if parts.signals(start, end).get(DIRECTIVE) in _TAGS:
        return start, start
    for at in range(start, end - 1):
        is_edge = words[at] in _CLAUSE_ENDS or (words[at].isascii() and not words[at + 1].isascii())
        if is_edge and _is_claim(parts.signals(at + 1, end)):
            return at + 1, end
    return start, start


def _is_claim(signals: Mapping[str, str]) -> bool:
    return DIRECTIVE not in signals and not signals.keys() <= _BACKGROUND | _INSTRUCTED


def _restrict(
    tokens: Tokens, masks: Sequence[int], spans: Sequence[tuple[int, int]]
) -> tuple[Tokens, list[int]]:
    """The tokens and masks of some sentences alone."""
    kept = [index for start, end in spans for index in range(start, end)]
    words = tuple(tokens.words[index] for index in kept)
    starts = tuple(tokens.starts[index] for index in kept)
    ends = tuple(tokens.ends[index] for index in kept)
    return Tokens(tokens.text, words, starts, ends), [masks[index] for index in kept]


def _break_directives(
    reader: Reader,
    reading: Reading,
    spans: list[tuple[int, int]],
    masks: list[int],
    negated: list[bool],
) -> list[_SentenceSignals]:
    """The sentences with their signals; where the system is spoken to, broken at line breaks and seams.

    Elsewhere neither ends a sentence: people break lines, mix scripts and write capitals anywhere.
    """
    tokens = reading.tokens
    broken: list[_SentenceSignals] = []
    for first, end in spans:
        start = first
        found = _signals_of(reader, masks, negated, start, end)
        if DIRECTIVE in found:
            parts = _Parts(reader, masks, negated)
            for at in range(start + 1, end):
                is_break = "\n" in tokens.text[tokens.ends[at - 1] : tokens.starts[at]]
                if is_break or (_is_seam(reading, at) and _parts_a_claim(parts, start, at, end)):
                    broken.append((start, at, _signals_of(reader, masks, negated, start, at)))
                    start = at
            if start > first:
                found = _signals_of(reader, masks, negated, start, end)
        broken.append((start, end, found))
    return broken


def _parts_a_claim(parts: "_Parts", start: int, at: int, end: int) -> bool:
    """Whether one side speaks to the system, and the other, of a few words at least, claims something."""
    before, behind = parts.signals(start, at), parts.signals(at, end)
    if (DIRECTIVE in before) == (DIRECTIVE in behind):
        return False
    claim, length = (behind, end - at) if DIRECTIVE in before else (before, at - start)
    return length >= _FEW_WORDS and _is_claim(claim)


def _is_seam(reading: Reading, at: int) -> bool:
    """Whether a text seems to begin at a word: a capital behind a small letter, or another script."""
    tokens = reading.tokens
    before, here = tokens.words[at - 1], tokens.words[at]
    if not before[-1].isalpha() or not here[0].isalpha():
        return False
    if before.isascii() != here.isascii():
        return True
    original, offsets = reading.normalised.original, reading.normalised.offsets
    left, right = offsets[tokens.starts[at - 1]], offsets[tokens.starts[at]]
    return original[left].islower() and original[right].isupper()


def _is_other(word: str) -> bool:
    return _OTHER_LETTERS.match(word) is not None


def _text_of(said: Tokens, tokens: Tokens) -> str:
    """The text that the tokens cover: all of it, or that of some sentences."""
    if said is tokens:
        return tokens.text
    kept = set(said.starts)
    return "".join(
        tokens.text[start:following] if start in kept else " "
        for start, following in zip(tokens.starts, (*tokens.starts[1:], len(tokens.text)), strict=True)
    )


def _sentence_spans(tokens: Tokens) -> list[tuple[int, int]]:
    """Token ranges between full stops, question marks, and scripts that are not read."""
    words, text = tokens.words, tokens.text
    has_others = _OTHER_LETTERS.search(text) is not None
    in_others = has_others and _is_other(words[0])
    spans: list[tuple[int, int]] = []
    start = 0
    for index, word in enumerate(words):
        is_end = word in _SENTENCE_ENDS
        if has_others and index + 1 < len(words):
            following = words[index + 1]
            if following[0].isdigit() and index + 2 < len(words):
                following = words[index + 2]  # a number goes with what stands behind it
            if following[0].isalpha():
                is_end = is_end or _is_other(following) != in_others
                in_others = _is_other(following)
        if is_end:
            spans.append((start, index + 1))
            start = index + 1
    if start < len(words):
        spans.append((start, len(words)))
    return spans


def _claimed(amount: Amount, masks: Sequence[int], loose: int) -> ClaimedAmount:
    before = masks[max(0, amount.first - 3) : amount.first]
    after = masks[amount.last : amount.last + 3]
    is_bare = not amount.has_currency and not amount.is_scaled
    return ClaimedAmount(amount.minor, any(mask & loose for mask in (*before, *after)), is_bare)


def _is_code(amount: Amount, words: Sequence[str], masks: Sequence[int], reader: Reader) -> bool:
    """Whether a bare number is a credential's ("otp asche 319942") or a piece of a dashed one."""
    if amount.has_currency or amount.is_scaled:
        return False
    first, last = amount.first, amount.last
    if first >= 1 and masks[first - 1] & reader.secret:
        return True
    if first >= 2 and masks[first - 2] & reader.secret and not masks[first - 1] & reader.handed:
        return True
    before = first >= 2 and words[first - 1] == "-" and words[first - 2].isdigit()
    return before or (last + 1 < len(words) and words[last] == "-" and words[last + 1].isdigit())


def _intended_phones(
    phones: Sequence[str], words: Sequence[str], masks: Sequence[int], intended: int, edge: int
) -> tuple[str, ...]:
    """For each word of intention its number: in its own clause first, behind it first, else the nearest."""
    if not phones:
        return ()
    places = {
        index: phone
        for index, word in enumerate(words)
        if word.isdigit() and len(word) >= _PHONE_PIECE
        for phone in phones
        if phone.startswith(word) or word.endswith(phone)
    }
    if not places:
        return ()
    ordered = sorted(places)
    edges = list(accumulate(word in ",;" or mask & edge > 0 for word, mask in zip(words, masks, strict=True)))
    found: list[str] = []
    for index, mask in enumerate(masks):
        if mask & intended:
            behind = bisect_left(ordered, index)
            place = min(
                ordered[max(0, behind - 1) : behind + 1],  # of each side only the nearest can be the best
                key=lambda at: (_crosses_edge(edges, index, at), at < index, abs(at - index)),
            )
            if abs(place - index) <= _INTENT_REACH:
                found.append(places[place])
    return tuple(dict.fromkeys(found))


def _mentioned_ids(text: str, records: Sequence[Record]) -> tuple[str, ...]:
    """Ids of records that stand in the text as whole words, in the records' order."""
    found: list[str] = []
    for record in records:
        given = record.record_id
        wanted = given.lower() if given.isascii() else normalise(given).text
        if wanted not in text or len(wanted) < _MIN_ID_LENGTH or not any(map(str.isdigit, wanted)):
            continue
        at = -1
        for _ in range(_MOST):
            at = text.find(wanted, at + 1)
            if at < 0:
                break
            end = at + len(wanted)
            if not (at and text[at - 1].isalnum()) and not (end < len(text) and text[end].isalnum()):
                found.append(record.record_id)
                break
    return tuple(dict.fromkeys(found))


def _crosses_edge(edges: Sequence[int], left: int, right: int) -> bool:
    """Whether a clause ends between two words; `edges` counts the ends up to each word."""
    low, high = sorted((left, right))
    return high > low and edges[high - 1] > edges[low]
