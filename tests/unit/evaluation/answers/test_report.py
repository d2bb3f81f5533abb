"""Grades, averages that say how many, agreement, and what is below a bar."""

import pytest

from casewright.evaluation.answers.metrics import Metric, Scored
from casewright.evaluation.answers.report import (
    build_report,
    compare_verdicts,
    find_below,
    grade_of,
    mean_of,
)
from casewright.evaluation.answers.rows import AnsweredQuestion, RowProblem


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        (1.0, "excellent"),
        (0.8, "excellent"),
        (0.79, "good"),
        (0.6, "good"),
        (0.4, "fair"),
        (0.39, "poor"),
        (None, "none"),
    ],
)
def test_grades(value: float | None, grade: str) -> None:
    assert grade_of(value) == grade


def test_rows_without_a_value_are_not_averaged_and_the_count_says_so() -> None:
    assert mean_of([1.0, None, 0.5]) == (0.75, 2)
    assert mean_of([None]) == (None, 0)


def test_agreement_counts_equal_verdicts_beyond_chance() -> None:
    same = compare_verdicts([True, False, True, False], [True, False, True, False])
    assert (same.items, same.share, same.kappa) == (4, 1.0, 1.0)
    # Three of four alike; chance is 0.5 x 0.75 + 0.5 x 0.25 = 0.5, so kappa is 0.25 / 0.5.
    most = compare_verdicts([True, False, True, False], [True, False, True, True])
    assert (most.share, most.kappa) == (0.75, 0.5)
    assert compare_verdicts([None], [True]).items == 0


def scored(row_id: str, **values: float | None) -> Scored:
    row = AnsweredQuestion(row_id, "Who <b>?", "Somebody is.")
    return Scored(row, {Metric(name): value for name, value in values.items()}, failures=1)


def test_report_holds_averages_rows_failures_and_problems() -> None:
    document = build_report(
        [scored("a", faithfulness=1.0, tool_correctness=0.5), scored("b", faithfulness=0.5)],
        [RowProblem(3, "no answer")],
        judge="rules.v1",
        similarity="terms.v1",
    )
    assert document["averages"]["faithfulness"] == {"mean": 0.75, "rows": 2, "grade": "good"}
    assert document["averages"]["tool_correctness"] == {"mean": 0.5, "rows": 1, "grade": "fair"}
    assert document["averages"]["context_recall"]["mean"] is None
    assert document["overall"] == {"mean": 0.625, "grade": "good"}
    assert document["judge_failures"] == 2
    assert document["problems"] == [{"line": 3, "reason": "no answer"}]
    assert find_below(document, 0.6) == ["tool_correctness"]
