"""CSV files of any content: bounded memory, and one bad line costs one line."""

import tracemalloc
from pathlib import Path

import pytest

from casewright.adapters.importers.csv_rows import MAX_LINE_BYTES, CsvFile
from casewright.adapters.importers.shop import Problem
from casewright.domain.errors import ConfigurationError

HUNDRED_MEGABYTES = 100 * 1000 * 1000


def read(path: Path, content: bytes, *more: str) -> tuple[list[tuple[int, dict[str, str]]], list[Problem]]:
    path.write_bytes(content)
    problems: list[Problem] = []
    table = CsvFile(path, ("a", "b"), more, problems, lambda *_: None)
    return [(line, dict(row)) for line, row in table.rows()], problems


def test_wanted_columns_are_read_wherever_they_stand(tmp_path: Path) -> None:
    rows, problems = read(tmp_path / "x.csv", b'\xef\xbb\xbf"B",c,"a"\r\n1,2,"3, with comma"\r\n\r\n')
    assert rows == [(2, {"a": "3, with comma", "b": "1"})]
    assert problems == []


def test_columns_that_may_be_absent_are_empty(tmp_path: Path) -> None:
    rows, _ = read(tmp_path / "x.csv", b"a,b,d\n1,2,3\n", "d", "e")
    assert rows == [(2, {"a": "1", "b": "2", "d": "3", "e": ""})]


def test_a_bad_line_costs_itself_only_and_is_named(tmp_path: Path) -> None:
    content = b'a,b\n1,2\n1\n"open,2\n\xff,2\n1,2,3\n' + b"x" * (MAX_LINE_BYTES + 5) + b",2\n5,6\n"
    rows, problems = read(tmp_path / "x.csv", content)
    assert rows == [(2, {"a": "1", "b": "2"}), (8, {"a": "5", "b": "6"})]
    assert [(problem.source, problem.line) for problem in problems] == [
        ("x.csv", line) for line in (3, 4, 5, 6, 7)
    ]


def test_a_line_of_a_hundred_megabytes_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    with path.open("wb") as handle:
        handle.write(b"a,b\n1,2\n")
        for _ in range(100):
            handle.write(b"x" * (HUNDRED_MEGABYTES // 100))
        handle.write(b"\n3,4\n")
    problems: list[Problem] = []
    tracemalloc.start()
    rows = [line for line, _ in CsvFile(path, ("a", "b"), (), problems, lambda *_: None).rows()]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (rows, [problem.line for problem in problems]) == ([2, 4], [3])
    assert peak < 8_000_000


@pytest.mark.parametrize("content", [b"", b"\n", b"a\n1\n", b'"a,b\n', b"\xff\n", b"x" * 100_000])
def test_a_file_without_its_header_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(ConfigurationError, match=r"x\.csv"):
        read(tmp_path / "x.csv", content)
