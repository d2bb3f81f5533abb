"""The desk's words: one message by offer and language, its required sentences, and what may replace it. Pure.

Invariants: what a message states is exactly what is handed back as its facts; the shield reads every message,
the templates too. A writer may put other words around the required sentences, neither drops nor changes them,
and speaks of no offer beside them; so the offer stays the one that was decided.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from casewright.desk import TextPurpose
from casewright.desks.retention.costs import offer_percent
from casewright.desks.retention.deciding import CONTACT, Decided
from casewright.desks.retention.situation import Offer, OutreachChannel
from casewright.domain.case import Language
from casewright.domain.decision import Decision
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.language.data_files import read_yaml
from casewright.language.normalise import normalise
from casewright.policy.ruleset import Ruleset
from casewright.text.shield import ShieldContext, check
from casewright.text.violation import ShieldRule, Violation

MESSAGE = TextPurpose(
    "message",
    "A short, kind message to a customer, with the offer's terms and how to stop messages, word for word.",
    "customer",
)
_WORDS = re.compile(r"[a-z]+|[\u0980-\u09ff\u200c\u200d]+")
_STOP_WORD = "STOP"
_TERMS = ("discount", "afterwards", "decline")
DISCLAIMERS = {
    "discount": "offer_terms",
    "afterwards": "price_afterwards",
    "decline": "may_decline",
    "unsubscribe": "unsubscribe",
}
"""What each required sentence is called in an answer, by its place in `replies.yaml`."""


@dataclass(frozen=True, slots=True)
class OutreachMessage:
    """One message before it leaves."""

    text: str
    language: Language
    facts: frozenset[str]
    """Every number and word of its own that the message may state."""
    required: Mapping[str, str]
    """The sentences that must stand in it, by the name of the disclaimer."""
    source: str = TEMPLATE_SOURCE

    @property
    def applied_disclaimers(self) -> tuple[str, ...]:
        """Names of the disclaimers, in the order of the message."""
        return tuple(self.required)


@cache
def load_templates() -> Mapping[str, Any]:
    """The packaged templates."""
    text = resources.files("casewright.desks.retention").joinpath("replies.yaml").read_text("utf-8")
    templates: Mapping[str, Any] = read_yaml(text)
    return templates


def write_message(decided: Decided, language: Language, ruleset: Ruleset) -> OutreachMessage | None:
    """The template's message for what was decided, by its channel; None where nobody is contacted."""
    if not decided.is_contact or decided.outcome != CONTACT:
        return None
    channel = decided.facts.channel or OutreachChannel.APP
    return _write(decided.offer, channel, decided.decision, language, ruleset)


def check_message(
    text: str, message: OutreachMessage, channels: frozenset[str] = frozenset()
) -> tuple[Violation, ...]:
    """What stands against sending `text` in the place of the template's words; empty: it may leave.

    `channels` are the official ones. The template's own text is checked like any other.
    """
    rest = " ".join(text.split())
    found = list(
        check(text, ShieldContext(message.facts, channels, message.language, max_chars=MESSAGE.max_chars))
    )
    for sentence in message.required.values():
        if sentence not in rest:
            found.append(Violation(ShieldRule.MISSING_ELEMENT, 0, len(text)))
        rest = rest.replace(sentence, " ", 1)
    words = set(_WORDS.findall(normalise(rest).text))
    if not words.isdisjoint(_offer_words()) or any(mark.isnumeric() or mark == "%" for mark in rest):
        found.append(Violation(ShieldRule.PROMISE, 0, len(text)))
    return tuple(found)


@cache
def _offer_words() -> frozenset[str]:
    listed = (word for words in load_templates()["beyond_offer"] for word in words)
    return frozenset(normalise(word).text for word in listed)


def _write(
    offer: Offer, channel: OutreachChannel, decision: Decision, language: Language, ruleset: Ruleset
) -> OutreachMessage:
    templates = load_templates()
    key = Language.BN if language is Language.BN else Language.EN
    slots = {
        "percent": str(offer_percent(offer, ruleset.parameters)),
        "weeks": str(ruleset.parameters["offer_term_weeks"]),
    }
    required, facts = {}, set()
    if decision.outcome["needs_terms"]:
        facts |= {slots["weeks"], slots["percent"], f"{slots['percent']}%"}
        required = {DISCLAIMERS[name]: templates["terms"][name][key].format_map(slots) for name in _TERMS}
    if decision.outcome["needs_unsubscribe"]:
        facts.add(_STOP_WORD)
        required[DISCLAIMERS["unsubscribe"]] = templates["unsubscribe"][channel][key]
    opening = templates["offers"]["level_0" if offer is Offer.LEVEL_0 else "discount"][key]
    text = " ".join((templates["greeting"][key], opening, *required.values()))
    return OutreachMessage(text, key, frozenset(facts), required)
