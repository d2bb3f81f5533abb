"""Who is put under stress: the shielded policy with its plan, all policies, and a learner that is lied to.

Invariant: prices, plan and complaint estimates are made from training customers and the trial alone; only the
open policy, to which the shield is compared, is priced on the cohorts' own customers, so that it keeps both
limits there on average and the comparison is fair to it.
"""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from casewright.evaluation.retention.baselines import tune_prices, tune_threshold
from casewright.evaluation.retention.cohorts import Listed, measure_plan
from casewright.evaluation.retention.policies import NetworkPolicy, RetentionPolicy
from casewright.evaluation.retention.programme import full_information_bound, nothing_said
from casewright.evaluation.retention.rollout import run_period
from casewright.evaluation.retention.shifts import HOSTILE_SHARE
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.stress import Setting
from casewright.evaluation.retention.trial import Trial
from casewright.evaluation.retention.world import World
from casewright.learning.retention.learned_world import LearnedLaw, learn_law
from casewright.learning.retention.quarantine import poison_trial, trusted_weights
from casewright.learning.retention.roster import (
    THOMPSON_ROUNDS,
    Grounds,
    learn_from_trial,
    learned_programme,
    network_policy,
)
from casewright.learning.retention.thompson import learn_arms, thompson_policy

__all__ = ["enter_shielded", "learn_from_trial", "poison_learning", "policies_under_stress"]
SOURCES = 250
"""From which the trial's rows come, at random, in the test of poisoned learning."""


@dataclass(frozen=True, slots=True)
class ShieldedEntry:
    """The policy that is run open, the one behind the shield, and where."""

    opened: RetentionPolicy
    steered: RetentionPolicy
    setting: Setting


def enter_shielded(grounds: Grounds, learned: LearnedLaw, path: Path | None, size: int) -> ShieldedEntry:
    """A trained network: steered by its plan behind the shield, at fair fixed prices in the open."""
    network = network_policy("network", path)
    tuned = tune_prices(network, grounds.tuning, grounds.seed)
    steered = replace(tuned, is_steered=True)
    plan = measure_plan(
        steered,
        grounds.tuning,
        _listed(grounds.tuning, learned),
        tuned.prices,
        size=size,
        seed=grounds.seed + 1,
    )
    fair: NetworkPolicy = tune_prices(tuned, grounds.world, grounds.seed)
    setting = Setting(grounds.world, _listed(grounds.world, learned), plan, size, grounds.seed)
    return ShieldedEntry(fair, steered, setting)


def policies_under_stress(
    grounds: Grounds, learned: LearnedLaw, trial: Trial, path: Path | None
) -> list[RetentionPolicy]:
    """The trained network and the baselines that it must beat."""
    arms, prices = learn_arms(grounds.tuning, THOMPSON_ROUNDS, grounds.seed, is_sampled=False)
    return [
        network_policy("PPO", path),
        learned_programme(grounds, learned),
        tune_threshold("propensity threshold", grounds.tuning, grounds.seed),
        tune_threshold("risk × value", grounds.tuning, grounds.seed, is_by_value=True),
        tune_prices(
            thompson_policy("Thompson, expected rewards", arms, prices), grounds.tuning, grounds.seed
        ),
    ]


def poison_learning(grounds: Grounds, trial: Trial, learned: LearnedLaw) -> dict[str, float]:
    """What the programme in the learned world is worth when a share of the trial's sources lies."""
    sources = np.random.default_rng([grounds.seed, 42]).integers(0, SOURCES, len(trial))
    lied = poison_trial(trial, sources, HOSTILE_SHARE, grounds.seed)
    weights = trusted_weights(lied, sources)
    least, most = nothing_said(grounds.world), full_information_bound(grounds.world).value
    laws = {
        "clean": learned,
        "poisoned": learn_law(lied, grounds.price_list),
        "quarantined": learn_law(lied, grounds.price_list, weights=weights),
    }
    found = {"hostile_share": HOSTILE_SHARE, "held_back": float(1 - weights.mean())}
    first = {}
    start = Simulator(grounds.world, np.random.default_rng(0))
    for name, law in laws.items():
        policy = learned_programme(grounds, law)
        value = float(run_period(policy, grounds.world, 0).value.mean())
        found[name] = (value - least) / (most - least)
        first[name] = policy.decide(start.observation, start.offer_mask(), np.random.default_rng(0)).offers
    found["same_decisions"] = float((first["clean"] == first["quarantined"]).mean())
    return found


def _listed(world: World, learned: LearnedLaw) -> Listed:
    """Prices as listed, and complaints as the trial lets expect."""
    return Listed(world.discount, world.contact_cost, learned.world(world.inputs).complaint)
