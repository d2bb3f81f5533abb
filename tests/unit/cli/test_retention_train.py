"""`casewright retention train` and `export`, in process: small runs, other budgets, mistakes told."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from casewright.adapters.retention.weights import read_policy
from casewright.cli import retention_results, retention_train
from casewright.cli.app import run_command_line
from casewright.cli.retention_train import export, train
from casewright.domain.errors import ConfigurationError

SMALL = """
customers: 120
ppo: {iterations: 1, actor_layers: [8], critic_layers: [8], minibatch: 256}
tuning: {copies: 1, rounds: 1, budgets: [0.5, 1.0]}
"""


def test_a_training_leaves_a_policy_that_serves_and_its_card(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "small.yaml"
    config.write_text(SMALL, "utf-8")
    train(data=None, config=config, seed=5, world_seed=42, out=tmp_path / "run", budget_share=0.5, iterations=None,
          sees_hidden=False, show_config=False)  # fmt: skip
    card = json.loads((tmp_path / "run" / "run_card.json").read_text("utf-8"))
    assert card["policy"] == read_policy(tmp_path / "run" / "policy.npz").version
    assert card["config"]["budget_share"] == 0.5
    assert "kept aside" in capsys.readouterr().out


def test_the_shipped_policy_is_exported_for_half_the_budget_at_a_higher_price(tmp_path: Path) -> None:
    export(out=tmp_path / "half.npz", policy=None, budget_share=0.5)
    half, whole = read_policy(tmp_path / "half.npz"), read_policy()
    assert half.budget_price > whole.budget_price
    assert half.facts["budget_per_customer"] == pytest.approx(whole.facts["budget_per_customer"] / 2)
    assert (half.layers[0][0] == whole.layers[0][0]).all()
    export(out=tmp_path / "back.npz", policy=tmp_path / "half.npz", budget_share=2.0)
    assert read_policy(tmp_path / "back.npz").budget_price == pytest.approx(whole.budget_price)


def test_a_budget_beyond_those_tuned_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="prices for"):
        export(out=tmp_path / "far.npz", policy=None, budget_share=40.0)


def test_the_defaults_are_printed_to_be_changed(capsys: pytest.CaptureFixture[str]) -> None:
    train(show_config=True)
    assert "price_share:" in capsys.readouterr().out


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        run_command_line(["retention", *arguments])
    return int(ended.value.code or 0), capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "--seed", "-1"),
        ("train", "--world-seed", "-1"),
        ("simulate", "--seed", "-1"),
        ("arena", "--seed", "-1"),
        ("ope", "--seed", "-1"),
        ("stress", "--seed", "-1"),
        ("train-risk", "--data", "x.csv", "--seed", "-1"),
    ],
)
def test_a_seed_below_0_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> None:
    code, said = run(capsys, *arguments)
    assert code == 2
    assert "seed" in said


@pytest.mark.parametrize("command", ["train", "arena", "baselines", "ope", "stress"])
def test_a_folder_that_cannot_be_written_is_told_before_anything_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_results, "build_grounds_of", pytest.fail)
    monkeypatch.setattr(retention_train, "_run", pytest.fail)
    (tmp_path / "small.csv").touch()
    for out in (tmp_path / "small.csv", Path("/proc/nowhere")):
        code, said = run(capsys, command, "--out", str(out))
        assert code == 2
        assert said.startswith(f"casewright: --out {out}: is no folder that can be written")


@pytest.mark.parametrize("share", ["inf", "nan"])
def test_a_share_that_is_no_number_ends_with_2(capsys: pytest.CaptureFixture[str], share: str) -> None:
    code, said = run(capsys, "train", "--budget-share", share)
    assert code == 2
    assert "0.01" in said


def test_an_export_goes_to_a_file_in_a_folder_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for out, what in (
        (tmp_path, "is a folder; give a file"),
        (tmp_path / "none" / "x.npz", "there is no folder"),
        (Path("/proc/x.npz"), "cannot be written"),
    ):
        code, said = run(capsys, "export", "--out", str(out))
        assert code == 2
        assert said.startswith(f"casewright: --out {out}: {what}")
    assert not (tmp_path / "none").exists()


def test_a_text_file_is_no_exported_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.npz").write_text("a text", "utf-8")
    code, said = run(
        capsys, "export", "--policy", str(tmp_path / "text.npz"), "--out", str(tmp_path / "x.npz")
    )
    assert code == 2
    assert "text.npz is not an exported policy" in said
    assert "pickle" not in said


def test_limits_that_do_not_hold_on_others_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    judged = SimpleNamespace(budget_used=1.04, complaints_used=0.99)
    retention_train._warn(SimpleNamespace(judged=judged))
    said = capsys.readouterr().err
    assert "1.040 times the budget" in said
    assert "complaint" not in said
