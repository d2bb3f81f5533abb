"""The optimum and its bounds, against worlds whose answer is plain."""

import math

import numpy as np
import pytest
from retention_worlds import tiny_world

from casewright.domain.outreach import PERIOD_WEEKS
from casewright.evaluation.retention.observed_bound import observed_bound
from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.programme import full_information_bound, nothing_said, solve
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import World, build_world, expected_world, read_law


def play(world: World, chosen: np.ndarray, prices: tuple[float, float], seed: int = 1) -> np.ndarray:
    """(n,) priced value of the offers (weeks, states, n)."""
    simulator = Simulator(world, np.random.default_rng(seed))
    total = np.zeros(len(world))
    every = np.arange(len(world))
    for week in range(PERIOD_WEEKS):
        step = simulator.step(chosen[week, simulator.state, every], np.zeros(len(world), dtype=np.int8))
        total += step.reward - prices[0] * step.outlay - prices[1] * step.complaints
    return total


def test_without_any_effect_nothing_is_said_and_nothing_is_gained() -> None:
    world = tiny_world()
    solution = solve(world, (0.0, 0.0), keeps_offers=True)
    assert solution.offers is not None
    assert not solution.offers[:, 0].any()
    assert float(solution.value[0]) == pytest.approx(nothing_said(world), rel=1e-5)


def test_what_the_programme_promises_is_what_the_simulator_pays() -> None:
    """Acceptance is certain or impossible here, so that one play is the expectation."""
    for accept in (0.0, 1.0):
        world = tiny_world(
            accept=accept, relief=[-0.2, -0.5, -0.9, -1.4], complaint=0.05, annoyance=0.3, margin=20.0
        )
        prices = (0.4, 3.0)
        solution = solve(world, prices, keeps_offers=True)
        assert solution.offers is not None
        assert play(world, solution.offers, prices)[0] == pytest.approx(float(solution.value[0]), rel=1e-4)


def test_a_relief_worth_more_than_it_costs_is_bought_and_a_price_stops_it() -> None:
    world = tiny_world(relief=[0.0, math.log(0.5), 0.0, 0.0])
    cheap, dear = (solve(world, (price, 0.0), keeps_offers=True).offers for price in (0.0, 50.0))
    assert cheap is not None
    assert dear is not None
    assert int(cheap[0, 0, 0]) == 2
    assert not dear[:, 0].any()


def test_the_bound_lies_above_what_its_own_optimum_earns_within_the_limits() -> None:
    world = build_world(draw_population(300), read_law())
    bound = full_information_bound(world)
    solution = solve(world, bound.prices, keeps_offers=True)
    assert solution.offers is not None
    values = [play(world, solution.offers, (0.0, 0.0), seed).mean() for seed in range(3)]
    zero = nothing_said(world)
    assert zero < np.mean(values)
    assert np.mean(values) - zero == pytest.approx(bound.value - zero, rel=0.1)


def test_who_sees_less_cannot_earn_more_than_who_knows_all() -> None:
    population, law = draw_population(200), read_law()
    known = full_information_bound(build_world(population, law)).value
    zero = nothing_said(build_world(population, law))
    seen = observed_bound(population, law).value - nothing_said(expected_world(population, law))
    assert seen > 0
    assert seen < 1.05 * (known - zero)
