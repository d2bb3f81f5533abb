"""What is kept of a case after each kind of answer."""

from datetime import UTC, datetime

import pytest

from casewright.domain.action import Change, EscalationRecord, Plan
from casewright.domain.decision import Decision, FiredRow
from casewright.domain.shop import Order, OrderStatus
from casewright.ports.cases import CaseState, StoredCase
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.tools.case_keeping import keep_case

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
DECISION = Decision(
    "orders@2026-01-01+sha256:0", {}, (FiredRow("outcome", "allowed", {}, "allowed", "ORD-2.3"),)
)
ORDER = Order("ORD-1", "CUS-9", OrderStatus.PENDING, (), ())


class Kept:
    """The cases that were saved."""

    def __init__(self) -> None:
        self.saved: list[StoredCase] = []

    def find(self, case_id: str) -> StoredCase | None:
        return next((case for case in self.saved if case.case_id == case_id), None)

    def of_customer(self, customer_id: str, *, limit: int = 50) -> tuple[StoredCase, ...]:
        return tuple(case for case in self.saved if case.customer_id == customer_id)[:limit]

    def save(self, case: StoredCase) -> None:
        self.saved.append(case)


def kept(tool: str, status: AnswerStatus, plan: Plan, customer_id: str | None = None) -> StoredCase:
    cases = Kept()
    keep_case(cases, ToolAnswer(tool, status), plan, case_id="case-1", customer_id=customer_id, at=AT)
    return cases.saved[0]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (AnswerStatus.DONE, CaseState.RESOLVED),
        (AnswerStatus.PROPOSED, CaseState.WAITING),
        (AnswerStatus.NEEDS_INFO, CaseState.WAITING),
        (AnswerStatus.REFUSED, CaseState.CLOSED),
        (AnswerStatus.ESCALATED, CaseState.ESCALATED),
        (AnswerStatus.UNDER_WAY, CaseState.OPEN),
        (AnswerStatus.FAILED, CaseState.OPEN),
    ],
)
def test_each_answer_leaves_the_case_in_a_state(status: AnswerStatus, state: CaseState) -> None:
    case = kept("cancel_order", status, Plan(DECISION, "allow", change=Change(order=ORDER)))
    assert (case.state, case.desk, case.subject) == (state, "orders", "cancel_order")
    assert (case.customer_id, case.opened_at) == ("CUS-9", AT)
    assert case.decision is not None
    assert case.decision["fired"] == ["outcome/allowed"]


def test_an_escalation_that_was_made_leaves_the_case_with_a_person() -> None:
    record = EscalationRecord(
        "esc-1", "case-1", "support", "person_requested", "asks", AT, customer_id="CUS-4"
    )
    case = kept(
        "create_escalation", AnswerStatus.DONE, Plan(DECISION, "allow", change=Change(escalation=record))
    )
    assert (case.state, case.customer_id) == (CaseState.ESCALATED, "CUS-4")


def test_who_asks_for_a_customer_names_the_customer() -> None:
    refused = Plan(DECISION, "refuse", ("order_not_found",))
    assert kept("cancel_order", AnswerStatus.REFUSED, refused, "CUS-2").customer_id == "CUS-2"
    assert kept("cancel_order", AnswerStatus.REFUSED, refused).customer_id is None


def test_another_customers_case_stays_as_it_is() -> None:
    cases = Kept()
    mine = Plan(DECISION, "allow", change=Change(order=ORDER))
    done = ToolAnswer("cancel_order", AnswerStatus.DONE)
    keep_case(cases, done, mine, case_id="case-1", customer_id="CUS-9", at=AT)
    refused = ToolAnswer("cancel_order", AnswerStatus.REFUSED)
    keep_case(cases, refused, Plan(DECISION, "refuse"), case_id="case-1", customer_id="CUS-2", at=AT)
    assert [case.customer_id for case in cases.saved] == ["CUS-9"]
