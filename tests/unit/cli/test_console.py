"""What reaches a terminal: text as text."""

import pytest
from rich.console import Console

from casewright.cli.console import clean, count_of, say_beside, write_json


def test_what_a_terminal_could_act_on_is_replaced() -> None:
    assert clean("a\x1b[31mb\rc\nd\u202ee\ud800") == "a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffd"


def test_bangla_and_its_joiners_stay() -> None:
    assert clean("র\u200d্যাব টাকা") == "র\u200d্যাব টাকা"


def test_json_is_one_line_in_utf_8(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_json({"a": "টাকা", "b": "x\ny"})
    assert capfdbinary.readouterr().out == '{"a":"টাকা","b":"x\\ny"}\n'.encode()


def test_one_is_counted_as_one() -> None:
    assert [count_of(number, "row") for number in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]
    assert count_of(2, "entry", "entries") == "2 entries"


def test_a_long_text_stays_beside_its_label(capsys: pytest.CaptureFixture[str]) -> None:
    say_beside(Console(width=40), "answer", "one two three four five six seven eight nine ten")
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("           answer  one")
    assert rest
    assert all(line.startswith(" " * 19) and line[19] != " " for line in rest)
