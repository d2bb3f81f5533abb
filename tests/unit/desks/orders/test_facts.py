"""Facts of a wanted action: what the records say, and nothing of what the asker may not see."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.orders.facts import OrderAction, OrderFacts, build_facts, payers_of
from casewright.desks.orders.requests import (
    Asker,
    CancelOrder,
    CreateOrder,
    CreateReplacement,
    Found,
    ModifyItems,
    ModifyPayment,
    ReplacementReason,
)
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
    (
        PaymentMethod("card-1", MethodKind.CARD),
        PaymentMethod("wallet-1", MethodKind.WALLET),
        PaymentMethod("gift-1", MethodKind.GIFT_CARD, balance_minor=1000),
    ),
    address_token="address_ana",
)
LINE = OrderLine("a", "RED", "SHIRT", "shirt", 2000)
ORDER = Order(
    "#1",
    "ana",
    OrderStatus.PENDING,
    (LINE,),
    (PaymentRow(PaymentKind.PAYMENT, "card-1", 2000),),
    address_token="address_ana",
)
VARIANTS = {
    "RED": Variant("RED", "SHIRT", 2000),
    "BLUE": Variant("BLUE", "SHIRT", 2600),
    "SALE": Variant("SALE", "SHIRT", 1500),
    "GOLD": Variant("GOLD", "SHIRT", 3001),
    "LAMP": Variant("LAMP", "LAMPS", 2000, is_available=False),
}
FOUND = Found(ORDER, ANA, VARIANTS)
ASKER = Asker("ana")


def _items(
    *new: str, method: str = "card-1", items: tuple[str, ...] = ("a",), found: Found = FOUND
) -> OrderFacts:
    return build_facts(ModifyItems(ASKER, "#1", items, new, method), found, RULES, AS_OF)


def _replacement(order: Order, **found: object) -> OrderFacts:
    request = CreateReplacement(ASKER, "#1", "a", ReplacementReason.DAMAGED, "R")
    return build_facts(request, replace(FOUND, order=order, **found), RULES, AS_OF)  # type: ignore[arg-type]


@pytest.mark.parametrize("found", [FOUND, Found(), Found(replace(ORDER, status=OrderStatus.DELIVERED), ANA)])
def test_anothers_order_leaves_the_facts_of_an_absent_one(found: Found) -> None:
    facts = build_facts(CancelOrder(Asker("ben"), "#1", "no longer needed"), found, RULES, AS_OF)
    assert facts == OrderFacts(OrderAction.CANCEL_ORDER, is_authenticated=True, is_order_found=False)


def test_nobody_learns_nothing() -> None:
    facts = build_facts(CancelOrder(Asker(), "#1", "no longer needed"), FOUND, RULES, AS_OF)
    assert facts == OrderFacts(OrderAction.CANCEL_ORDER, is_authenticated=False)


@pytest.mark.parametrize(
    ("reason", "is_accepted"),
    [
        ("no longer needed", True),
        ("ordered by mistake", True),
        ("No longer needed", False),
        ("", False),
        ("needed", False),
    ],
)
def test_a_reason_is_accepted_letter_by_letter(reason: str, is_accepted: bool) -> None:
    facts = build_facts(CancelOrder(ASKER, "#1", reason), FOUND, RULES, AS_OF)
    assert facts.is_reason_accepted is is_accepted


def test_payers_are_those_with_something_left() -> None:
    rows = (
        PaymentRow(PaymentKind.PAYMENT, "card-1", 2000),
        PaymentRow(PaymentKind.PAYMENT, "wallet-1", 2000),
        PaymentRow(PaymentKind.REFUND, "card-1", 2000),
    )
    assert payers_of(replace(ORDER, payments=rows)) == {"wallet-1": 2000}


def test_payments_are_unclear_where_a_payer_is_not_the_customers_method_any_more() -> None:
    gone = replace(ANA, methods=ANA.methods[1:])
    facts = build_facts(CancelOrder(ASKER, "#1", "x"), replace(FOUND, customer=gone), RULES, AS_OF)
    assert facts.are_payments_clear is False
    facts = build_facts(CancelOrder(ASKER, "#1", "x"), replace(FOUND, customer=None), RULES, AS_OF)
    assert facts.are_payments_clear is False


def test_a_gift_card_that_holds_exactly_enough_is_not_short() -> None:
    enough = replace(ORDER, payments=(PaymentRow(PaymentKind.PAYMENT, "card-1", 1000),))
    too_much = replace(ORDER, payments=(PaymentRow(PaymentKind.PAYMENT, "card-1", 1001),))
    wanted = ModifyPayment(ASKER, "#1", "gift-1")
    assert build_facts(wanted, replace(FOUND, order=enough), RULES, AS_OF).is_gift_card_short is False
    assert build_facts(wanted, replace(FOUND, order=too_much), RULES, AS_OF).is_gift_card_short is True


def test_a_foreign_method_leaves_unknown_what_it_holds() -> None:
    facts = build_facts(ModifyPayment(ASKER, "#1", "card-9"), FOUND, RULES, AS_OF)
    assert (facts.is_method_owned, facts.is_gift_card_short) == (False, None)


def test_a_gift_card_pays_a_difference_up_to_its_balance() -> None:
    assert _items("BLUE", method="gift-1").is_gift_card_short is False
    assert _items("GOLD", method="gift-1").is_gift_card_short is True


def test_items_that_are_not_matched_leave_pairs_unknown() -> None:
    facts = _items("BLUE", items=("z",))
    assert facts.are_items_in_order is False
    assert (facts.has_same_item, facts.has_other_product, facts.is_refund_within_paid) == (None, None, None)


def test_pairs_are_judged_even_where_another_variant_is_unknown() -> None:
    facts = _items("NONE")
    assert (facts.are_variants_available, facts.has_same_item, facts.has_other_product) == (
        False,
        False,
        False,
    )
    facts = _items("LAMP")
    assert (facts.are_variants_available, facts.has_other_product) == (False, True)


def test_what_goes_back_is_held_against_the_method_and_the_whole() -> None:
    facts = _items("SALE", method="wallet-1")
    assert (facts.is_refund_to_payer, facts.is_refund_within_paid) == (False, True)
    free = replace(FOUND, order=replace(ORDER, payments=()))
    facts = _items("SALE", found=free)
    assert (facts.is_refund_to_payer, facts.is_refund_within_paid) == (False, False)


@pytest.mark.parametrize(
    ("status", "shipped", "delivered", "days"),
    [
        (OrderStatus.DELIVERED, 20, 3, 3),
        (OrderStatus.DELIVERED, 20, None, None),
        (OrderStatus.SHIPPED, 20, None, 20),
        (OrderStatus.SHIPPED, None, None, None),
        (OrderStatus.DELIVERED, None, -1, None),
    ],
)
def test_days_are_counted_from_delivery_or_from_shipping(
    status: OrderStatus, shipped: int | None, delivered: int | None, days: int | None
) -> None:
    order = replace(
        ORDER,
        status=status,
        shipped_at=None if shipped is None else AS_OF - timedelta(days=shipped),
        delivered_at=None if delivered is None else AS_OF - timedelta(days=delivered),
    )
    assert _replacement(order).days_since_handover == days


def test_days_are_whole_and_elapsed() -> None:
    order = replace(ORDER, status=OrderStatus.DELIVERED, delivered_at=AS_OF - timedelta(days=15, hours=23))
    facts = _replacement(order, last_replacement=AS_OF - timedelta(hours=2))
    assert (facts.days_since_handover, facts.days_since_last_replacement) == (15, 0)


def test_a_new_order_needs_its_products_too() -> None:
    wanted = CreateOrder(ASKER, "ana", ("RED",), "card-1", "#2")
    assert build_facts(wanted, FOUND, RULES, AS_OF).are_variants_available is False
    shirt = Product("SHIRT", "shirt")
    facts = build_facts(wanted, replace(FOUND, products={"SHIRT": shirt}), RULES, AS_OF)
    assert (facts.are_variants_available, facts.has_address, facts.is_gift_card_short) == (True, True, False)
