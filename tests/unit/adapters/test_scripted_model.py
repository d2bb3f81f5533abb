from collections.abc import Sequence

import pytest
from pydantic import BaseModel, ConfigDict

from casewright.adapters.scripted_model import Fails, Says, ScriptedModel, Step
from casewright.ports.text_model import AttemptOutcome, Message, Role, Written

ASK = (Message(Role.USER, "A case."),)


class Text(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    text: str


def ask(model: ScriptedModel) -> Written[Text]:
    return model.write(ASK, Text, prompt_version="t.v1")


def test_steps_are_played_in_turn_and_the_last_one_for_ever() -> None:
    model = ScriptedModel([{"text": "one"}, Says('{"text": "two"}')])
    assert [ask(model).value for _ in range(3)] == [Text(text="one"), Text(text="two"), Text(text="two")]


def test_every_prompt_is_kept() -> None:
    model = ScriptedModel([{"text": "one"}])
    ask(model)
    assert [(seen.messages, seen.prompt_version) for seen in model.seen] == [(ASK, "t.v1")]


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (Fails(), AttemptOutcome.UNREACHABLE),
        (Fails(AttemptOutcome.RATE_LIMITED), AttemptOutcome.RATE_LIMITED),
        (TimeoutError("late"), AttemptOutcome.TIMED_OUT),
        (ValueError("boom"), AttemptOutcome.UNREACHABLE),
        (KeyboardInterrupt(), AttemptOutcome.UNREACHABLE),
        (Says("{"), AttemptOutcome.INVALID),
        ({"text": 5}, AttemptOutcome.INVALID),
        ({"text": "x", "amount": 5}, AttemptOutcome.INVALID),
        ({}, AttemptOutcome.INVALID),
    ],
)
def test_what_goes_wrong_is_an_outcome_and_the_template(step: Step, outcome: AttemptOutcome) -> None:
    written = ask(ScriptedModel([step]))
    assert (written.value, written.source) == (None, "template")
    assert [attempt.outcome for attempt in written.trace.attempts] == [outcome]


def test_an_empty_script_answers_nothing() -> None:
    assert ask(ScriptedModel()).value is None


def test_a_play_answers_to_what_it_is_shown() -> None:
    def echo(messages: Sequence[Message]) -> Step:
        return {"text": messages[0].content.upper()}

    assert ask(ScriptedModel(play=echo)).value == Text(text="A CASE.")


def test_a_choice_without_probabilities_is_nobodys() -> None:
    assert ScriptedModel().choice("state", "question", ("a",)).probabilities == {}
    chosen = ScriptedModel(probabilities={"a": 0.9, "b": 0.1}).choice("state", "question", ("a", "b"))
    assert (chosen.probabilities, chosen.source) == ({"a": 0.9, "b": 0.1}, "model:scripted/script")
