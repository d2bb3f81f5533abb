"""Scoring: what counts as right, and how a file that is wrong is refused."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from casewright.domain.errors import MalformedRequest
from casewright.evaluation.labelled_cases import Answer, LabelledCase, Report, evaluate_cases, load_cases


def case(
    expected: dict[str, Any], accept: dict[str, list[Any]] | None = None, **document: Any
) -> LabelledCase:
    return LabelledCase("c-1", document, expected, accept or {})


def answering(body: Mapping[str, Any], status: int = 200) -> Any:
    return lambda document: Answer(status, body, 0.001)


def test_only_expected_fields_count() -> None:
    report = evaluate_cases([case({"severity": "low"})], answering({"severity": "low", "department": "x"}))
    assert (report.total.fields_right, report.total.fields) == (1, 1)
    assert (report.total.cases_right, report.total.cases) == (1, 1)


def test_accepted_alternative_is_right() -> None:
    cases = [case({"severity": "low"}, {"severity": ["medium"]})]
    assert evaluate_cases(cases, answering({"severity": "medium"})).total.fields_right == 1
    assert evaluate_cases(cases, answering({"severity": "high"})).total.fields_right == 0


def test_expected_null_is_wrong_where_the_field_is_missing() -> None:
    cases = [case({"row": None})]
    assert evaluate_cases(cases, answering({"row": None})).total.fields_right == 1
    assert evaluate_cases(cases, answering({})).total.fields_right == 0


def test_true_is_not_one() -> None:
    assert evaluate_cases([case({"review": True})], answering({"review": 1})).total.fields_right == 0


def test_answer_that_is_not_200_has_every_field_wrong() -> None:
    report = evaluate_cases([case({"a": 1, "b": None})], answering({"a": 1, "b": None}, status=500))
    assert (report.total.fields_right, report.total.fields) == (0, 2)
    assert report.statuses == {500: 1}


def test_languages_and_fields_are_tallied_apart() -> None:
    cases = [case({"a": 1}, language="bn"), case({"a": 2}, language=None)]
    report = evaluate_cases(cases, answering({"a": 1}))
    assert report.by_language["bn"].fields_right == 1
    assert report.by_language["not said"].fields_right == 0
    assert (report.by_field["a"].fields_right, report.by_field["a"].fields) == (1, 2)
    assert [(miss.field, miss.expected, miss.found) for miss in report.misses] == [("a", 2, 1)]


def test_latency_is_the_nearest_rank() -> None:
    report = Report(seconds=[0.004, 0.001, 0.002, 0.003])
    assert (report.latency_ms(50), report.latency_ms(95)) == (2.0, 4.0)
    assert Report().latency_ms(50) == 0.0


def test_file_of_cases_is_read(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([{"id": "x", "input": {"a": 1}, "expected": {"b": 2}, "accept": {"b": [3]}}]))
    (read,) = load_cases(path)
    assert (read.case_id, read.document, read.expected, read.accept) == ("x", {"a": 1}, {"b": 2}, {"b": [3]})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "expected a list of cases"),
        ("{}", "expected a list of cases"),
        ("[7]", "item 1"),
        ('[{"input": {}, "expected": {"a": 1}}]', "item 1: input"),
        ('[{"input": {"a": 1}}]', "item 1: expected"),
        ('[{"input": {"a": 1}, "expected": {"a": 1}, "accept": {"a": 1}}]', "item 1: accept"),
    ],
)
def test_file_that_is_wrong_is_refused_with_the_place(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cases.json"
    path.write_text(text)
    with pytest.raises(MalformedRequest, match=said):
        load_cases(path)


def test_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedRequest, match="no such file"):
        load_cases(tmp_path / "none.json")
