"""A judge advises: one finding or none, whatever the model does."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from casewright.domain.answer import Draft, Finding, FindingCode
from casewright.ports.text_model import Choice, TextModel
from casewright.reflection.judge import OPINIONS, ModelJudge, read_opinion

DRAFT = Draft("Lead with screens.", "why")


class _Model:
    """Answers a choice with what it is given."""

    def __init__(self, answer: object) -> None:
        self._answer = answer
        self.asked: list[tuple[str, str, Sequence[str]]] = []

    def choice(self, state: str, question: str, options: Sequence[str]) -> Any:
        self.asked.append((state, question, options))
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def _judge(answer: object) -> tuple[Finding, ...]:
    model = cast("TextModel", _Model(answer))
    return ModelJudge(model, "What to pitch?", ("FMCG: screens.",), lambda text: text)(DRAFT)


def test_an_opinion_that_is_likely_is_a_finding_of_the_judge() -> None:
    assert _judge(Choice({"incomplete": 0.8, "good": 0.2})) == (Finding(FindingCode.JUDGE, "incomplete"),)


def test_a_good_answer_has_no_finding() -> None:
    assert _judge(Choice({"good": 1.0})) == ()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "good",
        Choice(),
        Choice({"fire_everyone": 1.0}),
        Choice({"unclear": float("nan")}),
        Choice({"unclear": 0.9, "incomplete": 0.9}),
        Choice({"unclear": 7.0}),
        Choice(cast("Mapping[str, float]", {"unclear": "sure"})),
        Choice(cast("Mapping[str, float]", None)),
        RuntimeError("broken"),
    ],
)
def test_a_judge_that_fails_has_no_opinion(answer: object) -> None:
    assert _judge(answer) == ()


def test_it_is_shown_answer_question_and_facts_through_the_fence() -> None:
    model = _Model(Choice({"good": 1.0}))
    ModelJudge(cast("TextModel", model), "What to pitch?", ("FMCG: screens.",), str.upper)(DRAFT)
    ((state, _, options),) = model.asked
    assert state == "ANSWER\nLEAD WITH SCREENS.\nQUESTION\nWHAT TO PITCH?\nFACTS\nFMCG: SCREENS."
    assert tuple(options) == OPINIONS


def test_an_even_choice_is_no_opinion() -> None:
    assert read_opinion(Choice({"good": 0.5, "unclear": 0.5})) is None
