"""The desk's words: safe templates by stage, action, reason and language, filled from the plan only. Pure.

What a text may state is exactly what is handed back as the whitelist. Where a text does not pass the outbound
shield with ids and amounts in it, the bare one takes its place, which holds nothing of any record.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from casewright.desk import TextFields, TextPurpose
from casewright.desks.orders.facts import OrderAction
from casewright.desks.orders.reasons import REASONS
from casewright.domain.action import Effect, Plan
from casewright.domain.case import Language
from casewright.domain.money import Money
from casewright.language.data_files import read_yaml
from casewright.text.shield import ShieldContext, check

CUSTOMER_REPLY, CASE_SUMMARY, NEXT_ACTION = "customer_reply", "internal_case_summary", "next_action_plan"
TEXT_FIELDS = (
    TextPurpose(
        CUSTOMER_REPLY,
        "A short, kind reply: what was decided and why, or what to confirm.",
        "customer",
        max_chars=1200,
    ),
    TextPurpose(
        CASE_SUMMARY,
        "One or two sentences for the agent: the request and the decision.",
        "agent",
        max_chars=2000,
    ),
    TextPurpose(NEXT_ACTION, "One sentence: what the agent should do next.", "agent"),
)
_PLAIN_ID = re.compile(r"(?=.*[0-9])[A-Za-z0-9#][A-Za-z0-9_.:#/-]{0,39}\Z")
_LONG_DIGITS = re.compile(r"[0-9]{13,}|[0-9]{4}(?:[^0-9A-Za-z][0-9]{4}){3}")
_MONEY_KINDS = frozenset({"refund", "charge"})
_MOST_TOLD = 5
"""Reasons that a customer is told at once; the answer's reason codes name all."""


class Stage(StrEnum):
    """How far an allowed action has come."""

    PROPOSED = "proposed"
    DONE = "done"
    UNDER_WAY = "under_way"
    """Carried out, and the payment service has not said how it ended."""


@cache
def load_templates() -> Mapping[str, Any]:
    """The packaged templates."""
    text = resources.files("casewright.desks.orders").joinpath("replies.yaml").read_text("utf-8")
    templates: Mapping[str, Any] = read_yaml(text)
    return templates


def write_reply(
    plan: Plan,
    action: OrderAction,
    language: Language,
    *,
    stage: Stage = Stage.PROPOSED,
    channels: frozenset[str] = frozenset(),
) -> TextFields:
    """The texts for a plan: with ids and amounts where they pass the shield, else bare."""
    texts = write_templates(plan, action, language, stage=stage)
    if all(is_clean(texts, wanted, channels) for wanted in TEXT_FIELDS):
        return texts
    return write_templates(plan, action, language, stage=stage, is_bare=True)


def is_clean(texts: TextFields, wanted: TextPurpose, channels: frozenset[str] = frozenset()) -> bool:
    """Whether one of the texts passes the outbound shield."""
    context = ShieldContext(
        facts=texts.whitelist,
        allowed_channels=channels,
        language=texts.language if wanted.audience == "customer" else Language.EN,
        is_refund_recorded=texts.is_refund_recorded,
        max_chars=wanted.max_chars,
        audience=wanted.audience,
    )
    return not check(texts.fields[wanted.name], context)


def write_templates(
    plan: Plan,
    action: OrderAction,
    language: Language,
    *,
    stage: Stage = Stage.PROPOSED,
    is_bare: bool = False,
) -> TextFields:
    """The template texts for a plan, and the facts they may state. Mixed language is answered in English."""
    spoken = Language.BN if language is Language.BN else Language.EN
    templates = load_templates()
    order_id = None if is_bare else _order_id(plan)
    whitelist = set() if order_id is None else {order_id}
    sentences = _sentences(plan, action, stage, spoken, order_id)
    if plan.is_allowed and not is_bare and stage is not Stage.UNDER_WAY:
        for effect in plan.effects:
            if effect.kind in _MONEY_KINDS:
                sentence, facts = _money(effect, stage, spoken)
                sentences.append(sentence)
                whitelist |= facts
    if plan.is_allowed and stage is Stage.PROPOSED:
        sentences.append(templates["until_then"][spoken])
    return TextFields(
        fields={
            CUSTOMER_REPLY: " ".join(_capitalised(sentence) for sentence in sentences),
            CASE_SUMMARY: _for_agents(plan, action, stage, order_id, "summary"),
            NEXT_ACTION: _for_agents(plan, action, stage, order_id, "next_action"),
        },
        whitelist=frozenset(whitelist),
        language=spoken,
        is_refund_recorded=stage is Stage.DONE and any(effect.kind == "refund" for effect in plan.effects),
    )


def required_elements(plan: Plan, stage: Stage = Stage.PROPOSED) -> tuple[str, ...]:
    """What a customer's text must state, word for word: the order, and every amount that moves."""
    if not plan.is_allowed or stage is Stage.UNDER_WAY:
        return ()
    order_id = _order_id(plan)
    amounts = tuple(
        str(Money(effect.amount_minor or 0, effect.currency or ""))
        for effect in plan.effects
        if effect.kind in _MONEY_KINDS
    )
    return (*(() if order_id is None else (order_id,)), *amounts)


def missing_elements(text: str, plan: Plan, stage: Stage = Stage.PROPOSED) -> tuple[str, ...]:
    """The required elements that a text leaves out."""
    return tuple(element for element in required_elements(plan, stage) if element not in text)


def _sentences(
    plan: Plan, action: OrderAction, stage: Stage, spoken: Language, order_id: str | None
) -> list[str]:
    templates, key = load_templates(), spoken.value
    if plan.is_allowed:
        text = templates["under_way"] if stage is Stage.UNDER_WAY else templates[stage.value][action.value]
        return [str(text[key]).format(order=_order(order_id, spoken))]
    told = [
        str(templates["reasons"][reason][key]) for reason in plan.reasons if reason in templates["reasons"]
    ][:_MOST_TOLD]
    return [str(templates[plan.outcome][key]), *(told if plan.outcome != "escalate" else ())]


def _money(effect: Effect, stage: Stage, spoken: Language) -> tuple[str, set[str]]:
    templates, key = load_templates(), spoken.value
    amount = Money(effect.amount_minor or 0, effect.currency or "")
    method = str(templates["your_method"][key])
    whitelist = {str(amount), *str(amount).split()}
    if effect.target is not None and is_plain_id(effect.target):
        method = effect.target
        whitelist.add(method)
    sentence = str(templates["money"][effect.kind][stage.value][key])
    return sentence.format(amount=amount, method=method), whitelist


def _for_agents(plan: Plan, action: OrderAction, stage: Stage, order_id: str | None, part: str) -> str:
    text = load_templates()[part][plan.outcome]
    if isinstance(text, Mapping):
        text = text[stage.value]
    reasons = " ".join(REASONS.get(reason, reason) for reason in plan.reasons)
    words = action.value.replace("_", " ")
    return str(text).format(action=words, order=_order(order_id, Language.EN), reasons=reasons)


def _order_id(plan: Plan) -> str | None:
    """The order that the plan changes; never one that was only asked about."""
    order = plan.change.order or plan.change.new_order
    return order.order_id if order is not None and is_plain_id(order.order_id) else None


def _order(order_id: str | None, spoken: Language) -> str:
    templates, key = load_templates(), spoken.value
    if order_id is None:
        return str(templates["the_order"][key])
    return str(templates["order"][key]).format(id=order_id)


def is_plain_id(text: str) -> bool:
    """Whether an id of the shop looks like an id, and like no sentence, address or card number."""
    return bool(_PLAIN_ID.match(text)) and not _LONG_DIGITS.search(text)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
