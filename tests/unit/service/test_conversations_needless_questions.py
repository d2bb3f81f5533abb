"""Questions whose answer changes nothing are not asked: the records or the policy have settled the matter."""

import pytest
from support_house import SupportHouse

from casewright.service.one_shot import OneShot
from casewright.service.support_acts import ActStatus


@pytest.mark.parametrize("message", ["cancel ORD-1010", "ORD-1010 cancel koro", "ORD-1010 বাতিল করুন"])
def test_no_reason_is_wanted_for_an_order_that_is_cancelled_already(
    support_house: SupportHouse, message: str
) -> None:
    (turn,) = support_house.talk(support_house.customer(5), message)
    assert (turn.outcome.status, turn.outcome.tool) == (ActStatus.DONE, "lookup_order")
    assert turn.outcome.slots.asked is None


@pytest.mark.parametrize(
    ("number", "message", "code"),
    [
        (6, "I want to return the lamp of ORD-1011", "already_done"),
        (5, "I want to return the earbuds of ORD-1010", "order_not_delivered"),
        (5, "ORD-1010 er taka ferot chai", "order_not_delivered"),
    ],
)
def test_no_reason_is_wanted_for_what_no_reason_makes_possible(
    support_house: SupportHouse, number: int, message: str, code: str
) -> None:
    (turn,) = support_house.talk(support_house.customer(number), message)
    assert turn.outcome.status is ActStatus.REFUSED
    assert code in turn.outcome.reasons


def test_a_reason_is_wanted_where_it_decides(support_house: SupportHouse) -> None:
    asked, told = support_house.talk(
        support_house.customer(1), "return the mug of ORD-1002", "I changed my mind"
    )
    assert (asked.outcome.status, asked.outcome.slots.asked) == (ActStatus.NEEDS_INFO, "reason")
    assert told.outcome.status is ActStatus.PROPOSED


def test_staff_who_name_nobody_are_asked_for_the_order(support_house: SupportHouse) -> None:
    answer = support_house.doors.one_shot.respond(support_house.staff(), OneShot("C-1", "Please refund this"))
    assert answer.final_action == "request_info"
    assert "Which order" in answer.customer_reply


def test_a_late_order_is_not_denied_before_its_reason_is_known(support_house: SupportHouse) -> None:
    asked, told = support_house.talk(
        support_house.customer(4), "I want a refund for ORD-1007", "it has not arrived, it is late"
    )
    assert (asked.outcome.status, asked.outcome.slots.asked) == (ActStatus.NEEDS_INFO, "reason")
    assert told.outcome.status is ActStatus.PROPOSED
