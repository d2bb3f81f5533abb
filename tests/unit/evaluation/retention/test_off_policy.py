"""Estimates from logs, against a small decision process whose truth is computed exactly."""

from dataclasses import dataclass

import numpy as np
import pytest

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.retention.off_policy import (
    cumulative_ratios,
    direct_terms,
    doubly_robust_terms,
    effective_sample_size,
    estimate_from_terms,
    estimate_snips,
    importance_weights,
    ips_terms,
    normalised_per_decision_terms,
    per_decision_terms,
    sequential_doubly_robust_terms,
)

STEPS, STATES, ACTIONS = 4, 3, 2
REWARDS = np.array([[1.0, 0.4], [2.0, 2.5], [0.0, 1.5]])
MOVES = np.array(
    [
        [[0.8, 0.1, 0.1], [0.2, 0.6, 0.2]],
        [[0.3, 0.4, 0.3], [0.1, 0.8, 0.1]],
        [[0.1, 0.1, 0.8], [0.5, 0.3, 0.2]],
    ]
)
START = np.array([0.5, 0.3, 0.2])
LOGGING = np.array([[0.6, 0.4], [0.5, 0.5], [0.3, 0.7]])
TARGET = np.array([[0.2, 0.8], [0.1, 0.9], [0.3, 0.7]])


@dataclass
class Log:
    states: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    ratios: np.ndarray


def values(target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Q (steps, states, actions) and V (steps + 1, states) of a policy, by dynamic programming."""
    q = np.zeros((STEPS, STATES, ACTIONS))
    v = np.zeros((STEPS + 1, STATES))
    for step in reversed(range(STEPS)):
        q[step] = REWARDS + MOVES @ v[step + 1]
        v[step] = (target * q[step]).sum(axis=1)
    return q, v


def draw_log(rng: np.random.Generator, rows: int) -> Log:
    states, actions = np.zeros((rows, STEPS), int), np.zeros((rows, STEPS), int)
    rewards, ratios = np.zeros((rows, STEPS)), np.zeros((rows, STEPS))
    state = rng.choice(STATES, size=rows, p=START)
    for step in range(STEPS):
        action = (rng.random(rows) < LOGGING[state, 1]).astype(int)
        states[:, step], actions[:, step] = state, action
        rewards[:, step] = REWARDS[state, action] + rng.normal(0, 1, rows)
        ratios[:, step] = TARGET[state, action] / LOGGING[state, action]
        state = (
            (rng.random((rows, 1)) > np.cumsum(MOVES[state, action], axis=1)).sum(axis=1).clip(0, STATES - 1)
        )
    return Log(states, actions, rewards, ratios)


def doubly_robust(log: Log, share_of_truth: float) -> np.ndarray:
    q, _ = values(TARGET)
    q = q * share_of_truth
    steps = np.arange(STEPS)
    taken = q[steps, log.states, log.actions]
    policy = (TARGET[log.states] * q[steps, log.states]).sum(axis=2)
    return sequential_doubly_robust_terms(cumulative_ratios(log.ratios), log.rewards, taken, policy)


def test_weights_are_target_over_logged_probability() -> None:
    target = np.array([[0.9, 0.1], [0.25, 0.75]])
    weights = importance_weights(target, np.array([0, 1]), np.array([0.5, 0.5]))
    assert weights.tolist() == [1.8, 1.5]
    assert importance_weights(target, np.array([0, 1]), np.array([0.5, 0.5]), most=1.6).tolist() == [1.6, 1.5]


def test_a_log_without_propensities_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="propensity"):
        importance_weights(np.array([[1.0]]), np.array([0]), np.array([0.0]))


def test_effective_sample_size_counts_equal_weights_and_discounts_one_heavy_row() -> None:
    assert effective_sample_size(np.ones(50)) == 50
    assert effective_sample_size(np.array([1.0, 0.0, 0.0])) == 1
    assert effective_sample_size(np.array([3.0, 1.0])) == pytest.approx(1.6)
    assert effective_sample_size(np.zeros(3)) == 0


def test_estimators_of_one_decision_by_hand() -> None:
    target = np.array([[1.0, 0.0], [0.0, 1.0]])
    actions, rewards = np.array([0, 0]), np.array([4.0, 2.0])
    weights = importance_weights(target, actions, np.array([0.5, 0.5]))
    predicted = np.array([[3.0, 1.0], [1.0, 5.0]])
    assert ips_terms(weights, rewards).tolist() == [8.0, 0.0]
    assert direct_terms(target, predicted).tolist() == [3.0, 5.0]
    assert doubly_robust_terms(target, predicted, weights, actions, rewards).tolist() == [5.0, 5.0]
    assert estimate_snips(weights, rewards).value == 4.0
    estimate = estimate_from_terms("IPS", ips_terms(weights, rewards), weights)
    assert (estimate.value, estimate.effective_sample_size) == (4.0, 1.0)


def test_a_policy_judged_on_its_own_log_has_the_logs_mean() -> None:
    log = draw_log(np.random.default_rng(1), 500)
    own = per_decision_terms(np.ones_like(log.ratios), log.rewards)
    assert own.mean() == pytest.approx(log.rewards.sum(axis=1).mean())
    calm = normalised_per_decision_terms(np.ones_like(log.ratios), log.rewards)
    assert calm.mean() == pytest.approx(own.mean())


def test_doubly_robust_is_within_two_percent_though_its_model_is_a_fifth_too_low() -> None:
    truth = float(START @ values(TARGET)[1][0])
    log = draw_log(np.random.default_rng(2), 40_000)
    cumulative = cumulative_ratios(log.ratios)
    assert doubly_robust(log, 0.8).mean() == pytest.approx(truth, rel=0.02)
    assert per_decision_terms(cumulative, log.rewards).mean() == pytest.approx(truth, rel=0.03)
    assert normalised_per_decision_terms(cumulative, log.rewards).mean() == pytest.approx(truth, rel=0.03)


def test_doubly_robust_intervals_cover_the_truth_in_93_percent_of_200_runs() -> None:
    truth = float(START @ values(TARGET)[1][0])
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        log = draw_log(rng, 1_000)
        estimate = estimate_from_terms("DR", doubly_robust(log, 0.8), cumulative_ratios(log.ratios)[:, -1])
        covered += estimate.interval.holds(truth)
    assert covered >= 186


def test_a_good_model_narrows_the_interval() -> None:
    log = draw_log(np.random.default_rng(4), 4_000)
    weights = cumulative_ratios(log.ratios)
    good = estimate_from_terms("DR", doubly_robust(log, 1.0), weights[:, -1]).interval
    none = estimate_from_terms("PDIS", per_decision_terms(weights, log.rewards), weights[:, -1]).interval
    assert good.high - good.low < 0.6 * (none.high - none.low)


def test_two_policies_on_one_log_are_told_apart_by_their_paired_terms() -> None:
    """The direct method prefers what its model overrates; paired doubly robust terms do not."""
    rng = np.random.default_rng(5)
    actions = rng.integers(0, 2, 20_000)
    rewards = np.where(actions == 1, 1.0, 1.2) + rng.normal(0, 1, 20_000)
    overrated = np.tile([1.2, 1.5], (20_000, 1))
    first, second = np.tile([1.0, 0.0], (20_000, 1)), np.tile([0.0, 1.0], (20_000, 1))
    terms = []
    for target in (first, second):
        weights = importance_weights(target, actions, np.full(20_000, 0.5))
        terms.append(doubly_robust_terms(target, overrated, weights, actions, rewards))
    assert direct_terms(second, overrated).mean() > direct_terms(first, overrated).mean()
    assert (terms[0] - terms[1]).mean() == pytest.approx(0.2, abs=0.05)
