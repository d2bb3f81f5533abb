"""Logs with propensities, drawn from the simulator, and what is true of a policy there.

A log holds what an operator's would: what was observed, what was done with which probability, and what came
of it, churn drawn. Two kinds: one decision at the period's start and its whole return; and a whole period,
week by week. Invariant: nothing hidden stands in a log; the truth is computed apart, from the same
customers.
"""

from dataclasses import dataclass, replace

import numpy as np

from casewright.domain.outreach import OFFER_LEVELS, PERIOD_WEEKS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import (
    DELAYS,
    OFFERS,
    Choice,
    Indices,
    Mask,
    StochasticPolicy,
    draw_choice,
)
from casewright.evaluation.retention.rollout import run_period
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import World


@dataclass(frozen=True, slots=True)
class Softened:
    """A policy that draws an allowed offer at random with probability `share`: its log can be judged."""

    inner: StochasticPolicy
    share: float

    @property
    def name(self) -> str:
        """The inner policy's, and the share."""
        return f"{self.inner.name}, {self.share:.0%} at random"

    def probabilities(self, observation: Floats, mask: Mask) -> tuple[Floats, Floats]:
        """The inner policy's, mixed with all allowed offers alike; delays are the inner policy's."""
        offers, delays = self.inner.probabilities(observation, mask)
        return (1 - self.share) * offers + self.share * mask / mask.sum(axis=1, keepdims=True), delays

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice:
        """Drawn by these probabilities."""
        return draw_choice(*self.probabilities(observation, mask), rng)


@dataclass(frozen=True, slots=True)
class DecisionLog:
    """One decision for each of n customers, at the start of a period; nothing is said afterwards."""

    observations: Floats
    masks: Mask
    offers: Indices
    propensities: Floats
    returns: Floats
    """(n,) value of the whole period."""


@dataclass(frozen=True, slots=True)
class PeriodLog:
    """Whole periods; arrays (n, PERIOD_WEEKS, ...)."""

    observations: Floats
    masks: Mask
    is_decided: Mask
    """Whether a decision was due, of a customer who was there."""
    is_there: Mask
    offers: Indices
    delays: Indices
    propensities: Floats
    """Of offer and delay together; 1 where nothing was decided."""
    rewards: Floats


def draw_decision_log(policy: StochasticPolicy, world: World, rows: int, seed: int) -> DecisionLog:
    """Draw customers with replacement, decide once about each, and watch."""
    simulator, rng = _start(world, rows, seed)
    observations, masks = simulator.observation.copy(), simulator.offer_mask()
    offers, delays = policy.probabilities(observations, masks)
    choice = draw_choice(offers, delays, rng)
    returns = np.zeros(rows)
    for week in range(PERIOD_WEEKS):
        step = simulator.step(choice.offers if week == 0 else np.zeros(rows, dtype=np.int8), choice.delays)
        returns += step.reward
    chances = np.take_along_axis(offers, choice.offers[:, None].astype(np.int64), axis=1)[:, 0]
    return DecisionLog(observations, masks, choice.offers.astype(np.int64), chances, returns)


def true_returns(world: World) -> Floats:
    """(n, OFFERS) what each offer at the period's start brings, nothing being said afterwards: exact."""
    returns = np.zeros((len(world), OFFERS))
    returns[:, 0] = _return_of(world, 0, is_accepted=False)
    for level in range(OFFER_LEVELS):
        yes = _return_of(world, 1 + level, is_accepted=True)
        no = _return_of(world, 1 + level, is_accepted=False)
        returns[:, 1 + level] = no + world.accept[:, level] * (yes - no)
    return returns


def draw_period_log(policy: StochasticPolicy, world: World, rows: int, seed: int) -> PeriodLog:
    """Draw customers with replacement, and run a whole period of the policy."""
    simulator, rng = _start(world, rows, seed)
    shape = (rows, PERIOD_WEEKS)
    log = PeriodLog(
        np.zeros((*shape, simulator.observation.shape[1]), dtype=np.float32),
        np.zeros((*shape, OFFERS), dtype=np.bool_),
        np.zeros(shape, dtype=np.bool_),
        np.zeros(shape, dtype=np.bool_),
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
        np.ones(shape),
        np.zeros(shape),
    )
    for week in range(PERIOD_WEEKS):
        there = simulator.weight > 0
        due = np.flatnonzero(simulator.is_due() & there)
        log.observations[:, week], log.masks[:, week] = simulator.observation, simulator.offer_mask()
        log.is_there[:, week] = there
        log.is_decided[due, week] = True
        choice = policy.decide(simulator.observation[due], log.masks[due, week], rng)
        log.offers[due, week], log.delays[due, week] = choice.offers, choice.delays
        log.propensities[due, week] = choice.probabilities
        log.rewards[:, week] = simulator.step(log.offers[:, week], log.delays[:, week]).reward
    return log


def true_period_value(policy: StochasticPolicy, world: World, seeds: range) -> float:
    """Mean value of a period per customer: survival as a weight, the mean over seeds."""
    return float(np.mean([run_period(policy, world, seed).value.mean() for seed in seeds]))


def _start(world: World, rows: int, seed: int) -> tuple[Simulator, np.random.Generator]:
    chosen = np.random.default_rng([seed, 31]).integers(0, len(world), rows)
    simulator = Simulator(world.take(chosen), np.random.default_rng([seed, 32]), is_sampled=True)
    return simulator, np.random.default_rng([seed, 33])


def _return_of(world: World, offer: int, *, is_accepted: bool) -> Floats:
    certain = replace(world, accept=np.full_like(world.accept, 2.0 if is_accepted else -1.0))
    simulator = Simulator(certain, np.random.default_rng(0))
    total = np.zeros(len(world))
    offers, later = np.full(len(world), offer), np.full(len(world), DELAYS - 1)
    for week in range(PERIOD_WEEKS):
        total += simulator.step(offers if week == 0 else np.zeros_like(offers), later).reward
    return total
