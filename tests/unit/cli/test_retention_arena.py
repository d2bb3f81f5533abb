"""`casewright retention simulate`, `arena`, `plots` on few customers."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casewright.cli import retention_arena
from casewright.cli.app import app
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.retention.arena import ArenaResult, run_arena
from casewright.evaluation.retention.policies import NoContact
from casewright.learning.retention.roster import Grounds

full = pytest.mark.skipif(not os.environ.get("CASEWRIGHT_FULL"), reason="minutes: run by make test-all")


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["retention", *arguments])
    if isinstance(result.exception, ConfigurationError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize("policy", ["none", "random", "shipped"])
def test_one_period_is_simulated_and_replays(policy: str) -> None:
    arguments = ("simulate", "--customers", "200", "--policy", policy)
    assert run(*arguments) == run(*arguments)


def test_an_arenas_policy_needs_a_name_and_a_file() -> None:
    with pytest.raises(ConfigurationError, match="NAME=FILE"):
        run("arena", "--customers", "200", "--policy", "nofile")


def test_plots_are_drawn_from_results_or_it_is_said_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="run `casewright retention arena` first"):
        run("plots", "--out", str(tmp_path))
    (tmp_path / "arena.json").write_text("{}", "utf-8")
    with pytest.raises(ConfigurationError, match="not as its command wrote it"):
        run("plots", "--out", str(tmp_path))
    interval = {"mean": 0.5, "low": 0.4, "high": 0.6}
    row = {"name": "a", "share": interval, "budget_used": interval, "complaints_used": interval}
    (tmp_path / "arena.json").write_text(json.dumps({"scored": [row]}), "utf-8")
    run("plots", "--out", str(tmp_path))
    assert (tmp_path / "arena.svg").is_file()
    assert (tmp_path / "limits.svg").is_file()


def test_a_number_stands_above_its_interval() -> None:
    assert retention_arena._stacked("0.98 [0.93, 1.03] ×") == "0.98 ×\n[0.93,1.03]"
    assert retention_arena._stacked("no contact") == "no contact"


def test_names_are_whole_on_the_screen_and_the_line_above_says_what_brackets_mean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("certainty-equivalent programme (reference)", "no contact")

    def meet(grounds: Grounds, *others: object) -> ArenaResult:
        policies = [replace(NoContact(), name=name) for name in names]
        return run_arena(policies, grounds.world, (0,), names[0])

    monkeypatch.setattr(retention_arena, "_meet", meet)
    printed = run("arena", "--customers", "200", "--budget-share", "0.5", "--out", str(tmp_path))
    assert "In brackets: 95 % intervals over customers" in printed
    for word in ("certainty-equivalent", "programme", "(reference)"):
        assert word in printed
    assert "…" not in printed
    assert "contacts" in printed
    assert json.loads((tmp_path / "arena.json").read_text("utf-8"))["budget_share"] == 0.5


@full
def test_the_arena_writes_table_plots_and_json(tmp_path: Path) -> None:
    printed = json.loads(run("arena", "--customers", "300", "--seeds", "1", "--out", str(tmp_path), "--json"))
    assert printed["scored"][0]["name"] == "PPO, shipped"
    assert len(printed["scored"]) == 14
    assert json.loads((tmp_path / "arena.json").read_text("utf-8"))["kept_aside"] == printed["kept_aside"]
