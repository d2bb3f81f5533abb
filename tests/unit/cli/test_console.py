"""What reaches a terminal: text as text."""

import pytest

from casewright.cli.console import clean, write_json


def test_what_a_terminal_could_act_on_is_replaced() -> None:
    assert clean("a\x1b[31mb\rc\nd\u202ee\ud800") == "a\ufffd[31mb\ufffdc\ufffdd\ufffde\ufffd"


def test_bangla_and_its_joiners_stay() -> None:
    assert clean("র\u200d্যাব টাকা") == "র\u200d্যাব টাকা"


def test_json_is_one_line_in_utf_8(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_json({"a": "টাকা", "b": "x\ny"})
    assert capfdbinary.readouterr().out == '{"a":"টাকা","b":"x\\ny"}\n'.encode()
