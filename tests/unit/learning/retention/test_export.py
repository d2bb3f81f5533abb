"""What a run leaves: a policy that serves, a card that says how it was made, and no reference that cheated."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from casewright.adapters.retention.weights import read_policy
from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.world import read_law
from casewright.learning.retention.export import Run, describe_population, write_run
from casewright.learning.retention.networks import build_network, layers_of
from casewright.learning.retention.ppo import Sight
from casewright.learning.retention.training import Judgement, Trained
from casewright.learning.retention.training_config import read_training_config


def make_run(*, sees_hidden: bool = False) -> Run:
    layers = layers_of(build_network((24, 8, 9), np.random.default_rng(0), last_gain=1.0))
    sight = Sight((5, 4), sees_prices=True, sees_hidden=sees_hidden)
    curves = ((10.0, 1.1, 0.9, 1.0, 20.0), (11.0, 1.0, 0.95, 1.2, 18.0))
    trained = Trained(layers, sight, (1.2, 18.0), (5.0, 60.0), 5200, 0.5, curves)
    population = draw_population(40, 1)
    return Run(
        trained,
        {0.5: (2.0, 10.0), 1.0: (1.1, 17.0)},
        Judgement(280.0, 0.7, 0.99, 0.8),
        read_training_config(),
        7,
        read_law(),
        describe_population(population, "synthetic"),
    )


def test_policy_and_card_tell_the_same_and_how_to_make_it_again(tmp_path: Path) -> None:
    run = make_run()
    names = {path.name for path in write_run(tmp_path, run)}
    assert names == {"policy.npz", "run_card.json", "curves.svg"}
    policy, card = (
        read_policy(tmp_path / "policy.npz"),
        json.loads((tmp_path / "run_card.json").read_text("utf-8")),
    )
    assert card["policy"] == policy.version
    assert (policy.budget_price, policy.complaint_price) == (1.1, 17.0)
    assert (card["seed"], card["law"], card["kept_aside"]["share"]) == (7, run.law.version, 0.7)
    assert card["config"]["ppo"]["clip"] == run.config.ppo.clip
    assert len(card["curves"]["by_iteration"]) == 2


def test_a_run_twice_written_is_the_same_policy_and_the_same_curves(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_run(tmp_path / name, make_run())
    for name in ("policy.npz", "curves.svg"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_what_saw_the_hidden_side_is_not_exported(tmp_path: Path) -> None:
    run = make_run(sees_hidden=True)
    assert "policy.npz" not in {path.name for path in write_run(tmp_path, run)}
    assert json.loads((tmp_path / "run_card.json").read_text("utf-8"))["is_servable"] is False


def test_no_customer_is_named(tmp_path: Path) -> None:
    population = draw_population(40, 1)
    write_run(tmp_path, replace(make_run(), data=describe_population(population, "table")))
    card = (tmp_path / "run_card.json").read_text("utf-8")
    assert not any(customer in card for customer in population.customer_ids)
