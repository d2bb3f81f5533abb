"""Sandbox services: what they take, and what they decline."""

from typing import Any

import pytest

from casewright.adapters.connectors.sandbox.faults import Fault
from casewright.adapters.connectors.sandbox.services import (
    COURIER,
    PAYMENTS,
    decide_state,
    find_delivery_problem,
    find_transfer_problem,
)

TRANSFER: dict[str, Any] = {
    "operation": "refund",
    "method_id": "card_1",
    "amount_minor": 1,
    "currency": "USD",
}


def test_a_good_transfer_and_a_good_delivery_have_no_problem() -> None:
    assert find_transfer_problem(TRANSFER) is None
    assert find_delivery_problem({"kind": "label", "payload": {}}) is None


@pytest.mark.parametrize(
    "change",
    [
        {"operation": "gift"},
        {"operation": []},
        {"method_id": ""},
        {"method_id": 7},
        {"amount_minor": 0},
        {"amount_minor": True},
        {"amount_minor": 1.0},
        {"amount_minor": 10**13},
        {"currency": "usd"},
        {"more": 1},
    ],
)
def test_a_transfer_that_is_not_as_agreed_has_a_problem(change: dict[str, Any]) -> None:
    assert find_transfer_problem(TRANSFER | change)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"kind": "Label", "payload": {}},
        {"kind": "label", "payload": []},
        {"kind": "a", "payload": {}, "b": 1},
    ],
)
def test_a_delivery_that_is_not_as_agreed_has_a_problem(document: dict[str, Any]) -> None:
    assert find_delivery_problem(document)


def test_a_method_that_is_called_declined_is_declined_without_a_fault() -> None:
    assert decide_state(PAYMENTS, TRANSFER | {"method_id": "card_declined"}, None) == (
        "declined",
        "method_declined",
    )
    assert decide_state(PAYMENTS, TRANSFER, None) == ("done", None)
    assert decide_state(PAYMENTS, TRANSFER, Fault.DECLINE) == ("declined", "declined_on_demand")
    assert decide_state(COURIER, {"kind": "label", "payload": {"method_id": "declined"}}, None) == (
        "done",
        None,
    )
