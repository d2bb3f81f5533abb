"""`casewright retention train` and `export`, in process: small runs, other budgets, mistakes told."""

import json
from pathlib import Path

import pytest

from casewright.adapters.retention.weights import read_policy
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
