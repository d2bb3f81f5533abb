"""Plans: what they hold for the journal, for people, and for the next one who plans."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casewright.bootstrap import load_ruleset, read_ruleset_source
from casewright.desks.returns.facts import ReturnReason, ReturnsFacts
from casewright.desks.returns.planning import (
    check_eligibility,
    plan_create_exchange,
    plan_create_label,
    plan_create_return,
    plan_issue_refund,
    refund_count_since,
)
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateLabel,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.action import CustomerHistory, GatewayCall, GatewayOperation, OutboxMessage
from casewright.domain.shop import (
    Category,
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
from casewright.policy.ruleset import FactSchema, compile_ruleset

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
RULESET = load_ruleset("returns", date(2026, 6, 20))
TAU2 = compile_ruleset(
    read_ruleset_source("returns"),
    FactSchema.from_dataclass(ReturnsFacts),
    as_of=date(2026, 6, 20),
    tenant="tau2",
)
CUSTOMER = Customer(
    "ana",
    (PaymentMethod("card-1", MethodKind.CARD), PaymentMethod("gift-1", MethodKind.GIFT_CARD)),
    email_token="email_1",
)
ORDER = Order(
    "#1001",
    "ana",
    OrderStatus.DELIVERED,
    (OrderLine("1", "v-1", "p-1", "Lamp", 2000), OrderLine("2", "v-1", "p-1", "Lamp", 2000)),
    (PaymentRow(PaymentKind.PAYMENT, "card-1", 4500),),
    shipping_minor=500,
    delivered_at=NOW - timedelta(days=3),
    address_token="address_1",
    version=7,
)
FOUND = ReturnFound(ORDER, CUSTOMER, variants={"v-2": Variant("v-2", "p-1", 1500)})
MISSING = IssueRefund("#1001", ("1",), ReturnReason.MISSING_ITEM)


def test_a_refund_is_one_gateway_call_one_row_and_one_record() -> None:
    plan = plan_issue_refund(MISSING, FOUND, RULESET, NOW)
    assert plan.calls == (GatewayCall(GatewayOperation.REFUND, "card-1", 2000, "USD", "refund-1"),)
    assert plan.change.payments == (PaymentRow(PaymentKind.REFUND, "card-1", 2000),)
    assert plan.change.refund is not None
    assert plan.change.refund.refund_id == "refund-#1001-7"
    assert plan.change.order == ORDER
    assert plan.effects[0].summary == "Refund 20 USD of order #1001 to card-1"


def test_a_refund_names_the_history_that_its_limit_was_checked_on() -> None:
    last = NOW - timedelta(days=100)
    plan = plan_issue_refund(
        MISSING, replace(FOUND, refunds_in_window=1, last_replacement=last), RULESET, NOW
    )
    assert plan.history == CustomerHistory("ana", 1, NOW - timedelta(days=30), last)


def test_a_shop_without_dates_has_no_history_to_hold() -> None:
    granted = replace(ORDER, status=OrderStatus.RETURN_REQUESTED, returned=ReturnRequest(("1",), "card-1"))
    plan = plan_issue_refund(IssueRefund("#1001"), replace(FOUND, order=granted), TAU2, NOW)
    assert plan.is_allowed
    assert plan.history is None
    assert plan.change.refund is not None
    assert plan.change.refund.reason == "none_given"


def test_the_limit_counts_the_rolling_days_before() -> None:
    assert refund_count_since(RULESET, NOW) == NOW - timedelta(days=30)


@pytest.mark.parametrize(
    ("plan", "kind"),
    [
        (
            plan_create_return(CreateReturn("#1001", ("1",), ReturnReason.CHANGED_MIND), FOUND, RULESET, NOW),
            "return_requested",
        ),
        (
            plan_create_exchange(CreateExchange("#1001", ("1",), ("v-2",)), FOUND, RULESET, NOW),
            "exchange_requested",
        ),
        (plan_issue_refund(MISSING, FOUND, RULESET, NOW), "refund_issued"),
    ],
)
def test_the_customer_gets_a_mail_that_holds_no_personal_value(plan: object, kind: str) -> None:
    [message] = plan.outbox  # type: ignore[attr-defined]
    assert (message.connector, message.kind) == ("mail", kind)
    assert set(message.payload) == {"order_id", "amount_minor", "currency", "email_token"}


def test_without_an_address_no_mail_is_sent() -> None:
    found = replace(FOUND, customer=replace(CUSTOMER, email_token=None))
    assert plan_issue_refund(MISSING, found, RULESET, NOW).outbox == ()


def test_a_label_is_asked_of_the_courier() -> None:
    granted = replace(ORDER, status=OrderStatus.RETURN_REQUESTED, returned=ReturnRequest(("2",), "card-1"))
    plan = plan_create_label(CreateLabel("#1001"), replace(FOUND, order=granted), RULESET, NOW)
    payload = {
        "label_id": "label-#1001",
        "order_id": "#1001",
        "line_ids": ["2"],
        "address_token": "address_1",
    }
    assert plan.outbox == (OutboxMessage("courier", "return_label", payload),)
    assert plan.change.label is not None
    assert plan.change.label.line_ids == ("2",)


def test_what_is_left_to_a_person_holds_all_that_it_would_do() -> None:
    request = CreateReturn("#1001", ("1",), ReturnReason.CHANGED_MIND)
    plan = plan_create_return(request, replace(FOUND, refunds_in_window=2), RULESET, NOW)
    allowed = plan_create_return(request, FOUND, RULESET, NOW)
    assert (plan.outcome, plan.reasons) == ("escalate", ("refund_limit_reached",))
    assert (plan.change, plan.effects, plan.amount_minor) == (
        allowed.change,
        allowed.effects,
        allowed.amount_minor,
    )


def test_a_retail_import_is_not_judged_by_window_evidence_or_limits() -> None:
    old = replace(
        ORDER,
        delivered_at=None,
        lines=tuple(
            replace(line, category=Category.PERISHABLE, is_final_sale=True, price_minor=90_000)
            for line in ORDER.lines
        ),
        payments=(PaymentRow(PaymentKind.PAYMENT, "card-1", 180_500),),
    )
    found = replace(FOUND, order=old, refunds_in_window=50, has_fraud_signal=True)
    plan = plan_create_return(CreateReturn("#1001", ("1", "2"), None, "card-1"), found, TAU2, NOW)
    assert plan.is_allowed
    assert plan.amount_minor == 180_000
    assert plan.change.payments == ()


def test_a_check_names_the_clauses_it_rests_on() -> None:
    request = CheckEligibility("#1001", ("1",), ReturnReason.DAMAGED)
    asked = check_eligibility(request, FOUND, RULESET, NOW)
    assert (asked.outcome, asked.clauses) == ("request_info", ("RET-4.2",))
    granted = check_eligibility(request, replace(FOUND, has_evidence=True), RULESET, NOW)
    assert (granted.item_minor, granted.shipping_minor, granted.amount_minor) == (2000, 500, 2500)
    assert "RET-5.2" in granted.clauses
    absent = check_eligibility(request, ReturnFound(None, CUSTOMER), RULESET, NOW)
    assert (absent.outcome, absent.reasons, absent.amount_minor) == ("refuse", ("order_not_found",), 0)
