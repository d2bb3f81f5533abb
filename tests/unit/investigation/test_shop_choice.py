"""The next step of a conversation: from the customer's own records only, and one question at a time."""

from dataclasses import replace

import pytest

from casewright.domain.conversation import Slots
from casewright.domain.shop import (
    Customer,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    Product,
    Variant,
)
from casewright.investigation.shop_choice import (
    Act,
    Ask,
    Missing,
    NoSuchOrder,
    Shelf,
    ShowOrder,
    choose_intent,
    choose_step,
    describe_variant,
    find_variants,
)
from casewright.investigation.shop_request import Intent, read_shop_request

MUG = OrderLine("1", "v-mug-blue", "p-mug", "Stoneware mug", 1450, {"colour": "blue"})
SHOE = OrderLine("2", "v-shoe-8", "p-shoe", "Trail running shoe", 8900, {"size": "8", "colour": "blue"})
SHOES = Product(
    "p-shoe",
    "Trail running shoe",
    variants=(
        Variant("v-shoe-8", "p-shoe", 8900, options={"size": "8", "colour": "blue"}),
        Variant("v-shoe-9", "p-shoe", 8900, options={"size": "9", "colour": "blue"}),
        Variant("v-shoe-9g", "p-shoe", 8900, options={"size": "9", "colour": "grey"}),
        Variant("v-shoe-10", "p-shoe", 8900, is_available=False, options={"size": "10", "colour": "blue"}),
    ),
)
CUSTOMER = Customer(
    "c-1",
    (
        PaymentMethod("card-1", MethodKind.CARD),
        PaymentMethod("gift-1", MethodKind.GIFT_CARD, balance_minor=1),
    ),
)
ORDER = Order("#W1001", "c-1", OrderStatus.DELIVERED, (MUG, SHOE), ())
OTHER = Order("#W1002", "c-1", OrderStatus.PENDING, (replace(MUG, line_id="1", name="Desk lamp"),), ())
SHELF = Shelf(CUSTOMER, (ORDER, OTHER), {"p-shoe": SHOES})


def step(message: str, slots: Slots | None = None, shelf: Shelf = SHELF) -> object:
    return choose_step(read_shop_request(message), slots or Slots(), shelf).step


def test_an_order_is_asked_for_where_several_could_be_meant_and_taken_where_one_is() -> None:
    assert step("where is my order?") == Ask(Missing.ORDER, ("#W1001", "#W1002"))
    assert step("where is my desk lamp?") == ShowOrder(OTHER)
    assert step("where is w1001?") == ShowOrder(ORDER)
    assert step("where is my order?", shelf=Shelf(CUSTOMER, (OTHER,))) == ShowOrder(OTHER)


def test_an_order_that_is_not_ones_own_is_none() -> None:
    assert step("cancel #W9999, I no longer need it") == NoSuchOrder()
    assert step("cancel my order", shelf=Shelf(CUSTOMER)) == NoSuchOrder()
    assert step("cancel my order", shelf=Shelf(None)) == Ask(Missing.ORDER)


def test_one_thing_is_asked_for_at_a_time_and_remembered() -> None:
    first = choose_step(read_shop_request("I want to return something of #W1001"), Slots(), SHELF)
    assert first.step == Ask(Missing.LINES, ("Stoneware mug", "Trail running shoe"))
    second = choose_step(read_shop_request("the mug"), first.slots, SHELF)
    assert second.step == Ask(Missing.REASON)
    third = choose_step(read_shop_request("it is broken"), second.slots, SHELF)
    assert third.step == Act("create_return", {"order_id": "#W1001", "item_ids": ["1"], "reason": "damaged"})


def test_a_replacement_and_a_cancellation_need_their_reason_first() -> None:
    assert step("replace the mug of #W1001") == Ask(Missing.REASON)
    assert step("cancel #W1002") == Ask(Missing.CANCEL_REASON)
    cancelled = replace(OTHER, status=OrderStatus.CANCELLED)
    assert step("cancel #W1002", shelf=Shelf(CUSTOMER, (cancelled,))) == ShowOrder(cancelled)


def test_what_says_nothing_new_has_not_been_understood() -> None:
    slots = Slots(intent="return", order_id="#W1001", asked="lines")
    assert not choose_step(read_shop_request("florb"), slots, SHELF).has_learnt
    assert choose_step(read_shop_request("the mug"), slots, SHELF).has_learnt


def test_an_exchange_takes_the_variant_that_is_described_and_in_stock() -> None:
    wanted = step("exchange the shoe of #W1001 for size 9 in grey")
    assert isinstance(wanted, Act)
    assert wanted.arguments["new_variant_ids"] == ["v-shoe-9g"]
    nearest = step("exchange the shoe of #W1001 for size 9")
    assert isinstance(nearest, Act)
    assert nearest.arguments["new_variant_ids"] == ["v-shoe-9"]
    assert isinstance(step("exchange the shoe of #W1001 for size 10"), Ask)


def test_store_credit_needs_one_gift_card_of_ones_own() -> None:
    message = "store credit for the mug of #W1001 please, it is broken"
    wanted = step(message)
    assert isinstance(wanted, Act)
    assert wanted.arguments["method_id"] == "gift-1"
    without = replace(SHELF, customer=replace(CUSTOMER, methods=CUSTOMER.methods[:1]))
    assert step(message, shelf=without) == Ask(Missing.METHOD)


def test_a_proposal_that_waited_waits_no_longer_once_something_else_is_said() -> None:
    slots = Slots(intent="cancel", order_id="#W1002", proposal_id="p-1", asked="confirm")
    assert choose_step(read_shop_request("where is #W1001"), slots, SHELF).slots.proposal_id is None


def test_a_named_means_of_payment_answers_the_question_for_one() -> None:
    request = read_shop_request("pay by gift card")
    assert choose_intent(request, Slots(intent="place_order", asked="method")) is Intent.PLACE_ORDER
    assert choose_intent(request, Slots(intent="place_order")) is Intent.REFUND


@pytest.mark.parametrize(("words", "found"), [("grey", ["v-shoe-9g"]), ("purple", [])])
def test_variants_are_found_by_the_values_of_their_options(words: str, found: list[str]) -> None:
    request = read_shop_request(words)
    assert [variant.variant_id for variant in find_variants(request, SHOES.variants)] == found


def test_a_variant_is_described_by_its_options() -> None:
    assert describe_variant(SHOES.variants[2]) == "size 9, colour grey"
