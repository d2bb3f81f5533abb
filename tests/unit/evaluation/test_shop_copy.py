"""A shop in memory: whole changes, or none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from casewright.domain.action import Change, GiftCardEntry, RefundRecord, ReplacementRecord
from casewright.domain.shop import (
    Customer,
    MethodKind,
    Order,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Product,
    Variant,
)
from casewright.evaluation.shop_copy import ImpossibleChange, ShopCopy

AT = datetime(2026, 6, 1, tzinfo=UTC)
ANA = Customer("ana", (PaymentMethod("gift-1", MethodKind.GIFT_CARD, balance_minor=500),))
ORDER = Order("#1", "ana", OrderStatus.PENDING, (), (PaymentRow(PaymentKind.PAYMENT, "gift-1", 800),))


@pytest.fixture
def shop() -> ShopCopy:
    return ShopCopy([ANA], [Product("P", "thing", variants=(Variant("V", "P", 5),))], [ORDER])


def test_rows_are_appended_and_the_version_goes_up(shop: ShopCopy) -> None:
    row = PaymentRow(PaymentKind.REFUND, "gift-1", 800)
    after = replace(ORDER, status=OrderStatus.CANCELLED)
    shop.apply(Change(order=after, payments=(row,), gift_cards=(GiftCardEntry("gift-1", 800),)), AT)
    assert shop.orders["#1"] == replace(after, payments=(*ORDER.payments, row), version=2)
    assert shop.customers["ana"].methods[0].balance_minor == 1300
    assert shop.variants["V"].price_minor == 5


@pytest.mark.parametrize(
    "change",
    [
        Change(order=replace(ORDER, version=3)),
        Change(order=ORDER, payments=(PaymentRow(PaymentKind.REFUND, "gift-1", 801),)),
        Change(order=replace(ORDER, cancel_reason="x"), gift_cards=(GiftCardEntry("gift-1", -501),)),
    ],
)
def test_what_cannot_be_changes_nothing(shop: ShopCopy, change: Change) -> None:
    before = shop.snapshot()
    with pytest.raises(ImpossibleChange):
        shop.apply(change, AT)
    assert shop.snapshot() == before


def test_a_profile_keeps_its_balances(shop: ShopCopy) -> None:
    stale = replace(ANA, address_token="address_2", methods=())
    shop.apply(Change(customer=stale, gift_cards=(GiftCardEntry("gift-1", -500),)), AT)
    assert shop.customers["ana"].address_token == "address_2"
    assert shop.customers["ana"].methods[0].balance_minor == 0


def test_a_new_order_refunds_and_replacements_are_remembered(shop: ShopCopy) -> None:
    shop.apply(Change(new_order=replace(ORDER, order_id="#2")), AT)
    shop.apply(Change(replacement=ReplacementRecord("R", "#2", "ana", "a")), AT)
    shop.apply(Change(refund=RefundRecord("F", "#2", "ana", 5, "damaged")), AT)
    assert shop.orders["#2"].version == 1
    assert shop.replaced_at == {"ana": AT}
    assert shop.refunded_at == {"ana": [AT]}
