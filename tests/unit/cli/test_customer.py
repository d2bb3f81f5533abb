"""`casewright customer`: what was erased is told, and an id of nobody is not told as an erasure."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from casewright.cli.app import app

RUN = CliRunner()


def test_erasing_nobody_and_erasing_twice_are_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert RUN.invoke(app, ["demo-data", "--customers", "9"]).exit_code == 0
    first, again, nobody = (
        RUN.invoke(app, ["customer", "erase", name, "--yes"]) for name in ("CUS-1001", "CUS-1001", "CUS-9999")
    )
    assert "Erased of CUS-1001: 4 values" in first.output
    assert "Nothing is held of a customer 'CUS-1001'" in again.output
    assert "Nothing is held of a customer 'CUS-9999'" in nobody.output
