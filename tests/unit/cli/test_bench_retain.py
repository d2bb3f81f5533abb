"""`casewright bench retain`, a little of it: limits hold in process and over HTTP, and the numbers are written."""

import json
import os
from pathlib import Path

import pytest

from casewright.cli.app import run_command_line

DECISIONS = 20_000 if os.environ.get("CASEWRIGHT_FULL") == "1" else 480


def test_no_hard_limit_is_broken_and_every_rule_is_put_to_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))
    sizes = ["--no-latency", "--sweep", str(DECISIONS)]
    run(["bench", "retain", *sizes, "--results", str(tmp_path), "--scratch", str(tmp_path)])
    found = json.loads((tmp_path / "hard_limits.json").read_text())
    assert found["sweep"]["violations"] == {}
    assert found["sweep"]["decisions"] >= DECISIONS
    assert found["sweep"]["contacts"] > 0
    assert set(found["sweep"]["sources"]) == {"baseline", "learned"}
    tested = {"consent", "unsubscribed", "channel", "zone", "quiet_hours", "cooldown", "weekly_cap"}
    assert tested <= set(found["sweep"]["forbidden"])
    assert all(measure.get("holds") is not False for measure in found["measures"])


def run(arguments: list[str]) -> None:
    try:
        run_command_line(arguments)
    except SystemExit as ended:
        assert not ended.code  # noqa: PT017 - a command ends the process
