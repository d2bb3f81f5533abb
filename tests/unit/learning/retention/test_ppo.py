"""The learner: advantages by hand, a toy's known optimum, limits met, masks kept, the same seed the same weights."""

from dataclasses import replace

import numpy as np
import pytest
from toy_contacts import DELAYS, INPUTS, OFFERS, ToyContacts, toy_setting

from casewright.adapters.retention.weights import Layers
from casewright.learning.retention.duals import PidDual
from casewright.learning.retention.ppo import (
    ConstrainedPpo,
    PpoConfig,
    Rollout,
    Sight,
    draw_codes,
    generalised_advantages,
    play,
)

QUICK = PpoConfig(
    iterations=30,
    actor_layers=(16,),
    critic_layers=(16,),
    actor_rate=0.02,
    critic_rate=0.02,
    minibatch=256,
    offer_entropy=0.02,
)
NO_PRICE = {"kp": 0.0, "ki": 0.0, "start": 0.0}
FOLLOWS = {"kp": 0.5, "ki": 0.05, "start": 0.5}


def learn(
    config: PpoConfig,
    budget: float,
    dual: dict[str, float],
    *,
    seed: int = 1,
    masked: float = 0.0,
    weeks: int = 1,
) -> tuple[Layers, ConstrainedPpo, list[Rollout]]:
    duals = (PidDual(1.0, **dual), PidDual(1.0, **NO_PRICE))
    learner = ConstrainedPpo(config, INPUTS, 1, (OFFERS, DELAYS), duals, seed)
    problem = ToyContacts(512, seed, weeks=weeks, masked_share=masked)
    seen: list[Rollout] = []
    layers = learner.train(lambda _: toy_setting(problem, budget), lambda _, rollout: seen.append(rollout))
    return layers, learner, seen


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)[:, None]


def test_advantages_gather_the_rewards_between_two_decisions() -> None:
    rewards, values = column(1, 2, 3), column(0.5, 9, 1)
    decides = column(1, 0, 1).astype(bool)
    # Week 2: 3 − 1 = 2. Week 0: 1 + 2 + 1 − 0.5 = 3.5, and half of the later 2.
    found = generalised_advantages(rewards, values, np.zeros_like(rewards), decides, 0.5)
    assert found[:, 0].tolist() == [4.5, 0.0, 2.0]


def test_luck_is_taken_out_of_the_week_in_which_it_fell_and_of_no_other() -> None:
    rewards, values = column(1, 2, 3), column(0.5, 9, 1)
    decides = column(1, 0, 1).astype(bool)
    found = generalised_advantages(rewards, values, column(0.25, 7, 0), decides, 0.5)
    assert found[:, 0].tolist() == [4.25, 0.0, 2.0]


def test_a_trace_of_one_gives_returns_less_values() -> None:
    rewards, values = column(1, 2, 3), column(0.5, 1, 1)
    everywhere = np.ones((3, 1), dtype=bool)
    found = generalised_advantages(rewards, values, np.zeros_like(rewards), everywhere, 1.0)
    assert found[:, 0].tolist() == [5.5, 4.0, 2.0]


def test_codes_are_drawn_by_their_probabilities() -> None:
    chances = np.tile(np.array([0.2, 0.0, 0.5, 0.3], dtype=np.float32), (20_000, 1))
    shares = np.bincount(draw_codes(chances, np.random.default_rng(0)), minlength=4) / 20_000
    assert shares[1] == 0
    assert shares == pytest.approx([0.2, 0.0, 0.5, 0.3], abs=0.015)


def test_rounding_never_draws_what_has_no_probability() -> None:
    """Ten times 0.1 in float32 is short of 1; the draw lies between."""

    class Last:
        def random(self, shape: tuple[int, int], dtype: type) -> np.ndarray:
            return np.full(shape, np.nextafter(np.float32(1), np.float32(0)), dtype=dtype)

    chances = np.array([[0.4, 0.3, 0.29999, 0.0], [0.0, 0.1, 0.9, 0.0]], dtype=np.float32)
    assert draw_codes(chances, Last()).tolist() == [0, 2]


def test_the_known_optimum_of_the_toy_is_reached() -> None:
    """Without limits everybody is offered 1: the mean worth, 0.5 a customer."""
    _, _, rollouts = learn(QUICK, 10.0, NO_PRICE)
    assert rollouts[0].value < 0.2
    assert np.mean([each.value for each in rollouts[-5:]]) == pytest.approx(0.5, abs=0.04)


def test_the_multiplier_meets_the_limit_at_the_price_known_by_hand() -> None:
    """A budget for 40 % of them: the best 40 %, at a price of 0.6, who bring 0.4 × 0.8 a customer."""
    _, learner, rollouts = learn(replace(QUICK, iterations=50), 0.4, FOLLOWS)
    last = rollouts[-10:]
    assert np.mean([each.used[0] for each in last]) == pytest.approx(1.0, abs=0.1)
    assert learner.duals[0].price == pytest.approx(0.6, abs=0.08)
    assert np.mean([each.value for each in last]) == pytest.approx(0.32, abs=0.04)


def test_whom_a_mask_bars_is_never_contacted() -> None:
    """The toy fails where a masked offer is made; here half of the customers are barred."""
    _, _, rollouts = learn(replace(QUICK, iterations=10), 10.0, NO_PRICE, masked=0.5, weeks=2)
    barred = ~rollouts[-1].masks[:, 1]
    assert 0.3 < barred.mean() < 0.7
    assert (rollouts[-1].offers[barred] == 0).all()


def test_rows_are_decisions_and_no_waiting_weeks() -> None:
    _, _, rollouts = learn(replace(QUICK, iterations=1), 10.0, NO_PRICE, weeks=3)
    first = rollouts[0]
    assert len(first.offers) == first.is_decision.sum() < first.is_decision.size


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    config = replace(QUICK, iterations=3)
    first, again, other = (learn(config, 0.4, FOLLOWS, seed=seed)[0] for seed in (5, 5, 6))
    assert all(
        np.array_equal(a, b)
        for one, two in zip(first, again, strict=True)
        for a, b in zip(one, two, strict=True)
    )
    assert not np.array_equal(first[0][0], other[0][0])


def test_a_network_that_reads_prices_spends_less_the_dearer_the_budget() -> None:
    """One network for all prices: at λ it contacts those whose worth exceeds λ."""
    config = replace(QUICK, iterations=50, price_share=0.9, price_spread=0.6)
    layers, _, _ = learn(config, 0.4, {"kp": 0.0, "ki": 0.0, "start": 0.5})
    setting = toy_setting(ToyContacts(4000, 3, weeks=1), 1.0)
    sight = Sight((OFFERS, DELAYS), sees_prices=True)
    spent = [
        play(
            layers,
            setting,
            sight,
            np.tile(np.array([price, 0.0], np.float32), (4000, 1)),
            np.random.default_rng(4),
        ).used[0]
        for price in (0.2, 0.4, 0.6, 0.8)
    ]
    assert spent == sorted(spent, reverse=True)
    assert spent == pytest.approx([0.8, 0.6, 0.4, 0.2], abs=0.13)


def test_only_a_reference_actor_reads_what_is_hidden() -> None:
    _, learner, rollouts = learn(replace(QUICK, iterations=1), 10.0, NO_PRICE)
    assert rollouts[0].observations.shape[1] == INPUTS
    assert learner.actor[0].in_features == INPUTS
    _, reference, _ = learn(replace(QUICK, iterations=1, sees_hidden=True), 10.0, NO_PRICE)
    assert reference.actor[0].in_features == INPUTS + 1
