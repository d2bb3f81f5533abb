"""Answers as documents: a stored one says what it said, and no nonce leaves."""

import json

from casewright.domain.action import Effect
from casewright.tools.answers import AnswerStatus, ToolAnswer
from casewright.tools.documents import (
    build_answer_document,
    build_effect,
    build_stored_answer,
    read_effect,
    read_stored_answer,
)

EFFECTS = (Effect("refund", "Refund", 1000, "USD", "card-1"), Effect("order_cancelled", "Done"))
ANSWER = ToolAnswer(
    "cancel_order",
    AnswerStatus.REFUSED,
    ("order_not_pending",),
    EFFECTS,
    ("ORD-2.1",),
    {"order_id": "O-1"},
)


def test_effects_come_back_equal() -> None:
    assert tuple(read_effect(build_effect(effect)) for effect in EFFECTS) == EFFECTS


def test_stored_answer_comes_back_equal_and_marked_as_replayed() -> None:
    kept = json.loads(json.dumps(build_stored_answer(ANSWER)))
    assert kept["schema_version"] == 1
    read = read_stored_answer(kept)
    assert read.is_replayed
    assert (read.tool, read.status, read.reason_codes) == (ANSWER.tool, ANSWER.status, ANSWER.reason_codes)
    assert (read.effects, read.clauses, read.result) == (ANSWER.effects, ANSWER.clauses, ANSWER.result)


def test_published_answer_has_every_field_also_where_nothing_stands() -> None:
    assert build_answer_document(ToolAnswer("t", AnswerStatus.DONE)) == {
        "tool": "t",
        "status": "done",
        "reason_codes": [],
        "effects": [],
        "clauses": [],
        "result": {},
        "action_id": None,
        "is_replayed": False,
        "proposal": None,
    }
