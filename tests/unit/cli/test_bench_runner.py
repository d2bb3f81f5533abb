"""`casewright bench runner`: the table and the results."""

import json
from pathlib import Path

import pytest

from casewright.cli.app import run_command_line


def test_a_quick_run_shows_a_table_and_writes_results_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        run_command_line(["bench", "runner", "--quick", "--results", "out"])
    assert not ended.value.code
    assert "a walk with a journal row for each step" in " ".join(capsys.readouterr().out.split())
    assert json.loads(Path("out/runner.json").read_text("utf-8"))["bench"] == "runner"
