"""Populations: by seed, split by hash, and observed as the desk observes."""

import hashlib

import numpy as np
import pytest

from casewright.domain.outreach import observe_profile
from casewright.evaluation.retention.population import draw_population, is_kept_aside


def test_a_population_is_the_same_for_the_same_seed_alone() -> None:
    first, again, other = draw_population(50, 1), draw_population(50, 1), draw_population(50, 2)
    assert np.array_equal(first.inputs(), again.inputs())
    assert not np.array_equal(first.inputs(), other.inputs())


def test_odd_hashes_are_kept_aside() -> None:
    for name in ("a", "b", "c", "d"):
        assert is_kept_aside(name) == (int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 1)


def test_half_of_a_population_is_kept_aside_and_taken_apart_it_is_whole() -> None:
    population = draw_population(1_000)
    aside = population.is_kept_aside()
    assert 430 < aside.sum() < 570
    kept, rest = population.take(aside), population.take(~aside)
    assert sorted(kept.customer_ids + rest.customer_ids) == sorted(population.customer_ids)


def test_inputs_of_all_are_the_inputs_of_each() -> None:
    population = draw_population(30)
    inputs = population.inputs()
    for index in range(30):
        assert inputs[index] == pytest.approx(observe_profile(population.profile(index)), abs=1e-3)
