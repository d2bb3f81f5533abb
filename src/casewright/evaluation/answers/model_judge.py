"""The model judge: a text model's verdicts through the gateway. A second opinion; the rules are the gate.

Texts reach the model redacted, fenced and capped, as data. A model that does not answer, or answers with
another number of verdicts, has failed for that item: None, which is counted against the answer.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from casewright.ports.text_model import Message, Role, TextModel
from casewright.text.redaction import redact
from casewright.writing.prompts import fence_text

if TYPE_CHECKING:
    from pydantic import BaseModel

VERDICT = "judge-verdict.v1"
QUESTIONS = "judge-questions.v1"
MOST_QUESTIONS = 3
_MAX_CHARS = 6_000


class ModelJudge:
    """Verdicts of one chain of text models. `chain` names it, so that cached verdicts are told apart."""

    def __init__(self, model: TextModel, chain: str) -> None:
        self._model = model
        self.name = f"model:{chain}:{VERDICT}:{QUESTIONS}"

    def is_supported(self, statement: str, sources: Sequence[str]) -> bool | None:
        """See `Judge.is_supported`."""
        asked = "Do the SOURCES say what the STATEMENT says, with the same numbers, names and negations?"
        return self._verdict(asked, _join(sources), statement)

    def is_useful(self, context: str, question: str, truth: Sequence[str]) -> bool | None:
        """See `Judge.is_useful`."""
        asked = "Does the SOURCE help to answer the QUESTION in the STATEMENT as the TRUTH there does?"
        return self._verdict(asked, context, f"QUESTION: {question}\nTRUTH: {' '.join(truth)}")

    def questions_back(self, answer: str) -> tuple[str, ...] | None:
        """See `Judge.questions_back`."""
        turns = _fill(QUESTIONS, answer=_shown(answer), most=str(MOST_QUESTIONS))
        value = self._model.write(turns, _questions_output(), prompt_version=QUESTIONS).value
        questions = getattr(value, "questions", None)
        if questions is None:
            return None
        return () if getattr(value, "is_evasive", False) else tuple(questions)

    def _verdict(self, asked: str, sources: str, statement: str) -> bool | None:
        turns = _fill(
            VERDICT,
            asked=asked,
            sources=_shown(sources),
            statement=_shown(statement),
        )
        value = self._model.write(turns, _verdict_output(), prompt_version=VERDICT).value
        verdict = getattr(value, "verdict", None)
        return None if verdict is None else verdict == "yes"


def _shown(text: str) -> str:
    """What a model may read of a text: nothing of a person's, nothing hidden, no fence of its own."""
    visible = fence_text(text, len(text))
    return fence_text(redact(visible).text, _MAX_CHARS)


def _join(sources: Sequence[str]) -> str:
    return "\n".join(f"({number}) {source}" for number, source in enumerate(sources, 1))


def _fill(version: str, **values: str) -> tuple[Message, Message]:
    system, user = _load(version)
    return Message(Role.SYSTEM, system), Message(Role.USER, Template(user).substitute(values))


@lru_cache(maxsize=8)
def _load(version: str) -> tuple[str, str]:
    text = files("casewright.evaluation").joinpath("data", f"{version}.md").read_text(encoding="utf-8")
    _, _, rest = text.partition("## system\n")
    system, _, user = rest.partition("## user\n")
    return system.strip(), user.strip()


@lru_cache(maxsize=1)
def _verdict_output() -> "type[BaseModel]":
    from typing import Literal

    from pydantic import ConfigDict, create_model

    strict = ConfigDict(extra="forbid", strict=True, frozen=True)
    return create_model("Verdict", __config__=strict, verdict=Literal["yes", "no"])


@lru_cache(maxsize=1)
def _questions_output() -> "type[BaseModel]":
    from typing import Annotated

    from pydantic import ConfigDict, Field, create_model

    strict = ConfigDict(extra="forbid", strict=True, frozen=True)
    one = Annotated[str, Field(min_length=3, max_length=400)]
    some = Annotated[list[one], Field(max_length=MOST_QUESTIONS)]
    return create_model("QuestionsBack", __config__=strict, questions=some, is_evasive=bool)
