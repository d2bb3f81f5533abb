"""A desk answers a file of questions."""

import json
from pathlib import Path

from casewright.evaluation.answers.asking import Given, answer_all
from casewright.evaluation.answers.rows import read_answered


def test_answers_take_their_place_beside_the_truth(tmp_path: Path) -> None:
    path = tmp_path / "questions.json"
    path.write_text(
        json.dumps([{"question": "Who?", "ground_truth": "Nadia.", "expected_tools": []}]), "utf-8"
    )
    questions, problems = read_answered(path, needs_answer=False)
    done: list[int] = []
    (row,) = answer_all(
        questions, lambda asked: Given(f"To {asked} Nadia.", ("a",), ("client_lookup",)), progress=done.append
    )
    assert (row.answer, row.contexts, row.tools_called) == ("To Who? Nadia.", ("a",), ("client_lookup",))
    assert (row.ground_truth, row.expected_tools, problems, done) == ("Nadia.", (), [], [1])
