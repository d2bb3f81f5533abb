"""Policy files: YAML with lines, and nothing lost in silence."""

import datetime

import pytest

from casewright.policy.document import Collector, LocatedMap, read_document


def read(text: str) -> tuple[LocatedMap, list[str]]:
    found = Collector("some.yaml")
    return read_document(text, found), [problem.code for problem in found.problems]


def test_values_and_lines_are_kept() -> None:
    document, codes = read("a: 1\nb:\n  c: [true, word]\n  2026-01-01: 30\n")
    assert codes == []
    assert document["a"] == 1
    inner = document["b"]
    assert isinstance(inner, LocatedMap)
    assert inner.key_lines == {"c": 3, datetime.date(2026, 1, 1): 4}
    assert inner["c"] == [True, "word"]


def test_key_that_stands_twice_is_reported_with_both_lines() -> None:
    found = Collector("some.yaml")
    assert read_document("a: 1\nb: 2\na: 3\n", found)["a"] == 1
    (problem,) = found.problems
    assert (problem.code, problem.line) == ("duplicate_key", 3)
    assert "line 1" in problem.message


@pytest.mark.parametrize(
    "text", ["a: [1", "a: @limit", "a: \t- b", "a: !!python/object:os.system {}", "a: 2026-13-45"]
)
def test_what_is_not_plain_yaml_is_a_problem_and_not_an_exception(text: str) -> None:
    document, codes = read(text)
    assert codes == ["bad_yaml"]
    assert document in ({}, {"a": None})


@pytest.mark.parametrize("text", ["a: 2.5", "a: 2026-01-01T10:00:00"])
def test_floats_and_times_are_refused(text: str) -> None:
    assert read(text)[1] == ["bad_value"]


@pytest.mark.parametrize("text", ["- a", "word"])
def test_file_must_be_a_mapping(text: str) -> None:
    assert read(text)[1] == ["bad_shape"]


def test_empty_file_is_an_empty_mapping() -> None:
    assert read("") == ({}, [])


def test_key_must_be_plain() -> None:
    assert read("? [a]\n: 1\n")[1] == ["bad_shape"]
