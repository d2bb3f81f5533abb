"""The desk's words: safe templates by stage, tool, reason and language, filled from the plan only. Pure.

What a text may state is exactly what is handed back as the whitelist. Where a text does not pass the outbound
shield with ids and amounts in it, the bare one takes its place, which holds nothing of any record. Why a
person looks at a request is not told to the customer.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from casewright.desk import TextFields, TextPurpose
from casewright.desks.returns.reasons import REASONS
from casewright.desks.returns.requests import Eligibility
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
_MOST_TOLD = 5
"""Reasons that a customer is told at once; the answer's reason codes name all."""


class ReturnTool(StrEnum):
    """The tools whose plans are put into words."""

    CREATE_RETURN = "create_return"
    CREATE_EXCHANGE = "create_exchange"
    ISSUE_REFUND = "issue_refund"
    CREATE_LABEL = "create_label"


class Stage(StrEnum):
    """How far an allowed action has come."""

    PROPOSED = "proposed"
    DONE = "done"
    UNDER_WAY = "under_way"
    """Carried out, and the payment service has not said how it ended."""


@cache
def load_templates() -> Mapping[str, Any]:
    """The packaged templates."""
    text = resources.files("casewright.desks.returns").joinpath("replies.yaml").read_text("utf-8")
    templates: Mapping[str, Any] = read_yaml(text)
    return templates


def write_reply(
    plan: Plan,
    tool: ReturnTool,
    language: Language,
    *,
    stage: Stage = Stage.PROPOSED,
    channels: frozenset[str] = frozenset(),
) -> TextFields:
    """The texts for a plan: with ids and amounts where they pass the shield, else bare."""
    texts = write_templates(plan, tool, language, stage=stage)
    if all(is_clean(texts, wanted, channels) for wanted in TEXT_FIELDS):
        return texts
    return write_templates(plan, tool, language, stage=stage, is_bare=True)


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
    tool: ReturnTool,
    language: Language,
    *,
    stage: Stage = Stage.PROPOSED,
    is_bare: bool = False,
) -> TextFields:
    """The template texts for a plan, and the facts they may state. Mixed language is answered in English."""
    spoken = _spoken(language)
    templates = load_templates()
    order_id = None if is_bare or not plan.is_allowed else _order_id(plan)
    whitelist = set() if order_id is None else {order_id}
    if plan.is_allowed:
        text = templates["under_way"] if stage is Stage.UNDER_WAY else templates[stage.value][tool.value]
        sentences = [str(text[spoken.value]).format(order=_order(order_id, spoken))]
    else:
        sentences = _told(plan.outcome, plan.reasons, spoken)
    if plan.is_allowed and not is_bare and stage is not Stage.UNDER_WAY:
        for effect in plan.effects:
            if effect.kind in templates["money"] and effect.amount_minor:
                sentence, facts = _money(effect, stage, spoken)
                sentences.append(sentence)
                whitelist |= facts
    if plan.is_allowed and stage is Stage.PROPOSED:
        sentences.append(templates["until_then"][spoken.value])
    part = (
        templates["summary"]["allow"][stage.value] if plan.is_allowed else templates["summary"][plan.outcome]
    )
    step = templates["next_action"]["allow"][stage.value] if plan.is_allowed else None
    return TextFields(
        fields={
            CUSTOMER_REPLY: _join(sentences),
            CASE_SUMMARY: _for_agents(str(part), tool.value, plan.reasons, order_id),
            NEXT_ACTION: str(step or templates["next_action"][plan.outcome]),
        },
        whitelist=frozenset(whitelist),
        language=spoken,
        is_refund_recorded=stage is Stage.DONE and tool is ReturnTool.ISSUE_REFUND and plan.is_allowed,
    )


def write_eligibility(eligibility: Eligibility, language: Language) -> TextFields:
    """The texts for a check: nothing has been asked for yet, and nothing is promised."""
    spoken = _spoken(language)
    templates = load_templates()
    outcome = eligibility.outcome
    if outcome in templates["eligible"]:
        sentences = [str(templates["eligible"][outcome][spoken.value])]
        outcome = "eligible"
    else:
        sentences = _told(outcome, eligibility.reasons, spoken)
    return TextFields(
        fields={
            CUSTOMER_REPLY: _join(sentences),
            CASE_SUMMARY: _for_agents(
                str(templates["summary"][outcome]), "check eligibility", eligibility.reasons, None
            ),
            NEXT_ACTION: str(templates["next_action"][outcome]),
        },
        whitelist=frozenset(),
        language=spoken,
    )


def required_elements(plan: Plan, stage: Stage = Stage.PROPOSED) -> tuple[str, ...]:
    """What a customer's text must state, word for word: the order, and every amount that moves."""
    if not plan.is_allowed or stage is Stage.UNDER_WAY:
        return ()
    order_id = _order_id(plan)
    amounts = tuple(
        str(_amount(effect)) for effect in plan.effects if effect.kind == "refund" and effect.amount_minor
    )
    return (*(() if order_id is None else (order_id,)), *amounts)


def missing_elements(text: str, plan: Plan, stage: Stage = Stage.PROPOSED) -> tuple[str, ...]:
    """The required elements that a text leaves out."""
    return tuple(element for element in required_elements(plan, stage) if element not in text)


def _spoken(language: Language) -> Language:
    return Language.BN if language is Language.BN else Language.EN


def _told(outcome: str, reasons: Sequence[str], spoken: Language) -> list[str]:
    templates, key = load_templates(), spoken.value
    opening = str(templates[outcome][key])
    if outcome == "escalate":
        return [opening]
    told = [str(templates["reasons"][reason][key]) for reason in reasons if reason in templates["reasons"]]
    return [opening, *told[:_MOST_TOLD]]


def _amount(effect: Effect) -> Money:
    return Money(abs(effect.amount_minor or 0), effect.currency or "")


def _money(effect: Effect, stage: Stage, spoken: Language) -> tuple[str, set[str]]:
    templates, key = load_templates(), spoken.value
    amount = str(_amount(effect))
    method = str(templates["your_method"][key])
    whitelist = {amount, *amount.split()}
    if effect.target is not None and is_plain_id(effect.target):
        method = effect.target
        whitelist.add(method)
    sentence = str(templates["money"][effect.kind][stage.value][key])
    return sentence.format(amount=amount, method=method), whitelist


def _for_agents(text: str, action: str, reasons: Sequence[str], order_id: str | None) -> str:
    described = " ".join(REASONS.get(reason, reason) for reason in reasons)
    return text.format(
        action=action.replace("_", " "), order=_order(order_id, Language.EN), reasons=described
    )


def _order_id(plan: Plan) -> str | None:
    """The order that the plan changes; never one that was only asked about."""
    order = plan.change.order
    return order.order_id if order is not None and is_plain_id(order.order_id) else None


def _order(order_id: str | None, spoken: Language) -> str:
    templates, key = load_templates(), spoken.value
    if order_id is None:
        return str(templates["the_order"][key])
    return str(templates["order"][key]).format(id=order_id)


def is_plain_id(text: str) -> bool:
    """Whether an id of the shop looks like an id, and like nothing that could be a sentence or an address."""
    return bool(_PLAIN_ID.match(text))


def _join(sentences: Sequence[str]) -> str:
    return " ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences)
