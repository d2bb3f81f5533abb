"""`casewright retention stress` on few customers."""

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casewright.cli.app import app

full = pytest.mark.skipif(not os.environ.get("CASEWRIGHT_FULL"), reason="minutes: run by make test-all")


def test_fewer_cohorts_than_a_batch_are_refused() -> None:
    assert CliRunner().invoke(app, ["retention", "stress", "--cohorts", "1"]).exit_code == 2


@full
def test_every_shift_is_reported_and_no_shielded_cohort_breaks(tmp_path: Path) -> None:
    sizes = ["--customers", "300", "--cohorts", "20", "--shifted", "20", "--opened", "20", "--size", "500"]
    result = CliRunner().invoke(app, ["retention", "stress", *sizes, "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    document = json.loads((tmp_path / "stress.json").read_text("utf-8"))
    assert len(document["shifts"]) == 8
    assert sum(row["shielded"]["broken"] for row in document["shifts"]) == 0
    assert "Poisoned learning" in result.stdout
