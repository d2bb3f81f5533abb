"""Changes of an order that are asked for in words: what the words hold is taken, what they lack is asked for."""

from collections.abc import Mapping
from typing import Any

from support_house import TENANT, SupportHouse

from casewright.domain.shop import Order, OrderStatus
from casewright.service.support_acts import ActStatus

ADDRESS: Mapping[str, Any] = {"address1": "88 Paper Boat Street", "city": "Sampleford", "country": "USA"}


def order_of(house: SupportHouse, order_id: str) -> Order:
    order = house.shop.records(TENANT).order(order_id)
    assert order is not None
    return order


def test_a_payment_named_in_words_is_proposed_and_moved_after_a_yes(support_house: SupportHouse) -> None:
    asked, done = support_house.talk(
        support_house.customer(1), "change the payment of ORD-1001 to my wallet", "yes"
    )
    assert (asked.outcome.status, asked.outcome.tool) == (ActStatus.PROPOSED, "modify_payment")
    assert [(effect.kind, effect.amount_minor, effect.target) for effect in asked.outcome.effects[1:]] == [
        ("charge", 8599, "wallet-1001"),
        ("refund", 8599, "card-1001"),
    ]
    assert done.outcome.status is ActStatus.DONE
    assert order_of(support_house, "ORD-1001").net_by_method() == {"card-1001": 0, "wallet-1001": 8599}


def test_a_payment_that_is_not_named_is_asked_for_and_what_pays_now_is_not_offered(
    support_house: SupportHouse,
) -> None:
    asked, proposed = support_house.talk(
        support_house.customer(1), "I want to change the payment of ORD-1001", "wallet-1001"
    )
    assert asked.outcome.slots.asked == "method"
    assert "wallet-1001" in asked.outcome.words.text
    assert "card-1001" not in asked.outcome.words.text
    assert proposed.outcome.status is ActStatus.PROPOSED


def test_the_id_of_an_own_card_is_no_orders_id(support_house: SupportHouse) -> None:
    *_, refused = support_house.talk(
        support_house.customer(1), "I want to change the payment of ORD-1001", "card-1001"
    )
    assert refused.outcome.reasons == ("payment_unchanged",)


def test_an_item_is_swapped_for_the_variant_that_the_words_name(support_house: SupportHouse) -> None:
    asked, done = support_house.talk(
        support_house.customer(1), "Swap the sweater of ORD-1001 for size M in green", "yes"
    )
    assert (asked.outcome.status, asked.outcome.tool) == (ActStatus.PROPOSED, "modify_items")
    assert [(effect.amount_minor, effect.target) for effect in asked.outcome.effects[1:]] == [
        (500, "card-1001")
    ]
    assert done.outcome.status is ActStatus.DONE
    order = order_of(support_house, "ORD-1001")
    assert order.status is OrderStatus.PENDING_ITEMS_MODIFIED
    assert [line.variant_id for line in order.lines] == ["PRD-102-3", "PRD-103-2"]


def test_an_item_without_a_variant_is_asked_for_it(support_house: SupportHouse) -> None:
    item, variant, proposed = support_house.talk(
        support_house.customer(1), "I want to change the items of ORD-1001", "the mug", "in blue"
    )
    assert [item.outcome.slots.asked, variant.outcome.slots.asked] == ["lines", "variant"]
    assert (proposed.outcome.status, proposed.outcome.tool) == (ActStatus.PROPOSED, "modify_items")


def test_an_items_difference_is_not_charged_to_one_of_two_payers_unasked(support_house: SupportHouse) -> None:
    (asked,) = support_house.talk(support_house.customer(4), "Swap the kettle of ORD-1008 for the 1.7 l one")
    assert asked.outcome.slots.asked == "method"
    assert {"card-1004", "gift-1004"} <= asked.outcome.words.facts


def test_an_address_is_taken_from_its_field_only(support_house: SupportHouse) -> None:
    asker, support = support_house.customer(1), support_house.doors.support
    before = order_of(support_house, "ORD-1001").address_token
    asked, again = support_house.talk(
        asker, "Please send ORD-1001 to a different address", "88 Paper Boat Street, Sampleford"
    )
    assert [asked.outcome.slots.asked, again.outcome.slots.asked] == ["address", "address"]
    name = asked.conversation.conversation_id
    proposed = support.take_turn(asker, "here it is", name, address=ADDRESS)
    assert (proposed.outcome.status, proposed.outcome.tool) == (ActStatus.PROPOSED, "modify_address")
    assert support.take_turn(asker, "yes", name).outcome.status is ActStatus.DONE
    token = order_of(support_house, "ORD-1001").address_token
    assert token not in (None, before)
    assert "Paper Boat Street" in support_house.shop.vault(TENANT).resolve([token or ""])[token or ""]
    assert "88 Paper Boat" not in support_house.everything_kept()


def test_a_change_without_an_order_means_the_one_that_has_not_been_sent(support_house: SupportHouse) -> None:
    (asked,) = support_house.talk(support_house.customer(1), "I need to change the delivery address")
    assert (asked.outcome.slots.order_id, asked.outcome.slots.asked) == ("ORD-1001", "address")


def test_a_change_of_anothers_order_answers_like_one_that_does_not_exist(support_house: SupportHouse) -> None:
    (others,) = support_house.talk(support_house.customer(2), "change the payment of ORD-1001 to my wallet")
    (none,) = support_house.talk(support_house.customer(2), "change the payment of ORD-9999 to my wallet")
    assert others.outcome.words == none.outcome.words
    assert others.outcome.reasons == none.outcome.reasons == ("order_not_found",)


def test_ones_orders_are_listed_with_where_each_stands_and_no_others(support_house: SupportHouse) -> None:
    (listed,) = support_house.talk(support_house.customer(1), "What orders do I have?")
    assert (listed.outcome.status, listed.outcome.tool) == (ActStatus.DONE, "list_orders")
    assert listed.outcome.words.text == (
        "Your latest orders: ORD-1001 is pending, and not sent yet; ORD-1002 is delivered."
    )
    (bangla,) = support_house.talk(support_house.customer(2), "আমার কী কী অর্ডার আছে?")
    assert bangla.outcome.words.text == "আপনার সাম্প্রতিক অর্ডার: ORD-1003: পৌঁছে গেছে; ORD-1004: পৌঁছে গেছে।"


def test_the_published_intents_are_those_that_older_callers_know(support_house: SupportHouse) -> None:
    asker = support_house.customer(1)
    (listed,) = support_house.talk(asker, "What orders do I have?")
    _, turns = support_house.doors.support.show(asker, listed.conversation.conversation_id)
    assert turns[1].detail["intent"] == "status"
