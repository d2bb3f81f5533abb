"""Every message of the hand-written sets is read as it was meant: wish, reason, orders, mood, contact."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from casewright.investigation.shop_request import Intent, ShopRequest, read_shop_request

FOLDER = Path(__file__).parent / "shop_messages"
LEAST = {"en": 40, "bn": 40, "banglish": 40, "second": 50, "third": 50, "fourth": 40}
ABOUT_GOODS = {"refund", "return", "exchange", "replacement"}


def read_messages(name: str) -> list[dict[str, Any]]:
    cases = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(cases, list)
    return cases


MESSAGES = [case for name in LEAST for case in read_messages(name)]


def wrong_parts(case: dict[str, Any], request: ShopRequest) -> list[str]:
    """Names of the parts that were read otherwise than expected."""
    wrong = ["intent"] if request.intent != case["intent"] else []
    if (case["intent"] in ABOUT_GOODS or "reason" in case) and request.reason != case.get("reason"):
        wrong.append("reason")
    if case["intent"] == "cancel" and request.cancel_reason != case.get("cancel_reason"):
        wrong.append("cancel_reason")
    read = {
        "orders": list(request.order_ids),
        "person": request.wants_person,
        "angry": request.is_angry,
        "whole": request.is_whole_order,
        "email": request.email,
        "last4": request.phone_last4,
    }
    absent: dict[str, object] = {"orders": [], "email": None, "last4": None}
    wrong += [name for name, value in read.items() if value != case.get(name, absent.get(name, False))]
    wrong += ["wanted"] if "wanted" in case and request.wanted != case["wanted"] else []
    return wrong + (["answer"] if "answer" in case and request.answer != case["answer"] else [])


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: str(case["id"]))
def test_a_message_is_read_as_it_was_meant(case: dict[str, Any]) -> None:
    assert wrong_parts(case, read_shop_request(case["message"])) == []


def test_there_are_enough_messages_of_each_language_and_of_each_intent() -> None:
    for name, least in LEAST.items():
        assert len(read_messages(name)) >= least
    assert {case["intent"] for case in MESSAGES} == set(Intent)
    assert len({case["id"] for case in MESSAGES}) == len(MESSAGES)
