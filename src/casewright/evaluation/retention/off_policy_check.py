"""Off-policy estimates beside the truth: one log looked at closely, and many to count how often intervals
cover.

Invariant: the truth is an expectation over the same customers that logs are drawn from, never an estimate
from a log; every run draws its own log by its own seed.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from casewright.evaluation.retention import off_policy
from casewright.evaluation.retention.decision_log import (
    draw_decision_log,
    draw_period_log,
    true_period_value,
    true_returns,
)
from casewright.evaluation.retention.intervals import Interval, bootstrap_interval, paired_difference
from casewright.evaluation.retention.off_policy import Estimate, estimate_from_terms
from casewright.evaluation.retention.off_policy_models import evaluate_policy, predict_returns
from casewright.evaluation.retention.policies import StochasticPolicy
from casewright.evaluation.retention.simulator import Simulator
from casewright.evaluation.retention.world import World

Tell = Callable[[int], None]
_TRUTH_SEEDS = range(900, 912)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How one estimator did over many logs."""

    method: str
    runs: int
    covered: float
    """Share of runs whose 95 % interval held the truth."""
    bias: float
    """Mean error over the truth, as of the next."""
    spread: float
    """Standard deviation of the relative error."""
    mean_error: float
    """Mean absolute relative error."""
    effective_sample_size: float
    """Mean over runs."""


@dataclass(frozen=True, slots=True)
class CheckedEstimates:
    """One kind of log: its truth, one run's estimates, and what many runs say."""

    title: str
    rows: int
    truth: float
    estimates: tuple[Estimate, ...]
    coverage: tuple[Coverage, ...]
    bootstrap: Interval
    """Of the doubly robust terms of the run shown, beside its normal interval."""
    paired: Interval
    """Of the run shown: doubly robust value of the judged policy less that of the log's, row by row."""
    true_difference: float

    def as_document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def check_one_decision(
    log: StochasticPolicy, target: StochasticPolicy, world: World, *, rows: int, seeds: range, tell: Tell
) -> CheckedEstimates:
    """Logs of one decision a customer, one for each seed."""
    returns = true_returns(world)
    start = Simulator(world, np.random.default_rng(0))
    observation, mask = start.observation, start.offer_mask()
    truth, logged = (
        float((each.probabilities(observation, mask)[0] * returns).sum(axis=1).mean())
        for each in (target, log)
    )

    def run(seed: int) -> list[tuple[Estimate, np.ndarray, np.ndarray]]:
        drawn = draw_decision_log(log, world, rows, seed)
        chances, _ = target.probabilities(drawn.observations, drawn.masks)
        own, _ = log.probabilities(drawn.observations, drawn.masks)
        weights = off_policy.importance_weights(chances, drawn.offers, drawn.propensities)
        model = predict_returns(drawn)
        robust = off_policy.doubly_robust_terms(chances, model, weights, drawn.offers, drawn.returns)
        theirs = off_policy.doubly_robust_terms(own, model, np.ones(rows), drawn.offers, drawn.returns)
        ips = off_policy.ips_terms(weights, drawn.returns)
        direct = off_policy.direct_terms(chances, model)
        return [
            (estimate_from_terms("IPS", ips, weights), ips, theirs),
            (off_policy.estimate_snips(weights, drawn.returns), ips, theirs),
            (estimate_from_terms("DM", direct, weights), direct, theirs),
            (estimate_from_terms("DR", robust, weights), robust, theirs),
        ]

    return _check("One decision", run, truth, truth - logged, rows, seeds, tell)


def check_sequential(
    log: StochasticPolicy, target: StochasticPolicy, world: World, *, rows: int, seeds: range, tell: Tell
) -> CheckedEstimates:
    """Logs of whole periods, one for each seed."""
    truth, logged = (true_period_value(each, world, _TRUTH_SEEDS) for each in (target, log))

    def run(seed: int) -> list[tuple[Estimate, np.ndarray, np.ndarray]]:
        drawn = draw_period_log(log, world, rows, seed)
        ratios, taken, value = evaluate_policy(drawn, target)
        weights = off_policy.cumulative_ratios(ratios)
        theirs = drawn.rewards.sum(axis=1)
        robust = off_policy.sequential_doubly_robust_terms(weights, drawn.rewards, taken, value)
        plain = off_policy.per_decision_terms(weights, drawn.rewards)
        calm = off_policy.normalised_per_decision_terms(weights, drawn.rewards)
        last = weights[:, -1]
        return [
            (estimate_from_terms("per-decision IS", plain, last), plain, theirs),
            (estimate_from_terms("per-decision IS, normalised", calm, last), calm, theirs),
            (estimate_from_terms("fitted Q (DM)", value[:, 0], last), value[:, 0], theirs),
            (estimate_from_terms("sequential DR", robust, last), robust, theirs),
        ]

    return _check("Whole periods", run, truth, truth - logged, rows, seeds, tell)


def _check(
    title: str,
    run: Callable[[int], Sequence[tuple[Estimate, np.ndarray, np.ndarray]]],
    truth: float,
    true_difference: float,
    rows: int,
    seeds: range,
    tell: Tell,
) -> CheckedEstimates:
    found = []
    first: Sequence[tuple[Estimate, np.ndarray, np.ndarray]] = ()
    for done, seed in enumerate(seeds):
        results = run(seed)
        first = first or results
        found.append([estimate for estimate, _, _ in results])
        tell(done + 1)
    coverage = tuple(_cover([row[index] for row in found], truth) for index in range(len(found[0])))
    _, robust, theirs = first[-1]
    return CheckedEstimates(
        title,
        rows,
        truth,
        tuple(estimate for estimate, _, _ in first),
        coverage,
        bootstrap_interval(robust, np.random.default_rng(0)),
        paired_difference(robust, theirs),
        true_difference,
    )


def _cover(estimates: Sequence[Estimate], truth: float) -> Coverage:
    errors = np.array([each.value for each in estimates]) / truth - 1
    return Coverage(
        estimates[0].method,
        len(estimates),
        float(np.mean([each.interval.holds(truth) for each in estimates])),
        float(errors.mean()),
        float(errors.std()),
        float(np.abs(errors).mean()),
        float(np.mean([each.effective_sample_size for each in estimates])),
    )
