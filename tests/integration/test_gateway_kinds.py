"""Every kind of server, against one that misbehaves: the same outcomes, and no exception."""

import logging
from collections.abc import Iterator

import pytest
from pydantic import BaseModel, ConfigDict, Field

from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.gateway.providers import Provider, ProviderKind, Secret, StructuredOutput
from casewright.adapters.scripted_model import Fails, ScriptedEngine
from casewright.evaluation.misbehaving_provider import MisbehavingProvider, Mode
from casewright.ports.text_model import Attempt, AttemptOutcome, Message, Role, Written

KEY = "sk-planted-key-5512"
SHORT = GatewayLimits(deadline_s=0.3)
LONG = GatewayLimits(deadline_s=30.0)
TEXT = "We have your message. It is with our team. You will hear from us"
ASK = (Message(Role.SYSTEM, "Write."), Message(Role.USER, "A case."))
KINDS = {
    "json_schema": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.JSON_SCHEMA),
    "json_object": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.JSON_OBJECT),
    "no structure": (ProviderKind.OPENAI_COMPATIBLE, StructuredOutput.NONE),
    "anthropic": (ProviderKind.ANTHROPIC, StructuredOutput.JSON_SCHEMA),
}
HANGS = {
    Mode.HANG: AttemptOutcome.TIMED_OUT,
    Mode.DRIP: AttemptOutcome.TIMED_OUT,
    Mode.DRIP_HEADERS: AttemptOutcome.TIMED_OUT,
}
FAILS = {
    Mode.RATE_LIMITED: AttemptOutcome.RATE_LIMITED,
    Mode.SERVER_ERROR: AttemptOutcome.SERVER_ERROR,
    Mode.UNAUTHORISED: AttemptOutcome.REFUSED,
    Mode.REDIRECT: AttemptOutcome.REFUSED,
    Mode.DISCONNECT: AttemptOutcome.UNREACHABLE,
    Mode.BROKEN_JSON: AttemptOutcome.INVALID,
    Mode.WRONG_SCHEMA: AttemptOutcome.INVALID,
    Mode.DEEP_JSON: AttemptOutcome.INVALID,
    Mode.OVERLONG: AttemptOutcome.TOO_LONG,
    Mode.FLOOD: AttemptOutcome.TOO_LONG,
    Mode.CUT_OFF: AttemptOutcome.TOO_LONG,
    Mode.TOOL_CALL: AttemptOutcome.EMPTY,
    Mode.TOOL_CALL_TEXT: AttemptOutcome.INVALID,
    Mode.SURROGATE: AttemptOutcome.INVALID,
}


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    summary: str = Field(min_length=1, max_length=300)
    message: str = Field(min_length=1, max_length=600)


def provider(server: MisbehavingProvider, kind: str, name: str = "first") -> Provider:
    protocol, mode = KINDS[kind]
    return Provider(name, "m-1", server.base_url, Secret(KEY), protocol, mode)


def ask(gateway: Gateway) -> Written[Texts]:
    return gateway.write(ASK, Texts, prompt_version="t.v1")


def outcomes(written: Written[Texts]) -> list[AttemptOutcome]:
    return [attempt.outcome for attempt in written.trace.attempts]


@pytest.fixture
def server() -> Iterator[MisbehavingProvider]:
    with MisbehavingProvider(answer={"summary": "It is here.", "message": TEXT}) as running:
        yield running


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_the_same_whatever_the_kind(server: MisbehavingProvider, kind: str) -> None:
    written = ask(Gateway([provider(server, kind)], limits=LONG))
    assert (written.value, written.source) == (Texts(summary="It is here.", message=TEXT), "model:first/m-1")
    assert [(each.tokens_in, each.tokens_out) for each in written.trace.attempts] == [(120, 40)]
    assert [request["stream"] for request in server.requests] == [False]


@pytest.mark.parametrize("mode", FAILS, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_misbehaviour_is_an_outcome_and_no_text(server: MisbehavingProvider, kind: str, mode: Mode) -> None:
    server.mode = mode
    written = ask(Gateway([provider(server, kind)], limits=LONG))
    assert (written.value, written.source) == (None, "template")
    assert outcomes(written) == [FAILS[mode]]


@pytest.mark.parametrize("mode", HANGS, ids=str)
def test_a_server_that_hangs_or_drips_is_left_at_the_deadline(
    server: MisbehavingProvider, mode: Mode
) -> None:
    server.mode = mode
    written = ask(Gateway([provider(server, "anthropic")], limits=SHORT))
    assert outcomes(written) == [AttemptOutcome.TIMED_OUT]
    assert written.trace.attempts[0].took_ms < 15_000, "the time-out of the drip is a minute and more"


def test_a_hosted_chain_falls_through_to_an_engine_of_this_process(server: MisbehavingProvider) -> None:
    server.mode = Mode.SERVER_ERROR
    engine = ScriptedEngine([{"summary": "Here.", "message": "We have it."}])
    own = Provider("own", "m", kind=ProviderKind.SCRIPTED, engine=engine)
    chain = [provider(server, "anthropic"), provider(server, "json_schema", "second"), own]
    written = ask(Gateway(chain, limits=LONG))
    assert written.source == "model:own/m"
    assert outcomes(written) == [
        AttemptOutcome.SERVER_ERROR,
        AttemptOutcome.SERVER_ERROR,
        AttemptOutcome.ANSWERED,
    ]


def test_the_local_model_comes_after_every_server_wherever_it_was_named() -> None:
    local = Provider("local", "m", kind=ProviderKind.LOCAL, engine=ScriptedEngine([Fails()]))
    other = Provider("other", "m", kind=ProviderKind.SCRIPTED, engine=ScriptedEngine([Fails()]))
    gateway = Gateway([local, other])
    assert [health.provider for health in gateway.health()] == ["other", "local"]


def test_a_result_of_the_cache_is_asked_for_once(server: MisbehavingProvider) -> None:
    gateway = Gateway([provider(server, "json_schema")], limits=LONG)
    ask(gateway)
    assert ask(gateway).trace.is_reused
    assert len(server.requests) == 1


def test_a_model_that_names_its_version_is_named_with_it() -> None:
    with MisbehavingProvider() as server:
        server.answer = {"summary": "It is here.", "message": TEXT}
        rows: list[Attempt] = []
        asked = provider(server, "anthropic")
        gateway = Gateway([asked], limits=LONG, record=rows.append)
        assert asked.source_of("m-1-20260101") == "model:first/m-1@m-1-20260101"
        ask(gateway)
        assert [row.version for row in rows] == ["m-1"]


@pytest.mark.parametrize("mode", [Mode.OK, Mode.UNAUTHORISED, Mode.DISCONNECT], ids=str)
def test_a_key_of_anthropic_is_seen_nowhere_else(
    server: MisbehavingProvider, caplog: pytest.LogCaptureFixture, mode: Mode
) -> None:
    caplog.set_level(logging.DEBUG)
    server.mode = mode
    rows: list[Attempt] = []
    only = provider(server, "anthropic")
    gateway = Gateway([only], limits=LONG, record=rows.append)
    written = ask(gateway)
    assert KEY not in repr((only, written, rows, vars(gateway), server.requests)) + caplog.text
