"""The words of a shop conversation: templates filled from records and decisions, in the customer's language.

Invariant: what a text states is exactly what is handed back as its facts, and nothing of what the customer
wrote stands in it. A name or id that does not look like one (a merchant may call a product anything) is left
out. Pure; whether a text may leave is the shield's to say.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from casewright.domain.action import Effect
from casewright.domain.answer import Try
from casewright.domain.case import Language
from casewright.domain.money import format_minor
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.language.data_files import read_yaml

_PLAIN_ID = re.compile(r"#?[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}")
_PLAIN_NAME = re.compile(r"(?!.*[0-9]{7})[A-Za-z0-9\u0980-\u09ff][A-Za-z0-9\u0980-\u09ff ,.'&()+/\"-]{0,59}")
_QUOTED = re.compile(r"[0-9]+|[\u0980-\u09ff\u200c\u200d-]+")
"""What a quoted clause may state: its numbers, and its Bangla words, of which the shield knows some only."""
_MOST_REASONS = 4
_MOST_EFFECTS = 6
MOST_ORDERS = 10
"""So many of the latest are listed."""


@dataclass(frozen=True, slots=True)
class Words:
    """One text before it leaves. `facts` is all it may state."""

    text: str
    language: Language
    facts: frozenset[str] = frozenset()
    states_refund: bool = False
    """The records hold the refund that the text states."""
    source: str = TEMPLATE_SOURCE
    tries: tuple[Try, ...] = ()
    """What a model was asked for and what the review found; empty: no model was asked."""


@dataclass(slots=True)
class _Facts:
    """What was put into a text."""

    said: set[str] = field(default_factory=set)

    def note(self, value: str) -> str:
        self.said.add(value)
        self.said.update(part for part in re.split(r"[ ,;()]+", value) if part)
        return value


@cache
def load_replies() -> Mapping[str, Any]:
    """The packaged templates."""
    text = resources.files("casewright.writing").joinpath("data/shop_replies.yaml").read_text("utf-8")
    replies: Mapping[str, Any] = read_yaml(text)
    return replies


def reply_language(language: Language, *, is_romanised: bool) -> Language:
    """Bangla script for Bangla, romanised too; otherwise English."""
    return Language.BN if language is Language.BN or is_romanised else Language.EN


def say(kind: str, language: Language, **ids: str) -> Words:
    """A plain text of `kind`, with ids in it. An id that is none makes the bare text."""
    facts = _Facts()
    if not all(_PLAIN_ID.fullmatch(value) for value in ids.values()):
        return Words(load_replies()["bare"][language.value], language)
    text = str(load_replies()[kind][language.value]).format_map(
        {name: facts.note(value) for name, value in ids.items()}
    )
    return Words(text, language, frozenset(facts.said))


def ask(what: str, language: Language, *, order: str = "", options: Sequence[str] = ()) -> Words:
    """A question, with what can be chosen behind it."""
    facts = _Facts()
    replies, key = load_replies(), language.value
    named = facts.note(order) if _PLAIN_ID.fullmatch(order) else ""
    text = " ".join(str(replies["ask"][what][key]).format_map({"order": named}).split())
    shown = [facts.note(option) for option in options if _PLAIN_NAME.fullmatch(option) or _is_id(option)]
    if shown:
        text += str(replies["options"][key]).format_map({"options": "; ".join(shown)})
    return Words(text, language, frozenset(facts.said))


def say_plan(
    language: Language,
    desk: Mapping[str, Any],
    tool: str,
    stage: str,
    effects: Iterable[Effect],
    *,
    order_id: str | None,
    before: str | None = None,
    after: str | None = None,
) -> Words:
    """What will happen or has happened, in the templates of the tool's desk, between two texts of ours.

    `stage` is `proposed`, `done` or `under_way`, as the desks call them.
    """
    facts = _Facts()
    replies, key = load_replies(), language.value
    named = order_id if order_id is not None and _is_id(order_id) else None
    order = (
        str(desk["the_order"][key]) if named is None else str(desk["order"][key]).format(id=facts.note(named))
    )
    template = desk["under_way"] if stage == "under_way" else desk[stage][tool]
    lines = [str(replies[before][key])] if before else []
    lines.append(str(template[key]).format(order=order))
    if stage != "under_way":
        lines += [
            _money(effect, desk, stage, key, facts)
            for effect in list(effects)[:_MOST_EFFECTS]
            if effect.kind in desk["money"] and effect.amount_minor is not None
        ]
    if stage == "proposed":
        lines.append(str(desk["until_then"][key]))
    if after:
        lines.append(str(replies[after][key]))
    text = " ".join(line[:1].upper() + line[1:] for line in lines)
    return Words(text, language, frozenset(facts.said), states_refund=stage == "done")


def _money(effect: Effect, desk: Mapping[str, Any], stage: str, key: str, facts: _Facts) -> str:
    amount = facts.note(f"{format_minor(effect.amount_minor or 0)} {effect.currency or ''}".strip())
    method = str(desk["your_method"][key])
    if effect.target is not None and _is_id(effect.target):
        method = facts.note(effect.target)
    return str(desk["money"][effect.kind][stage][key]).format(amount=amount, method=method)


def say_refusal(
    language: Language,
    reasons: Sequence[str],
    clauses: Sequence[str],
    sentences: Mapping[str, Mapping[str, str]] | None = None,
) -> Words:
    """A no with its reasons and the clauses they rest on. A desk's own `sentences` come before ours."""
    facts = _Facts()
    replies, key = load_replies(), language.value
    told = {**replies["reasons"], **(sentences or {})}
    known = [str(told[code][key]) for code in reasons if code in told]
    shown = " ".join(known[:_MOST_REASONS]) or str(replies["other_reason"][key])
    text = str(replies["refused"][key]).format_map({"reasons": shown})
    cited = [facts.note(clause) for clause in clauses if _is_id(clause)]
    if cited:
        text += str(replies["clauses"][key]).format_map({"clauses": ", ".join(cited[:_MOST_REASONS])})
    return Words(text, language, frozenset(facts.said))


def say_status(language: Language, order: str, status: str) -> Words:
    """Where an order stands."""
    replies, key = load_replies(), language.value
    facts = _Facts()
    if not _is_id(order) or status not in replies["statuses"]:
        return Words(replies["bare"][key], language)
    text = str(replies["status"][key]).format_map(
        {"order": facts.note(order), "status": replies["statuses"][status][key]}
    )
    return Words(text, language, frozenset(facts.said))


def say_orders(language: Language, orders: Sequence[tuple[str, str]]) -> Words:
    """Which orders there are, the latest first: id and status of each."""
    replies, key = load_replies(), language.value
    facts = _Facts()
    shown = [
        str(replies["one_order"][key]).format_map(
            {"order": facts.note(order), "status": replies["statuses"][status][key]}
        )
        for order, status in orders[:MOST_ORDERS]
        if _is_id(order) and status in replies["statuses"]
    ]
    if not shown:
        return Words(str(replies["no_orders"][key]), language)
    text = str(replies["orders"][key]).format_map({"orders": "; ".join(shown)})
    return Words(text, language, frozenset(facts.said))


def say_policy(language: Language, clauses: Sequence[str], texts: Sequence[str]) -> tuple[Words, Words]:
    """The clauses on a question: with the words of the first in that language, and by their numbers alone."""
    replies, key = load_replies(), language.value
    facts = _Facts()
    cited = ", ".join(facts.note(clause) for clause in clauses[:_MOST_REASONS] if _is_id(clause))
    if not cited:
        bare = Words(str(replies["no_policy"][key]), language)
        return bare, bare
    by_number = Words(
        str(replies["policy"][key]).format_map({"clauses": cited}), language, frozenset(facts.said)
    )
    if not texts or not texts[0]:
        return by_number, by_number
    quoted = " ".join(texts[0].split())
    stated = frozenset(facts.said) | frozenset(_QUOTED.findall(quoted))
    return Words(f"{quoted} ({clauses[0]})", language, stated), by_number


def bare(language: Language) -> Words:
    """What is said where nothing else may be."""
    return Words(str(load_replies()["bare"][language.value]), language)


def _is_id(value: str) -> bool:
    return _PLAIN_ID.fullmatch(value) is not None
