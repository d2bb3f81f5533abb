"""Words: every template passes the shield in both languages, states its required elements, and nothing else."""

import pytest

from casewright.desks.orders.facts import OrderAction
from casewright.desks.orders.reasons import REASONS
from casewright.desks.orders.replies import (
    CASE_SUMMARY,
    CUSTOMER_REPLY,
    NEXT_ACTION,
    TEXT_FIELDS,
    Stage,
    is_clean,
    is_plain_id,
    load_templates,
    missing_elements,
    write_reply,
    write_templates,
)
from casewright.domain.action import Change, Effect, Plan
from casewright.domain.case import Language
from casewright.domain.decision import Decision
from casewright.domain.shop import Order, OrderStatus

DECISION = Decision("orders@2026-01-01", {}, ())
ORDER = Order("#W1001", "ana", OrderStatus.PENDING, (), ())
MONEY = (
    Effect("order_cancelled", "x", target="#W1001"),
    Effect("refund", "x", 1250, "USD", "card-1"),
    Effect("charge", "x", 99900, "BDT", "paypal_3473552"),
)
LANGUAGES = (Language.EN, Language.BN)
ON_ORDERS = [
    action
    for action in OrderAction
    if action not in (OrderAction.MODIFY_CUSTOMER_ADDRESS, OrderAction.CREATE_ESCALATION)
]


def _allowed(action: OrderAction) -> Plan:
    if action in ON_ORDERS:
        return Plan(DECISION, "allow", change=Change(order=ORDER), effects=MONEY)
    return Plan(DECISION, "allow")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("action", OrderAction)
def test_every_text_of_a_yes_passes_the_shield_and_says_what_it_must(
    action: OrderAction, stage: Stage, language: Language
) -> None:
    plan = _allowed(action)
    for is_bare in (False, True):
        texts = write_templates(plan, action, language, stage=stage, is_bare=is_bare)
        assert [wanted.name for wanted in TEXT_FIELDS if not is_clean(texts, wanted)] == []
    full = write_templates(plan, action, language, stage=stage)
    assert missing_elements(full.fields[CUSTOMER_REPLY], plan, stage) == ()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", ["refuse", "request_info", "escalate"])
def test_every_text_of_a_no_passes_the_shield(outcome: str, language: Language) -> None:
    for reason in REASONS:
        texts = write_templates(Plan(DECISION, outcome, (reason,)), OrderAction.MODIFY_ITEMS, language)
        assert [wanted.name for wanted in TEXT_FIELDS if not is_clean(texts, wanted)] == [], reason
        assert texts.whitelist == frozenset()


def test_every_reason_that_a_customer_may_meet_has_its_sentence() -> None:
    from datetime import date

    from casewright.bootstrap import load_ruleset

    [rules] = [
        table
        for table in load_ruleset("orders", date(2026, 6, 1)).policy.parsed.tables
        if table.name == "rules"
    ]
    told = {row.reason for row in rules.rows if {"is_refused", "needs_info"} & row.then.keys()}
    assert told == load_templates()["reasons"].keys()


def test_a_refusal_tells_its_reasons_and_no_order_id() -> None:
    plan = Plan(DECISION, "refuse", ("order_not_pending", "same_item"))
    texts = write_reply(plan, OrderAction.MODIFY_ITEMS, Language.EN).fields
    assert texts[CUSTOMER_REPLY] == (
        "We are sorry, we cannot do this. The order is no longer pending, so it cannot be changed. "
        "The new item is the same as the one in the order."
    )
    assert texts[CASE_SUMMARY] == (
        "The request modify items for the order breaks these rules: "
        "The order is no longer pending. An item would become the variant that it is."
    )


def test_a_proposal_asks_for_confirmation_and_names_what_moves() -> None:
    plan = Plan(DECISION, "allow", change=Change(order=ORDER), effects=MONEY[:2])
    texts = write_reply(plan, OrderAction.CANCEL_ORDER, Language.EN)
    assert texts.fields[CUSTOMER_REPLY] == (
        "Please confirm: cancel order #W1001. Refund amount: 12.50 USD, to card-1. "
        "Nothing changes before you confirm."
    )
    assert not texts.is_refund_recorded


def test_a_refund_is_stated_as_made_only_when_it_is_done() -> None:
    plan = Plan(DECISION, "allow", change=Change(order=ORDER), effects=MONEY[:2])
    done = write_reply(plan, OrderAction.CANCEL_ORDER, Language.EN, stage=Stage.DONE)
    assert "The refund of 12.50 USD to card-1 is recorded." in done.fields[CUSTOMER_REPLY]
    assert done.is_refund_recorded
    unknown = write_reply(plan, OrderAction.CANCEL_ORDER, Language.EN, stage=Stage.UNDER_WAY)
    assert "12.50" not in unknown.fields[CUSTOMER_REPLY]


def test_many_reasons_stay_within_the_length() -> None:
    texts = write_reply(Plan(DECISION, "refuse", tuple(REASONS)), OrderAction.MODIFY_ITEMS, Language.BN)
    assert len(texts.fields[CUSTOMER_REPLY]) <= 1200
    assert texts.fields[NEXT_ACTION]


@pytest.mark.parametrize("language", [Language.MIXED, Language.EN])
def test_mixed_language_is_answered_in_english(language: Language) -> None:
    plan = Plan(DECISION, "refuse", ("final_sale",))
    assert write_reply(plan, OrderAction.CREATE_REPLACEMENT, language).language is Language.EN


@pytest.mark.parametrize(
    "unfit",
    ["share your PIN 1", "4111111111111111", "<b>1</b>", "no-digits", "http://a.example/1?x=1", "1" * 41, ""],
)
def test_an_id_that_could_be_more_than_an_id_is_not_repeated(unfit: str) -> None:
    assert not is_plain_id(unfit)
    order = Order(unfit, "ana", OrderStatus.PENDING, (), ())
    plan = Plan(
        DECISION, "allow", change=Change(order=order), effects=(Effect("refund", "x", 1250, "USD", unfit),)
    )
    texts = write_reply(plan, OrderAction.CANCEL_ORDER, Language.EN)
    assert not unfit or unfit not in texts.fields[CUSTOMER_REPLY]
    assert [wanted.name for wanted in TEXT_FIELDS if not is_clean(texts, wanted)] == []


def test_what_does_not_pass_the_shield_is_said_without_ids() -> None:
    order = Order("otp-1", "ana", OrderStatus.PENDING, (), ())
    texts = write_reply(
        Plan(DECISION, "allow", change=Change(order=order)), OrderAction.CANCEL_ORDER, Language.EN
    )
    assert [wanted.name for wanted in TEXT_FIELDS if not is_clean(texts, wanted)] == []
