"""POST /retain at its door: who may ask, what goes in, and the answer that comes again."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.bootstrap import build_application
from casewright.domain.principal import Role, Scope
from casewright.service.premises import Premises
from casewright.settings import Settings

FACTS = {"churn_risk": 0.9, "tenure": 5, "plan": "monthly", "spend": 60}
LIVE = {**FACTS, "customer_id": "c1", "consent": True, "channel": "email", "timezone": "UTC"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    configure_logging("error")
    settings = Settings(
        home=tmp_path_factory.mktemp("home"), embedder="none", api_keys=("a-static-key-of-the-house",)
    )  # type: ignore[arg-type]
    premises = Premises(settings)
    scopes = [Scope.READ, Scope.CONFIRM]
    issued = premises.gatehouse().book.add_key("main", "desk", Role.AGENT, scopes, days=1)
    door = build_http_door(
        build_application(settings), open_gatehouse=premises.gatehouse, open_retention=premises.retention
    )
    yield TestClient(door, headers={"x-api-key": issued.secret}, raise_server_exceptions=False)
    premises.close()


def ask(client: TestClient, body: Any, key: str | None = None, **more: Any) -> Any:
    headers = {"idempotency-key": key} if key else {}
    return client.post("/retain", json=body, headers={**headers, **more})


def test_a_dry_recommendation(client: TestClient) -> None:
    answer = ask(client, FACTS).json()
    assert set(answer) >= {"decision", "scores", "message", "safety", "ruleset", "models", "reasons"}
    assert set(answer["decision"]) == {"contact", "offer_level", "followup_days"}
    assert answer["scores"]["p_churn"] == 0.9
    assert answer["ruleset"].startswith("retention@")
    assert (answer["is_live"], answer["decision_id"]) == (False, None)


def test_a_live_one_is_given_again_word_for_word_and_marked(client: TestClient) -> None:
    first = ask(client, LIVE, "k1")
    again = ask(client, LIVE, "k1")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    other = ask(client, {**LIVE, "tenure": 6}, "k1")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_key_reused")


def test_an_outcome_is_reported_once_and_not_contradicted(client: TestClient) -> None:
    decision = ask(client, {**LIVE, "customer_id": "c2"}, "k2").json()["decision_id"]
    path = f"/retain/{decision}/outcome"
    told = client.post(path, json={"churned": True, "revenue_minor": 12}).json()
    assert (told["churned"], told["revenue_minor"], told["state"]) == (True, 12, "quarantined")
    assert client.post(path, json={"churned": True}).status_code == 200
    assert client.post(path, json={"churned": False}).status_code == 409
    assert client.post(path, json={}).json()["error"]["code"] == "nothing_reported"
    assert client.post("/retain/ret_none/outcome", json={"churned": True}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "empty_body"),
        (b"{", 400, "invalid_json"),
        (b"[]", 422, "invalid_arguments"),
        (b'{"churn_risk": 2}', 422, "invalid_arguments"),
        (b'{"customer_id": "nobody"}', 404, "customer_not_found"),
    ],
)
def test_what_cannot_be_is_an_error_in_the_one_shape(
    client: TestClient, body: bytes, status: int, code: str
) -> None:
    response = client.post("/retain", content=body)
    assert response.status_code == status
    assert set(response.json()) == {"error"}
    assert response.json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("body", "status", "code", "told"),
    [
        (b"", 400, "empty_body", "send a JSON object"),
        (b'{"churned": tru}', 400, "invalid_json", "line 1, column 13"),
        (b"[]", 422, "invalid_arguments", ""),
        (b"null", 422, "invalid_arguments", ""),
        (b'{"churned": "yes"}', 422, "invalid_arguments", "churned"),
        (b'{"colour": true}', 422, "invalid_arguments", "colour"),
        (b'{"churned": null}', 422, "nothing_reported", "Say what came of it"),
    ],
)
def test_an_outcome_that_cannot_be_is_an_error_as_a_question_is(
    client: TestClient, body: bytes, status: int, code: str, told: str
) -> None:
    response = client.post("/retain/ret_none/outcome", content=body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert told in response.json()["error"]["message"]


def test_a_static_key_names_nobody_and_opens_nothing(client: TestClient) -> None:
    response = ask(client, FACTS, **{"x-api-key": "a-static-key-of-the-house"})
    assert (response.status_code, response.json()["error"]["code"]) == (401, "not_authenticated")
    assert ask(client, FACTS, **{"x-api-key": "none"}).status_code == 401


def test_metrics_count_decisions(client: TestClient) -> None:
    ask(client, FACTS)
    text = client.get("/metrics", headers={"x-api-key": "a-static-key-of-the-house"}).text
    assert 'casewright_outreach_decisions_total{arm="champion",mode="dry"' in text


def test_large_bodies_are_refused(client: TestClient) -> None:
    assert ask(client, {"features": {"a": "x" * 300_000}}).status_code == 413
