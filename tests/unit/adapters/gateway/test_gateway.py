"""What needs no server; the rest is in tests/integration/test_gateway_over_http.py."""

import pytest
from pydantic import BaseModel, Field

from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.gateway.providers import Provider
from casewright.ports.text_model import Choice, Message, Role, Written

ASK = (Message(Role.USER, "A case."),)


class Short(BaseModel):
    text: str = Field(max_length=10)


class Long(BaseModel):
    text: str = Field(max_length=100)


def test_an_empty_chain_means_the_template() -> None:
    gateway = Gateway([])
    assert gateway.write(ASK, Short, prompt_version="t.v1") == Written()
    assert gateway.choice("state", "question", ("a", "b")) == Choice()


def test_a_deadline_that_is_over_asks_nobody() -> None:
    gateway = Gateway([Provider("p", "m", "http://127.0.0.1:9/v1")], limits=GatewayLimits(deadline_s=0.0))
    assert gateway.write(ASK, Short, prompt_version="t.v1").trace.attempts == ()


def test_a_choice_between_nothing_asks_nobody() -> None:
    gateway = Gateway([Provider("p", "m", "http://127.0.0.1:9/v1")])
    assert gateway.choice("state", "question", ()) == Choice()


@pytest.mark.parametrize(
    ("messages", "output", "version", "model"),
    [
        ((Message(Role.USER, "Another."),), Short, "t.v1", "m"),
        ((Message(Role.SYSTEM, "A case."),), Short, "t.v1", "m"),
        (ASK, Long, "t.v1", "m"),
        (ASK, Short, "t.v2", "m"),
        (ASK, Short, "t.v1", "m-2"),
    ],
)
def test_a_result_is_kept_apart_by_chain_prompt_version_messages_and_schema(
    messages: tuple[Message, ...], output: type[BaseModel], version: str, model: str
) -> None:
    def key(model: str, *request: object) -> str:
        return Gateway([Provider("p", model, "http://x/v1")])._request_key(*request)  # type: ignore[arg-type]

    first = key("m", ASK, Short, "t.v1")
    assert first == key("m", ASK, Short, "t.v1")
    assert first != key(model, messages, output, version)
    assert "A case." not in first
