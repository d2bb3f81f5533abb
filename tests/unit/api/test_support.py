"""What the support routes publish: exactly the contract's fields, whatever came of a turn."""

from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from casewright.api.support import (
    AgentCase,
    ResolveBody,
    describe_escalation,
    describe_one_shot,
    describe_turn,
)
from casewright.domain.action import EscalationRecord
from casewright.domain.case import Language
from casewright.domain.conversation import Conversation, Slots
from casewright.investigation.shop_request import Intent
from casewright.ports.escalations import QueuedEscalation
from casewright.service.conversations import TurnResult
from casewright.service.one_shot import OneShotAnswer
from casewright.service.support_acts import ActStatus, Outcome
from casewright.writing.shop_replies import bare

AT = datetime(2026, 7, 1, 12, tzinfo=UTC)


def turn(status: ActStatus) -> TurnResult:
    conversation = Conversation("conv_1", "customer:c", "conv_1", AT, AT)
    return TurnResult(conversation, Intent.OTHER, Outcome(status, bare(Language.EN), Slots()), ())


def test_a_question_is_published_as_one_and_nothing_else_is() -> None:
    asked, done = describe_turn(turn(ActStatus.NEEDS_INFO)), describe_turn(turn(ActStatus.DONE))
    assert (asked["needs_clarification"], asked["clarification_prompt"]) == (True, asked["response"])
    assert (done["needs_clarification"], done["clarification_prompt"]) == (False, None)
    assert done["action_result"] == {"status": "done", "tool": None, "reason_codes": [], "effects": []}


def test_a_whole_case_is_published_in_five_fields() -> None:
    answer = describe_one_shot(OneShotAnswer("r", "s", "p", "deny"))
    assert answer == {
        "customer_reply": "r",
        "internal_case_summary": "s",
        "next_action_plan": "p",
        "final_action": "deny",
        "tool_trace": [],
    }


def test_the_clock_of_a_case_runs_until_it_is_closed() -> None:
    record = EscalationRecord("e", "c", "support", "anger", "s", AT + timedelta(hours=1))
    waiting = QueuedEscalation(record, AT)
    assert describe_escalation(waiting, AT)["minutes_left"] == 60
    assert describe_escalation(waiting, AT + timedelta(hours=2))["is_overdue"]
    closed = QueuedEscalation(record, AT, AT + timedelta(minutes=30), "done")
    shown = describe_escalation(closed, AT + timedelta(days=9))
    assert (shown["is_overdue"], shown["minutes_left"]) == (False, 30)


@pytest.mark.parametrize("extra", ["amount", "approved", "role", "customer_id"])
def test_a_field_that_is_not_of_the_contract_is_refused(extra: str) -> None:
    with pytest.raises(ValidationError):
        ResolveBody.model_validate({"user_input": "hi", extra: "x"})
    with pytest.raises(ValidationError):
        AgentCase.model_validate({"case_id": "C-1", "customer_message": "hi", extra: "x"})
