"""What every implementation of the text model port keeps."""

import json
from collections.abc import Callable, Iterator, Sequence

import pytest
from pydantic import BaseModel, ConfigDict, Field

from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.gateway.providers import Provider, ProviderKind, StructuredOutput
from casewright.adapters.scripted_model import Fails, Says, ScriptedEngine, ScriptedModel, Step
from casewright.evaluation.misbehaving_provider import MisbehavingProvider, Mode
from casewright.ports.text_model import AttemptOutcome, Message, Role, TextModel

ASK = (Message(Role.USER, "A case of one customer."),)
SAFE = {"reply": "We have your message."}
Build = Callable[[str], TextModel]


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    reply: str = Field(min_length=1, max_length=200)


def scripted(behaviour: str) -> TextModel:
    steps: dict[str, Step] = {
        "safe": SAFE,
        "down": Fails(),
        "broken": Says('{"reply":'),
        "wrong": {"verdict": "consistent"},
    }
    return ScriptedModel(
        [steps[behaviour]], probabilities={"a": 1.0, "b": 0.0} if behaviour == "safe" else None
    )


def with_engine(behaviour: str) -> TextModel:
    """A gateway over an engine of this process. `choice` asks for `answer`, `write` for `reply`."""
    steps: dict[str, Step] = {
        "down": Fails(),
        "broken": Says('{"reply":'),
        "wrong": {"verdict": "consistent"},
    }

    def play(messages: Sequence[Message]) -> Step:
        is_choice = messages[-1].content.startswith("QUESTION")
        return steps.get(behaviour, {"answer": "a"} if is_choice else SAFE)

    engine = ScriptedEngine(play=play)
    return Gateway([Provider("p", "m", kind=ProviderKind.SCRIPTED, engine=engine)])


@pytest.fixture(params=["scripted", "engine", "openai_compatible", "anthropic"])
def build(request: pytest.FixtureRequest) -> Iterator[Build]:
    if request.param in ("scripted", "engine"):
        yield scripted if request.param == "scripted" else with_engine
        return
    with MisbehavingProvider() as server:

        def over_http(behaviour: str) -> TextModel:
            modes = {"down": Mode.SERVER_ERROR, "broken": Mode.BROKEN_JSON, "wrong": Mode.WRONG_SCHEMA}
            server.mode = modes.get(behaviour, Mode.OK)
            server.sentence = SAFE["reply"]
            strict = StructuredOutput.JSON_SCHEMA
            kind = ProviderKind(request.param)
            provider = Provider("p", "m", server.base_url, kind=kind, structured_output=strict)
            return Gateway([provider], limits=GatewayLimits(deadline_s=30.0))

        yield over_http


def test_a_good_answer_is_a_validated_value_with_its_source(build: Build) -> None:
    written = build("safe").write(ASK, Texts, prompt_version="t.v1", accept=lambda texts: ())
    assert written.value == Texts(reply="We have your message.")
    assert written.source.startswith("model:")
    assert [attempt.outcome for attempt in written.trace.attempts] == [AttemptOutcome.ANSWERED]


@pytest.mark.parametrize("behaviour", ["down", "broken", "wrong"])
def test_a_failure_is_no_value_and_never_an_exception(build: Build, behaviour: str) -> None:
    model = build(behaviour)
    written = model.write(ASK, Texts, prompt_version="t.v1")
    assert (written.value, written.source) == (None, "template")
    assert len(written.trace.attempts) == 1
    choice = model.choice("state", "question", ("a", "b"))
    assert (choice.probabilities, choice.source) == ({}, "template")


def test_a_refused_value_is_not_returned_and_its_rules_are_told(build: Build) -> None:
    written = build("safe").write(ASK, Texts, prompt_version="t.v1", accept=lambda texts: ("promise",))
    assert (written.value, written.source) == (None, "template")
    assert written.trace.blocked == ("promise",)
    assert [attempt.outcome for attempt in written.trace.attempts] == [AttemptOutcome.BLOCKED]


def test_a_trace_holds_no_text(build: Build) -> None:
    written = build("safe").write(ASK, Texts, prompt_version="t.v1")
    told = repr(written.trace) + json.dumps([attempt.provider for attempt in written.trace.attempts])
    assert "customer" not in told
    assert SAFE["reply"] not in told
    assert "customer" not in repr(ASK)


def test_a_choice_gives_probabilities_over_the_options(build: Build) -> None:
    choice = build("safe").choice("state", "question", ("a", "b"))
    assert set(choice.probabilities) == {"a", "b"}
    assert sum(choice.probabilities.values()) == pytest.approx(1.0)
