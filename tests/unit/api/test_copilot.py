"""The copilot's routes over a real copilot: how often a person may ask, and what is left of a caller who goes."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.bootstrap import build_application
from casewright.domain.principal import SCOPES_OF_ROLE, Role, Scope
from casewright.service.premises import Premises
from casewright.settings import Settings

QUESTION = {"question": "What is the weather?"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    configure_logging("error")
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        as_of=date(2026, 7, 1),
        embedder="none",
        copilot_rate_limit="2/hour",
        api_keys=(),
    )
    premises = Premises(settings)
    door = build_http_door(
        build_application(settings), open_gatehouse=premises.gatehouse, open_copilot=premises.copilot
    )
    book = premises.gatehouse().book
    door.state.keys = {
        name: book.add_key("main", name, Role.AGENT, scopes, days=1).secret
        for name, scopes in (
            ("one", SCOPES_OF_ROLE[Role.AGENT]),
            ("two", SCOPES_OF_ROLE[Role.AGENT]),
            ("three", SCOPES_OF_ROLE[Role.AGENT]),
            ("reader", {Scope.READ}),
            ("lister", {Scope.READ}),
            ("silent", {Scope.READ}),
        )
    }
    with TestClient(door) as client:
        yield client
    premises.close()


def ask(client: TestClient, name: str, **body: object) -> Any:
    key = client.app.state.keys[name]  # type: ignore[attr-defined]
    return client.post("/copilot/ask", json=QUESTION | body, headers={"x-api-key": key})


def test_a_person_who_asks_too_often_is_told_when_to_come_back_and_others_are_answered(
    client: TestClient,
) -> None:
    assert [ask(client, "one").status_code for _ in range(3)] == [200, 200, 429]
    assert ask(client, "two").status_code == 200
    refused = ask(client, "one", stream=True)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_requests")
    assert 0 < int(refused.headers["retry-after"]) <= 3600


def test_a_key_that_only_reads_asks_and_removes_nothing(client: TestClient) -> None:
    kept = ask(client, "reader").json()["conversation_id"]
    headers = {"x-api-key": client.app.state.keys["reader"]}  # type: ignore[attr-defined]
    assert client.get(f"/copilot/conversations/{kept}", headers=headers).status_code == 200
    assert client.delete(f"/copilot/conversations/{kept}", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"question": "a" * 2_001}, 413),
        ({"question": ""}, 422),
        ({"question": 5}, 422),
        ({"question": "x", "conversation_id": ""}, 422),
        ({"question": "x", "conversation_id": "a" * 65}, 422),
        ({"question": "x", "stream": "yes"}, 422),
        ({"question": "x", "conversation_id": "conv\x00"}, 404),
    ],
)
def test_bodies_outside_the_limits_are_refused_streamed_or_not(
    client: TestClient, body: dict[str, object], status: int
) -> None:
    assert ask(client, "three", **body).status_code == status


def read(client: TestClient, path: str, name: str = "reader") -> Any:
    key = client.app.state.keys[name]  # type: ignore[attr-defined]
    return client.get(path, headers={"x-api-key": key})


def test_own_conversations_are_listed_by_pages_and_nobody_else_s(client: TestClient) -> None:
    asked = [ask(client, "lister").json()["conversation_id"] for _ in range(2)]
    first = read(client, "/copilot/conversations?limit=1", "lister").json()
    second = read(client, f"/copilot/conversations?limit=1&after={first['next']}", "lister").json()
    assert [each["conversation_id"] for each in first["conversations"] + second["conversations"]] == asked[
        ::-1
    ]
    assert second["next"] is None
    assert first["conversations"][0]["turns"] == 1
    assert first["conversations"][0]["question"] == QUESTION["question"]
    assert read(client, "/copilot/conversations", "silent").json() == {"conversations": [], "next": None}


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "after=x", "after=1.", "after=" + "9" * 101])
def test_page_that_is_none_is_refused(client: TestClient, query: str) -> None:
    assert read(client, f"/copilot/conversations?{query}", "silent").status_code == 422


def test_what_is_answered_and_streamed_is_described_by_its_fields(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    schemas = document["components"]["schemas"]
    answers = document["paths"]["/copilot/ask"]["post"]["responses"]["200"]["content"]
    assert answers["application/json"]["schema"] == {"$ref": "#/components/schemas/CopilotAnswer"}
    assert {"message", "citations", "decisions", "review"} <= set(schemas["CopilotAnswer"]["properties"])
    events = answers["text/event-stream"]["itemSchema"]["anyOf"]
    assert [event["properties"]["event"]["const"] for event in events] == [
        "step",
        "sentence",
        "answer",
        "error",
    ]
    named = [event["properties"]["data"]["contentSchema"]["$ref"].rsplit("/", 1)[-1] for event in events]
    assert named == ["CopilotStep", "CopilotSentence", "CopilotAnswer", "Error"]
    assert set(named) <= set(schemas)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_a_question_that_is_not_announced_as_json_is_told_how_to_be(
    client: TestClient, kind: str | None
) -> None:
    headers = {"x-api-key": client.app.state.keys["lister"]}  # type: ignore[attr-defined]
    headers |= {} if kind is None else {"content-type": kind}
    answer = client.post("/copilot/ask", content=b'{"question": "hello"}', headers=headers)
    assert answer.status_code == 422
    assert "send Content-Type: application/json" in answer.json()["error"]["message"]


def test_a_blank_question_and_a_place_that_is_none_are_told_in_words(client: TestClient) -> None:
    headers = {"x-api-key": client.app.state.keys["lister"]}  # type: ignore[attr-defined]
    blank = client.post("/copilot/ask", json={"question": " "}, headers=headers)
    assert blank.json()["error"]["message"] == "body.question: is blank; write something"
    nowhere = client.get("/copilot/conversations?after=x", headers=headers)
    assert "is no `next` of a list" in nowhere.json()["error"]["message"]
