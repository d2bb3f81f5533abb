"""The six answer metrics, and a seventh that needs no model. Definitions follow RAGAS, stated here in full.

Faithfulness          supported claims of the answer / its claims. The sources are the contexts.
Answer relevancy      mean cosine of questions generated back from the answer to the question; 0 if evasive.
                      Needs a judge that writes questions.
Question cover        the deterministic stand-in: share of the question's content words that the answer takes
                      up; 0 if evasive. It is not answer relevancy, and has its own name.
Context precision     mean, over the ranks of useful contexts, of the precision at that rank.
Context recall        true statements attributable to the contexts / true statements.
Answer correctness    0.75 x F1 of true, false and missed claims + 0.25 x cosine of answer and truth. A
                      sentence that joins several claims is cut at its joints.
Tool correctness      called and expected tools in common / all of both; 1 when both are none.

A metric for which the row has no data is None and is not averaged; a verdict that a judge failed to give
counts against the answer, and is counted. An answer that a desk rightly declined to give has no claims.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from casewright.evaluation.answers.judges import Judge
from casewright.evaluation.answers.rows import AnsweredQuestion
from casewright.evaluation.answers.statements import split_claims, split_statements
from casewright.evaluation.answers.support import cover_question, is_evasive, same_text

STATEMENT_SHARE: Final = 0.75


class Metric(StrEnum):
    FAITHFULNESS = "faithfulness"
    ANSWER_RELEVANCY = "answer_relevancy"
    QUESTION_COVER = "question_cover"
    CONTEXT_PRECISION = "context_precision"
    CONTEXT_RECALL = "context_recall"
    ANSWER_CORRECTNESS = "answer_correctness"
    TOOL_CORRECTNESS = "tool_correctness"


class Similarity(Protocol):
    """Cosine of two texts, 0 to 1; `name` says by which vectors."""

    @property
    def name(self) -> str: ...

    def __call__(self, left: str, right: str) -> float: ...


@dataclass(slots=True)
class Scored:
    """One row's values, how many verdicts failed, and what was held against the answer."""

    row: AnsweredQuestion
    values: dict[Metric, float | None] = field(default_factory=dict)
    failures: int = 0
    unsupported: tuple[str, ...] = ()
    """Claims that the contexts do not support."""
    beyond_truth: tuple[str, ...] = ()
    """Claims that the ground truth does not support."""
    missed: tuple[str, ...] = ()
    """Claims of the ground truth that the answer does not make."""


def score_row(row: AnsweredQuestion, judge: Judge, similarity: Similarity) -> Scored:
    """Every metric for which the row has data."""
    scored = Scored(row)
    tally = _Tally(scored)
    claims = split_statements(row.answer)
    truth = split_statements(row.ground_truth) if row.ground_truth else ()
    values = scored.values
    values[Metric.FAITHFULNESS] = _faithfulness(row, claims, judge, tally)
    values[Metric.ANSWER_RELEVANCY] = _relevancy(row, judge, similarity)
    is_evading = is_evasive(row.answer) and not row.is_irrelevant
    values[Metric.QUESTION_COVER] = (
        None if row.is_irrelevant else 0.0 if is_evading else cover_question(row.question, row.answer)
    )
    values[Metric.CONTEXT_PRECISION] = _context_precision(row, truth, judge, tally)
    values[Metric.CONTEXT_RECALL] = _context_recall(row, truth, judge, tally)
    values[Metric.ANSWER_CORRECTNESS] = _correctness(row, judge, similarity, tally)
    values[Metric.TOOL_CORRECTNESS] = _tools(row)
    return scored


@dataclass(slots=True)
class _Tally:
    """Verdicts as booleans: one that failed counts as no, and is counted."""

    scored: Scored

    def yes(self, verdict: bool | None) -> bool:
        if verdict is None:
            self.scored.failures += 1
        return bool(verdict)


def _faithfulness(row: AnsweredQuestion, claims: Sequence[str], judge: Judge, tally: _Tally) -> float | None:
    if row.contexts is None or row.is_irrelevant or not claims:
        return None
    unsupported = [claim for claim in claims if not tally.yes(judge.is_supported(claim, row.contexts))]
    tally.scored.unsupported = tuple(unsupported)
    return 1 - len(unsupported) / len(claims)


def _relevancy(row: AnsweredQuestion, judge: Judge, similarity: Similarity) -> float | None:
    if row.is_irrelevant:
        return None
    questions = judge.questions_back(row.answer)
    if questions is None:
        return None
    if not questions or is_evasive(row.answer):
        return 0.0
    return sum(similarity(row.question, question) for question in questions) / len(questions)


def _context_precision(
    row: AnsweredQuestion, truth: Sequence[str], judge: Judge, tally: _Tally
) -> float | None:
    if not row.contexts:
        return None
    if row.expected_contexts:
        useful = [
            any(same_text(context, wanted) for wanted in row.expected_contexts) for context in row.contexts
        ]
    elif truth:
        useful = [tally.yes(judge.is_useful(context, row.question, truth)) for context in row.contexts]
    else:
        return None
    return mean_precision(useful)


def mean_precision(useful: Sequence[bool]) -> float:
    """Mean over the useful ranks of the precision at that rank; 0 where nothing is useful."""
    hits, total = 0, 0.0
    for rank, is_useful in enumerate(useful, 1):
        if is_useful:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0


def _context_recall(row: AnsweredQuestion, truth: Sequence[str], judge: Judge, tally: _Tally) -> float | None:
    if row.contexts is None:
        return None
    if truth:
        found = sum(tally.yes(judge.is_supported(statement, row.contexts)) for statement in truth)
        return found / len(truth)
    if row.expected_contexts:
        wanted = row.expected_contexts
        return sum(any(same_text(each, item) for each in row.contexts) for item in wanted) / len(wanted)
    return None


def _correctness(row: AnsweredQuestion, judge: Judge, similarity: Similarity, tally: _Tally) -> float | None:
    truth = split_claims(row.ground_truth or "")
    if not truth or row.ground_truth is None:
        return None
    claims = split_claims(row.answer)
    false = [claim for claim in claims if not tally.yes(judge.is_supported(claim, (row.ground_truth,)))]
    missed = [each for each in truth if not tally.yes(judge.is_supported(each, (row.answer,)))]
    tally.scored.beyond_truth, tally.scored.missed = tuple(false), tuple(missed)
    true = len(claims) - len(false)
    f1 = true / (true + 0.5 * (len(false) + len(missed))) if true else 0.0
    return STATEMENT_SHARE * f1 + (1 - STATEMENT_SHARE) * similarity(row.answer, row.ground_truth)


def _tools(row: AnsweredQuestion) -> float | None:
    if row.expected_tools is None or row.tools_called is None:
        return None
    wanted, called = set(row.expected_tools), set(row.tools_called)
    union = wanted | called
    return len(wanted & called) / len(union) if union else 1.0


Progress = Callable[[int], None]


def score_rows(
    rows: Sequence[AnsweredQuestion],
    judge: Judge,
    similarity: Similarity,
    *,
    progress: Progress | None = None,
) -> list[Scored]:
    """The rows in order; `progress` is told how many are done."""
    scored: list[Scored] = []
    for row in rows:
        scored.append(score_row(row, judge, similarity))
        if progress is not None:
            progress(len(scored))
    return scored
