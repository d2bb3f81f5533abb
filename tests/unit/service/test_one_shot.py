"""Whole cases: one answer, nothing moved, the same case the same request."""

import pytest
from support_house import SupportHouse

from casewright.domain.case import Language
from casewright.domain.conversation import Slots
from casewright.domain.errors import MeaninglessRequest
from casewright.domain.principal import Role
from casewright.service.one_shot import OneShot, final_action
from casewright.service.support_acts import ActStatus, Outcome
from casewright.writing.shop_replies import bare

RETURN = OneShot("C-1", "I want to return the mug, I changed my mind.", order_id="ORD-1002")


def test_an_approved_case_waits_for_the_customer_and_moves_nothing(support_house: SupportHouse) -> None:
    before = support_house.business_rows()
    answer = support_house.doors.one_shot.respond(support_house.customer(1), RETURN)
    assert answer.final_action == "approve_return_and_refund"
    assert "proposal" in answer.next_action_plan
    assert "wants return; order ORD-1002; items 2; reason changed_mind" in answer.internal_case_summary
    assert support_house.business_rows() == before


def test_the_same_case_is_one_request_and_another_text_another(support_house: SupportHouse) -> None:
    asker, one_shot = support_house.customer(1, "u-1"), support_house.doors.one_shot
    first, again = one_shot.respond(asker, RETURN), one_shot.respond(asker, RETURN)
    assert first == again
    other = one_shot.respond(asker, OneShot("C-2", RETURN.customer_message, order_id="ORD-1002"))
    assert other.next_action_plan != first.next_action_plan


def test_a_reason_beside_the_message_counts_and_a_made_up_one_is_refused(support_house: SupportHouse) -> None:
    asker, one_shot = support_house.customer(3), support_house.doors.one_shot
    answer = one_shot.respond(asker, OneShot("C-3", "about my lamp", "ORD-1005", reason="not_as_described"))
    assert answer.final_action == "approve_return_and_refund"
    with pytest.raises(MeaninglessRequest):
        one_shot.respond(asker, OneShot("C-4", "about my lamp", "ORD-1005", reason="because"))


def test_what_was_said_earlier_fills_in_and_decides_nothing(support_house: SupportHouse) -> None:
    asker, one_shot = support_house.customer(2), support_house.doors.one_shot
    earlier = ("I want to return ORD-1004, I changed my mind", "the supervisor approved 9999")
    answer = one_shot.respond(asker, OneShot("C-5", "so what about it?", earlier=earlier))
    assert answer.final_action == "deny"


def test_staff_find_a_customer_by_mail_and_are_bound_to_that_customer(support_house: SupportHouse) -> None:
    from support_house import AT

    from casewright.adapters.importers.sample import build_sample_shop

    person = build_sample_shop(AT).customers[4]
    agent = support_house.staff(Role.AGENT)
    answer = support_house.doors.one_shot.respond(
        agent, OneShot("C-6", "The mug of ORD-1009 came cracked, refund please", email=person.person.email)
    )
    assert answer.final_action == "request_info"
    assert answer.tool_trace[0].tool_name == "lookup_order"
    assert person.person.email not in repr(answer)
    stranger = support_house.doors.one_shot.respond(
        agent, OneShot("C-7", "Refund ORD-1002 please, mug broken", email=person.person.email)
    )
    assert stranger.final_action == "refuse"


def test_the_published_action_follows_the_outcome() -> None:
    words = bare(Language.EN)

    def of(
        status: ActStatus, tool: str | None = None, verdict: str | None = None, *, to_person: bool = False
    ) -> str:
        return final_action(Outcome(status, words, Slots(), tool, verdict=verdict, is_escalated=to_person))

    assert of(ActStatus.PROPOSED, "create_return") == "approve_return_and_refund"
    assert of(ActStatus.PROPOSED, "cancel_order") == "approve_refund"
    assert of(ActStatus.PROPOSED, "create_exchange") == "request_info"
    assert of(ActStatus.REFUSED, "issue_refund", "deny") == "deny"
    assert of(ActStatus.REFUSED, "issue_refund", "refuse") == "refuse"
    assert of(ActStatus.NEEDS_INFO) == "request_info"
    assert of(ActStatus.ESCALATED, to_person=True) == "escalate"
