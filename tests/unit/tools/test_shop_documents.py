"""Records as documents: whole for their owner, masked for everybody else."""

from casewright.domain.shop import (
    Customer,
    ExchangeRequest,
    Fulfilment,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    ReturnRequest,
)
from casewright.tools.shop_documents import mask, show_customer, show_order, show_order_line

ORDER = Order(
    "O-1",
    "CUS-1",
    OrderStatus.DELIVERED,
    (OrderLine("1", "v1", "p1", "Mug", 1450),),
    (PaymentRow(PaymentKind.PAYMENT, "card-1", 1450), PaymentRow(PaymentKind.REFUND, "card-1", 450)),
    address_token="address_a",
    fulfilments=(Fulfilment(("T1",), ("1",)),),
    returned=ReturnRequest(("1",), "card-1", "damaged"),
    exchanged=ExchangeRequest((("1", "v2"),), "card-1", -200),
)
VALUES = {"address_a": '{"address1":"1 Elm Row","city":"Exampleton","zip":""}', "name_a": "Ann Example"}


def test_owner_reads_the_address_and_others_recognise_it() -> None:
    own = show_order(ORDER, VALUES, is_owner=True)
    seen = show_order(ORDER, VALUES, is_owner=False)
    assert own["address"] == {"address1": "1 Elm Row", "city": "Exampleton", "zip": ""}
    assert seen["address"] == {"address1": "1***", "city": "E***", "zip": ""}


def test_erased_address_is_shown_to_nobody() -> None:
    assert show_order(ORDER, {}, is_owner=True)["address"] is None


def test_address_that_is_one_text_is_masked_whole() -> None:
    assert show_order(ORDER, {"address_a": "1 Elm Row"}, is_owner=False)["address"] == "1***"
    assert show_order(ORDER, {"address_a": "1 Elm Row"}, is_owner=True)["address"] == "1 Elm Row"


def test_money_and_what_was_requested_stand_in_the_order() -> None:
    shown = show_order(ORDER, VALUES, is_owner=True)
    assert (shown["paid_minor"], shown["refunded_minor"]) == (1450, 450)
    assert shown["returned"] == {"line_ids": ["1"], "method_id": "card-1", "reason": "damaged"}
    assert shown["exchanged"] == {
        "pairs": [{"line_id": "1", "new_variant_id": "v2"}],
        "method_id": "card-1",
        "difference_minor": -200,
    }
    assert show_order_line(ORDER)["total_minor"] == 1000


def test_profile_shows_ways_to_pay_without_secrets() -> None:
    customer = Customer(
        "CUS-1",
        (PaymentMethod("gift-1", MethodKind.GIFT_CARD, "gift card", 501),),
        name_token="name_a",
        email_token="email_gone",
    )
    own = show_customer(customer, VALUES, is_owner=True)
    assert (own["name"], own["email"], own["phone"]) == ("Ann Example", None, None)
    assert own["methods"] == [
        {"method_id": "gift-1", "kind": "gift_card", "label": "gift card", "balance_minor": 501}
    ]
    assert show_customer(customer, VALUES, is_owner=False)["name"] == "A***"


def test_mask_of_nothing_is_nothing() -> None:
    assert mask("") == ""
    assert mask("x") == "x***"
