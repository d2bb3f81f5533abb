"""`casewright bench store`: the table, the results, and what was not measured."""

import json
from pathlib import Path

import pytest

from casewright.cli.app import run_command_line
from casewright.evaluation.bench_measures import Measure


def test_results_are_shown_and_written_and_what_is_missing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    measured = [Measure("SQLite", "look-up p50", 0.1, "ms", at_most=5)]
    monkeypatch.setattr(
        "casewright.evaluation.bench_store.run_store_bench", lambda *_: (measured, ["PostgreSQL: not here"])
    )
    with pytest.raises(SystemExit) as ended:
        run_command_line(["bench", "store", "--quick", "--results", "out"])
    assert not ended.value.code
    shown = capsys.readouterr()
    assert "look-up p50" in shown.out
    assert "Not measured: PostgreSQL: not here" in shown.err
    assert json.loads(Path("out/store.json").read_text("utf-8"))["bench"] == "store"
