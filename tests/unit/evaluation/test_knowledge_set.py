"""A labelled set: what a file must hold, and what is said when it does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.knowledge_set import SetDocument, SetQuestion, load_documents, load_questions

DOCUMENT = {"id": "d1", "title": "Tea", "content": "Tea is sold by weight."}
DOCUMENTS = (SetDocument("d1", "Tea", "Tea is sold by weight."),)


def write(folder: Path, content: Any) -> Path:
    file = folder / "set.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_a_question_is_its_question_or_its_scenario(tmp_path: Path) -> None:
    rows = [
        {"id": "q1", "question": "How is tea sold?", "required_documents": ["d1"], "more": 1},
        {"id": "q2", "scenario": "You buy tea.", "question": None, "required_documents": ["d1"]},
    ]
    assert load_questions(write(tmp_path, rows), DOCUMENTS) == (
        SetQuestion("q1", "How is tea sold?", frozenset({"d1"})),
        SetQuestion("q2", "You buy tea.", frozenset({"d1"})),
    )


def test_documents_need_no_title(tmp_path: Path) -> None:
    assert load_documents(write(tmp_path, [{"id": 7, "content": "x"}])) == (SetDocument("7", "", "x"),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON"),
        ({}, "no list"),
        ([], "no list"),
        (["x"], "entry 0: it is no object"),
        ([DOCUMENT, {"id": "d2"}], "entry 1: it lacks 'content'"),
        ([{"id": "d", "content": " "}], "content is no text"),
        ([DOCUMENT, DOCUMENT], "more than one document has the id d1"),
    ],
)
def test_what_is_wrong_with_documents_is_said_with_its_place(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load_documents(write(tmp_path, content))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "q", "question": "x", "required_documents": ["d9"]}, "q: there is no document 'd9'"),
        ({"id": "q", "question": "x", "required_documents": []}, "no list with ids"),
        ({"id": "q", "question": "x"}, "it lacks 'required_documents'"),
        ({"id": "q", "required_documents": ["d1"]}, "it lacks 'question'"),
    ],
)
def test_what_is_wrong_with_questions_is_said(tmp_path: Path, row: Any, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load_questions(write(tmp_path, [row]), DOCUMENTS)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.json cannot be read"):
        load_documents(tmp_path / "nowhere.json")
