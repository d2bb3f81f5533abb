"""Which lines are meant: each item a line of its own, line ids first."""

import pytest

from casewright.desks.returns.lines import in_order, match_lines, original_methods
from casewright.domain.shop import Order, OrderLine, OrderStatus, PaymentKind, PaymentRow


def make_order(*payments: tuple[PaymentKind, str, int]) -> Order:
    lines = (
        OrderLine("1", "red", "shirt", "Shirt", 100),
        OrderLine("2", "red", "shirt", "Shirt", 100),
        OrderLine("3", "blue", "shirt", "Shirt", 100),
    )
    return Order("o", "ana", OrderStatus.DELIVERED, lines, tuple(PaymentRow(*row) for row in payments))


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (("1",), ["1"]),
        (("red",), ["1"]),
        (("red", "red"), ["1", "2"]),
        (("red", "1"), ["2", "1"]),
        (("1", "red"), ["1", "2"]),
        (("blue", "2"), ["3", "2"]),
        ((), []),
        (("red", "red", "red"), None),
        (("1", "1"), None),
        (("green",), None),
        (("1", "2", "red"), None),
    ],
)
def test_each_item_has_a_line_of_its_own(items: tuple[str, ...], expected: list[str] | None) -> None:
    found = match_lines(make_order(), items)
    assert (None if found is None else [line.line_id for line in found]) == expected


def test_lines_are_brought_into_the_orders_own_sequence() -> None:
    order = make_order()
    assert [line.line_id for line in in_order(order, [order.lines[2], order.lines[0]])] == ["1", "3"]


def test_original_methods_are_those_whose_payment_is_still_here() -> None:
    pay, back = PaymentKind.PAYMENT, PaymentKind.REFUND
    moved = make_order((pay, "card", 300), (pay, "wallet", 300), (back, "card", 300))
    assert original_methods(moved) == ("wallet",)
    assert original_methods(make_order((pay, "b", 1), (pay, "a", 2))) == ("b", "a")


def test_where_nothing_is_left_every_payer_is_an_original_method() -> None:
    pay, back = PaymentKind.PAYMENT, PaymentKind.REFUND
    assert original_methods(make_order((pay, "card", 300), (back, "card", 300))) == ("card",)
    assert original_methods(make_order()) == ()
