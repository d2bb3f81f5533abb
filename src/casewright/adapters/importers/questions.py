"""Question files and reviewed answers from other systems: CSV, JSON or JSON lines, lists however written.

A question file names what a good answer says and which look-ups and passages it needs. A reviewed answer is
what a desk once said, what a reviewer wrote about it, and whether it was right: data for training, redacted
here, and quarantined by whoever keeps it. A row without a question, or without an answer, is refused.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from casewright.adapters.importers.question_rows import read_list
from casewright.adapters.importers.records import Aliases, FoundRecord, read_records
from casewright.adapters.importers.shop import Problem
from casewright.adapters.importers.values import BadValue
from casewright.text.redaction import redact

RowT = TypeVar("RowT")
LONGEST_TEXT = 100_000
QUESTION_COLUMNS = {
    "id": ("question_id", "row_id"),
    "question": ("user_input", "query", "input", "prompt"),
    "ground_truth": ("reference", "expected_output", "ground_truths", "expected_answer", "answer"),
    "expected_tools": ("reference_tools", "reference_tool_calls", "tools", "expected_tool_calls"),
    "expected_contexts": ("reference_contexts", "contexts", "expected_context"),
}
REVIEW_COLUMNS = {
    "user_input": ("question", "query", "input"),
    "crm_output": ("answer", "response", "output", "message"),
    "tool_calls_made": ("tool_calls", "tools_called", "tools_used", "tools"),
    "reflection_output": ("reflection", "review", "reviewer_output", "critique"),
    "correctness": ("correct", "is_correct", "label", "verdict"),
}
_RIGHT = frozenset({"true", "yes", "y", "1", "1.0", "correct", "right", "pass", "passed", "good"})
_WRONG = frozenset({"false", "no", "n", "0", "0.0", "incorrect", "wrong", "fail", "failed", "bad"})
_UNSAID = frozenset({"", "none", "null", "nan", "n/a", "unknown"})


@dataclass(frozen=True, slots=True)
class ReferenceQuestion:
    """A question, and what is known of its answer. None: the file does not say."""

    question_id: str
    question: str
    ground_truth: str | None = None
    expected_tools: tuple[str, ...] | None = None
    expected_contexts: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ReviewedAnswer:
    """One answer of the past with its review; every text is redacted."""

    line: int
    """Where it stood in its file."""
    user_input: str = field(repr=False)
    crm_output: str = field(repr=False)
    tools: tuple[str, ...] = ()
    tool_calls: str = field(default="", repr=False)
    """As they were written."""
    reflection_output: str = field(default="", repr=False)
    is_correct: bool | None = None
    """None: nobody has said."""


def read_questions(path: Path) -> tuple[tuple[ReferenceQuestion, ...], tuple[Problem, ...]]:
    """The questions of a file, and the rows that were refused. Raises as `read_records`."""
    return _read_rows(path, "question", _read_question, QUESTION_COLUMNS, ("question",))


def read_reviews(path: Path) -> tuple[tuple[ReviewedAnswer, ...], tuple[Problem, ...]]:
    """The reviewed answers of a file, redacted, and the rows that were refused. Raises as `read_records`."""
    return _read_rows(path, "reviewed answer", _read_review, REVIEW_COLUMNS, ("user_input", "crm_output"))


def _read_rows(
    path: Path, kind: str, read: Callable[[FoundRecord], RowT], columns: Aliases, required: tuple[str, ...]
) -> tuple[tuple[RowT, ...], tuple[Problem, ...]]:
    found = read_records(path, columns, required)
    problems = list(found.problems)
    rows: list[RowT] = []
    for record in found.records:
        try:
            rows.append(read(record))
        except BadValue as error:
            problems.append(Problem(path.name, record.line, kind, str(error)))
    return tuple(rows), tuple(sorted(problems, key=lambda problem: problem.line))


def _read_question(record: FoundRecord) -> ReferenceQuestion:
    fields = record.fields
    truth = fields.get("ground_truth")
    written = " ".join(read_list(truth)) if isinstance(truth, list) else _text(fields, "ground_truth")
    return ReferenceQuestion(
        str(fields.get("id") or record.line),
        _require(fields, "question"),
        written or None,
        _list(fields, "expected_tools"),
        _list(fields, "expected_contexts"),
    )


def _read_review(record: FoundRecord) -> ReviewedAnswer:
    fields = record.fields
    return ReviewedAnswer(
        record.line,
        redact(_require(fields, "user_input")).text,
        redact(_require(fields, "crm_output")).text,
        tuple(redact(name).text for name in _list(fields, "tool_calls_made") or ()),
        redact(_text(fields, "tool_calls_made")).text,
        redact(_text(fields, "reflection_output")).text,
        _read_correctness(fields.get("correctness")),
    )


def _read_correctness(value: object) -> bool | None:
    word = "" if value is None else str(value).strip().lower()
    if word in _UNSAID:
        return None
    if word in _RIGHT or word in _WRONG:
        return word in _RIGHT
    raise BadValue("correctness is neither right nor wrong; write true or false")


def _require(fields: Mapping[str, Any], name: str) -> str:
    text = _text(fields, name)
    if not text:
        raise BadValue(f"{name} is missing")
    return text


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    if len(text) > LONGEST_TEXT:
        raise BadValue(f"{name} is longer than {LONGEST_TEXT} characters")
    return text.strip()


def _list(fields: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    return None if fields.get(name) is None else read_list(fields[name])
