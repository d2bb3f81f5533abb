"""Question files and reviewed answers: lists however written, texts redacted, bad rows by line."""

from pathlib import Path

import pytest

from casewright.adapters.importers.questions import (
    ReferenceQuestion,
    ReviewedAnswer,
    read_questions,
    read_reviews,
)
from casewright.domain.errors import MalformedRequest

WANTED = ReferenceQuestion(
    "1", "What may I pitch?", "Banners only.", ("client_lookup", "playbook_search"), ("Spend rule", "Order")
)


def write(folder: Path, text: str, name: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "q.csv",
            "id,question,ground_truth,expected_tools,expected_contexts\n"
            "1,What may I pitch?,Banners only.,client_lookup; playbook_search,\"['Spend rule', 'Order']\"\n",
        ),
        (
            "q.json",
            '[{"id": 1, "user_input": "What may I pitch?", "reference": "Banners only.",'
            ' "expectedTools": "[\\"client_lookup\\", \\"playbook_search\\"]",'
            ' "reference_contexts": ["Spend rule", "Order"]}]',
        ),
        (
            "q.jsonl",
            '{"id": "1", "question": "What may I pitch?", "ground_truth": ["Banners only."],'
            ' "expected_tools": [{"name": "client_lookup"}, {"name": "playbook_search"}],'
            ' "expected_contexts": "Spend rule;Order"}\n',
        ),
    ],
)
def test_one_question_in_three_forms(tmp_path: Path, name: str, text: str) -> None:
    assert read_questions(write(tmp_path, text, name)) == ((WANTED,), ())


def test_row_without_a_question_is_refused_with_its_line_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, "question,ground_truth\nWhy?,Because\n,Nothing\n", "q.csv")
    questions, problems = read_questions(path)
    assert questions == (ReferenceQuestion("2", "Why?", "Because"),)
    assert [(problem.line, problem.reason) for problem in problems] == [(3, "question is missing")]


def test_reviewed_answer_is_read_and_redacted(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "user_input,crm_output,tool_calls_made,reflection_output,correctness\n"
        '"Call me at +8801712345678","Pitch banners.\nNothing else.","[""client_lookup""]",Fine,True\n'
        "Why?,Because,,,\n"
        "Why?,Because,,,maybe\n",
        "r.csv",
    )
    (first, second), problems = read_reviews(path)
    assert "+8801712345678" not in first.user_input
    assert first.crm_output == "Pitch banners.\nNothing else."
    assert (first.line, first.tools, first.reflection_output, first.is_correct) == (
        2,
        ("client_lookup",),
        "Fine",
        True,
    )
    assert second == ReviewedAnswer(4, "Why?", "Because")
    assert [(problem.line, problem.reason) for problem in problems] == [
        (5, "correctness is neither right nor wrong; write true or false")
    ]


def test_file_without_the_columns_says_which(tmp_path: Path) -> None:
    with pytest.raises(MalformedRequest, match="crm_output"):
        read_reviews(write(tmp_path, "user_input\nWhy?\n", "r.csv"))
