"""Answered questions from files with any of the usual column names."""

import json
from pathlib import Path

import pytest

from casewright.domain.errors import MalformedRequest
from casewright.evaluation.answers.rows import read_answered


def test_usual_column_names_are_known_and_bad_rows_are_problems(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    rows = [
        {
            "question": "Who?",
            "answer": "Nadia.",
            "ground_truth": ["Nadia is.", "So it is."],
            "contexts": ["a", "b"],
        },
        {
            "user_input": "What?",
            "crm_output": "A lamp.",
            "tool_calls_made": "['client_lookup']",
            "expected_tools": [],
        },
        {"question": "Unanswered?"},
        {"answer": "Unasked."},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    read, problems = read_answered(path)
    assert [row.question for row in read] == ["Who?", "What?"]
    assert read[0].ground_truth == "Nadia is. So it is."
    assert read[0].contexts == ("a", "b")
    assert read[0].tools_called is None
    assert (read[1].tools_called, read[1].expected_tools) == (("client_lookup",), ())
    assert [(each.line, each.reason) for each in problems] == [(3, "no answer"), (4, "no question")]


def test_truth_may_be_a_list_written_as_text(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(
        'question,answer,ground_truth\nWho?,Me.,"[""It is."", ""So.""]"\n', "utf-8"
    )
    ((row,), problems) = read_answered(tmp_path / "rows.csv")
    assert (row.ground_truth, problems) == ("It is. So.", [])


def test_file_without_rows_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "rows.json").write_text("[]", "utf-8")
    with pytest.raises(MalformedRequest, match="holds no rows"):
        read_answered(tmp_path / "rows.json")
