"""Answered questions, read from a file: JSON, JSON lines or CSV, with the column names that are in use.

Lists are JSON, text with semicolons, or a Python literal. A row without question or answer is a problem with
its line, never a zero. It judges nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casewright.adapters.importers.question_rows import read_list, read_records
from casewright.domain.errors import MalformedRequest

_QUESTION = ("question", "user_input", "query")
_ANSWER = ("answer", "response", "crm_output", "message", "actual_output")
_TRUTH = ("ground_truth", "reference", "expected_output", "ground_truths")
_CONTEXTS = ("contexts", "retrieved_contexts", "retrieval_context")
_TOOLS = ("tools_called", "tool_calls_made", "tools_used")
_EXPECTED_TOOLS = ("expected_tools", "reference_tools")
_EXPECTED_CONTEXTS = ("expected_contexts", "reference_contexts")


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
    """A row that cannot be evaluated. `line` counts rows from 1."""

    line: int
    reason: str


def read_answered(
    path: Path, *, needs_answer: bool = True
) -> tuple[list[AnsweredQuestion], list[RowProblem]]:
    """Every usable row of a file, and what is wrong with the others. Raises MalformedRequest."""
    rows: list[AnsweredQuestion] = []
    problems: list[RowProblem] = []
    for line, record in enumerate(read_records(path), 1):
        question, answer = _text(record, _QUESTION), _text(record, _ANSWER)
        if not question or (needs_answer and not answer):
            missing = "question" if not question else "answer"
            problems.append(RowProblem(line, f"no {missing}"))
            continue
        rows.append(
            AnsweredQuestion(
                str(record.get("id") or line),
                question,
                answer,
                _list(record, _CONTEXTS),
                _text(record, _TRUTH) or None,
                _list(record, _TOOLS),
                _list(record, _EXPECTED_TOOLS),
                _list(record, _EXPECTED_CONTEXTS),
                record.get("irrelevant") in (True, "true", "True", "1"),
            )
        )
    if not rows and not problems:
        raise MalformedRequest(f"{path} holds no rows; write one object with question and answer per row")
    return rows, problems


def _text(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = record.get(name)
        if isinstance(value, list) or (isinstance(value, str) and value.lstrip().startswith("[")):
            value = " ".join(read_list(value))
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _list(record: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, ...] | None:
    for name in names:
        if record.get(name) is not None:
            return read_list(record[name])
    return None
