"""What the customer says: signals, amounts, times and names, read from the message by rules.

A claim is a reading, not a fact about the world. Sentences addressed to the system ("ignore your rules
and …") are read too, but what they say counts only where no other sentence says anything; nothing is removed.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate
from operator import or_

from casewright.domain.case import Language
from casewright.domain.record import Record
from casewright.investigation.command_clauses import BACKGROUND, DIRECTIVE, INSTRUCTED, TAGS
from casewright.investigation.directives import break_directives, has_unread, is_unread, read_sentences
from casewright.investigation.reader import Reader, load_reader
from casewright.language.detect import detect_language
from casewright.language.normalise import Normalised, normalise
from casewright.language.quantities import (
    Amount,
    DayMention,
    Quantities,
    TimeOfDay,
    read_quantities,
)
from casewright.language.tokens import Tokens, tokenise

_ADDRESS = re.compile(r"\[email\]|(?<![^\s@])[^\s@]{1,64}@[^\s@.]{1,63}\.[^\s@]{0,190}[a-z0-9]")
"""A mail address, as written or as redacted: one word, behind which a sentence ends. Bounded, so that a
flood of half addresses costs no more than it is long."""
_SENTENCE_ENDS = frozenset(".!?।}>")
_MIN_ID_LENGTH = 3
_PHONE_PIECE = 4
_LONGEST_CODE = 8
_INTENT_REACH = 9
_MOST = 100
"""Quantities of one kind that are claimed, and places of one id that are looked at: each meets every row."""
_FEW_WORDS = 6
"""So short a rest ("please help me") says nothing of its own."""


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
    _close_addresses(tokens, masks)
    negated = reader.negated(tokens.words, masks, own)
    sentences = break_directives(
        reader, reading.normalised, tokens, _sentence_spans(tokens), masks, own, negated
    )
    signals, directives, ordinary = read_sentences(reader, tokens.words, sentences, masks, negated)
    is_directive_only = False
    said = tokens
    if len(ordinary) < len(sentences) or directives:
        said, said_masks = _restrict(tokens, masks, ordinary)
        claimed = {name: source for name, source in directives.items() if name not in INSTRUCTED}
        is_brief = len(said.words) <= _FEW_WORDS and signals.keys() <= BACKGROUND
        is_brief = is_brief and not (ordinary and directives.get(DIRECTIVE) in TAGS)
        if is_brief and not claimed.keys() <= BACKGROUND and not read_quantities(said).amounts:
            said, signals = tokens, {**claimed, **signals}
        else:
            masks = said_masks
            is_directive_only = DIRECTIVE in directives and not any(word[0].isalnum() for word in said.words)
    quantities = Quantities() if is_directive_only else read_quantities(said)
    phones = quantities.phones[:_MOST]
    detected = detect_language(tokens)
    union = reduce(or_, masks, 0)
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
        aliases=reader.aliases_of(union),
        words=frozenset(said.words),
        is_directive_only=is_directive_only,
    )


def _restrict(
    tokens: Tokens, masks: Sequence[int], spans: Sequence[tuple[int, int]]
) -> tuple[Tokens, list[int]]:
    """The tokens and masks of some sentences alone."""
    kept = [index for start, end in spans for index in range(start, end)]
    words = tuple(tokens.words[index] for index in kept)
    starts = tuple(tokens.starts[index] for index in kept)
    ends = tuple(tokens.ends[index] for index in kept)
    return Tokens(tokens.text, words, starts, ends), [masks[index] for index in kept]


def _text_of(said: Tokens, tokens: Tokens) -> str:
    """The text that the tokens cover: all of it, or that of some sentences."""
    if said is tokens:
        return tokens.text
    kept = set(said.starts)
    return "".join(
        tokens.text[start:following] if start in kept else " "
        for start, following in zip(tokens.starts, (*tokens.starts[1:], len(tokens.text)), strict=True)
    )


def _close_addresses(tokens: Tokens, masks: list[int]) -> None:
    """Takes their meaning from the words inside mail addresses."""
    for first, last in _addresses(tokens):
        masks[first:last] = [0] * (last - first)


def _addresses(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Token ranges of mail addresses, and of what stands for one where it was taken out."""
    if "@" in tokens.text or "[email]" in tokens.text:
        for match in _ADDRESS.finditer(tokens.text):
            first = bisect_left(tokens.starts, match.start())
            yield first, bisect_left(tokens.starts, match.end(), first)


def _sentence_spans(tokens: Tokens) -> list[tuple[int, int]]:
    """Token ranges between full stops, question marks, mail addresses, and scripts that are not read."""
    closed = {at: last - 1 == at for first, last in _addresses(tokens) for at in range(first, last)}
    words, text = tokens.words, tokens.text
    has_others = has_unread(text)
    if not closed and not has_others and _SENTENCE_ENDS.isdisjoint(words):
        return [(0, len(words))] if words else []
    in_others = has_others and is_unread(words[0])
    spans: list[tuple[int, int]] = []
    start = 0
    for index, word in enumerate(words):
        is_end = word in _SENTENCE_ENDS
        if closed:
            is_end = closed.get(index, is_end)
        if has_others and index + 1 < len(words):
            following = words[index + 1]
            if following[0].isdigit() and index + 2 < len(words):
                following = words[index + 2]  # a number goes with what stands behind it
            if following[0].isalpha():
                is_end = is_end or is_unread(following) != in_others
                in_others = is_unread(following)
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
    while first and words[first - 1].isdigit() and amount.first - first < _LONGEST_CODE:
        first -= 1  # a code that is written digit by digit
    if first >= 1 and masks[first - 1] & reader.secret:
        return True
    if first >= 2 and masks[first - 2] & reader.secret and not masks[first - 1] & reader.handed:
        return True
    first = amount.first
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
