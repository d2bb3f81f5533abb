"""Outcomes: what each word of policy and journal means for the caller."""

from typing import Any

import pytest

from casewright.domain.action import ActionState, Plan
from casewright.domain.decision import Decision, FiredRow
from casewright.domain.errors import Conflict, MeaninglessRequest
from casewright.ports.journal import ActionResult, KeyOutcome
from casewright.tools.answers import AnswerStatus
from casewright.tools.outcomes import read_refusal, read_result, refuse
from casewright.tools.proposing import Planned


def planned(outcome: str, *reasons: str) -> Planned:
    return Planned("t", {}, "c", Plan(Decision("r", {}, ()), outcome, reasons))


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("refuse", AnswerStatus.REFUSED),
        ("deny", AnswerStatus.REFUSED),
        ("anything new", AnswerStatus.REFUSED),
        ("request_info", AnswerStatus.NEEDS_INFO),
        ("escalate", AnswerStatus.ESCALATED),
    ],
)
def test_whatever_is_not_allowed_is_a_no_of_its_kind(outcome: str, status: AnswerStatus) -> None:
    refusal = read_refusal(planned(outcome, "final_sale"))
    assert refusal is not None
    assert (refusal.status, refusal.reason_codes) == (status, ("final_sale",))


def test_what_is_allowed_is_no_no() -> None:
    assert read_refusal(planned("allow")) is None


@pytest.mark.parametrize(
    ("state", "status", "reasons"),
    [
        (ActionState.DONE, AnswerStatus.DONE, ()),
        (ActionState.REFUSED, AnswerStatus.REFUSED, ("above_automatic_limit",)),
        (ActionState.FAILED, AnswerStatus.FAILED, ("method_declined", "declined")),
        (ActionState.UNKNOWN, AnswerStatus.UNDER_WAY, ()),
        (ActionState.STARTED, AnswerStatus.UNDER_WAY, ()),
    ],
)
def test_state_of_an_action_is_the_answers_status(
    state: ActionState, status: AnswerStatus, reasons: tuple[str, ...]
) -> None:
    parts = [("done", None), ("declined", "method_declined"), ("declined", None), ("declined", None)]
    stored = {
        "reasons": ["above_automatic_limit"],
        "transfers": [{"state": how, "code": code} for how, code in parts],
    }
    answer = read_result("t", ActionResult("act_1", KeyOutcome.FIRST, state, stored))
    assert (answer.status, answer.action_id, answer.reason_codes) == (status, "act_1", reasons)


def test_failure_of_which_nothing_is_kept_has_a_reason_still() -> None:
    answer = read_result("t", ActionResult("act_1", KeyOutcome.REPLAYED, ActionState.FAILED))
    assert answer.reason_codes == ("declined",)


@pytest.mark.parametrize(
    ("outcome", "error", "code"),
    [
        (KeyOutcome.REUSED, MeaninglessRequest, "idempotency_key_reused"),
        (KeyOutcome.IN_PROGRESS, Conflict, "in_progress"),
        (KeyOutcome.STALE, Conflict, "in_progress"),
    ],
)
def test_key_that_gives_no_answer_is_an_error(outcome: KeyOutcome, error: type[Any], code: str) -> None:
    with pytest.raises(error) as caught:
        read_result("t", ActionResult("act_1", outcome, ActionState.STARTED))
    assert caught.value.code == code


def test_what_another_key_has_done_is_not_done_again() -> None:
    result = ActionResult("act_1", KeyOutcome.ALREADY_DONE, ActionState.DONE)
    assert read_result("t", result) == refuse("t", "already_done")


def test_what_another_key_has_begun_may_fail_yet() -> None:
    result = ActionResult("act_1", KeyOutcome.ALREADY_DONE, ActionState.STARTED)
    with pytest.raises(Conflict) as caught:
        read_result("t", result)
    assert caught.value.code == "in_progress"


def test_customers_are_not_told_of_signs_of_fraud_and_cite_the_clauses_of_what_they_are_told() -> None:
    fired = (
        FiredRow("rules", "sale", {}, "final_sale", "RET-3.2"),
        FiredRow("rules", "fraud", {}, "fraud_signal", "RET-6.3"),
        FiredRow("outcome", "amount", {}, "amount_found", "RET-5.1"),
    )
    plan = Plan(Decision("returns@2026-01-01", {}, fired), "deny", ("final_sale", "fraud_signal"))
    both = Planned("create_return", {}, "case-1", plan)
    told = read_refusal(both)
    assert told is not None
    assert (told.reason_codes, told.clauses) == (("final_sale",), ("RET-3.2",))
    known = read_refusal(both, is_for_staff=True)
    assert known is not None
    assert (known.reason_codes, known.clauses) == (("final_sale", "fraud_signal"), ("RET-3.2", "RET-6.3"))
