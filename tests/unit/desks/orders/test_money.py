"""Money of a plan: a row, and either a gateway call or a gift card entry."""

from casewright.desks.orders.money import calls_of, charge, effects_of, entries_of, refund, rows_of
from casewright.domain.action import GatewayCall, GatewayOperation, GiftCardEntry
from casewright.domain.shop import MethodKind, PaymentKind, PaymentMethod, PaymentRow

CARD = PaymentMethod("card-1", MethodKind.CARD)
GIFT = PaymentMethod("gift-1", MethodKind.GIFT_CARD, balance_minor=900)


def test_a_card_is_moved_by_the_gateway() -> None:
    moved = refund(CARD, 1250, "USD", "refund-1")
    assert moved.row == PaymentRow(PaymentKind.REFUND, "card-1", 1250)
    assert moved.call == GatewayCall(GatewayOperation.REFUND, "card-1", 1250, "USD", "refund-1")
    assert moved.entry is None
    assert moved.effect.summary == "12.50 USD goes back to card card-1."


def test_a_gift_card_is_moved_in_the_records_and_by_no_gateway() -> None:
    assert refund(GIFT, 500, "USD", "x").entry == GiftCardEntry("gift-1", 500)
    assert charge(GIFT, 500, "USD", "x").entry == GiftCardEntry("gift-1", -500)
    assert charge(GIFT, 500, "USD", "x").call is None


def test_the_parts_of_a_plan_are_collected_in_order() -> None:
    both = (charge(CARD, 300, "USD", "charge"), refund(GIFT, 300, "USD", "refund"))
    assert [(row.kind.value, row.method_id) for row in rows_of(both)] == [
        ("payment", "card-1"),
        ("refund", "gift-1"),
    ]
    assert [call.part for call in calls_of(both)] == ["charge"]
    assert entries_of(both) == (GiftCardEntry("gift-1", 300),)
    assert [effect.kind for effect in effects_of(both)] == ["charge", "refund"]
