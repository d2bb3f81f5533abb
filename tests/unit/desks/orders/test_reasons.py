"""Reason codes of the orders desk."""

import re

from casewright.desks.orders.reasons import REASONS


def test_every_code_is_one_lower_snake_word_with_one_line() -> None:
    for code, line in REASONS.items():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", code), code
        assert line.endswith("."), code
        assert "\n" not in line, code


def test_the_stable_codes_of_an_orders_life_are_there() -> None:
    assert {
        "order_not_found",
        "order_not_pending",
        "reason_not_accepted",
        "item_not_in_order",
        "item_count_mismatch",
        "empty_items",
        "same_item",
        "different_product",
        "variant_unavailable",
        "payment_method_not_owned",
        "refund_method_not_allowed",
        "payment_unchanged",
        "payment_already_modified",
        "gift_card_insufficient",
        "not_authenticated",
        "non_returnable_category",
        "final_sale",
        "evidence_missing",
        "refund_limit_reached",
        "amount_exceeds_paid",
    } <= REASONS.keys()
