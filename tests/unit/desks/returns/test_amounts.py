"""How much goes back: within what is left, shipping once, each method its own part."""

import pytest

from casewright.desks.returns.amounts import RefundAmount, allocate, compute_amount, refundable_minor
from casewright.domain.action import RefundRecord
from casewright.domain.shop import Order, OrderLine, OrderStatus, PaymentKind, PaymentRow

PAY, BACK = PaymentKind.PAYMENT, PaymentKind.REFUND


def make_order(*payments: tuple[PaymentKind, str, int], shipping: int = 50) -> Order:
    lines = (OrderLine("1", "v", "p", "Thing", 100), OrderLine("2", "v", "p", "Thing", 200))
    rows = tuple(PaymentRow(*row) for row in payments)
    return Order("o", "ana", OrderStatus.DELIVERED, lines, rows, shipping_minor=shipping)


def test_the_amount_is_the_items_and_the_shipping_that_is_granted() -> None:
    order = make_order((PAY, "card", 350))
    assert compute_amount(order, order.lines, (), refunds_shipping=True) == RefundAmount(300, 50)
    assert compute_amount(order, order.lines[:1], (), refunds_shipping=False) == RefundAmount(100, 0)


def test_shipping_goes_back_once() -> None:
    order = make_order((PAY, "card", 350), (BACK, "card", 150))
    earlier = (RefundRecord("r", "o", "ana", 150, "damaged", ("1",), 50),)
    assert compute_amount(order, order.lines[1:], earlier, refunds_shipping=True) == RefundAmount(200, 0)


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (350, RefundAmount(300, 50)),
        (320, RefundAmount(300, 20)),
        (250, RefundAmount(250, 0)),
        (0, RefundAmount(0, 0)),
    ],
)
def test_no_more_goes_back_than_was_paid(paid: int, expected: RefundAmount) -> None:
    order = make_order((PAY, "card", paid))
    assert compute_amount(order, order.lines, (), refunds_shipping=True) == expected
    assert expected.total_minor <= paid


def test_what_is_left_is_counted_by_order_and_by_method() -> None:
    assert refundable_minor(make_order((PAY, "card", 100), (BACK, "card", 30))) == 70
    assert refundable_minor(make_order((PAY, "card", 100), (BACK, "gift", 30))) == 70
    assert refundable_minor(make_order((PAY, "card", 100), (BACK, "card", 130), (PAY, "gift", 50))) == 20
    assert refundable_minor(make_order()) == 0


@pytest.mark.parametrize(
    ("amount", "first", "expected"),
    [
        (40, None, (("gift", 30), ("card", 10))),
        (40, "card", (("card", 40),)),
        (90, "card", (("card", 70), ("gift", 20))),
        (100, "other", (("gift", 30), ("card", 70))),
        (0, None, ()),
    ],
)
def test_each_method_is_paid_back_no_more_than_it_paid(
    amount: int, first: str | None, expected: tuple[tuple[str, int], ...]
) -> None:
    order = make_order((PAY, "gift", 30), (PAY, "card", 70))
    assert allocate(order, amount, first) == expected
