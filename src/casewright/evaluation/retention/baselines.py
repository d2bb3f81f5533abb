"""Rules without learning that an operator would try first, tuned on training customers to meet both limits.

A threshold rule contacts whoever's score is above a threshold, with one level, whenever cooldown and cap
allow and nothing runs. Its score is the estimated risk (propensity), or risk × what the customer brings.

Invariant: tuning looks at training customers only; a tuned rule spends at most what both limits allow there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from casewright.domain.outreach import FOLLOW_UP_DAYS, MOST_CONTACTS, OBSERVATION, OFFER_LEVELS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import (
    Choice,
    Mask,
    PricedPolicy,
    RandomContacts,
    RetentionPolicy,
    certain_choice,
)
from casewright.evaluation.retention.rollout import run_period
from casewright.evaluation.retention.world import World

RISK, SPEND = OBSERVATION.index("risk_log_odds"), OBSERVATION.index("spend")
NEUTRAL, CONTACTS = OBSERVATION.index("mode_neutral"), OBSERVATION.index("contacts")
_HALVINGS = 12
_LEAST_PRICES = np.array([0.05, 10.0])
_MARGIN = 0.01
Policy = TypeVar("Policy", bound=RetentionPolicy)
Priced = TypeVar("Priced", bound=PricedPolicy)


@dataclass(frozen=True, slots=True)
class ThresholdRule:
    """Contact whoever's score is above `threshold` and to whom nothing was said lately."""

    name: str
    level: int
    threshold: float
    most_contacts: int = MOST_CONTACTS
    is_by_value: bool = False
    """Score by risk × spend instead of by risk."""

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice:
        """The same level for all who are above."""
        score = self.score(observation)
        is_chosen = (
            (score > self.threshold)
            & (observation[:, NEUTRAL] > 0)
            & (observation[:, CONTACTS] * MOST_CONTACTS < self.most_contacts - 0.5)
            & mask[:, 1 + self.level]
        )
        choice = certain_choice(np.where(is_chosen, 1 + self.level, 0).astype(np.int8))
        return replace(choice, urgency=score)

    def score(self, observation: Floats) -> Floats:
        """(n,) in (0, 1) for risk; times hundreds of major units a month by value."""
        risk = 1 / (1 + np.exp(-2 * observation[:, RISK].astype(np.float64)))
        return np.asarray(risk * observation[:, SPEND] if self.is_by_value else risk)


def limits_used(policy: RetentionPolicy, world: World, seed: int) -> tuple[float, float, float]:
    """Mean value, and budget and complaint cap as realised over allowed."""
    outcome = run_period(policy, world, seed)
    return (
        float(outcome.value.mean()),
        float(outcome.outlay.mean()) / world.budget,
        float(outcome.complaints.mean()) / world.complaint_cap,
    )


def tune_one(
    make: Callable[[float], Policy], low: float, high: float, world: World, seed: int
) -> tuple[Policy, float]:
    """Halve between a parameter that spends too much (`low`) and one that spends too little (`high`).

    Gives the policy at the least parameter found that keeps both limits, and its mean value.
    """
    best, value = make(high), limits_used(make(high), world, seed)[0]
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        policy = make(middle)
        reached, budget, complaints = limits_used(policy, world, seed)
        if max(budget, complaints) > 1.0:
            low = middle
        else:
            high, best, value = middle, policy, reached
    return best, value


def best_of(candidates: Iterable[tuple[Policy, float]]) -> Policy:
    """The candidate of the highest value."""
    return max(candidates, key=lambda pair: pair[1])[0]


def tune_threshold(name: str, world: World, seed: int, *, is_by_value: bool = False) -> ThresholdRule:
    """The best level and number of contacts, each with the lowest threshold that keeps both limits."""
    top = float(world.inputs[:, SPEND].max()) if is_by_value else 1.0
    rules = [
        ThresholdRule(name, level, 0.0, most, is_by_value)
        for level in range(OFFER_LEVELS)
        for most in range(1, MOST_CONTACTS + 1)
    ]
    return best_of(_tuned(rule, top, world, seed) for rule in rules)


def _tuned(rule: ThresholdRule, top: float, world: World, seed: int) -> tuple[ThresholdRule, float]:
    return tune_one(lambda threshold: replace(rule, threshold=threshold), -1e-9, top, world, seed)


def tune_random(world: World, seed: int) -> RandomContacts:
    """Random contacts, as many as both limits allow."""
    most = 1.0 / min(FOLLOW_UP_DAYS)
    return tune_one(lambda spared: RandomContacts(max(most - spared, 0.0)), 0.0, most, world, seed)[0]


def tune_prices(policy: Priced, world: World, seed: int, rounds: int = 24) -> Priced:
    """Raise a price while its limit is exceeded and lower it while there is room; keep the best that holds.

    The step shrinks; where no round kept both limits, the last and dearest is taken.
    """
    best, best_value = None, -np.inf
    log_prices = np.log(np.maximum(np.array(policy.prices), _LEAST_PRICES))
    for turn in range(rounds):
        policy = policy.at_prices((float(np.exp(log_prices[0])), float(np.exp(log_prices[1]))))
        value, *used = limits_used(policy, world, seed)
        if max(used) <= 1.0 and value > best_value:
            best, best_value = policy, value
        step = np.clip(np.array(used) - (1 - _MARGIN), -1.0, 1.0) * 3.0 / (1 + turn / 4)
        log_prices = np.maximum(log_prices + step, np.log(_LEAST_PRICES))
    return policy if best is None else best
