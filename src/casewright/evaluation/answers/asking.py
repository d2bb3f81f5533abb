"""Has a desk answer a file of questions, so that its answers can be evaluated. Each question stands alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from casewright.evaluation.answers.rows import AnsweredQuestion


@dataclass(frozen=True, slots=True)
class Given:
    """What the desk gave: its answer, the texts it had found, best first, and the tools it used."""

    answer: str
    contexts: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    is_irrelevant: bool = False


Ask = Callable[[str], Given]


def answer_all(
    questions: Sequence[AnsweredQuestion], ask: Ask, *, progress: Callable[[int], None] | None = None
) -> list[AnsweredQuestion]:
    """The questions with the desk's answers in place of what stood there."""
    answered: list[AnsweredQuestion] = []
    for question in questions:
        given = ask(question.question)
        answered.append(
            replace(
                question,
                answer=given.answer,
                contexts=given.contexts,
                tools_called=given.tools,
                is_irrelevant=given.is_irrelevant,
            )
        )
        if progress is not None:
            progress(len(answered))
    return answered
