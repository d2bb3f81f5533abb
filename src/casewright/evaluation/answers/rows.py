"""Answered questions, read from a file: JSON, JSON lines or CSV, with the column names that are in use.

Lists are JSON, text with semicolons, or a Python literal. A row without question or answer is a problem with
its line, never a zero. It judges nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casewright.adapters.importers.question_rows import read_list
from casewright.adapters.importers.records import Aliases, read_records
from casewright.domain.errors import MalformedRequest

_COLUMNS: Aliases = {
    "id": ("row_id", "question_id"),
    "question": ("user_input", "query", "input"),
    "answer": ("response", "crm_output", "message", "actual_output"),
    "ground_truth": ("reference", "expected_output", "ground_truths", "expected_answer"),
    "contexts": ("retrieved_contexts", "retrieval_context"),
    "tools_called": ("tool_calls_made", "tools_used", "tool_calls"),
    "expected_tools": ("reference_tools", "reference_tool_calls"),
    "expected_contexts": ("reference_contexts",),
    "irrelevant": ("is_irrelevant",),
}


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """One question with its answer and what is known of the truth. None: the file does not say."""

    row_id: str
    question: str
    answer: str
    contexts: tuple[str, ...] | None = None
    """What was retrieved, best first: passages, and records as sentences."""
    ground_truth: str | None = None
    """Written sentences."""
    tools_called: tuple[str, ...] | None = None
    expected_tools: tuple[str, ...] | None = None
    expected_contexts: tuple[str, ...] | None = None
    is_irrelevant: bool = False
    """The desk said that the question is not for it: the answer evades on purpose."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be evaluated, by its line in the file."""

    line: int
    reason: str


def read_answered(
    path: Path, *, needs_answer: bool = True
) -> tuple[list[AnsweredQuestion], list[RowProblem]]:
    """Every usable row of a file, and what is wrong with the others.

    Raises MalformedRequest, ConfigurationError or TooLarge for a file that is none.
    """
    found = read_records(path, _COLUMNS, ("question",))
    problems = [RowProblem(each.line, each.reason) for each in found.problems]
    rows: list[AnsweredQuestion] = []
    for record in found.records:
        question, answer = _text(record.fields, "question"), _text(record.fields, "answer")
        if not question or (needs_answer and not answer):
            problems.append(RowProblem(record.line, "no answer" if question else "no question"))
            continue
        rows.append(
            AnsweredQuestion(
                _text(record.fields, "id") or str(record.line),
                question,
                answer,
                _list(record.fields, "contexts"),
                _text(record.fields, "ground_truth") or None,
                _list(record.fields, "tools_called"),
                _list(record.fields, "expected_tools"),
                _list(record.fields, "expected_contexts"),
                str(record.fields.get("irrelevant")).lower() in ("true", "1", "yes"),
            )
        )
    if not rows and not problems:
        raise MalformedRequest(f"{path} holds no rows; write one object with question and answer per row")
    return rows, sorted(problems, key=lambda problem: problem.line)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, list) or (isinstance(value, str) and value.lstrip().startswith("[")):
        value = " ".join(read_list(value))
    return "" if value is None else str(value).strip()


def _list(fields: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    return None if fields.get(name) is None else read_list(fields[name])
