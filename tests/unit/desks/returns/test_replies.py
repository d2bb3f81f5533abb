"""The words: every text passes the shield, says what the plan says, and tells nobody why a person looks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desk import TextFields
from casewright.desks.returns.facts import ReturnReason
from casewright.desks.returns.planning import (
    RULE_TABLES,
    check_eligibility,
    plan_create_exchange,
    plan_create_label,
    plan_create_return,
    plan_issue_refund,
)
from casewright.desks.returns.reasons import REASONS
from casewright.desks.returns.replies import (
    CASE_SUMMARY,
    CUSTOMER_REPLY,
    TEXT_FIELDS,
    ReturnTool,
    Stage,
    is_clean,
    load_templates,
    missing_elements,
    required_elements,
    write_eligibility,
    write_reply,
    write_templates,
)
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateLabel,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.action import Plan
from casewright.domain.case import Language
from casewright.domain.shop import (
    Customer,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    ReturnRequest,
    Variant,
)

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
RULESET = load_ruleset("returns", date(2026, 6, 20))
CUSTOMER = Customer("ana", (PaymentMethod("card-1", MethodKind.CARD),))
ORDER = Order(
    "#1001",
    "ana",
    OrderStatus.DELIVERED,
    (OrderLine("1", "v-1", "p-1", "Lamp", 2050),),
    (PaymentRow(PaymentKind.PAYMENT, "card-1", 2050),),
    delivered_at=NOW - timedelta(days=3),
)
FOUND = ReturnFound(ORDER, CUSTOMER, variants={"v-2": Variant("v-2", "p-1", 1500)})
GRANTED = replace(ORDER, status=OrderStatus.RETURN_REQUESTED, returned=ReturnRequest(("1",), "card-1"))
ALLOWED: dict[ReturnTool, Plan] = {
    ReturnTool.CREATE_RETURN: plan_create_return(
        CreateReturn("#1001", ("1",), ReturnReason.CHANGED_MIND), FOUND, RULESET, NOW
    ),
    ReturnTool.CREATE_EXCHANGE: plan_create_exchange(
        CreateExchange("#1001", ("1",), ("v-2",)), FOUND, RULESET, NOW
    ),
    ReturnTool.ISSUE_REFUND: plan_issue_refund(
        IssueRefund("#1001", ("1",), ReturnReason.MISSING_ITEM), FOUND, RULESET, NOW
    ),
    ReturnTool.CREATE_LABEL: plan_create_label(
        CreateLabel("#1001"), replace(FOUND, order=GRANTED), RULESET, NOW
    ),
}
DENIED = plan_create_return(
    CreateReturn("#1001", ("1",), ReturnReason.CHANGED_MIND), FOUND, RULESET, NOW + timedelta(days=40)
)
LANGUAGES = (Language.EN, Language.BN)


def assert_clean(texts: TextFields) -> None:
    for wanted in TEXT_FIELDS:
        assert is_clean(texts, wanted), texts.fields[wanted.name]


@pytest.mark.parametrize("tool", ReturnTool)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("is_bare", [False, True])
def test_every_text_of_an_allowed_plan_passes_the_shield(
    tool: ReturnTool, language: Language, stage: Stage, is_bare: bool
) -> None:
    assert ALLOWED[tool].is_allowed
    assert_clean(write_templates(ALLOWED[tool], tool, language, stage=stage, is_bare=is_bare))


@pytest.mark.parametrize("outcome", ["refuse", "deny", "request_info", "escalate"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_text_of_a_no_passes_the_shield(outcome: str, language: Language, reason: str) -> None:
    plan = replace(DENIED, outcome=outcome, reasons=(reason,))
    for tool in ReturnTool:
        assert_clean(write_templates(plan, tool, language))


def test_every_reason_that_does_not_lead_to_a_person_is_told_in_both_languages() -> None:
    templates: Any = load_templates()["reasons"]
    tables = RULESET.policy.parsed.tables
    used = {
        row.reason
        for table in tables
        if table.name in RULE_TABLES and table.name != "limits"
        for row in table.rows
    }
    assert used - templates.keys() == set()
    assert all(set(text) == {"en", "bn"} for text in templates.values())


def test_why_a_person_looks_is_told_to_agents_only() -> None:
    plan = plan_create_return(
        CreateReturn("#1001", ("1",), ReturnReason.CHANGED_MIND),
        replace(FOUND, has_fraud_signal=True),
        RULESET,
        NOW,
    )
    texts = write_reply(plan, ReturnTool.CREATE_RETURN, Language.EN)
    assert plan.reasons == ("fraud_signal",)
    assert "careful" not in texts.fields[CUSTOMER_REPLY]
    assert "20.50" not in texts.fields[CUSTOMER_REPLY]
    assert REASONS["fraud_signal"] in texts.fields[CASE_SUMMARY]


def test_a_denial_names_every_broken_rule() -> None:
    told = write_reply(DENIED, ReturnTool.CREATE_RETURN, Language.EN).fields[CUSTOMER_REPLY]
    assert told == (
        "We are sorry, our returns policy does not allow this. The time for a return of this item is over."
    )


@pytest.mark.parametrize("stage", [Stage.PROPOSED, Stage.DONE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refund_states_its_order_and_its_amount(stage: Stage, language: Language) -> None:
    plan = ALLOWED[ReturnTool.ISSUE_REFUND]
    texts = write_reply(plan, ReturnTool.ISSUE_REFUND, language, stage=stage)
    assert required_elements(plan, stage) == ("#1001", "20.50 USD")
    assert missing_elements(texts.fields[CUSTOMER_REPLY], plan, stage) == ()
    assert texts.is_refund_recorded is (stage is Stage.DONE)


def test_what_is_under_way_states_no_amount_and_requires_none() -> None:
    plan = ALLOWED[ReturnTool.ISSUE_REFUND]
    texts = write_reply(plan, ReturnTool.ISSUE_REFUND, Language.EN, stage=Stage.UNDER_WAY)
    assert "20.50" not in texts.fields[CUSTOMER_REPLY]
    assert required_elements(plan, Stage.UNDER_WAY) == ()


def test_an_order_id_that_is_none_leaves_a_bare_text() -> None:
    strange = replace(ORDER, order_id="call 01712345678 now")
    plan = plan_issue_refund(
        IssueRefund(strange.order_id, ("1",), ReturnReason.MISSING_ITEM),
        replace(FOUND, order=strange),
        RULESET,
        NOW,
    )
    texts = write_reply(plan, ReturnTool.ISSUE_REFUND, Language.EN)
    assert plan.is_allowed
    assert "01712345678" not in texts.fields[CUSTOMER_REPLY]
    assert_clean(texts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", ReturnReason)
@pytest.mark.parametrize("day", [-1, 3, 40])
def test_every_text_of_a_check_passes_the_shield(language: Language, reason: ReturnReason, day: int) -> None:
    order = replace(ORDER, delivered_at=NOW - timedelta(days=day), promised_at=NOW - timedelta(days=50))
    checked = check_eligibility(
        CheckEligibility("#1001", ("1",), reason), replace(FOUND, order=order), RULESET, NOW
    )
    assert_clean(write_eligibility(checked, language))


def test_mixed_language_is_answered_in_english() -> None:
    assert (
        write_reply(ALLOWED[ReturnTool.CREATE_LABEL], ReturnTool.CREATE_LABEL, Language.MIXED).language
        is Language.EN
    )
