"""Rows and nouns: every value that the domain allows comes back the same."""

from datetime import UTC, datetime
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from casewright.adapters.store.shop_rows import (
    fold_words,
    read_customer,
    read_line,
    read_method,
    read_order,
    read_payment,
    read_product,
    read_variant,
    write_customer,
    write_line,
    write_method,
    write_order,
    write_payment,
    write_product,
    write_variant,
)
from casewright.domain.shop import (
    Customer,
    MethodKind,
    Order,
    OrderLine,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Product,
    Variant,
)

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
ORDERS = st.builds(
    Order,
    lines=st.just(()),
    payments=st.just(()),
    placed_at=st.none() | MOMENTS,
    shipped_at=st.none() | MOMENTS,
    promised_at=st.none() | MOMENTS,
    delivered_at=st.none() | MOMENTS,
)


@given(ORDERS)
def test_an_order_survives_its_row(order: Order) -> None:
    assert read_order(SimpleNamespace(**write_order("main", order)), (), ()) == order


@given(st.builds(OrderLine))
def test_a_line_survives_its_row(line: OrderLine) -> None:
    assert read_line(SimpleNamespace(**write_line("main", "o1", 0, line))) == line


@given(st.builds(Variant))
def test_a_variant_survives_its_row(variant: Variant) -> None:
    assert read_variant(SimpleNamespace(**write_variant("main", 0, variant))) == variant


@given(st.builds(Product, variants=st.just(())))
def test_a_product_survives_its_row(product: Product) -> None:
    assert read_product(SimpleNamespace(**write_product("main", product)), ()) == product


@given(st.builds(Customer, methods=st.just(())))
def test_a_customer_survives_the_row(customer: Customer) -> None:
    assert read_customer(SimpleNamespace(**write_customer("main", customer, None, None)), ()) == customer


def test_a_payment_keeps_its_own_action_before_the_given_one() -> None:
    own = PaymentRow(PaymentKind.REFUND, "m1", 5, "a1")
    given_none = PaymentRow(PaymentKind.PAYMENT, "m1", 5)
    assert read_payment(SimpleNamespace(**write_payment("main", "o1", 0, own, "a2"))) == own
    assert write_payment("main", "o1", 1, given_none, "a2")["action_id"] == "a2"
    assert write_payment("main", "o1", 1, given_none, None)["action_id"] is None


def test_only_a_gift_card_has_a_balance_and_without_entries_it_is_zero() -> None:
    card = PaymentMethod("m1", MethodKind.CARD, "Visa")
    gift = PaymentMethod("m2", MethodKind.GIFT_CARD, "Gift", 0)
    for method in (card, gift):
        row = SimpleNamespace(**write_method("main", "ann", 0, method), balance_minor=None)
        assert read_method(row) == method


def test_words_are_folded_by_case_width_and_signs_and_keep_their_marks() -> None:
    assert fold_words("T-Shirt, ＬＡＲＧＥ (100%)") == ["t", "shirt", "large", "100"]
    assert fold_words("হাতে তৈরি") == ["হাতে", "তৈরি"]
    assert fold_words("%_ ") == []
