"""Checks: what is wrong with an answer, found without a model. Pure; the gate that every answer passes.

An answer may state what its bounds hold and nothing else: tools, citations, numbers, dates, ids, names,
products. What a rule forbids and what a restriction covers must not be named, what is required must be there.
The outbound shield reads every text; its own vocabulary grows here by the words of business English.

Invariants: bounds come from facts, policy and passages, never from the answer; a finding holds no words of
the answer; an empty result is the only way to pass. An unsupported fact may be written again, any other rule
of the shield never.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from casewright.domain.answer import Bounds, Draft, Element, Finding, FindingCode
from casewright.domain.case import Language
from casewright.language.normalise import normalise
from casewright.reflection.attribution import misattributed
from casewright.reflection.mentions import Finder, phrase_words, places, without, words_of_text
from casewright.reflection.outcomes import states_other_outcome
from casewright.reflection.trade import PARTS, find_names, find_record_names, load_trade
from casewright.reflection.values import Value, divide_values, known_keys
from casewright.text.shield import ShieldContext, check
from casewright.text.violation import ShieldRule

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_KNOWN_MONTH: Final = re.compile(r"d:[0-9?]+-([0-9]{2})")
_BANGLA: Final = re.compile("[\u0980-\u09ff]+")
_SEPARATOR: Final = "\n;\n"
_MASKED: Final = "0"
_MASKED_ID: Final = "recordid"


@dataclass(frozen=True, slots=True)
class _Held:
    """What one text holds, in the forms that the checks compare: values, single words, words in order."""

    keys: frozenset[str]
    words: frozenset[str]
    texts: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class _Support(_Held):
    """What the facts and the passages hold together."""

    facts: _Held
    names: re.Pattern[str] | None


def check_draft(draft: Draft, bounds: Bounds) -> tuple[Finding, ...]:
    """Everything that keeps a draft from leaving; empty: it may."""
    support = _build_support(bounds)
    findings: dict[Finding, None] = {}
    for finding in _check_tools(draft, bounds):
        findings[finding] = None
    for finding in _check_citations(draft, bounds):
        findings[finding] = None
    message, rationale = (_without_names(part, bounds) for part in (draft.message, draft.rationale))
    for text in dict.fromkeys(part for part in (message, rationale) if part.strip()):
        for finding in _check_text(text, bounds, support):
            findings[finding] = None
    if not draft.message.strip() or max(len(draft.message), len(draft.rationale)) > bounds.max_chars:
        findings[Finding(FindingCode.SHIELD, ShieldRule.LENGTH.value)] = None
    for finding in _check_elements(message, bounds):
        findings[finding] = None
    return tuple(findings)


def is_final(findings: tuple[Finding, ...]) -> bool:
    """Whether a finding forbids another try: a rule of the shield was broken."""
    return any(finding.code is FindingCode.SHIELD for finding in findings)


def _without_names(text: str, bounds: Bounds) -> str:
    """The text with a sign for each name of a record: "Video Village" names no format."""
    if not bounds.names:
        return text
    phrases = frozenset(
        phrase for group in (bounds.products, bounds.restricted) for some in group.values() for phrase in some
    )
    names = find_record_names(bounds.names, phrases)
    return text if names is None else names.sub(_MASKED_ID, text)


def _build_support(bounds: Bounds) -> _Support:
    facts = _read_held(_SEPARATOR.join(sorted(bounds.facts)))
    passages = [(_read_passage if bounds.is_for_staff else _read_held)(text) for text in bounds.passages]
    return _Support(
        facts.keys.union(*(passage.keys for passage in passages)),
        facts.words.union(*(passage.words for passage in passages)),
        facts.texts + tuple(text for passage in passages for text in passage.texts),
        facts,
        find_names(bounds.facts),
    )


@lru_cache(maxsize=1_024)
def _read_passage(text: str) -> _Held:
    """A passage for staff is nobody's datum and is read once; all else is read each time and kept nowhere."""
    return _read_held(text)


def _read_held(text: str) -> _Held:
    keys = known_keys(text)
    words = set(PARTS.findall(normalise(text).text))
    for key in keys:
        month = _KNOWN_MONTH.match(key)
        if month is not None:
            words.update((_MONTHS[int(month[1]) - 1], _MONTHS[int(month[1]) - 1][:3]))
    return _Held(keys, frozenset(words), (tuple(words_of_text(text)),))


def _check_tools(draft: Draft, bounds: Bounds) -> Iterator[Finding]:
    used = frozenset(draft.tools_used)
    for name in sorted(bounds.tools_expected - used):
        yield Finding(FindingCode.TOOL_MISSING, name)
    for name in sorted(used - bounds.tools_allowed - bounds.tools_expected):
        yield Finding(FindingCode.TOOL_NOT_ALLOWED, name)


def _check_citations(draft: Draft, bounds: Bounds) -> Iterator[Finding]:
    if any(citation not in bounds.citable for citation in draft.citations):
        yield Finding(FindingCode.CITATION_UNKNOWN)
    if bounds.citable and not draft.citations and not draft.is_irrelevant:
        yield Finding(FindingCode.CITATION_MISSING)


def _check_text(text: str, bounds: Bounds, support: _Support) -> Iterator[Finding]:
    plain = load_trade().read_plainly(text, is_for_staff=bounds.is_for_staff)
    held, missing = divide_values(plain, support.keys)
    for kind in dict.fromkeys(value.kind for value in missing):
        yield Finding(FindingCode.UNSUPPORTED_NUMBER, kind)
    if misattributed(plain, held, support.facts.keys):
        yield Finding(FindingCode.UNSUPPORTED_NUMBER, "of a record")
    if bounds.language is Language.EN and not support.facts.words.issuperset(_BANGLA.findall(plain)):
        yield Finding(FindingCode.UNSUPPORTED_NAME)
    if not bounds.is_for_staff and states_other_outcome(plain, (*bounds.facts, *bounds.passages)):
        yield Finding(FindingCode.UNSUPPORTED_CLAIM)
    words = words_of_text(plain)
    finder = Finder(words)
    yield from _check_products(words, finder, bounds, support)
    for topic, phrases in sorted(bounds.restricted.items()):
        if any(map(finder.finds, phrases)):
            yield Finding(FindingCode.RESTRICTED_TOPIC, topic)
    yield from _check_shield(_mask(plain, held, missing, support.names), bounds, support)


def _check_products(words: list[str], finder: Finder, bounds: Bounds, support: _Support) -> Iterator[Finding]:
    permitted = [
        phrase
        for product, phrases in bounds.products.items()
        if product not in bounds.forbidden_products
        for phrase in phrases
    ]
    left = without(words, permitted)
    unpermitted = Finder(left)
    for product, phrases in sorted(bounds.products.items()):
        if product in bounds.forbidden_products:
            if any(map(unpermitted.finds, phrases)):
                yield Finding(FindingCode.FORBIDDEN_PRODUCT, product)
        elif any(map(finder.finds, phrases)) and not any(
            places(text, phrase) for phrase in phrases for text in support.texts
        ):
            yield Finding(FindingCode.UNSUPPORTED_PRODUCT, product)
    known = support.words.union(*map(phrase_words, permitted)) if permitted else support.words
    if bounds.products and load_trade().names_media(left, known):
        yield Finding(FindingCode.UNSUPPORTED_PRODUCT, "media")


def _check_shield(text: str, bounds: Bounds, support: _Support) -> Iterator[Finding]:
    product_words = {
        word for phrases in bounds.products.values() for phrase in phrases for word in PARTS.findall(phrase)
    }
    context = ShieldContext(
        facts=support.words
        | product_words
        | {_MASKED}
        | (load_trade().words if bounds.is_for_staff else frozenset()),
        allowed_channels=bounds.channels,
        language=bounds.language,
        is_refund_recorded=bounds.is_refund_recorded,
        max_chars=bounds.max_chars,
        audience="agent" if bounds.is_for_staff else "customer",
    )
    for rule in dict.fromkeys(violation.rule for violation in check(text, context)):
        if rule is ShieldRule.UNSUPPORTED_FACT:
            yield Finding(FindingCode.UNSUPPORTED_NAME)
        else:
            yield Finding(FindingCode.SHIELD, rule.value)


def _mask(
    text: str, held: tuple[Value, ...], missing: tuple[Value, ...], names: re.Pattern[str] | None
) -> str:
    """The text as the shield reads it: handed names, and each value with the currency behind it, as signs."""
    spans = [(value.start, value.end, value.kind) for value in (*held, *missing)]
    if names is not None:
        spans += [(match.start(), match.end(), "id") for match in names.finditer(text)]
    parts: list[str] = []
    position, last = 0, ""
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start < position:
            continue
        if kind == "currency" and (last != "number" or text[position:start].strip()):
            continue
        if kind == "currency":
            position = end
            continue
        parts += [text[position:start], _MASKED_ID if kind == "id" else _MASKED]
        position, last = end, kind
    return "".join((*parts, text[position:]))


def _check_elements(message: str, bounds: Bounds) -> Iterator[Finding]:
    words = words_of_text(message)
    last = -1
    is_sorted = True
    for element in bounds.required:
        place = _first_place(words, element)
        if place is None:
            yield Finding(FindingCode.ELEMENT_MISSING, element.name)
            continue
        is_sorted = is_sorted and place > last
        last = place
    if bounds.is_ordered and not is_sorted:
        yield Finding(FindingCode.ORDER_BROKEN)


def _first_place(words: list[str], element: Element) -> int | None:
    found = [spot[0] for phrase in element.any_of for spot in places(words, phrase)]
    return min(found, default=None)
