"""What a message to a shop asks for: the wish, the reason, the orders it names, and who it wants to speak to.

Invariant: a request only selects and proposes. It holds no amount, no date and no claim about a policy, so
that nothing a customer writes can decide what is owed. Sentences addressed to the system count only where no
other sentence asks for anything. Words and patterns are data (data/shop_words.yaml, data/shop_intents.yaml).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from casewright.domain.case import Language
from casewright.investigation.directives import part_commands
from casewright.language.data_files import read_yaml
from casewright.language.detect import detect_language
from casewright.language.fold import fold_banglish
from casewright.language.lexicon import Lexicon
from casewright.language.negation import mark_negated
from casewright.language.normalise import normalise
from casewright.language.patterns import PatternSet, Sentence
from casewright.language.quantities import read_quantities
from casewright.language.tokens import Tokens, tokenise

_SENTENCE_ENDS = frozenset(".!?।}>")
_CLOSED_REACH = 4
"""Words of a phrase that holds its own "not" ("will not turn on")."""
_BRIEF = 6
"""So many words at most answer a question with yes or no."""
_MOST = 10
"""Orders of one message that are looked at."""
_DIRECTIVE = "directive"
_FEWEST_PIECES = 3
_EMAIL = re.compile(r"[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}")
_LETTERED_ID = re.compile(
    r"(?<![a-z0-9])(?:#[a-z]{0,4}-?|(?!(?:tk|rs|usd|bdt)-?[0-9])[a-z]{1,4}-?)[0-9]{4,12}(?![0-9a-z])"
)
_PLAIN_ID = re.compile(
    r"(?:orde?r?|ordar|অর্ডার)[a-z\u0980-\u09ff]{0,6}\s{0,2}(?:(?:no|number|id|nr|নম্বর|নং)\.?)?\s{0,2}[:#]?\s{0,2}"
    r"([0-9]{4,12})(?![0-9a-z])"
)
_PHONE = re.compile(r"\+[0-9][0-9 -]{6,18}[0-9]")
_ENDING = re.compile(
    r"(?:end(?:s|ing)?(?: in| with)?|last (?:4|four)(?: digits?)?(?: are| is|:)?) ([0-9]{4})(?![0-9])"
)
_NOT_DIGITS = re.compile("[^0-9]")
_SHORTEST_NAME = 2
_ARTICLES = ("গুলো", "গুলি", "টার", "টির", "টাকে", "টা", "টি", "টে", "ের", "র")


class Intent(StrEnum):
    """What a message wants. What is published of it is `published`: older callers know no other values."""

    REFUND = "refund"
    RETURN = "return"
    EXCHANGE = "exchange"
    CANCEL = "cancel"
    REPLACEMENT = "replacement"
    STATUS = "status"
    PLACE_ORDER = "place_order"
    ESCALATE = "escalate"
    POLICY_QUESTION = "policy_question"
    LIST_ORDERS = "list_orders"
    CHANGE_ADDRESS = "change_address"
    CHANGE_PAYMENT = "change_payment"
    OTHER = "other"

    @property
    def published(self) -> "Intent":
        """The value that callers are told."""
        return _PUBLISHED_AS.get(self, self)


_PUBLISHED_AS = {
    Intent.LIST_ORDERS: Intent.STATUS,
    Intent.CHANGE_ADDRESS: Intent.OTHER,
    Intent.CHANGE_PAYMENT: Intent.OTHER,
}
PUBLISHED_INTENTS = tuple(intent for intent in Intent if intent.published is intent)


class ReturnReason(StrEnum):
    """Why something is to come back, be refunded or be sent again."""

    DAMAGED = "damaged"
    DEFECTIVE = "defective"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    NOT_AS_DESCRIBED = "not_as_described"
    LATE_DELIVERY = "late_delivery"
    CHANGED_MIND = "changed_mind"


class CancelReason(StrEnum):
    """Why an order is to be cancelled; which of these are accepted is the policy's to say."""

    ORDERED_BY_MISTAKE = "ordered_by_mistake"
    FOUND_CHEAPER = "found_cheaper"
    TOO_SLOW = "too_slow"
    NO_LONGER_NEEDED = "no_longer_needed"


class Resolution(StrEnum):
    """What the customer would like to come out of it."""

    REFUND = "refund"
    STORE_CREDIT = "store_credit"
    REPLACEMENT = "replacement"
    EXCHANGE = "exchange"


_ACTS = (
    Intent.CANCEL,
    Intent.CHANGE_ADDRESS,
    Intent.CHANGE_PAYMENT,
    Intent.EXCHANGE,
    Intent.REPLACEMENT,
    Intent.RETURN,
    Intent.REFUND,
    Intent.PLACE_ORDER,
)
"""Wishes that would change something, the one that is meant where several are named first."""
_WISHES = ("person", *_ACTS, Intent.LIST_ORDERS, Intent.STATUS, Intent.POLICY_QUESTION)
_CANCEL_SIGNALS = {
    "mistake": CancelReason.ORDERED_BY_MISTAKE,
    "cheaper": CancelReason.FOUND_CHEAPER,
    "late_delivery": CancelReason.TOO_SLOW,
    "changed_mind": CancelReason.NO_LONGER_NEEDED,
}
_RESOLUTIONS = {
    Intent.REFUND: Resolution.REFUND,
    Intent.REPLACEMENT: Resolution.REPLACEMENT,
    Intent.EXCHANGE: Resolution.EXCHANGE,
}


@dataclass(frozen=True, slots=True)
class ShopRequest:
    """A reading of one message; every part of it may be wrong, and none of it decides."""

    intent: Intent
    reason: ReturnReason | None
    cancel_reason: CancelReason | None
    wanted: Resolution | None
    order_ids: tuple[str, ...]
    """As written, in capitals: `#W1234567`, `ORD-1001`, `88123`."""
    is_whole_order: bool
    wants_person: bool
    is_angry: bool
    answer: bool | None
    """A brief yes (True) or no (False) to what was asked before; None for anything else."""
    email: str | None
    phone_last4: str | None
    words: tuple[str, ...]
    """Normalised words of the customer's own sentences, to find products by."""
    meaningless: frozenset[str]
    """Those of them that the lexicon uses up: they name no product."""
    language: Language
    is_romanised: bool
    signals: Mapping[str, str]
    """Signal name to the pattern that showed it."""


@dataclass(frozen=True, slots=True)
class ShopReader:
    """The words and patterns, compiled once."""

    lexicon: Lexicon
    signals: PatternSet
    forward: int
    backward: int
    edge: int
    closed: int
    needless: int


@cache
def load_shop_reader() -> ShopReader:
    """The packaged reader."""
    folder = resources.files("casewright.investigation").joinpath("data")
    ordinary = resources.files("casewright.language").joinpath("data/lexicon/ordinary_english.txt")
    concepts = read_yaml(folder.joinpath("shop_words.yaml").read_text("utf-8"))
    lexicon = Lexicon(concepts, ordinary.read_text("utf-8").split())
    bits = lexicon.bits
    return ShopReader(
        lexicon=lexicon,
        signals=PatternSet(read_yaml(folder.joinpath("shop_intents.yaml").read_text("utf-8")), bits),
        forward=bits["negate_forward"],
        backward=bits["negate_backward"],
        edge=bits["edge"],
        closed=bits["closed"],
        needless=bits["needless"],
    )


def read_shop_request(message: str, reader: ShopReader | None = None) -> ShopRequest:
    """What a message asks for. The same message gives the same request; nothing else is looked at."""
    reader = reader or load_shop_reader()
    text = normalise(message).text
    email = _EMAIL.search(text)
    tokens = tokenise(_LETTERED_ID.sub(" order ", _EMAIL.sub(" ", text)))
    masks, own = reader.lexicon.read(tokens)
    _close_phrases(masks, reader)
    negated = mark_negated(
        tokens.words, masks, own, forward=reader.forward, backward=reader.backward, edge=reader.edge
    )
    for index, mask in enumerate(masks[1:]):
        negated[index] = negated[index] or mask & reader.needless > 0
    pieces = _pieces_of_numbers(tokens)
    signals, own_places = _read_signals(reader, tokens, masks, negated)
    detected = detect_language(tokens)
    intent = _choose_intent(signals)
    return ShopRequest(
        intent=intent,
        reason=_choose_reason(signals),
        cancel_reason=next((why for name, why in _CANCEL_SIGNALS.items() if name in signals), None),
        wanted=Resolution.STORE_CREDIT if "store_credit" in signals else _RESOLUTIONS.get(intent),
        order_ids=_order_ids(text),
        is_whole_order="whole" in signals or ("says_all" in signals and _is_brief(tokens)),
        wants_person="person" in signals,
        is_angry=not signals.keys().isdisjoint(("angry", "legal_threat")),
        answer=_read_answer(tokens, signals, intent),
        email=email.group() if email else None,
        phone_last4=_phone_last4(tokens),
        words=tuple(tokens.words[place] for place in own_places if place not in pieces),
        meaningless=frozenset(word for word, mask in zip(tokens.words, masks, strict=True) if mask),
        language=detected.language,
        is_romanised=detected.is_romanised,
        signals=signals,
    )


def _close_phrases(masks: list[int], reader: ShopReader) -> None:
    """Takes the power to negate others from a phrase that holds its own "not"."""
    negators = reader.forward | reader.backward
    for index, mask in enumerate(masks):
        if mask & reader.closed:
            for at in range(index, min(len(masks), index + _CLOSED_REACH)):
                if masks[at] & negators:
                    masks[at] &= ~negators
                    break


def _read_signals(
    reader: ShopReader, tokens: Tokens, masks: list[int], negated: list[bool]
) -> tuple[dict[str, str], list[int]]:
    """Signals of the customer's sentences, and the places of their words.

    Those addressed to the system count only where no other asks for anything.
    """
    ordinary: dict[str, str] = {}
    directive: dict[str, str] = {}
    places: list[int] = []
    for start, end, found in _parted_sentences(reader, tokens, masks, negated):
        if Intent.POLICY_QUESTION in found:
            for act in _ACTS:
                found.pop(act, None)
        elif "asks_after" in found:
            found.pop(Intent.REFUND, None)
            found.pop(Intent.RETURN, None)
            found.setdefault(Intent.STATUS, found["asks_after"])
        if _DIRECTIVE not in found:
            places.extend(range(start, end))
        target = directive if _DIRECTIVE in found else ordinary
        for name, source in found.items():
            target.setdefault(name, source)
    if ordinary.keys().isdisjoint(_WISHES) and not directive.keys().isdisjoint(_ACTS):
        return {**directive, **ordinary}, list(range(len(tokens.words)))
    return ordinary, places


def _parted_sentences(
    reader: ShopReader, tokens: Tokens, masks: list[int], negated: list[bool]
) -> list[tuple[int, int, dict[str, str]]]:
    """The sentences with their signals; an instruction is set apart from a wish in one sentence with it."""

    def signals_of(start: int, end: int) -> dict[str, str]:
        found: dict[str, str] = {}
        reader.signals.found_in(Sentence.of(masks[start:end], negated[start:end]), found)
        return found

    read = {span: signals_of(*span) for span in _sentence_spans(tokens)}
    directives = [span for span, found in read.items() if _DIRECTIVE in found]
    parted = part_commands(tokens, directives) if directives else {}
    sentences: list[tuple[int, int, dict[str, str]]] = []
    for (start, end), found in read.items():
        for part in parted.get((start, end), ()):
            said = signals_of(part.start, part.end)
            said = {_DIRECTIVE: found[_DIRECTIVE], **said} if part.is_command else said
            sentences.append((part.start, part.end, said))
        if (start, end) not in parted:
            sentences.append((start, end, found))
    return sentences


def _sentence_spans(tokens: Tokens) -> list[tuple[int, int]]:
    """Token ranges between ends of sentences and lines."""
    words, text = tokens.words, tokens.text
    spans: list[tuple[int, int]] = []
    start = 0
    for index, word in enumerate(words):
        is_last = index + 1 == len(words)
        gap = "" if is_last else text[tokens.ends[index] : tokens.starts[index + 1]]
        if is_last or word in _SENTENCE_ENDS or "\n" in gap:
            spans.append((start, index + 1))
            start = index + 1
    return spans


def _choose_intent(signals: Mapping[str, str]) -> Intent:
    if "person" in signals:
        return Intent.ESCALATE
    for intent in (*_ACTS, Intent.LIST_ORDERS, Intent.STATUS, Intent.POLICY_QUESTION):
        if intent in signals:
            return intent
    return Intent.OTHER


def _choose_reason(signals: Mapping[str, str]) -> ReturnReason | None:
    if "own_choice" in signals and ReturnReason.WRONG_ITEM in signals:
        return ReturnReason.CHANGED_MIND
    return next((reason for reason in ReturnReason if reason in signals), None)


def _read_answer(tokens: Tokens, signals: Mapping[str, str], intent: Intent) -> bool | None:
    if intent is not Intent.OTHER or not _is_brief(tokens):
        return None
    if "refuses" in signals:
        return False
    return True if "agrees" in signals else None


def _is_brief(tokens: Tokens) -> bool:
    return sum(1 for word in tokens.words if word[0].isalnum()) <= _BRIEF


def _pieces_of_numbers(tokens: Tokens) -> set[int]:
    """Places of digits that are pieces of one long number ("7-8-1-6", "1977 6870 7031"), so no size."""
    pieces: set[int] = set()
    run: list[int] = []
    for place, word in enumerate((*tokens.words, "")):
        if word.isdigit():
            run.append(place)
        elif word != "-":
            if len(run) >= _FEWEST_PIECES:
                pieces.update(run)
            run = []
    return pieces


def _order_ids(text: str) -> tuple[str, ...]:
    found = [(match.start(), match.group()) for match in _LETTERED_ID.finditer(text)]
    found += [(match.start(1), match.group(1)) for match in _PLAIN_ID.finditer(text)]
    taken: set[int] = set()
    ids: list[str] = []
    for start, written in sorted(found, key=lambda item: (item[0], -len(item[1]))):
        span = set(range(start, start + len(written)))
        if taken.isdisjoint(span):
            taken |= span
            ids.append(written.upper())
    return tuple(dict.fromkeys(ids))[:_MOST]


def _phone_last4(tokens: Tokens) -> str | None:
    quantities = read_quantities(tokens)
    endings = [ending for ending in quantities.endings if len(ending) == 4]
    said = _ENDING.search(tokens.text)
    if said:
        endings.append(said.group(1))
    whole = [*quantities.phones, *(_NOT_DIGITS.sub("", number) for number in _PHONE.findall(tokens.text))]
    return next(iter(endings), whole[0][-4:] if whole else None)


def order_key(order_id: str) -> str:
    """The form in which two writings of one order's id are equal: `#W12`, `w12` and `W-12`."""
    return "".join(filter(str.isalnum, normalise(order_id).text)).upper()


def match_orders(request: ShopRequest, order_ids: Iterable[str]) -> tuple[str, ...]:
    """Which of these orders the message names; a bare number means the one order whose digits it is."""
    known = {order_key(order_id): order_id for order_id in order_ids}
    found: list[str] = []
    for written in request.order_ids:
        key = order_key(written)
        if key in known:
            found.append(known[key])
        elif key.isdigit():
            same = [order_id for other, order_id in known.items() if _NOT_DIGITS.sub("", other) == key]
            found.extend(same if len(same) == 1 else ())
    return tuple(dict.fromkeys(found))


def match_names(request: ShopRequest, names: Sequence[str]) -> tuple[int, ...]:
    """Places of the names that the message speaks of: those that share the most telling words with it.

    Words that ask or explain ("return", "broken") name nothing, in whatever title they stand.
    """
    said = {
        word
        for written in request.words
        if written not in request.meaningless
        for word in word_senses(written)
    }
    scores = [len(said & _telling_words(name)) for name in names]
    best = max(scores, default=0)
    return tuple(place for place, score in enumerate(scores) if best and score == best)


def _telling_words(name: str) -> frozenset[str]:
    reader = load_shop_reader()
    words = tokenise(normalise(name).text).words
    return frozenset(_stem(word) for word in words if len(word) > 2 and not reader.lexicon.meaning(word)[0])


def word_senses(word: str) -> frozenset[str]:
    """What a customer's word may stand for in a title: itself, and the English word for a thing so called."""
    if len(word) < _SHORTEST_NAME:
        return frozenset()
    goods = load_goods()
    found = {_stem(word)}
    for form in (word, *(word.removesuffix(ending) for ending in _ARTICLES)):
        found |= goods.get(fold_banglish(form) if form.isascii() else form, frozenset())
    return frozenset(found)


@cache
def load_goods() -> Mapping[str, frozenset[str]]:
    """English words by the Bangla names of goods, romanised ones folded."""
    text = resources.files("casewright.investigation").joinpath("data/shop_goods.yaml").read_text("utf-8")
    goods: dict[str, frozenset[str]] = {}
    for english, names in read_yaml(text).items():
        for name in str(names).split():
            written = normalise(name).text
            form = fold_banglish(written) if written.isascii() else written
            goods[form] = goods.get(form, frozenset()) | {_stem(str(english))}
    return goods


def _stem(word: str) -> str:
    """A word without its plural ending."""
    if word.isascii() and len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    return word
