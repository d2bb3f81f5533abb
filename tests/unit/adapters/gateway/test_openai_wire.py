import json
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from casewright.adapters.gateway.openai_wire import build_body, build_headers, read_answer
from casewright.adapters.gateway.providers import Provider, Secret, StructuredOutput
from casewright.adapters.gateway.wire import Answer
from casewright.ports.text_model import AttemptOutcome, Message, Role

STRICT = StructuredOutput.JSON_SCHEMA
MESSAGES = (Message(Role.SYSTEM, "Write."), Message(Role.USER, "রিফান্ড"))


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reply: str = Field(max_length=20, description="To the customer.")
    kind: Literal["a", "b"]


def completion(content: object, **choice: object) -> bytes:
    usage = {"prompt_tokens": 7, "completion_tokens": 3}
    return json.dumps({"choices": [{"message": {"content": content}} | choice], "usage": usage}).encode()


def test_a_schema_server_gets_the_messages_as_they_are() -> None:
    provider = Provider("p", "m", "http://x/v1", structured_output=STRICT, temperature=None, max_tokens=5)
    body = json.loads(build_body(provider, MESSAGES, Texts))
    assert body["messages"] == [
        {"role": "system", "content": "Write."},
        {"role": "user", "content": "রিফান্ড"},
    ]
    assert body["response_format"]["json_schema"]["strict"] is True
    assert (body["model"], body["max_tokens"], body["stream"]) == ("m", 5, False)
    assert "temperature" not in body


@pytest.mark.parametrize("mode", [StructuredOutput.JSON_OBJECT, StructuredOutput.NONE])
def test_other_servers_are_told_the_schema_in_words(mode: StructuredOutput) -> None:
    provider = Provider("p", "m", "http://x/v1", structured_output=mode, max_tokens_field="limit")
    body = json.loads(build_body(provider, MESSAGES, Texts))
    assert "JSON schema" in body["messages"][0]["content"]
    assert '"reply"' in body["messages"][0]["content"]
    assert ("response_format" in body) == (mode is StructuredOutput.JSON_OBJECT)
    assert body["limit"] == 700
    assert body["temperature"] == 0.2


def test_a_server_without_a_key_gets_no_authorization() -> None:
    assert "Authorization" not in build_headers(Provider("p", "m", "http://x/v1"))
    headers = build_headers(Provider("p", "m", "http://x/v1", Secret("k-1")))
    assert headers["Authorization"] == "Bearer k-1"


def test_a_lone_surrogate_in_a_message_does_not_stop_the_request() -> None:
    assert b"?" in build_body(Provider("p", "m", "http://x/v1"), [Message(Role.USER, "\ud800")], Texts)


def test_the_text_and_the_counts_of_an_answer_are_read() -> None:
    assert read_answer(completion('{"reply": "x"}'), STRICT) == Answer('{"reply": "x"}', None, 7, 3)


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b"", AttemptOutcome.INVALID),
        (b"\xff\xfe", AttemptOutcome.INVALID),
        (b"[]", AttemptOutcome.INVALID),
        (b'{"choices": []}', AttemptOutcome.INVALID),
        (b'{"choices": {"0": 1}}', AttemptOutcome.INVALID),
        (b"[" * 200_000, AttemptOutcome.INVALID),
        (b"1" * 10_000, AttemptOutcome.INVALID),
        (b'{"choices": [7]}', AttemptOutcome.EMPTY),
        (completion(None), AttemptOutcome.EMPTY),
        (completion(" \n "), AttemptOutcome.EMPTY),
        (completion(["text"]), AttemptOutcome.EMPTY),
        (completion("{}", finish_reason="length"), AttemptOutcome.TOO_LONG),
        (completion("x" * 16_001), AttemptOutcome.TOO_LONG),
    ],
)
def test_what_cannot_be_read_is_an_outcome(body: bytes, failure: AttemptOutcome) -> None:
    assert read_answer(body, STRICT).failure is failure


@pytest.mark.parametrize("count", [-1, True, "7", 1.5, 10**12, None])
def test_a_count_that_cannot_be_one_is_unknown(count: object) -> None:
    body = json.dumps({"choices": [{"message": {"content": "x"}}], "usage": {"prompt_tokens": count}})
    assert read_answer(body.encode(), STRICT).tokens_in is None


@pytest.mark.parametrize(
    "content",
    ['```json\n{"a": 1}\n```', 'Here it is: {"a": 1} Enjoy!', '<think>{"b": 2}</think>{"a": 1}'],
)
def test_only_a_server_that_enforces_nothing_may_wrap_its_json(content: str) -> None:
    assert read_answer(completion(content), StructuredOutput.NONE).text == '{"a": 1}'
    assert read_answer(completion(content), StructuredOutput.JSON_OBJECT).text == content
