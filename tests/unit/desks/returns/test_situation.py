"""From records to facts: dates, categories, methods, and nothing of an order that is not the customer's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.returns.facts import PolicyScope, ReturnAction, ReturnReason, ReturnsFacts
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateLabel,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.desks.returns.situation import AnyRequest, read_situation
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

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)
RULESET = load_ruleset("returns", date(2026, 6, 20))
CUSTOMER = Customer(
    "ana",
    (
        PaymentMethod("card-1", MethodKind.CARD),
        PaymentMethod("gift-1", MethodKind.GIFT_CARD, balance_minor=100),
    ),
)
ORDER = Order(
    "o-1",
    "ana",
    OrderStatus.DELIVERED,
    (
        OrderLine("1", "v-1", "p-1", "Phone", 1000, category=Category.ELECTRONICS),
        OrderLine("2", "v-2", "p-2", "Honey", 300, category=Category.PERISHABLE, is_final_sale=True),
    ),
    (PaymentRow(PaymentKind.PAYMENT, "card-1", 1300),),
    delivered_at=NOW - timedelta(days=3),
)


def facts(request: AnyRequest, order: Order | None = ORDER, **found: object) -> ReturnsFacts:
    return read_situation(request, ReturnFound(order, CUSTOMER, **found), RULESET, NOW).facts  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("request_", "action"),
    [
        (CreateReturn("o-1", ("1",)), ReturnAction.RETURN),
        (CreateExchange("o-1", ("1",), ("v-3",)), ReturnAction.EXCHANGE),
        (IssueRefund("o-1", ("1",)), ReturnAction.REFUND),
        (CheckEligibility("o-1", ("1",)), ReturnAction.CHECK),
        (CreateLabel("o-1"), ReturnAction.LABEL),
    ],
)
def test_the_request_says_what_is_to_be_done(request_: AnyRequest, action: ReturnAction) -> None:
    assert facts(request_).action is action


def test_of_anothers_order_nothing_is_known() -> None:
    other = replace(ORDER, customer_id="ben")
    for request in (CreateReturn("o-1", ("1",), ReturnReason.DAMAGED, "card-1"), CreateLabel("o-1")):
        seen = facts(request, other, refunds_in_window=9, has_fraud_signal=True)
        assert seen == facts(request, None)
        defaults = ReturnsFacts(seen.action, PolicyScope.FULL)
        assert seen == defaults


def test_another_order_than_the_named_one_is_not_taken() -> None:
    assert not facts(CreateReturn("o-2", ("1",))).is_order_found


@pytest.mark.parametrize(
    ("age", "days"),
    [
        (timedelta(0), 0),
        (timedelta(hours=23, minutes=59), 0),
        (timedelta(days=1), 1),
        (timedelta(days=30, hours=23), 30),
    ],
)
def test_days_count_when_their_24_hours_are_over(age: timedelta, days: int) -> None:
    seen = facts(CreateReturn("o-1", ("1",)), replace(ORDER, delivered_at=NOW - age))
    assert (seen.is_delivered, seen.days_since_delivery) == (True, days)


def test_a_delivery_after_as_of_has_not_happened() -> None:
    seen = facts(CreateReturn("o-1", ("1",)), replace(ORDER, delivered_at=NOW + timedelta(seconds=1)))
    assert (seen.is_delivered, seen.days_since_delivery) == (False, None)


def test_without_a_date_the_age_is_unknown() -> None:
    seen = facts(CreateReturn("o-1", ("1",)), replace(ORDER, delivered_at=None))
    assert (seen.is_delivered, seen.days_since_delivery) == (True, None)


@pytest.mark.parametrize(
    ("delivered", "promised", "is_late"),
    [
        (None, None, None),
        (None, -1, True),
        (None, 1, False),
        (-3, -4, True),
        (-3, -2, False),
        (-3, -3, False),
        (2, -1, True),
    ],
)
def test_late_is_what_the_records_say(
    delivered: int | None, promised: int | None, is_late: bool | None
) -> None:
    def moment(days: int | None) -> datetime | None:
        return None if days is None else NOW + timedelta(days=days)

    status = OrderStatus.SHIPPED if delivered is None else OrderStatus.DELIVERED
    order = replace(ORDER, status=status, delivered_at=moment(delivered), promised_at=moment(promised))
    assert facts(CreateReturn("o-1", ("1",)), order).is_late is is_late


def test_categories_are_those_of_the_items_named() -> None:
    phone, honey = facts(CreateReturn("o-1", ("1",))), facts(CreateReturn("o-1", ("v-2",)))
    assert (phone.has_electronics, phone.has_other_category, phone.has_final_sale) == (True, False, False)
    assert (honey.has_perishable, honey.has_other_category, honey.has_final_sale) == (True, True, True)
    both = facts(CreateReturn("o-1", ("2", "1")))
    assert both.has_electronics
    assert both.has_perishable


@pytest.mark.parametrize(
    ("method", "is_owned", "is_allowed"),
    [(None, True, True), ("card-1", True, True), ("gift-1", True, True), ("card-9", False, False)],
)
def test_money_goes_to_an_original_method_or_an_own_gift_card(
    method: str | None, is_owned: bool, is_allowed: bool
) -> None:
    seen = facts(CreateReturn("o-1", ("1",), method_id=method))
    assert (seen.is_method_owned, seen.is_method_allowed) == (is_owned, is_allowed)


def test_by_default_money_does_not_go_to_a_gift_card_that_paid_a_part() -> None:
    rows = (PaymentRow(PaymentKind.PAYMENT, "gift-1", 300), PaymentRow(PaymentKind.PAYMENT, "card-1", 1000))
    found = ReturnFound(replace(ORDER, payments=rows), CUSTOMER)
    assert read_situation(CreateReturn("o-1", ("1",)), found, RULESET, NOW).method_id == "card-1"
    only = ReturnFound(replace(ORDER, payments=rows[:1]), CUSTOMER)
    assert read_situation(CreateReturn("o-1", ("1",)), only, RULESET, NOW).method_id == "gift-1"


def test_a_gift_card_covers_the_difference_to_the_cent() -> None:
    for price, is_covered in ((1100, True), (1101, False), (900, True)):
        seen = facts(
            CreateExchange("o-1", ("1",), ("v-3",), "gift-1"), variants={"v-3": Variant("v-3", "p-1", price)}
        )
        assert seen.is_difference_covered is is_covered
        assert seen.amount_minor == max(0, 1000 - price)


def test_an_exchange_without_a_reason_is_a_change_of_mind() -> None:
    assert facts(CreateExchange("o-1", ("1",), ("v-3",))).reason is ReturnReason.CHANGED_MIND
    assert facts(CreateReturn("o-1", ("1",))).reason is None


def test_a_granted_return_keeps_its_reason_and_its_items() -> None:
    granted = replace(
        ORDER, status=OrderStatus.RETURN_REQUESTED, returned=ReturnRequest(("1",), "card-1", "defective")
    )
    seen = facts(IssueRefund("o-1", reason=ReturnReason.DAMAGED), granted)
    assert (seen.is_return_granted, seen.reason) == (True, ReturnReason.DEFECTIVE)
    assert (seen.is_within_return, seen.amount_minor) == (True, 1000)
    assert not facts(IssueRefund("o-1", ("2",)), granted).is_within_return


def test_a_return_of_an_unknown_reason_is_granted_all_the_same() -> None:
    granted = replace(ORDER, status=OrderStatus.RETURN_REQUESTED, returned=ReturnRequest(("1",), "card-1"))
    assert facts(IssueRefund("o-1"), granted).reason is None
