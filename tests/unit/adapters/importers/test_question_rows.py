"""Rows of questions: three kinds of files, lists as people write them."""

from pathlib import Path

import pytest

from casewright.adapters.importers.question_rows import read_list, read_records
from casewright.domain.errors import MalformedRequest


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('["a", "b"]', ("a", "b")),
        ("['a', 'b']", ("a", "b")),
        ("a; b ;", ("a", "b")),
        ("client lookup", ("client lookup",)),
        ("", ()),
        ("None", ()),
        ("[]", ()),
        (["a", 3], ("a", "3")),
        ([{"name": "client_lookup", "args": {}}], ("client_lookup",)),
        ('[{"function": {"name": "playbook_search"}}]', ("playbook_search",)),
        ("{'tool': 'client_lookup'}", ("client_lookup",)),
        ("[broken", ("[broken",)),
        (None, ()),
    ],
)
def test_list_is_read_as_it_is_written(written: object, read: tuple[str, ...]) -> None:
    assert read_list(written) == read


def test_three_kinds_of_files_hold_the_same_records(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"rows": [{"question": "Why?"}]}', "utf-8")
    (tmp_path / "a.jsonl").write_text('{"question": "Why?"}\n\n', "utf-8")
    (tmp_path / "a.csv").write_text("\ufeffQuestion\nWhy?\n", "utf-8")
    for ending in ("json", "jsonl", "csv"):
        assert [dict(record) for record in read_records(tmp_path / f"a.{ending}")] == [{"question": "Why?"}]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.jsonl", '{"a": 1}\n{"a": \n', "line 2"),
        ("a.jsonl", "[1]\n", "line 1"),
        ("a.json", "[1, 2]", "JSON objects"),
        ("a.json", "{", "not JSON"),
        ("a.txt", "", ".jsonl or .csv"),
    ],
)
def test_file_that_cannot_be_read_says_where(tmp_path: Path, name: str, text: str, says: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(MalformedRequest) as caught:
        list(read_records(tmp_path / name))
    assert says in caught.value.message


def test_absent_file_and_foreign_bytes_are_malformed(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\xff")
    for name in ("absent.json", "b.json"):
        with pytest.raises(MalformedRequest):
            list(read_records(tmp_path / name))
