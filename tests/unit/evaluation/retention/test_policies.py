"""Policies of the arena: what is chosen, and with which probability."""

import numpy as np
from small_world import small_world

from casewright.adapters.retention.weights import read_policy
from casewright.evaluation.retention.policies import (
    NetworkPolicy,
    NoContact,
    RandomContacts,
    certain_choice,
    draw_choice,
)
from casewright.evaluation.retention.simulator import PRICE_COLUMNS, Simulator


def observed() -> tuple[np.ndarray, np.ndarray]:
    simulator = Simulator(small_world(), np.random.default_rng(0))
    return simulator.observation, simulator.offer_mask()


def test_nobody_is_contacted_by_no_contact() -> None:
    assert NoContact().decide(*observed(), np.random.default_rng(0)).offers.tolist() == [0] * 300


def test_random_contacts_spread_their_share_over_the_levels_and_respect_the_mask() -> None:
    observation, mask = observed()
    mask[0, 1:] = False
    offers, delays = RandomContacts(0.2).probabilities(observation, mask)
    assert offers[0].tolist() == [1, 0, 0, 0, 0]
    assert np.allclose(offers[1], [0.8, 0.05, 0.05, 0.05, 0.05])
    assert delays[1].tolist() == [1, 0, 0, 0]


def test_a_choice_is_drawn_by_its_probabilities_and_says_its_own() -> None:
    offers, delays = np.tile([0.25, 0.0, 0.75, 0.0, 0.0], (4_000, 1)), np.tile([0.5, 0.5, 0, 0], (4_000, 1))
    choice = draw_choice(offers, delays, np.random.default_rng(1))
    assert set(choice.offers.tolist()) == {0, 2}
    assert abs((choice.offers == 2).mean() - 0.75) < 0.03
    assert set(choice.probabilities[choice.offers == 2].tolist()) == {0.375}
    assert choice.urgency is not None
    assert set(choice.urgency.tolist()) == {0.75}


def test_a_certain_choice_has_probability_one() -> None:
    assert certain_choice(np.array([0, 3])).probabilities.tolist() == [1, 1]


def test_a_network_reads_its_own_prices_unless_it_is_steered() -> None:
    observation, mask = observed()
    dear = observation.copy()
    dear[:, PRICE_COLUMNS] = 5.0
    own = NetworkPolicy("n", read_policy(), (1.0, 20.0))
    steered = NetworkPolicy("n", read_policy(), (1.0, 20.0), is_steered=True)
    assert np.array_equal(own.probabilities(observation, mask)[0], own.probabilities(dear, mask)[0])
    assert not np.array_equal(
        steered.probabilities(observation, mask)[0], steered.probabilities(dear, mask)[0]
    )


def test_a_greedy_network_takes_the_likeliest() -> None:
    observation, mask = observed()
    policy = NetworkPolicy("n", read_policy(), (1.0, 20.0), is_greedy=True)
    choice = policy.decide(observation, mask, np.random.default_rng(0))
    assert np.array_equal(choice.offers, policy.probabilities(observation, mask)[0].argmax(axis=1))


def test_a_dearer_budget_means_fewer_contacts() -> None:
    observation, mask = observed()
    policy = NetworkPolicy("n", read_policy(), (1.0, 20.0))
    silence = [
        policy.at_prices((price, 20.0)).probabilities(observation, mask)[0][:, 0].mean()
        for price in (0.5, 4.0)
    ]
    assert silence[0] < silence[1]
