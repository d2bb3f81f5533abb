import json

import httpx2
import pytest

from casewright.evaluation.misbehaving_provider import (
    CREDENTIAL_ASK,
    SAFE_SENTENCE,
    MisbehavingProvider,
    Mode,
)


def ask(server: MisbehavingProvider, model: str = "m", **body: object) -> httpx2.Response:
    document = {"model": model, "messages": []} | body
    return httpx2.post(f"{server.base_url}/chat/completions", json=document, timeout=5)


def content(response: httpx2.Response) -> dict[str, str]:
    found: dict[str, str] = json.loads(response.json()["choices"][0]["message"]["content"])
    return found


def schema(**properties: object) -> dict[str, object]:
    return {"type": "json_schema", "json_schema": {"schema": {"properties": properties}}}


def test_it_fills_every_field_of_the_schema_and_keeps_the_request() -> None:
    with MisbehavingProvider() as server:
        answer = content(ask(server, response_format=schema(a={}, b={"enum": ["x", "y"]})))
        assert answer == {"a": SAFE_SENTENCE, "b": "x"}
        assert server.requests[0]["model"] == "m"


def test_a_play_goes_before_the_models_name_and_that_before_the_mode() -> None:
    with MisbehavingProvider(Mode.SERVER_ERROR, play=[Mode.RATE_LIMITED]) as server:
        limited = ask(server, "unauthorised")
        assert (limited.status_code, limited.headers["retry-after"]) == (429, "20")
        assert ask(server, "unauthorised").status_code == 401
        assert ask(server).status_code == 500


def test_a_given_answer_is_played_unless_the_mode_is_hostile() -> None:
    with MisbehavingProvider(answer={"text": "mine"}) as server:
        assert content(ask(server)) == {"text": "mine"}
        assert content(ask(server, "asks_credential")) == {"text": CREDENTIAL_ASK}


def test_it_cuts_the_body_it_announced() -> None:
    with MisbehavingProvider(Mode.DISCONNECT) as server, pytest.raises(httpx2.RemoteProtocolError):
        ask(server)


def test_a_hanging_server_stops_at_once() -> None:
    with MisbehavingProvider(Mode.HANG) as server, pytest.raises(httpx2.ReadTimeout):
        httpx2.post(server.base_url, json={}, timeout=0.05)


def messages(server: MisbehavingProvider, **body: object) -> httpx2.Response:
    form = {"name": "answer", "input_schema": {"properties": {"a": {}, "b": {"enum": ["x", "y"]}}}}
    document = {"model": "m", "messages": [], "tools": [form]} | body
    return httpx2.post(f"{server.base_url}/messages", json=document, timeout=5)


def test_it_fills_in_the_form_of_the_other_protocol_too() -> None:
    with MisbehavingProvider() as server:
        block = messages(server).json()["content"][0]
    assert (block["name"], block["input"]) == ("answer", {"a": SAFE_SENTENCE, "b": "x"})


def test_a_refusal_in_that_protocol_is_a_text_and_another_tool_is_another_name() -> None:
    with MisbehavingProvider(play=[Mode.EMPTY, Mode.TOOL_CALL]) as server:
        assert messages(server).json()["content"][0]["type"] == "text"
        assert messages(server).json()["content"][0]["name"] == "refund"


def test_what_is_composed_goes_before_the_mode() -> None:
    with MisbehavingProvider(Mode.SERVER_ERROR, compose=lambda body: '{"a": "composed"}') as server:
        assert content(ask(server)) == {"a": "composed"}


def test_the_key_of_either_protocol_is_quoted_in_a_refusal() -> None:
    with MisbehavingProvider(Mode.UNAUTHORISED) as server:
        refused = httpx2.post(
            f"{server.base_url}/messages", json={"model": "m"}, headers={"x-api-key": "k-1"}, timeout=5
        )
    assert "k-1" in refused.text
