"""`casewright retention ope` on few customers."""

import json
from pathlib import Path

from typer.testing import CliRunner

from casewright.cli.app import app


def test_estimates_are_printed_beside_the_truth(tmp_path: Path) -> None:
    sizes = ["--rows", "200", "--runs", "2", "--period-rows", "100", "--period-runs", "1"]
    result = CliRunner().invoke(
        app, ["retention", "ope", "--customers", "200", *sizes, "--out", str(tmp_path)]
    )
    assert result.exit_code == 0, result.output
    assert "| DR |" in result.stdout
    assert "| sequential DR |" in result.stdout
    document = json.loads((tmp_path / "ope.json").read_text("utf-8"))
    assert [row["method"] for row in document["one_decision"]["estimates"]] == ["IPS", "SNIPS", "DM", "DR"]
    assert document["sequential"]["coverage"][0]["runs"] == 1
