"""What the customer says: signals, amounts, times and names, read from the message by rules.

A claim is a reading, not a fact about the world. Sentences addressed to the system ("ignore your rules
and …") are read too, but what they say counts only where no other sentence says anything; nothing is removed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from casewright.domain.case import Language
from casewright.domain.record import Record
from casewright.language.detect import detect_language
from casewright.language.lexicon import Lexicon, load_lexicon
from casewright.language.negation import mark_negated
from casewright.language.normalise import Normalised, normalise
from casewright.language.patterns import PatternSet, Sentence
from casewright.language.quantities import Amount, DayMention, TimeOfDay, read_quantities
from casewright.language.tokens import Tokens, tokenise

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SENTENCE_ENDS = frozenset(".!?।")
_MIN_ID_LENGTH = 3
_PHONE_PIECE = 4
_INTENT_REACH = 9
DIRECTIVE = "directive"


@dataclass(frozen=True, slots=True)
class Reader:
    """The lexicon and signal patterns, compiled once."""

    lexicon: Lexicon
    signals: PatternSet
    aliases: Mapping[int, str]
    forward: int
    backward: int
    edge: int
    voice: int
    loose: int
    intended: int


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
        signals=PatternSet(yaml.load(text, Loader=_LOADER), bits),  # noqa: S506 - a safe loader
        aliases={bit: name.removeprefix("alias_") for name, bit in bits.items() if name.startswith("alias_")},
        forward=bits["negate_forward"],
        backward=bits["negate_backward"],
        edge=bits["edge"],
        voice=bits["customer_voice"],
        loose=bits["about"] | bits["over"],
        intended=bits["intended"],
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
    signals, directives, directive_spans, had_voice = _read_sentences(reader, tokens, masks, negated)
    quantities = read_quantities(tokens)
    amounts, directive_amounts = _split_amounts(quantities.amounts, directive_spans)
    is_directive_only = DIRECTIVE in directives and not signals and not amounts
    if is_directive_only:
        amounts = directive_amounts if had_voice else ()
        if had_voice:
            signals = {name: source for name, source in directives.items() if name != DIRECTIVE}
            is_directive_only = not signals
    detected = detect_language(tokens)
    union = 0
    for mask in masks:
        union |= mask
    return Claim(
        language=detected.language,
        is_romanised=detected.is_romanised,
        signals=signals,
        directives=directives,
        amounts=tuple(_claimed(amount, masks, reader.loose) for amount in amounts),
        times=quantities.times,
        days=quantities.days,
        phones=quantities.phones,
        intended_phones=_intended_phones(
            quantities.phones, tokens.words, masks, reader.intended, reader.edge
        ),
        endings=quantities.endings,
        count=max(quantities.counts, default=0),
        record_ids=_mentioned_ids(reading.normalised.text, records),
        aliases=frozenset(name for bit, name in reader.aliases.items() if bit & union),
        words=frozenset(tokens.words),
        is_directive_only=is_directive_only,
    )


def _read_sentences(
    reader: Reader, tokens: Tokens, masks: list[int], negated: list[bool]
) -> tuple[dict[str, str], dict[str, str], list[tuple[int, int]], bool]:
    """Signals of ordinary and of directive sentences, where the latter are, if a customer speaks there."""
    ordinary: dict[str, str] = {}
    directive: dict[str, str] = {}
    spans: list[tuple[int, int]] = []
    had_voice = False
    in_directive = False
    for start, end in _sentence_spans(tokens):
        sentence = Sentence.of(masks[start:end], negated[start:end])
        found: dict[str, str] = {}
        reader.signals.found_in(sentence, found)
        has_voice = bool(sentence.union & reader.voice)
        in_directive = DIRECTIVE in found or (in_directive and not has_voice)
        if in_directive:
            spans.append((start, end))
            had_voice = had_voice or has_voice
        target = directive if in_directive else ordinary
        for name, source in found.items():
            target.setdefault(name, source)
    return ordinary, directive, spans, had_voice


def _sentence_spans(tokens: Tokens) -> list[tuple[int, int]]:
    """Token ranges between full stops, question marks and line breaks."""
    words, text = tokens.words, tokens.text
    has_breaks = "\n" in text
    spans: list[tuple[int, int]] = []
    start = 0
    for index, word in enumerate(words):
        is_end = word in _SENTENCE_ENDS
        if not is_end and has_breaks and index + 1 < len(words):
            is_end = "\n" in text[tokens.ends[index] : tokens.starts[index + 1]]
        if is_end:
            spans.append((start, index + 1))
            start = index + 1
    if start < len(words):
        spans.append((start, len(words)))
    return spans


def _split_amounts(
    amounts: Sequence[Amount], spans: Sequence[tuple[int, int]]
) -> tuple[tuple[Amount, ...], tuple[Amount, ...]]:
    if not spans:
        return tuple(amounts), ()
    inside = tuple(amount for amount in amounts if any(start <= amount.first < end for start, end in spans))
    return tuple(amount for amount in amounts if amount not in inside), inside


def _claimed(amount: Amount, masks: Sequence[int], loose: int) -> ClaimedAmount:
    before = masks[max(0, amount.first - 3) : amount.first]
    after = masks[amount.last : amount.last + 3]
    is_bare = not amount.has_currency and not amount.is_scaled
    return ClaimedAmount(amount.minor, any(mask & loose for mask in (*before, *after)), is_bare)


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
    found: list[str] = []
    for index, mask in enumerate(masks):
        if mask & intended and places:
            place = min(
                places,
                key=lambda at: (_crosses_edge(words, masks, edge, index, at), at < index, abs(at - index)),
            )
            if abs(place - index) <= _INTENT_REACH:
                found.append(places[place])
    return tuple(dict.fromkeys(found))


def _mentioned_ids(text: str, records: Sequence[Record]) -> tuple[str, ...]:
    """Ids of records that stand in the text as whole words, in the records' order."""
    found: list[str] = []
    for record in records:
        wanted = normalise(record.record_id).text
        if len(wanted) < _MIN_ID_LENGTH or not any(char.isdigit() for char in wanted):
            continue
        at = text.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            if not (at and text[at - 1].isalnum()) and not (end < len(text) and text[end].isalnum()):
                found.append(record.record_id)
                break
            at = text.find(wanted, at + 1)
    return tuple(dict.fromkeys(found))


def _crosses_edge(words: Sequence[str], masks: Sequence[int], edge: int, left: int, right: int) -> bool:
    low, high = sorted((left, right))
    return any(words[at] in ",;" or masks[at] & edge for at in range(low + 1, high))
