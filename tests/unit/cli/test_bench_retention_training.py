"""`casewright bench retention-training`: a quick run shows its measures and writes only where it is told."""

from pathlib import Path

import pytest

from casewright.cli import bench_retention_training as command
from casewright.evaluation.bench_measures import Measure
from casewright.learning.retention import bench_training


def test_a_quick_run_writes_its_measures_where_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [Measure("Training with both limits", "customer-weeks", 140_000, "/CPU-s", at_least=130_000)]
    monkeypatch.setattr(bench_training, "run_training_bench", lambda sizes, seed, tell: found)
    command.run_retention_training(quick=True, seed=1, results=tmp_path)
    assert "140,000 /CPU-s" in capsys.readouterr().out
    assert (tmp_path / "retention-training.json").is_file()
