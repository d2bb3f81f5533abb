"""The outbound shield: every text passes it before it leaves, whoever wrote it.

`check` is pure: the same text and context always give the same answer, no clock, no log. The rules: no
credential is asked for, nothing is promised or confirmed, only official channels, facts by whitelist,
required elements, the customer's language, length, no abuse, no markup or hidden characters, no internals
of the machine.

Speed: numbers and ids are masked first; what is left, the skeleton, is the same for every case that a
template serves. Skeletons that passed are remembered in a bounded memo. Only skeletons made wholly of the
packaged vocabulary are kept, so the memo can hold no customer's data; a hit and a miss give the same
answer.

Not done here: replacing a refused text (the writer takes the template), and consent or quiet hours of
outreach.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from casewright.domain.case import Language
from casewright.text.abuse import forbidden_words
from casewright.text.channels import channels
from casewright.text.clauses import Reading, read_clauses
from casewright.text.credential_asks import credential_asks
from casewright.text.fact_masking import has_number, mask_facts, outline
from casewright.text.fact_whitelist import fact_whitelist
from casewright.text.markup import has_hidden_text, has_markup
from casewright.text.promises import promises
from casewright.text.reply_language import is_in_language
from casewright.text.violation import ShieldRule, Violation

Audience = Literal["customer", "agent"]
CREDENTIAL_WARNING = "credential_warning"
_MEMO_LIMIT = 2_048

_SkeletonKey = tuple[str, Language, bool, str, tuple[str, ...]]
_clean_skeletons: set[_SkeletonKey] = set()
_clean_outlines: set[_SkeletonKey] = set()
"""Outlines of texts that passed: none holds a number of anybody."""


@dataclass(frozen=True, slots=True)
class ShieldContext:
    """What a text may say, and to whom."""

    facts: frozenset[str]
    """Every number, id, date, name and product that the writer was handed, as strings."""
    allowed_channels: frozenset[str]
    """Official links, phones, mail addresses, handles and short codes."""
    language: Language
    is_refund_recorded: bool = False
    """The records hold a completed refund or reversal: it may then be stated."""
    required: tuple[str, ...] = ()
    max_chars: int = 1200
    audience: Audience = "customer"
    """`agent`: an internal text; it may name work to do and what the customer says, and is in English."""


def check(text: str, context: ShieldContext) -> tuple[Violation, ...]:
    """Every rule that the text breaks; empty when it may leave."""
    if not text.strip() or len(text) > context.max_chars:
        return (Violation(ShieldRule.LENGTH, 0, len(text)),)
    kind = (context.language, context.is_refund_recorded, context.audience, context.required)
    brief = None if "\x00" in text else outline(text, context.facts, context.allowed_channels)
    if brief is not None:
        if (brief, *kind) in _clean_outlines:
            return ()
        if has_number(brief):
            brief = None
    masked = mask_facts(text, context.facts, context.allowed_channels)
    key = (masked.skeleton, *kind)
    if not masked.unknown and key in _clean_skeletons:
        return ()
    reading = read_clauses(masked.skeleton)
    broken = tuple(Violation(rule, 0, len(text)) for rule in _broken_rules(masked.skeleton, reading, context))
    found = (
        tuple(Violation(ShieldRule.UNSUPPORTED_FACT, start, end) for start, end in masked.unknown) + broken
    )
    if not found and fact_whitelist().is_plain(masked.skeleton, reading):
        _remember(key, _clean_skeletons)
        if brief is not None:
            _remember((brief, *kind), _clean_outlines)
    return found


def _remember(key: _SkeletonKey, memo: set[_SkeletonKey]) -> None:
    if len(memo) >= _MEMO_LIMIT:
        memo.clear()
    memo.add(key)


def _broken_rules(skeleton: str, reading: Reading, context: ShieldContext) -> Iterator[ShieldRule]:
    is_internal = context.audience == "agent"
    if has_hidden_text(skeleton) or reading.is_spelled:
        yield ShieldRule.HIDDEN_TEXT
    if has_markup(skeleton):
        yield ShieldRule.MARKUP
    if reading.is_unreadable:
        yield ShieldRule.LENGTH
        return
    if credential_asks().is_broken(reading):
        yield ShieldRule.CREDENTIAL_ASK
    if promises().is_broken(reading, is_refund_recorded=context.is_refund_recorded, is_internal=is_internal):
        yield ShieldRule.PROMISE
    if channels().is_unofficial(reading, is_internal=is_internal):
        yield ShieldRule.UNOFFICIAL_CHANNEL
    if channels().asks_for_payment(reading):
        yield ShieldRule.PAYMENT_REQUEST
    whitelist = fact_whitelist()
    if whitelist.has_unknown_words(skeleton, reading, whitelist.fact_words(context.facts)):
        yield ShieldRule.UNSUPPORTED_FACT
    if CREDENTIAL_WARNING in context.required and not credential_asks().has_warning(reading):
        yield ShieldRule.MISSING_ELEMENT
    if not is_in_language(skeleton, context.language):
        yield ShieldRule.WRONG_LANGUAGE
    if forbidden_words().is_abusive(reading):
        yield ShieldRule.ABUSE
    if forbidden_words().is_leaking(reading):
        yield ShieldRule.LEAKAGE
