from datetime import date

import pytest

from casewright.bootstrap import load_desk, load_ruleset
from casewright.domain.errors import MalformedRequest
from casewright.evaluation.subject import Answer, Subject, stand_still
from casewright.pipeline import Road

TICKET = {"ticket_id": "T-7", "complaint": "Please solve my problem."}
ROAD = Road(load_desk("disputes"), load_ruleset("disputes", date(2026, 6, 1)), stand_still)


def test_an_answer_holds_the_published_fields_and_the_run() -> None:
    answer = Subject(ROAD).answer(TICKET)
    assert answer.response["ticket_id"] == "T-7"
    assert answer.scored == (None, "insufficient_data", "other", "low", "customer_support", False)
    assert answer.decided.keys() >= {"severity", "confidence", "reason_codes"}
    assert str(answer.response["customer_reply"]) in answer.text
    assert answer.result.case.message == TICKET["complaint"]


def test_two_runs_of_one_ticket_are_equal_to_the_byte() -> None:
    first, second = Subject(ROAD).answer(TICKET), Subject(ROAD).answer(TICKET)
    assert first == second


def test_what_the_reader_refuses_is_refused_here() -> None:
    with pytest.raises(MalformedRequest):
        Subject(ROAD).answer([])


def test_every_answer_is_inspected_before_the_caller_sees_it() -> None:
    seen: list[Answer] = []
    answer = Subject(ROAD, inspect=(seen.append,)).answer(TICKET)
    assert seen == [answer]


def test_a_changed_road_leaves_the_subject_as_it_was() -> None:
    subject = Subject(ROAD)
    assert subject.on(detects=False).road.detects is False
    assert subject.road.detects is True
