"""The public contract on a real server: every status code, the shapes, and what a hostile body must not do."""

import json
import re
import socket
from typing import Any

import httpx2
import pytest

TICKET: dict[str, Any] = {
    "ticket_id": "TKT-7001",
    "complaint": "I sent 1250 taka to a wrong number this morning, please help.",
    "transaction_history": [
        {
            "transaction_id": "TXN-70011",
            "timestamp": "2026-03-02T09:40:00Z",
            "type": "transfer",
            "amount": 1250,
            "counterparty": "+8801300000001",
            "status": "completed",
        }
    ],
}
FIELDS = {
    "ticket_id",
    "relevant_transaction_id",
    "evidence_verdict",
    "case_type",
    "severity",
    "department",
    "agent_summary",
    "recommended_next_action",
    "customer_reply",
    "human_review_required",
    "confidence",
    "reason_codes",
}


@pytest.fixture(scope="module")
def served(serve: Any) -> Any:
    return serve()


@pytest.fixture(scope="module")
def client(served: Any) -> Any:
    with httpx2.Client(base_url=served.url, timeout=10) as client:
        yield client


def send(client: httpx2.Client, body: bytes, **headers: str) -> httpx2.Response:
    return client.post("/analyze-ticket", content=body, headers=headers)


def refused(response: httpx2.Response, status: int, code: str) -> str:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    (error,) = response.json().values()
    assert set(error) == {"code", "message", "request_id"}
    assert error["code"] == code
    assert error["request_id"] == response.headers["x-request-id"]
    return str(error["message"])


def test_health_is_exactly_ok(client: httpx2.Client) -> None:
    response = client.get("/health")
    assert (response.status_code, response.content) == (200, b'{"status":"ok"}')


def test_ticket_gets_a_verdict_of_exactly_twelve_fields(client: httpx2.Client) -> None:
    response = client.post("/analyze-ticket", json=TICKET)
    assert response.status_code == 200
    verdict = response.json()
    assert set(verdict) == FIELDS
    assert verdict["ticket_id"] == "TKT-7001"
    assert verdict["relevant_transaction_id"] == "TXN-70011"
    assert verdict["evidence_verdict"] == "consistent"
    assert verdict["case_type"] == "wrong_transfer"
    assert verdict["severity"] == "high"
    assert verdict["department"] == "dispute_resolution"
    assert verdict["human_review_required"] is True
    assert 0 <= verdict["confidence"] <= 1
    assert all(isinstance(code, str) for code in verdict["reason_codes"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_body"),
        (b"{", "invalid_json"),
        (b'{"ticket_id": "T", "complaint": "\xff"}', "invalid_json"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"text"', "not_an_object"),
        (b'{"complaint": "x"}', "invalid_ticket_id"),
        (b'{"ticket_id": null, "complaint": "x"}', "invalid_ticket_id"),
        (b'{"ticket_id": 7, "complaint": "x"}', "invalid_ticket_id"),
        (b'{"ticket_id": "T"}', "invalid_complaint"),
        (b'{"ticket_id": "T", "complaint": ["x"]}', "invalid_complaint"),
        (b"[" * 100_000, "nested_too_deeply"),
    ],
)
def test_what_is_malformed_is_400(client: httpx2.Client, body: bytes, code: str) -> None:
    refused(send(client, body), 400, code)


@pytest.mark.parametrize("complaint", ["", "  \n\t", "\u200b\u200d", "\ufeff\u00a0"])
def test_blank_complaint_is_422(client: httpx2.Client, complaint: str) -> None:
    response = client.post("/analyze-ticket", json={"ticket_id": "T", "complaint": complaint})
    assert "blank" in refused(response, 422, "blank_complaint")


def test_complaint_over_20000_characters_is_413_and_one_of_20000_is_not(client: httpx2.Client) -> None:
    text = "আমি ভুল " * 2500
    assert client.post("/analyze-ticket", json={"ticket_id": "T", "complaint": text}).status_code == 200
    response = client.post("/analyze-ticket", json={"ticket_id": "T", "complaint": text + "."})
    assert "20000" in refused(response, 413, "complaint_too_long")


def test_body_over_256_kib_is_413_however_it_is_sent(client: httpx2.Client) -> None:
    body = json.dumps({**TICKET, "metadata": "a" * (256 * 1024)}).encode()
    refused(send(client, body), 413, "body_too_large")
    pieces = (body[start : start + 9000] for start in range(0, len(body), 9000))
    refused(client.post("/analyze-ticket", content=pieces), 413, "body_too_large")
    assert client.post("/analyze-ticket", json=TICKET).status_code == 200


def test_body_of_exactly_the_limit_is_read(client: httpx2.Client) -> None:
    empty = len(json.dumps({**TICKET, "metadata": ""}).encode())
    body = json.dumps({**TICKET, "metadata": "a" * (256 * 1024 - empty)}).encode()
    assert len(body) == 256 * 1024
    assert send(client, body).status_code == 200
    refused(send(client, body + b" "), 413, "body_too_large")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "image/png", "", "json; charset=x"]
)
def test_any_content_type_with_a_json_body_is_read(client: httpx2.Client, kind: str) -> None:
    assert send(client, json.dumps(TICKET).encode(), **{"content-type": kind}).status_code == 200


def test_byte_order_mark_and_utf_16_are_read(client: httpx2.Client) -> None:
    text = json.dumps(TICKET)
    assert send(client, text.encode("utf-8-sig")).status_code == 200
    assert send(client, text.encode("utf-16")).status_code == 200


def test_compressed_body_is_400_and_says_so(client: httpx2.Client) -> None:
    message = refused(
        send(client, b"\x1f\x8b\x08\x00abc", **{"content-encoding": "gzip"}), 400, "encoded_body"
    )
    assert "Content-Encoding" in message
    assert send(client, json.dumps(TICKET).encode(), **{"content-encoding": "gzip"}).status_code == 200


@pytest.mark.parametrize(
    "optional",
    [
        b'"language": 7, "channel": [], "user_type": {}, "campaign_context": null, "metadata": 1e400',
        b'"transaction_history": null',
        b'"transaction_history": {"a": 1}',
        b'"transaction_history": [null, 7, [], {}, {"transaction_id": null}, {"transaction_id": "A", "amount": NaN}]',
        b'"transaction_history": [{"transaction_id": "A", "amount": ' + b"9" * 5000 + b"}]",
        b'"transaction_history": [{"transaction_id": "A", "amount": "1,250 taka", "timestamp": "soon"}]',
        b'"transaction_history": [{"transaction_id": "A"}, {"transaction_id": "A"}]',
        b'"metadata": Infinity, "metadata": -Infinity',
        b'"metadata": "\\ud800", "language": "\\udfff"',
        b'"language": "fr", "unknown": {"deep": [[[[]]]]}',
    ],
)
def test_optional_field_that_is_wrong_counts_as_absent(client: httpx2.Client, optional: bytes) -> None:
    response = send(client, b'{"ticket_id": "T", "complaint": "My payment failed.", ' + optional + b"}")
    assert response.status_code == 200, response.text
    assert set(response.json()) == FIELDS


def test_lone_surrogate_in_the_ticket_id_is_echoed_in_valid_utf_8(client: httpx2.Client) -> None:
    response = send(client, b'{"ticket_id": "T\\ud83d", "complaint": "My payment of 20 failed \\udc00"}')
    assert response.status_code == 200
    assert json.loads(response.content.decode("utf-8"))["ticket_id"] == "T\ud83d"


def test_blank_ticket_id_is_echoed(client: httpx2.Client) -> None:
    response = client.post("/analyze-ticket", json={**TICKET, "ticket_id": ""})
    assert response.json()["ticket_id"] == ""


def test_secret_is_echoed_in_the_ticket_id_only_and_logged_nowhere(
    served: Any, client: httpx2.Client
) -> None:
    document = {
        **TICKET,
        "ticket_id": "my PIN is 48213",
        "complaint": "I gave my OTP 593471 to a caller, 900 taka gone",
    }
    response = client.post("/analyze-ticket", json=document, headers={"x-request-id": "otp-593471"})
    verdict = response.json()
    assert verdict.pop("ticket_id") == "my PIN is 48213"
    assert not re.search("48213|593471", json.dumps(verdict))
    assert response.headers["x-request-id"] == "otp-593471"
    client.get("/healthz")
    assert not re.search("48213|593471", served.log)


def test_answers_without_a_body_do_not_wait_for_one(client: httpx2.Client) -> None:
    whole = client.get("/static/page.css")
    head = client.head("/static/page.css")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    unchanged = client.get("/static/page.css", headers={"if-none-match": whole.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_other_paths_and_methods_are_404_and_405_in_the_same_shape(client: httpx2.Client) -> None:
    refused(client.get("/analyse-ticket"), 404, "not_found")
    refused(client.post("/analyze-ticket/", json=TICKET), 404, "not_found")
    response = client.get("/analyze-ticket")
    refused(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"
    refused(client.post("/health"), 405, "method_not_allowed")
    refused(client.get("/static/../app.py"), 404, "not_found")


def test_sane_request_id_is_kept_and_any_other_replaced(client: httpx2.Client) -> None:
    assert client.get("/health", headers={"x-request-id": "abc-123"}).headers["x-request-id"] == "abc-123"
    for given in ("a b", "x" * 65, "<script>", "-leading"):
        drawn = client.get("/health", headers={"x-request-id": given}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{24}", drawn)


def test_every_answer_has_the_security_headers(client: httpx2.Client) -> None:
    for path in ("/", "/health", "/docs", "/nowhere", "/static/demo.js"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "server" not in headers


def test_log_has_one_decision_line_per_case(served: Any, client: httpx2.Client) -> None:
    client.post(
        "/analyze-ticket", json={**TICKET, "ticket_id": "TKT-7777"}, headers={"x-request-id": "req-7777"}
    )
    client.get("/healthz")
    (line,) = [line for line in served.events("case decided") if line["ticket"] == "TKT-7777"]
    assert line["request_id"] == "req-7777"
    assert line["row"] == "TXN-70011"
    assert line["ruleset"].startswith("disputes@")
    assert line["fired"]
    assert line["signals"]
    assert line["text_source"] == "template"
    assert set(line["timings_us"]) >= {"intake", "decide", "write"}
    assert line["took_us"] > 0
    assert "complaint" not in line


def test_metrics_count_by_type_verdict_review_and_source(client: httpx2.Client) -> None:
    client.post("/analyze-ticket", json=TICKET)
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert re.search(
        r'casewright_cases_total\{case_type="wrong_transfer",human_review="true",'
        r'text_source="template",verdict="consistent"\} [1-9]',
        response.text,
    )
    assert "casewright_case_seconds_bucket" in response.text
    assert "TKT-" not in response.text


def test_readiness_names_each_dependency_and_its_state(client: httpx2.Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    document = response.json()
    assert document["status"] == "ready"
    assert document["dependencies"]["ruleset:disputes"]["state"] == "ready"
    assert document["dependencies"]["ruleset:disputes"]["id"].startswith("disputes@")
    assert document["dependencies"]["ruleset:sales"]["id"].startswith("sales@")
    assert document["dependencies"]["text"] == {"state": "ready", "source": "template"}
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /analyze-ticket HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /analyze-ticket HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x00\x01\x02\r\n\r\n",
    ],
)
def test_request_that_is_no_http_costs_its_connection_only(
    served: Any, client: httpx2.Client, request_bytes: bytes
) -> None:
    port = int(served.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(request_bytes)
        answer = connection.recv(4096)
    assert b" 500 " not in answer
    assert client.get("/health").status_code == 200


def test_caller_that_hangs_up_half_way_costs_nothing(served: Any, client: httpx2.Client) -> None:
    port = int(served.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"POST /analyze-ticket HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
    assert client.post("/analyze-ticket", json=TICKET).status_code == 200
    assert "exception" not in served.log
