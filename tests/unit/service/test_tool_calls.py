"""Published answers: statuses, reasons in plain English, and schemas whole in themselves."""

import json
from datetime import UTC, datetime

import pytest

from casewright.service.tool_calls import (
    describe_answer,
    describe_catalogue,
    largest_bodies,
    path_of,
    status_of_answer,
)
from casewright.service.tool_catalogue import build_catalogue
from casewright.tools.answers import AnswerStatus, ToolAnswer

AT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "reasons", "http"),
    [
        (AnswerStatus.DONE, (), 200),
        (AnswerStatus.REFUSED, ("order_not_pending",), 200),
        (AnswerStatus.NEEDS_INFO, ("evidence_missing",), 200),
        (AnswerStatus.ESCALATED, ("fraud_signal",), 200),
        (AnswerStatus.FAILED, (), 200),
        (AnswerStatus.PROPOSED, (), 202),
        (AnswerStatus.UNDER_WAY, (), 202),
        (AnswerStatus.REFUSED, ("confirmation_required",), 409),
        (AnswerStatus.REFUSED, ("confirmation_stale", "order_not_pending"), 409),
        (AnswerStatus.REFUSED, ("confirmation_consumed",), 409),
        (AnswerStatus.REFUSED, ("approval_required",), 409),
        (AnswerStatus.REFUSED, ("approval_rejected",), 409),
    ],
)
def test_each_answer_has_its_http_status(status: AnswerStatus, reasons: tuple[str, ...], http: int) -> None:
    assert status_of_answer(ToolAnswer("t", status, reasons)) == http


def test_reason_codes_are_told_in_plain_english_in_their_order() -> None:
    answer = ToolAnswer("t", AnswerStatus.REFUSED, ("order_not_found", "confirmation_consumed"))
    assert describe_answer(answer)["reasons"] == [
        "There is no such order.",
        "The proposal was carried out before; it is not done again.",
    ]


def test_catalogue_is_json_and_its_schemas_refer_to_nothing_outside_themselves() -> None:
    tools = describe_catalogue(build_catalogue())
    assert "$ref" not in json.dumps(tools)
    assert "$defs" not in json.dumps(tools)
    for tool in tools:
        assert tool["arguments"]["additionalProperties"] is False, tool["name"]
        assert tool["needs_idempotency_key"] == (tool["effect"] == "write")


def test_only_pictures_may_be_large() -> None:
    assert list(largest_bodies(build_catalogue())) == ["/tools/store_evidence"]
    assert path_of(build_catalogue().find("cancel_order")) == "/tools/cancel_order"
