"""One provider, asked once per text; what each kind of provider may be asked."""

from typing import Literal

import httpx2
import pytest
from pydantic import BaseModel, ConfigDict, RootModel

from casewright.adapters.gateway.link import Link
from casewright.adapters.gateway.providers import Provider, ProviderKind
from casewright.adapters.scripted_model import Fails, Says, ScriptedEngine, Step
from casewright.domain.case import Language
from casewright.ports.text_model import LANGUAGES_KEY, AttemptOutcome, Message, Role
from casewright.writing.prompts import TextField, choice_output, texts_output

ASK = (Message(Role.USER, "A case."),)


class Undeclared(BaseModel):
    reply: str


class WithChoice(BaseModel):
    model_config = ConfigDict(json_schema_extra={LANGUAGES_KEY: ["en"]})

    reply: str
    kind: Literal["a", "b"]


def link(kind: ProviderKind, *steps: Step) -> Link:
    provider = Provider("p", "m", kind=kind, engine=ScriptedEngine(steps or [{"reply": "Hello."}]))
    return Link(provider, httpx2.create_ssl_context(), lambda: 0.0)


def ask(asked: Link, output: type[BaseModel]) -> AttemptOutcome:
    return asked.ask(ASK, output, None, 30.0).attempt.outcome


@pytest.mark.parametrize("language", [Language.EN, Language.MIXED])
def test_the_local_model_is_asked_for_text_in_english(language: Language) -> None:
    output = texts_output((TextField("reply", "To the customer.", 100, language),))
    assert ask(link(ProviderKind.LOCAL), output) is AttemptOutcome.ANSWERED


@pytest.mark.parametrize(
    "output",
    [
        texts_output((TextField("reply", "To the customer.", 100, Language.BN),)),
        texts_output(
            (TextField("reply", "It.", 100, Language.BN), TextField("summary", "It.", 100, Language.EN))
        ),
        choice_output(("consistent", "inconsistent")),
        choice_output(("one",)),
        WithChoice,
        Undeclared,
    ],
)
def test_the_local_model_is_never_asked_for_a_choice_or_for_another_language(output: type[BaseModel]) -> None:
    assert ask(link(ProviderKind.LOCAL), output) is AttemptOutcome.SKIPPED_UNFIT


def test_every_other_provider_is_asked_for_anything() -> None:
    assert ask(link(ProviderKind.SCRIPTED, {"answer": "b"}), choice_output(("a", "b"))) is (
        AttemptOutcome.ANSWERED
    )


@pytest.mark.parametrize(
    ("step", "outcome"),
    [
        (Says('{"reply": '), AttemptOutcome.INVALID),
        (Says(""), AttemptOutcome.EMPTY),
        (Fails(AttemptOutcome.RATE_LIMITED), AttemptOutcome.RATE_LIMITED),
        (TimeoutError("late"), AttemptOutcome.TIMED_OUT),
        (ZeroDivisionError("native"), AttemptOutcome.UNREACHABLE),
    ],
)
def test_whatever_goes_wrong_is_one_attempt_with_an_outcome(step: Step, outcome: AttemptOutcome) -> None:
    assert ask(link(ProviderKind.SCRIPTED, step), Undeclared) is outcome


def test_two_failures_are_an_open_provider_for_who_asks_how_it_is() -> None:
    asked = link(ProviderKind.SCRIPTED, Fails())
    assert not asked.health().is_open
    ask(asked, Undeclared)
    ask(asked, Undeclared)
    assert asked.health().is_open
    assert ask(asked, Undeclared) is AttemptOutcome.SKIPPED_OPEN


def test_a_model_that_may_not_be_asked_takes_no_share_of_the_time() -> None:
    english = texts_output((TextField("reply", "To the customer.", 100, Language.EN),))
    assert link(ProviderKind.LOCAL).may_serve(english)
    assert not link(ProviderKind.LOCAL).may_serve(choice_output(("a", "b")))
    assert link(ProviderKind.SCRIPTED).may_serve(choice_output(("a", "b")))


def test_an_output_that_no_schema_can_say_takes_no_seat() -> None:
    class Listed(RootModel[list[str]]):
        pass

    asked = link(ProviderKind.SCRIPTED)
    for _ in range(10):
        with pytest.raises(KeyError):
            ask(asked, Listed)
    assert ask(asked, Undeclared) is AttemptOutcome.ANSWERED
