"""The sandbox's HTTP: faults in a header, refusals with a code, and the token at every door."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from casewright.adapters.connectors.sandbox.app import MAX_BODY_BYTES, Sandbox

TRANSFER = {"operation": "refund", "method_id": "card_1", "amount_minor": 500, "currency": "USD"}
KEY = {"Idempotency-Key": "k"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    sandbox = Sandbox(tmp_path)
    with TestClient(sandbox.build_app()) as client:
        yield client
    sandbox.close()


def test_first_answer_is_201_and_the_same_again_200(client: TestClient) -> None:
    first = client.post("/payments/transfers", json=TRANSFER, headers=KEY)
    again = client.post("/payments/transfers", json=TRANSFER, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert client.get("/payments/journal").json() == {
        "count": 1,
        "effects": [
            {
                "seq": 1,
                "requests": 2,
                "key": "k",
                "state": "done",
                "code": None,
                "reference": "tr_00000001",
                "amount_minor": 500,
                "request": TRANSFER,
            }
        ],
    }


def test_services_keep_journals_of_their_own(client: TestClient, tmp_path: Path) -> None:
    client.post("/payments/transfers", json=TRANSFER, headers=KEY)
    client.post("/courier/deliveries", json={"kind": "label", "payload": {}}, headers=KEY)
    assert [client.get(f"/{name}/journal").json()["count"] for name in ("payments", "courier", "mail")] == [
        1,
        1,
        0,
    ]
    assert {path.name for path in tmp_path.glob("*.sqlite")} == {
        "payments.sqlite",
        "courier.sqlite",
        "mail.sqlite",
    }
    assert client.get("/courier/deliveries/k").json()["result"] == {"tracking_id": "SBX0000000001"}
    assert client.get("/mail/deliveries/k").json()["error"]["code"] == "delivery_not_found"


@pytest.mark.parametrize(
    ("fault", "status", "count"),
    [
        ("error_before", 500, 0),
        ("error_after", 500, 1),
        ("decline", 402, 1),
        ("busy", 429, 0),
        ("broken_answer", 200, 1),
    ],
)
def test_a_fault_in_a_header_is_for_that_request_only(
    client: TestClient, fault: str, status: int, count: int
) -> None:
    hurt = client.post("/payments/transfers", json=TRANSFER, headers={**KEY, "Sandbox-Fault": fault})
    assert hurt.status_code == status
    assert client.get("/payments/journal").json()["count"] == count
    assert (
        client.post("/payments/transfers", json=TRANSFER, headers={"Idempotency-Key": "k2"}).status_code
        == 201
    )


def test_faults_are_planned_listed_and_taken_back(client: TestClient) -> None:
    planned = {"service": "mail", "fault": "busy", "count": None, "delay_s": 1.0}
    assert client.put("/faults", json=planned).json() == planned
    assert client.get("/faults").json() == {"faults": [planned]}
    assert client.delete("/faults").status_code == 204
    assert client.get("/faults").json() == {"faults": []}


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"service": "bank", "fault": "busy"},
        {"service": "mail", "fault": "boredom"},
        {"service": "mail", "fault": []},
        {"service": [], "fault": "busy"},
        {"service": "mail", "fault": "busy", "count": 0},
        {"service": "mail", "fault": "slow", "delay_s": -1},
        {"service": "mail", "fault": "slow", "delay_s": 1e9},
        {"service": "mail", "fault": "die_after"},
        {"service": "mail", "fault": "busy", "more": 1},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(client: TestClient, document: dict[str, object]) -> None:
    answer = client.put("/faults", json=document)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_arguments")
    assert client.get("/faults").json() == {"faults": []}


def test_bad_requests_are_refused_with_a_code_and_leave_nothing(client: TestClient) -> None:
    path = "/payments/transfers"
    asked = [
        client.post(path, json=TRANSFER),
        client.post(path, content=b"{", headers=KEY),
        client.post(path, content=b"[" * 50_000, headers=KEY),
        client.post(path, content=b"x" * (MAX_BODY_BYTES + 1), headers=KEY),
        client.post(path, json={**TRANSFER, "amount_minor": "5"}, headers=KEY),
        client.post(path, json=TRANSFER, headers={**KEY, "Sandbox-Fault": "boredom"}),
        client.get("/payments/transfers/k"),
        client.get("/elsewhere"),
        client.get("/payments/journal?after=x"),
    ]
    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in asked] == [
        (400, "missing_idempotency_key"),
        (400, "malformed_request"),
        (400, "malformed_request"),
        (413, "too_large"),
        (422, "invalid_arguments"),
        (422, "invalid_arguments"),
        (404, "transfer_not_found"),
        (404, "http_404"),
        (422, "invalid_arguments"),
    ]
    assert client.get("/payments/journal").json()["count"] == 0


def test_what_no_text_can_hold_is_taken_and_shown_again(client: TestClient) -> None:
    sent = b'{"kind": "notice", "payload": {"subject": "\\ud800", "words": "\\u0995\\u200d"}}'
    assert client.post("/mail/deliveries", content=sent, headers=KEY).status_code == 201
    assert b"\\ud800" in client.get("/mail/journal").content
    refused = client.post("/mail/deliveries", content=b'{"kind": "a", "payload": {"n": NaN}}', headers=KEY)
    assert refused.status_code == 400


def test_a_key_with_other_arguments_is_refused(client: TestClient) -> None:
    client.post("/payments/transfers", json=TRANSFER, headers=KEY)
    other = client.post("/payments/transfers", json={**TRANSFER, "amount_minor": 501}, headers=KEY)
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_key_reused")


def test_with_a_token_every_door_but_health_asks_for_it(tmp_path: Path) -> None:
    sandbox = Sandbox(tmp_path, token="secret-of-the-sandbox")
    with TestClient(sandbox.build_app()) as client:
        doors = [("POST", "/payments/transfers"), ("GET", "/mail/deliveries/k"), ("GET", "/courier/journal")]
        doors += [("GET", "/faults"), ("PUT", "/faults"), ("DELETE", "/faults")]
        for method, path in doors:
            for sent in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "secret-of-the-sandbox"}):
                answer = client.request(method, path, headers=sent)
                assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorised")
        assert client.get("/health").status_code == 200
        good = {"Authorization": "Bearer secret-of-the-sandbox"}
        assert client.get("/faults", headers=good).status_code == 200
    sandbox.close()
