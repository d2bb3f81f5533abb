"""Promises: hedges and negations are allowed, promises and confirmations are not."""

import pytest

from casewright.text.clauses import read_clauses
from casewright.text.promises import promises


def is_promise(text: str, *, is_refund_recorded: bool = False, is_internal: bool = False) -> bool:
    reading = read_clauses(text)
    return promises().is_broken(reading, is_refund_recorded=is_refund_recorded, is_internal=is_internal)


@pytest.mark.parametrize(
    "text",
    [
        "We will refund you.",
        "Your refund has been approved.",
        "Money back!",
        "টাকা ফেরত দেওয়া হবে।",
        "taka ferot paben.",
        "It is guaranteed.",
    ],
)
def test_promise_is_found(text: str) -> None:
    assert is_promise(text)


@pytest.mark.parametrize(
    "text",
    [
        "Any eligible amount will be returned through official channels.",
        "We cannot promise a refund.",
        "Refunds depend on the merchant's own policy.",
        "Whether a refund is possible depends on the review.",
        "We have received your refund request.",
        "টাকা ফেরতের নিশ্চয়তা দেওয়া সম্ভব নয়।",
    ],
)
def test_hedge_is_no_promise(text: str) -> None:
    assert not is_promise(text)


def test_promise_behind_a_hedge_is_found() -> None:
    assert is_promise("We cannot promise a refund to others, but you will get your money back.")


def test_completed_refund_may_be_stated_when_recorded() -> None:
    assert is_promise("The amount has been refunded.")
    assert not is_promise("The amount has been refunded.", is_refund_recorded=True)


def test_future_refund_stays_a_promise_when_one_is_recorded() -> None:
    assert is_promise("The amount will be refunded again.", is_refund_recorded=True)


def test_internal_text_may_name_the_work() -> None:
    assert not is_promise("Start the reversal flow if the deduction is confirmed.", is_internal=True)
    assert not is_promise("Customer says the merchant promised a refund.", is_internal=True)
    assert is_promise("The refund has been approved.", is_internal=True)
