"""Configurations: documented defaults, and problems told with their place."""

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
import yaml

from casewright.domain.errors import ConfigurationError
from casewright.learning.retention.duals import DualRule
from casewright.learning.retention.training_config import check_training_config, read_training_config


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    return read_training_config(path)


def test_every_default_is_in_the_packaged_file() -> None:
    text = resources.files("casewright.learning.retention").joinpath("train.yaml").read_text("utf-8")
    packaged, whole = yaml.safe_load(text), read_training_config().as_document()
    for name, value in whole.items():
        if isinstance(value, dict):
            assert set(packaged[name]) == set(value)
        assert name in packaged


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    changed = read(tmp_path, "budget_share: 0.5\nppo: {iterations: 7}\nduals: {rule: adam, start: 2}\n")
    defaults = read_training_config()
    assert (changed.budget_share, changed.ppo.iterations, changed.duals.rule) == (0.5, 7, DualRule.ADAM)
    assert changed.duals.start == 2.0
    assert changed.ppo.clip == defaults.ppo.clip
    assert changed.tuning == defaults.tuning


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ppo: {iteration: 7}", "ppo, iteration is unknown"),
        ("ppo: {iterations: many}", "ppo, iterations has to be like"),
        ("ppo: 7", "ppo holds names and values"),
        ("ppo: {clip: -0.1}", "clip has to be between 0 and 1"),
        ("ppo: {clip: .nan}", "clip has to be between 0 and 1"),
        ("budget_share: 0", "budget_share has to be from 0.01"),
        ("budget_share: .inf", "budget_share has to be from 0.01"),
        ("ppo: {minibatch: 0}", "ppo, minibatch has to be from 16"),
        ("ppo: {iterations: 0}", "ppo, iterations has to be from 1"),
        ("ppo: {epochs: 0}", "ppo, epochs has to be from 1"),
        ("ppo: {actor_layers: []}", "actor_layers needs at least one"),
        (
            "tuning: {rounds: 0, copies: 0}",
            "tuning, copies has to be from 1.*tuning, rounds has to be from 1",
        ),
        ("tuning: {headroom: 2}", "headroom has to be from 0 to 0.9"),
        ("duals: {rule: guess}", "none of pid, adam"),
        ("tuning: {budgets: [0.5]}", "1.0 has to be among them"),
        ("- a list", "names and values are needed"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read(tmp_path, text)


def test_an_absent_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.yaml cannot be read"):
        read_training_config(tmp_path / "none.yaml")


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(
            tmp_path,
            "nonsense: 1\nppo: {clip: high, trace: 2}\nduals: {rule: guess}\ntuning: {budgets: [0.5]}\n",
        )
    for part in ("nonsense", "ppo, clip has to be like", "ppo, trace", "duals, rule", "tuning, budgets"):
        assert part in caught.value.message


def test_a_configuration_that_was_changed_after_reading_is_checked_too() -> None:
    check_training_config(read_training_config())
    with pytest.raises(ConfigurationError, match=r"budget_share has to be .* not inf"):
        check_training_config(replace(read_training_config(), budget_share=float("inf")))
