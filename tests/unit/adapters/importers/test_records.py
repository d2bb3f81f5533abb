"""Records of files that people made: any mark between columns, any usual name, lines that are told."""

import json
from pathlib import Path

import pytest

from casewright.adapters.importers.records import MOST_BYTES, fold_column, read_records
from casewright.domain.errors import MalformedRequest, TooLarge

NAMES = {"id": ("number",), "text": ("words", "body")}


def write(folder: Path, text: str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8", newline="")
    return path


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_columns_are_parted_by_the_mark_that_the_header_has(tmp_path: Path, mark: str) -> None:
    text = f"\ufeffNumber{mark}Words\r\n1{mark}one, two; three\r\n".replace(", ", " ").replace("; ", " ")
    (record,) = read_records(write(tmp_path, text), NAMES).records
    assert (record.line, record.fields) == (2, {"id": "1", "text": "one two three"})


@pytest.mark.parametrize("written", ["lastMeeting", "Last Meeting", " last-meeting ", "LAST_MEETING"])
def test_spelling_of_a_column_does_not_matter(written: str) -> None:
    assert fold_column(written) == "last_meeting"


def test_of_two_columns_for_one_field_the_one_that_says_something_counts(tmp_path: Path) -> None:
    (record,) = read_records(write(tmp_path, "id,text,words\n1,,later\n"), NAMES).records
    assert (record.fields["text"], record.rivals) == ("later", {})


def test_two_columns_for_one_field_that_differ_are_rivals(tmp_path: Path) -> None:
    (record,) = read_records(write(tmp_path, "id,Text,words\n1,one,two\n"), NAMES).records
    assert (record.fields["text"], record.headings["text"], record.rivals) == (
        "one",
        "Text",
        {"text": "words"},
    )


def test_columns_that_mean_nothing_are_named_as_they_stand(tmp_path: Path) -> None:
    found = read_records(write(tmp_path, "id,text,Extra Column,\n1,one,,\n"), NAMES)
    assert found.unread == ("Extra Column",)
    with pytest.raises(MalformedRequest, match="not understood: Nummer"):
        read_records(write(tmp_path, "Nummer,text\n1,one\n"), NAMES, ("id",))


def test_value_runs_over_lines_and_the_next_record_knows_its_own(tmp_path: Path) -> None:
    found = read_records(write(tmp_path, 'id,text\n1,"a\n\nb"\n2,c\n'), NAMES)
    assert [(record.line, record.fields["text"]) for record in found.records] == [(2, "a\n\nb"), (5, "c")]


def test_lines_of_json_items_are_those_on_which_they_begin(tmp_path: Path) -> None:
    text = '{"rows": [\n  {"id": 1},\n\n  {"id": 2,\n   "text": "x"},\n 7\n]}'
    found = read_records(write(tmp_path, text, "a.json"), NAMES)
    assert [(record.line, record.fields["id"]) for record in found.records] == [(2, 1), (4, 2)]
    assert [(problem.line, problem.reason) for problem in found.problems] == [(6, "is no JSON object")]


def test_bad_line_of_json_lines_spoils_no_other(tmp_path: Path) -> None:
    found = read_records(write(tmp_path, '{"id": 1}\n{broken\n[]\n{"id": 2}\n', "a.jsonl"), NAMES)
    assert [record.line for record in found.records] == [1, 4]
    assert [(problem.line, problem.reason) for problem in found.problems] == [
        (2, "is not JSON"),
        (3, "is no JSON object"),
    ]


def test_file_that_is_too_large_or_too_deep_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(TooLarge):
        read_records(large, NAMES)
    with pytest.raises(MalformedRequest):
        read_records(write(tmp_path, "[" * 100_000, "deep.json"), NAMES)
    found = read_records(write(tmp_path, json.dumps({"id": 1}), "one.json"), NAMES, ("id",))
    assert len(found.records) == 1
