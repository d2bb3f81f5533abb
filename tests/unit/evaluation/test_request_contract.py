"""The judge of answers: the right one has no fault, and each kind of wrong one is named."""

import json

import pytest

from casewright.evaluation.request_contract import (
    HttpAnswer,
    expect_status,
    find_faults,
    find_logged,
    read_answer,
)

SENT = json.dumps(
    {
        "ticket_id": "T-1",
        "complaint": "My payment failed",
        "transaction_history": [{"transaction_id": "TXN-1"}, 7],
    }
).encode()
VERDICT: dict[str, object] = {
    "ticket_id": "T-1",
    "relevant_transaction_id": "TXN-1",
    "evidence_verdict": "consistent",
    "case_type": "payment_failed",
    "severity": "high",
    "department": "payments_ops",
    "agent_summary": "Customer reports a failed payment.",
    "recommended_next_action": "Check the ledger.",
    "customer_reply": "We are looking into it. Please do not share your PIN or OTP with anyone.",
    "human_review_required": False,
    "confidence": 0.9,
    "reason_codes": ["payment_failed"],
}
ERROR = {"error": {"code": "invalid_json", "message": "The body is not JSON.", "request_id": "r-1"}}
JSON_TYPE = ((b"content-type", b"application/json"),)


def _faults(document: object, status: int = 200, secrets: tuple[str, ...] = ()) -> list[str]:
    body = json.dumps(document).encode()
    return find_faults(HttpAnswer(status, JSON_TYPE, body), SENT, secrets)


def test_a_right_verdict_and_a_right_error_have_no_fault() -> None:
    assert _faults(VERDICT) == []
    assert _faults({**VERDICT, "relevant_transaction_id": None}) == []
    assert _faults(ERROR, 400) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ticket_id", "T-2"),
        ("relevant_transaction_id", "TXN-9"),
        ("relevant_transaction_id", 7),
        ("evidence_verdict", "likely"),
        ("case_type", None),
        ("severity", "HIGH"),
        ("department", "nobody"),
        ("agent_summary", " "),
        ("customer_reply", "Thank you."),
        ("customer_reply", "PIN OTP" * 1_000),
        ("human_review_required", 1),
        ("confidence", 1.2),
        ("confidence", True),
        ("reason_codes", ["Not A Code"]),
        ("reason_codes", None),
    ],
)
def test_each_wrong_field_is_a_fault(field: str, value: object) -> None:
    assert _faults({**VERDICT, field: value})


def test_a_field_more_or_less_is_a_fault() -> None:
    assert _faults({**VERDICT, "debug": 1})
    assert _faults({name: value for name, value in VERDICT.items() if name != "severity"})


@pytest.mark.parametrize(
    "error",
    [
        {"detail": "no"},
        {"error": {"code": "x", "message": "y"}},
        {"error": {"code": "x", "message": "", "request_id": "r"}},
        {"error": {"code": "No Code", "message": "y", "request_id": "r"}},
        {"error": {"code": "x", "message": "y" * 301, "request_id": "r"}},
        {"error": {"code": "x", "message": "Traceback (most recent call last)", "request_id": "r"}},
        {"error": {"code": "x", "message": "in api.py", "request_id": "r"}},
    ],
)
def test_an_error_of_another_shape_or_with_a_trace_is_a_fault(error: object) -> None:
    assert _faults(error, 400)


def test_a_status_that_is_not_expected_is_a_fault() -> None:
    assert _faults(ERROR, 500)
    assert find_faults(HttpAnswer(422, JSON_TYPE, b"{}"), SENT, expected=frozenset({200}))


def test_a_body_that_is_no_json_or_says_so_wrongly_is_a_fault() -> None:
    assert find_faults(HttpAnswer(200, JSON_TYPE, b'{"a": NaN}'), SENT)
    assert find_faults(HttpAnswer(400, ((b"Content-Type", b"text/plain"),), json.dumps(ERROR).encode()), SENT)
    assert read_answer(b"\xff") is None


def test_a_secret_is_told_anywhere_but_in_the_ids() -> None:
    assert _faults({**VERDICT, "agent_summary": "The PIN is 4 8 2 1."}, secrets=("4821",))
    assert _faults({"error": {**ERROR["error"], "message": "not 482193"}}, 400, secrets=("482193",))
    assert _faults({**VERDICT, "confidence": 0.821}, secrets=("821",)) == []
    sent = SENT.replace(b"TXN-1", b"OTP-482193")
    verdict = {**VERDICT, "relevant_transaction_id": "OTP-482193", "agent_summary": "Row OTP-482193 failed."}
    answer = HttpAnswer(200, JSON_TYPE, json.dumps(verdict).encode())
    assert find_faults(answer, sent, ("482193",)) == []


def test_two_surrogates_in_a_row_are_the_character_they_make() -> None:
    sent = b'{"ticket_id": "\xed\xa0\x80\xed\xb0\x80", "complaint": "x"}'
    body = json.dumps({**VERDICT, "ticket_id": "\U00010000", "relevant_transaction_id": None}).encode()
    assert find_faults(HttpAnswer(200, JSON_TYPE, body), sent) == []


@pytest.mark.parametrize(
    ("line", "is_right"),
    [
        ('{"at": "x", "level": "info", "event": "case decided", "took_us": 4821}', True),
        ('{"at": "x", "level": "info", "event": "case decided", "ticket": "#4821aabbccdd"}', True),
        ('{"at": "x", "level": "info", "event": "case decided", "note": "pin ４８２１"}', False),
        ('{"at": "x", "level": "error", "event": "unexpected error"}', False),
        ('{"level": "warning", "logger": "uvicorn.error", "event": "Invalid HTTP request received."}', True),
        ("Traceback (most recent call last):", False),
    ],
)
def test_a_log_line_is_json_calm_and_without_the_secret(line: str, is_right: bool) -> None:
    assert (find_logged([line], ["4821"]) == []) is is_right


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        (SENT, {200}),
        (b"", {400}),
        (b"[]", {400}),
        (b"{", {400}),
        (b"\xff", {400}),
        (b'{"ticket_id": 1, "complaint": "a"}', {400}),
        (b'{"ticket_id": "1"}', {400}),
        (b'{"ticket_id": "1", "complaint": " \\n"}', {422}),
        (b'{"ticket_id": "1", "complaint": "?"}', {200, 422}),
        (b'{"ticket_id": "1", "complaint": "' + b"a" * 20_001 + b'"}', {413}),
        (b'{"ticket_id": "1", "complaint": "a", "x": ' + b"9" * 5_000 + b"}", {200}),
        (b'{"x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", {200, 400, 422}),
        (b" " * (256 * 1024 + 1), {413}),
    ],
)
def test_the_status_that_the_contract_gives_a_body(body: bytes, statuses: set[int]) -> None:
    assert expect_status(body) == statuses


def test_a_length_that_is_declared_too_large_is_refused_as_such() -> None:
    assert expect_status(SENT, b"999999999") == {413}
    assert expect_status(SENT, b"abc") == {200}
