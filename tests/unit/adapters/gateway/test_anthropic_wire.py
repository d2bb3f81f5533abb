import json

import pytest
from pydantic import BaseModel, ConfigDict

from casewright.adapters.gateway.anthropic_wire import build_body, build_headers, read_answer
from casewright.adapters.gateway.providers import Provider, ProviderKind, Secret, StructuredOutput
from casewright.adapters.gateway.wire import Answer
from casewright.ports.text_model import AttemptOutcome, Message, Role

MODE = StructuredOutput.JSON_SCHEMA
PROVIDER = Provider("p", "m", "http://x/v1", Secret("k-1"), ProviderKind.ANTHROPIC, max_tokens=9)


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reply: str


def answered(*blocks: object, **more: object) -> bytes:
    usage = {"input_tokens": 7, "output_tokens": 3}
    return json.dumps({"model": "m-7", "content": list(blocks), "usage": usage} | more).encode()


def form(filled_in: object, name: str = "answer") -> dict[str, object]:
    return {"type": "tool_use", "name": name, "input": filled_in}


def test_the_system_stands_apart_and_the_one_tool_is_forced() -> None:
    messages = [Message(Role.SYSTEM, "One."), Message(Role.USER, "রিফান্ড"), Message(Role.SYSTEM, "Two.")]
    body = json.loads(build_body(PROVIDER, messages, Texts))
    assert body["system"] == "One.\n\nTwo."
    assert body["messages"] == [{"role": "user", "content": "রিফান্ড"}]
    assert body["tool_choice"]["name"] == body["tools"][0]["name"] == "answer"
    assert body["tools"][0]["input_schema"]["required"] == ["reply"]
    assert (body["model"], body["max_tokens"], body["stream"]) == ("m", 9, False)


def test_a_prompt_without_a_turn_of_the_user_gets_one() -> None:
    assert json.loads(build_body(PROVIDER, [Message(Role.SYSTEM, "One.")], Texts))["messages"]


def test_the_key_has_its_own_header_and_the_protocol_its_version() -> None:
    assert build_headers(PROVIDER) == {"x-api-key": "k-1", "anthropic-version": "2023-06-01"}
    assert "x-api-key" not in build_headers(Provider("p", "m", "http://x/v1"))


def test_what_was_filled_in_and_the_counts_are_read() -> None:
    body = answered({"type": "text", "text": "Well."}, form({"reply": "x"}))
    assert read_answer(body, MODE) == Answer('{"reply": "x"}', None, 7, 3, "m-7")


@pytest.mark.parametrize(
    ("body", "failure"),
    [
        (b"", AttemptOutcome.INVALID),
        (b"[]", AttemptOutcome.INVALID),
        (b"[" * 200_000, AttemptOutcome.INVALID),
        (b'{"content": {"0": 1}}', AttemptOutcome.INVALID),
        (answered(), AttemptOutcome.EMPTY),
        (answered(7, None), AttemptOutcome.EMPTY),
        (answered({"type": "text", "text": '{"reply": "x"}'}), AttemptOutcome.EMPTY),
        (answered(form({"amount": 5}, "refund")), AttemptOutcome.EMPTY),
        (answered(form({"reply": "x"}), stop_reason="max_tokens"), AttemptOutcome.TOO_LONG),
        (answered(form({"reply": "x" * 16_001})), AttemptOutcome.TOO_LONG),
    ],
)
def test_what_cannot_be_read_is_an_outcome(body: bytes, failure: AttemptOutcome) -> None:
    assert read_answer(body, MODE).failure is failure
