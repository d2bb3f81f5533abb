"""Off-policy evaluation: what a policy would be worth, from what another policy logged.

One decision a row: inverse propensity scores (IPS), the same normalised by their own weights (SNIPS), the
direct method (DM: a model's word for it), and doubly robust (DR: the model, corrected where the log knows
better). Many decisions a row: per-decision importance sampling and its doubly robust form.

Sources: Dudík, Langford, Li, "Doubly Robust Policy Evaluation and Learning" (2011); Precup, Sutton, Singh,
"Eligibility Traces for Off-Policy Policy Evaluation" (2000); Jiang, Li, "Doubly Robust Off-policy Value
Evaluation" (2016).

Invariant: every estimator is a mean of one term a row, so that two policies on one log are compared by row.
The direct method flatters policies that take the best of predicted values; rank by paired DR, never by DM.
Propensities must be those that were logged; nothing here guesses them, and no term is clipped unless asked.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from casewright.domain.errors import ConfigurationError
from casewright.evaluation.retention.intervals import Floats, Interval, interval_of_mean

Indices = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A policy's value by one estimator."""

    method: str
    interval: Interval
    effective_sample_size: float
    """How many rows of the policy's own the log is worth; below some hundreds an estimate means little."""

    @property
    def value(self) -> float:
        """The estimate itself."""
        return self.interval.mean


def effective_sample_size(weights: Floats) -> float:
    """Kish: (sum of weights)² / sum of squared weights; 0 where no row has weight."""
    squares = float((weights.astype(float) ** 2).sum())
    return float(weights.astype(float).sum()) ** 2 / squares if squares > 0 else 0.0


def importance_weights(
    target: Floats, actions: Indices, propensities: Floats, most: float | None = None
) -> Floats:
    """How much likelier the policy takes what was logged: target (n, actions) of probabilities → (n,).

    `most` clips, at the price of a bias. Raises ConfigurationError for a logged propensity outside (0, 1].
    """
    if not ((propensities > 0) & (propensities <= 1)).all():
        raise ConfigurationError("a logged propensity is not in (0, 1]; log the probability of what was done")
    weights = np.take_along_axis(target, actions[:, None], axis=1)[:, 0] / propensities
    return weights if most is None else np.minimum(weights, most)


def ips_terms(weights: Floats, rewards: Floats) -> Floats:
    """Weight times reward."""
    return weights * rewards


def direct_terms(target: Floats, predicted: Floats) -> Floats:
    """What a model (n, actions) predicts for the policy. Its interval knows nothing of the model's error."""
    terms: Floats = (target * predicted).sum(axis=1)
    return terms


def doubly_robust_terms(
    target: Floats, predicted: Floats, weights: Floats, actions: Indices, rewards: Floats
) -> Floats:
    """The model's word, plus weight times what it got wrong about what was done."""
    taken = np.take_along_axis(predicted, actions[:, None], axis=1)[:, 0]
    return direct_terms(target, predicted) + weights * (rewards - taken)


def estimate_from_terms(method: str, terms: Floats, weights: Floats) -> Estimate:
    """Mean of terms with its normal interval."""
    return Estimate(method, interval_of_mean(terms), effective_sample_size(weights))


def estimate_snips(weights: Floats, rewards: Floats) -> Estimate:
    """IPS over the sum of weights: biased by O(1/n), of less variance; its interval is the delta method's."""
    total = float(weights.sum())
    value = float((weights * rewards).sum()) / total if total > 0 else 0.0
    terms = value + weights * (rewards - value) * (len(weights) / total if total > 0 else 0.0)
    return estimate_from_terms("SNIPS", terms, weights)


def cumulative_ratios(ratios: Floats, most: float | None = None) -> Floats:
    """Ratios (n, steps) of single decisions, multiplied along each row; 1 where nothing was decided."""
    product: Floats = np.cumprod(ratios.astype(float), axis=1)
    return product if most is None else np.minimum(product, most)


def per_decision_terms(cumulative: Floats, rewards: Floats) -> Floats:
    """Each reward (n, steps) weighted by the decisions up to it, and summed along the row."""
    terms: Floats = (cumulative * rewards).sum(axis=1)
    return terms


def normalised_per_decision_terms(cumulative: Floats, rewards: Floats) -> Floats:
    """The same with the weights of each step made to average one: consistent, slightly biased, calmer.

    A term is the row's influence on the estimate, so that the interval of their mean is the delta method's.
    """
    mean_weight = cumulative.mean(axis=0)
    safe = np.where(mean_weight > 0, mean_weight, 1.0)
    step_values = (cumulative * rewards).mean(axis=0) / safe
    influence: Floats = (step_values + cumulative * (rewards - step_values) / safe).sum(axis=1)
    return influence


def sequential_doubly_robust_terms(
    cumulative: Floats, rewards: Floats, predicted_taken: Floats, predicted_policy: Floats
) -> Floats:
    """Doubly robust along the row: all arguments (n, steps).

    `predicted_taken` is the model's value from that step on for what was done, `predicted_policy` for what
    the policy would do; both are of the policy's own future, and 0 after a customer has left.
    """
    before = np.concatenate([np.ones((len(cumulative), 1)), cumulative[:, :-1]], axis=1)
    terms: Floats = (before * predicted_policy + cumulative * (rewards - predicted_taken)).sum(axis=1)
    return terms
