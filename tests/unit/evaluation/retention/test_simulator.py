"""One week at a time, by numbers that can be checked by hand."""

import math

import numpy as np
import pytest
from retention_worlds import tiny_world

from casewright.domain.outreach import OBSERVATION, PERIOD_WEEKS, ContactHistory, observe
from casewright.evaluation.retention.population import draw_population
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import build_world, read_law

WEEKLY = np.zeros(1, dtype=np.int8)


def offers(*wanted: int) -> np.ndarray:
    return np.array(wanted, dtype=np.int8)


def test_a_week_earns_the_margin_of_those_still_there_and_the_last_one_the_tail() -> None:
    simulator = Simulator(tiny_world(), np.random.default_rng(1))
    rewards = [float(simulator.step(offers(0), WEEKLY).reward[0]) for _ in range(PERIOD_WEEKS)]
    assert rewards[:3] == pytest.approx([10, 9, 8.1])
    assert rewards[-1] == pytest.approx(10 * 0.9**25 + 10 * 0.9**26)


def test_an_accepted_offer_costs_its_discount_and_lowers_the_hazard_while_its_term_runs() -> None:
    simulator = Simulator(tiny_world(relief=math.log(0.5)), np.random.default_rng(1))
    first = simulator.step(offers(3), WEEKLY)
    assert (float(first.reward[0]), float(first.outlay[0])) == pytest.approx((10 - 2.5, 2.5))
    assert bool(first.was_accepted[0])
    second = simulator.step(offers(0), WEEKLY)
    assert float(second.weight[0]) == pytest.approx(0.95)
    assert float(second.outlay[0]) == pytest.approx(0.95 * 2)
    for _ in range(10):
        simulator.step(offers(0), WEEKLY)
    after = simulator.step(offers(0), WEEKLY)
    assert float(after.weight[0]) == pytest.approx(0.95**12)
    assert float(after.outlay[0]) == 0
    assert float(simulator.weight[0]) == pytest.approx(0.95**12 * 0.9)


def test_a_declined_contact_raises_the_hazard_for_six_weeks() -> None:
    simulator = Simulator(tiny_world(accept=0.0, annoyance=math.log(2)), np.random.default_rng(1))
    first = simulator.step(offers(1), WEEKLY)
    assert float(first.outlay[0]) == 3
    assert not first.was_accepted[0]
    for _ in range(6):
        simulator.step(offers(0), WEEKLY)
    assert float(simulator.weight[0]) == pytest.approx(0.8**6 * 0.9)


def test_a_contact_within_the_cooldown_or_above_the_cap_or_without_consent_does_not_happen() -> None:
    simulator = Simulator(tiny_world(2), np.random.default_rng(1), consent=np.array([True, False]))
    both = np.zeros(2, dtype=np.int8)
    contacts = [simulator.step(offers(2, 2), both).was_contacted.tolist() for _ in range(12)]
    assert [week for week, (first, _) in enumerate(contacts) if first] == [0, 2, 4, 6]
    assert not any(second for _, second in contacts)


def test_until_the_next_decision_is_due_nothing_is_said() -> None:
    simulator = Simulator(tiny_world(), np.random.default_rng(1))
    simulator.step(offers(0), np.array([2], dtype=np.int8))
    contacts = [bool(simulator.step(offers(1), WEEKLY).was_contacted[0]) for _ in range(4)]
    assert contacts == [False, False, False, True]


def test_each_contact_of_the_period_makes_a_complaint_likelier() -> None:
    simulator = Simulator(tiny_world(complaint=0.1), np.random.default_rng(1))
    first = simulator.step(offers(1), WEEKLY)
    simulator.step(offers(0), WEEKLY)
    second = simulator.step(offers(1), WEEKLY)
    assert float(first.complaints[0]) == pytest.approx(0.1)
    assert float(second.complaints[0]) == pytest.approx(0.16 * 0.81)


def test_the_mask_allows_no_contact_always_and_offers_only_where_the_rules_do() -> None:
    simulator = Simulator(tiny_world(), np.random.default_rng(1))
    assert simulator.offer_mask().tolist() == [[True] * 5]
    simulator.step(offers(1), WEEKLY)
    assert simulator.offer_mask().tolist() == [[True, False, False, False, False]]


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    world = build_world(draw_population(300), read_law())

    def earned(seed: int) -> float:
        simulator = Simulator(world, np.random.default_rng(seed))
        every = np.full(len(world), 3, dtype=np.int8)
        late = np.zeros(len(world), dtype=np.int8)
        return float(sum(simulator.step(every, late).reward.sum() for _ in range(PERIOD_WEEKS)))

    assert earned(5) == earned(5)
    assert earned(5) != earned(6)


def test_expected_churn_is_the_mean_of_sampled_churn() -> None:
    world = tiny_world(20_000)
    simulator = Simulator(world, np.random.default_rng(3), is_sampled=True)
    none = np.zeros(len(world), dtype=np.int8)
    total = sum(float(simulator.step(none, none).reward.mean()) for _ in range(PERIOD_WEEKS))
    exact = 10 * (1 - 0.9**26) / 0.1 + 10 * 0.9**26
    assert total == pytest.approx(exact, rel=0.02)


def test_what_a_policy_sees_in_the_simulator_is_what_it_sees_when_it_serves() -> None:
    population = draw_population(20)
    simulator = Simulator(build_world(population, read_law()), np.random.default_rng(1), prices=(2.0, 30.0))
    every = np.full(20, 3, dtype=np.int8)
    none = np.zeros(20, dtype=np.int8)
    step = simulator.step(every, none)
    for _ in range(3):
        simulator.step(none, none)
    for index in range(20):
        history = ContactHistory(1, 0, 28, 2, bool(step.was_accepted[index]))
        served = observe(population.profile(index), history, 4, 2.0, 30.0)
        assert len(served) == len(OBSERVATION)
        assert simulator.observation[index] == pytest.approx(served, abs=1e-3)
