"""The report of an evaluation: one document, from which table, JSON and page are made.

Averages are over the rows that have the metric, and say how many; a failed verdict has counted against its
row, and failures are listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casewright.evaluation.answers.metrics import Metric, Scored
from casewright.evaluation.answers.rows import RowProblem

SCHEMA_VERSION = 1
_GRADES = ((0.8, "excellent"), (0.6, "good"), (0.4, "fair"))


def grade_of(value: float | None) -> str:
    """At least 0.8 excellent, 0.6 good, 0.4 fair, else poor; `none` without a value."""
    if value is None:
        return "none"
    return next((grade for least, grade in _GRADES if round(value, 9) >= least), "poor")


def mean_of(values: Sequence[float | None]) -> tuple[float | None, int]:
    """Mean of the values that are there, and how many they are."""
    known = [value for value in values if value is not None]
    return (sum(known) / len(known) if known else None), len(known)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two judges on the same items: how many, the share of equal verdicts, and Cohen's kappa."""

    items: int
    share: float
    kappa: float


def compare_verdicts(left: Sequence[bool | None], right: Sequence[bool | None]) -> Agreement:
    """Agreement on the items that both judged."""
    pairs = [(a, b) for a, b in zip(left, right, strict=True) if a is not None and b is not None]
    if not pairs:
        return Agreement(0, 0.0, 0.0)
    share = sum(a == b for a, b in pairs) / len(pairs)
    ours, theirs = (sum(pair[side] for pair in pairs) / len(pairs) for side in (0, 1))
    chance = ours * theirs + (1 - ours) * (1 - theirs)
    return Agreement(len(pairs), share, (share - chance) / (1 - chance) if chance < 1 else 1.0)


def build_report(
    scored: Sequence[Scored],
    problems: Sequence[RowProblem],
    *,
    judge: str,
    similarity: str,
    agreement: Agreement | None = None,
) -> dict[str, Any]:
    """The document. Values are rounded to four places."""
    rows = [_row(each) for each in scored]
    averages = {}
    for metric in Metric:
        mean, count = mean_of([each.values.get(metric) for each in scored])
        averages[metric.value] = {"mean": _round(mean), "rows": count, "grade": grade_of(mean)}
    overall, _ = mean_of([row["mean"] for row in rows])
    return {
        "schema_version": SCHEMA_VERSION,
        "judge": judge,
        "similarity": similarity,
        "questions": len(rows),
        "averages": averages,
        "overall": {"mean": _round(overall), "grade": grade_of(overall)},
        "judge_failures": sum(each.failures for each in scored),
        "agreement": None
        if agreement is None
        else {
            "items": agreement.items,
            "share": _round(agreement.share),
            "kappa": _round(agreement.kappa),
        },
        "problems": [{"line": each.line, "reason": each.reason} for each in problems],
        "rows": rows,
    }


def find_below(document: Mapping[str, Any], least: float) -> list[str]:
    """Metrics whose average is below, by name."""
    return [
        name
        for name, average in document["averages"].items()
        if average["mean"] is not None and average["mean"] < least
    ]


def _row(scored: Scored) -> dict[str, Any]:
    mean, _ = mean_of(list(scored.values.values()))
    return {
        "id": scored.row.row_id,
        "question": scored.row.question,
        "values": {metric.value: _round(scored.values.get(metric)) for metric in Metric},
        "mean": _round(mean),
        "grade": grade_of(mean),
        "judge_failures": scored.failures,
        "unsupported": list(scored.unsupported),
        "beyond_truth": list(scored.beyond_truth),
        "missed": list(scored.missed),
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
