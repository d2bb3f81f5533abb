"""Plans: what a yes holds beside rows and amounts, and how a no is told. (Outcomes and amounts: tests/desks.)"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from casewright.bootstrap import load_ruleset
from casewright.desks.orders.planning import (
    cited_clauses,
    plan_cancel,
    plan_create_escalation,
    plan_create_order,
    plan_create_replacement,
    plan_modify_items,
    plan_of_decision,
    refund_count_since,
)
from casewright.desks.orders.requests import (
    Asker,
    CancelOrder,
    CreateEscalation,
    CreateOrder,
    CreateReplacement,
    EscalationReason,
    Found,
    ModifyItems,
    ReplacementReason,
)
from casewright.domain.action import Effect, OutboxMessage, ReplacementRecord
from casewright.domain.decision import Decision, FiredRow
from casewright.domain.shop import (
    Customer,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Product,
    Variant,
)

RULES = load_ruleset("orders", date(2026, 6, 10))
AS_OF = datetime(2026, 6, 10, 12, tzinfo=UTC)
ANA = Customer(
    "ana",
    (PaymentMethod("card-1", MethodKind.CARD),),
    email_token="email_ana",
    address_token="address_ana",
)
ORDER = Order(
    "#1",
    "ana",
    OrderStatus.PENDING,
    (OrderLine("a", "RED", "SHIRT", "shirt", 2000, {"color": "red"}),),
    (PaymentRow(PaymentKind.PAYMENT, "card-1", 2000),),
    address_token="address_ana",
    version=7,
)
VARIANTS = {
    "RED": Variant("RED", "SHIRT", 2000),
    "BLUE": Variant("BLUE", "SHIRT", 2600, options={"color": "blue"}),
}
FOUND = Found(ORDER, ANA, VARIANTS, {"SHIRT": Product("SHIRT", "shirt", is_final_sale=True)})
ASKER = Asker("ana")


def test_a_cancellation_keeps_the_version_and_the_old_payments() -> None:
    plan = plan_cancel(CancelOrder(ASKER, "#1", "no longer needed"), FOUND, RULES, AS_OF)
    assert plan.change.order is not None
    assert (plan.change.order.version, plan.change.order.payments) == (7, ORDER.payments)
    assert plan.business_keys == ("cancel:#1",)
    assert plan.effects == (
        Effect("order_cancelled", "Order #1 is cancelled.", target="#1"),
        Effect("refund", "20 USD goes back to card card-1.", 2000, "USD", "card-1"),
    )


def test_the_customer_is_written_to_by_token_only() -> None:
    plan = plan_cancel(CancelOrder(ASKER, "#1", "no longer needed"), FOUND, RULES, AS_OF)
    payload = {
        "email_token": "email_ana",
        "customer_id": "ana",
        "order_id": "#1",
        "amount_minor": 2000,
        "currency": "USD",
    }
    assert plan.outbox == (OutboxMessage("mail", "order_cancelled", payload),)


def test_nobody_is_written_to_without_an_address() -> None:
    found = replace(FOUND, customer=replace(ANA, email_token=None))
    assert plan_cancel(CancelOrder(ASKER, "#1", "no longer needed"), found, RULES, AS_OF).outbox == ()


def test_a_swapped_line_takes_variant_price_and_options_and_keeps_the_rest() -> None:
    plan = plan_modify_items(ModifyItems(ASKER, "#1", ("RED",), ("BLUE",), "card-1"), FOUND, RULES, AS_OF)
    assert plan.change.order is not None
    assert plan.change.order.lines == (OrderLine("a", "BLUE", "SHIRT", "shirt", 2600, {"color": "blue"}),)
    assert [effect.kind for effect in plan.effects] == ["item_changed", "charge"]


def test_a_replacement_is_recorded_shipped_and_bound_to_the_one_before() -> None:
    order = replace(ORDER, status=OrderStatus.DELIVERED, delivered_at=AS_OF - timedelta(days=2))
    found = replace(FOUND, order=order, last_replacement=datetime(2026, 1, 2, tzinfo=UTC))
    request = CreateReplacement(ASKER, "#1", "RED", ReplacementReason.MISSING_ITEM, "R1")
    plan = plan_create_replacement(request, found, RULES, AS_OF)
    assert plan.change.replacement == ReplacementRecord("R1", "#1", "ana", "a")
    assert plan.business_keys == ("replace:#1:a", "replace:ana:after:2026-01-02T00:00:00+00:00")
    assert [(message.connector, message.kind) for message in plan.outbox] == [
        ("courier", "replacement_shipment"),
        ("mail", "replacement_sent"),
    ]
    assert plan.outbox[0].payload["address_token"] == "address_ana"
    assert plan.calls == ()


def test_a_new_order_copies_what_the_returns_policy_asks_of_a_product() -> None:
    plan = plan_create_order(CreateOrder(ASKER, "ana", ("RED", "BLUE"), "card-1", "#2"), FOUND, RULES, AS_OF)
    new = plan.change.new_order
    assert new is not None
    assert [line.is_final_sale for line in new.lines] == [True, True]
    assert (new.placed_at, new.paid_minor, new.version) == (AS_OF, 4600, 1)
    assert plan.change.payments == ()


def test_an_escalation_has_no_owner_and_a_clock() -> None:
    request = CreateEscalation(ASKER, "K1", EscalationReason.LEGAL_THREAT, "summary", "E1")
    record = plan_create_escalation(request, Found(), RULES, AS_OF).change.escalation
    assert record is not None
    assert (record.queue, record.owner, record.due_at) == ("risk", None, AS_OF + timedelta(hours=1))
    assert (record.reason, record.summary, record.customer_id) == ("legal_threat", "summary", "ana")


def test_a_no_cites_the_clauses_of_the_broken_rules_and_a_yes_what_allows_it() -> None:
    no = plan_cancel(CancelOrder(ASKER, "#1", "just so"), FOUND, RULES, AS_OF)
    yes = plan_cancel(CancelOrder(ASKER, "#1", "no longer needed"), FOUND, RULES, AS_OF)
    assert cited_clauses(no) == ("ORD-2.2",)
    assert cited_clauses(yes) == ("ORD-2.3",)


def test_a_decision_that_is_no_yes_and_names_no_rule_tells_the_reason_of_its_outcome() -> None:
    row = FiredRow("outcome", "unknown", {"outcome": "escalate"}, "facts_unknown", "ORD-1.5")
    plan = plan_of_decision(Decision("r", {"outcome": "escalate"}, (row,)))
    assert (plan.outcome, plan.reasons) == ("escalate", ("facts_unknown",))


def test_a_rule_switched_off_by_a_parameter_is_no_reason() -> None:
    fired = (
        FiredRow("rules", "off", {"is_refused": False}, "refund_method_not_allowed", "ORD-4.6"),
        FiredRow("rules", "on", {"is_refused": True}, "same_item", "ORD-4.3"),
    )
    assert plan_of_decision(Decision("r", {"outcome": "refuse"}, fired)).reasons == ("same_item",)


def test_refunds_count_over_the_days_of_the_policy() -> None:
    assert refund_count_since(RULES, AS_OF) == AS_OF - timedelta(days=30)
