"""The law of the simulator: frozen, checked, and drawn by seed."""

from importlib import resources
from typing import Any

import numpy as np
import pytest
import yaml

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.world import (
    build_law,
    build_world,
    expected_world,
    implied_hazard,
    read_law,
    type_probabilities,
)


def document() -> dict[str, Any]:
    text = resources.files("casewright.evaluation.retention.data").joinpath("world.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_the_packaged_law_is_the_frozen_one() -> None:
    assert read_law().version == "f4d35a0e7e908cd92219bda9482c3dd8fd03d350ddb39595d51728a26a3367e8"


def test_another_number_is_another_law() -> None:
    changed = document()
    changed["limits"]["budget"] = 7.0
    assert build_law(changed).version != build_law(document()).version


def test_a_law_with_an_unknown_input_is_refused_with_its_name() -> None:
    changed = document()
    changed["types"]["price"]["score"]["shoe_size"] = 1.0
    with pytest.raises(ConfigurationError, match="cannot be read"):
        build_law(changed)


def test_a_quarter_of_even_weeks_gives_back_its_risk() -> None:
    hazard = implied_hazard(np.array([0.3], dtype=np.float32))
    assert 1 - (1 - hazard[0]) ** 13 == pytest.approx(0.3, abs=1e-6)


def test_types_are_drawn_with_their_probabilities_and_worlds_by_seed() -> None:
    population, law = draw_population(20_000), read_law()
    world = build_world(population, law, 3)
    expected = type_probabilities(population.inputs(), law).mean(axis=0)
    assert world.hidden[:, :5].mean(axis=0) == pytest.approx(expected, abs=0.01)
    assert np.array_equal(world.accept, build_world(population, law, 3).accept)
    assert not np.array_equal(world.accept, build_world(population, law, 4).accept)


def test_the_expected_world_is_the_mean_of_many() -> None:
    population, law = draw_population(50), read_law()
    mean = np.mean([build_world(population, law, seed).hazard for seed in range(300)], axis=0)
    expected = expected_world(population, law).hazard
    assert np.abs(mean / expected - 1).mean() < 0.1
