"""The copilot's voice where a text model is configured: it writes answers in its words, and judges drafts.

Invariant: a model sees a question redacted, without injected instructions and fenced, and what was decided as
plain sentences; what it says leaves only through the review.
"""

from collections.abc import Callable

from casewright.answering import AnswerJudge, AnswerWriter
from casewright.desk import Answerable, Question
from casewright.domain.answer import Finding, Offer
from casewright.pipeline import cut_injection
from casewright.ports.text_model import TextModel
from casewright.reflection.checks import check_draft
from casewright.reflection.judge import ModelJudge
from casewright.reflection.loop import Judge
from casewright.writing.answers import AnswerTask, write_answer
from casewright.writing.model_text import show_to_model


def make_writer(model: TextModel, desk: str) -> AnswerWriter:
    """Writes a desk's answers by a model."""

    def write(answerable: Answerable, question: Question, told: tuple[Finding, ...]) -> Offer:
        task = AnswerTask(
            desk,
            question.text,
            answerable.statements,
            answerable.bounds,
            answerable.draft,
            check=lambda draft: check_draft(draft, answerable.bounds),
            cut_injection=cut_injection,
        )
        return write_answer(model, task, told)

    return write


def make_judge(model: TextModel) -> AnswerJudge:
    """A model's opinion of drafts."""

    def judge(answerable: Answerable, question: Question) -> Judge:
        return ModelJudge(model, question.text, answerable.statements, _shower(cut_injection))

    return judge


def _shower(cut: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: show_to_model(text, cut)
