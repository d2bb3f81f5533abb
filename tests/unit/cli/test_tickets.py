"""Reading tickets: the three forms of input, and where a problem stands."""

import io
import sys
from pathlib import Path

import pytest

from casewright.cli.tickets import read_tickets
from casewright.domain.errors import MalformedRequest


def write(tmp_path: Path, text: str, name: str = "tickets.json") -> str:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return str(path)


def test_object_is_one_ticket(tmp_path: Path) -> None:
    source = write(tmp_path, '{\n "a": 1\n}')
    (ticket,) = read_tickets(source)
    assert (ticket.place, ticket.document) == (source, {"a": 1})


def test_array_is_many_tickets_with_their_numbers(tmp_path: Path) -> None:
    source = write(tmp_path, '[{"a": 1}, 7]')
    assert [(ticket.place, ticket.document) for ticket in read_tickets(source)] == [
        (f"{source}, item 1", {"a": 1}),
        (f"{source}, item 2", 7),
    ]


def test_lines_are_many_tickets_whatever_the_name(tmp_path: Path) -> None:
    source = write(tmp_path, '{"a": 1}\n\n{"a": 2}\n', "tickets.txt")
    assert [ticket.place for ticket in read_tickets(source)] == [f"{source}, line 1", f"{source}, line 3"]


def test_single_line_of_a_jsonl_file_keeps_its_number(tmp_path: Path) -> None:
    source = write(tmp_path, '{"a": 1}\n', "tickets.jsonl")
    assert read_tickets(source)[0].place == f"{source}, line 1"


def test_bad_line_costs_that_line_only(tmp_path: Path) -> None:
    source = write(tmp_path, '{"a": 1}\n{"a": \n{"a": 3}\n')
    good, bad, last = read_tickets(source)
    assert (good.problem, last.problem) == ("", "")
    assert bad.place == f"{source}, line 2"
    assert "not JSON" in bad.problem


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"a": 1}')))
    assert read_tickets("-")[0].place == "standard input"


@pytest.mark.parametrize("text", ["", " \n", '{"a": ', "ticket", "[{]"])
def test_file_with_nothing_to_read_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    source = write(tmp_path, text)
    with pytest.raises(MalformedRequest, match=r"tickets\.json"):
        read_tickets(source)


def test_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedRequest, match="no such file"):
        read_tickets(str(tmp_path / "none.json"))
    with pytest.raises(MalformedRequest, match="cannot be read"):
        read_tickets(str(tmp_path))
