"""A world learned from a randomised trial: what a policy may be trained in before it meets the true one.

Uplift on churn itself is near noise at 50,000 rows. What can be learned is: how likely each customer is to
leave when nothing is said, to accept each offer, to complain; and one hazard ratio per offer, pooled over
customers. The ratios are fitted to how many leave in each arm (intention to treat), since those who accept
are not like those who do not. Invariant: the trial and the price list come in, and nothing that is hidden.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import ANNOYED_WEEKS, OBSERVATION, OFFER_LEVELS, TERM_WEEKS
from casewright.evaluation.retention.trial import Trial
from casewright.evaluation.retention.world import QUARTER_WEEKS, World
from casewright.learning.retention.regressions import (
    Array,
    expand_inputs,
    fit_logistic,
    fit_poisson,
    predict_logistic,
)

_RISK = OBSERVATION.index("risk_log_odds")
_SPEND = OBSERVATION.index("spend")
_SPEND_UNIT, _WEEKS_A_MONTH = 100.0, 52 / 12
_MOST_HAZARD = 0.5


@dataclass(frozen=True, slots=True)
class PriceList:
    """What the operator knows without any trial."""

    discount: npt.NDArray[np.float64]
    """(4,) share of the spend by level."""
    contact_cost: npt.NDArray[np.float64]
    """(4,) in major units."""
    margin_share: float
    tail_weeks: int
    budget: float
    complaint_cap: float


@dataclass(frozen=True, slots=True)
class LearnedLaw:
    """Coefficients over `expand_inputs` of the profile."""

    hazard: Array
    """Of the log hazard beyond what the estimated risk implies."""
    accept: Array
    """(4, k) log odds by level."""
    complaint: Array
    relief: Array
    """(4,) log hazard ratio while an accepted offer runs."""
    annoyance: Array
    """(2,): log hazard ratio after a refusal, constant and slope over the centred log odds of a complaint."""
    prices: PriceList

    def world(self, inputs: npt.NDArray[Any]) -> World:
        """The world of customers with these profiles (n, PROFILE_INPUTS), as far as it was learned."""
        rows = expand_inputs(inputs)
        spend = inputs[:, _SPEND].astype(np.float64) * _SPEND_UNIT / _WEEKS_A_MONTH
        complaint = predict_logistic(rows, self.complaint)
        arrays: dict[str, npt.NDArray[Any]] = {
            "inputs": inputs,
            "hidden": np.zeros((len(inputs), 6)),
            "hazard": predict_hazard(self.hazard, inputs, rows),
            "accept": np.stack([predict_logistic(rows, each) for each in self.accept], axis=1),
            "relief": np.tile(self.relief, (len(inputs), 1)),
            "annoyance": predict_annoyance(self.annoyance, complaint),
            "complaint": complaint,
            "margin": spend * self.prices.margin_share,
            "discount": spend[:, None] * self.prices.discount,
            "contact_cost": self.prices.contact_cost,
        }
        typed = {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in arrays.items()}
        return World(
            **typed,
            tail_weeks=self.prices.tail_weeks,
            budget=self.prices.budget,
            complaint_cap=self.prices.complaint_cap,
        )


def learn_law(
    trial: Trial, prices: PriceList, *, penalty: float = 3.0, weights: Array | None = None
) -> LearnedLaw:
    """Fit everything from a trial; `weights` (n,) count rows for less where they are doubted."""
    rows = expand_inputs(trial.inputs)
    share = np.ones(len(trial)) if weights is None else weights
    accept = []
    for level in range(OFFER_LEVELS):
        arm = trial.arms == 1 + level
        accept.append(fit_logistic(rows[arm], trial.is_accepted[arm], penalty, share[arm]))
    contacted = trial.arms > 0
    complaint = fit_logistic(rows[contacted], trial.is_complaint[contacted], penalty * 3, share[contacted])
    hazard = _fit_hazard(trial, rows, penalty, share)
    ratios = _fit_ratios(trial, rows, hazard, np.array(accept), complaint, share)
    return LearnedLaw(
        hazard, np.array(accept), complaint, ratios[:OFFER_LEVELS], ratios[OFFER_LEVELS:], prices
    )


def predict_hazard(coefficients: Array, inputs: npt.NDArray[Any], rows: Array) -> Array:
    """(n,) weekly probability to leave when nothing is said."""
    return np.asarray(np.clip(_implied(inputs) * np.exp(rows @ coefficients), 1e-5, _MOST_HAZARD))


def predict_annoyance(coefficients: Array, complaint: Array) -> Array:
    """(n,) log hazard ratio after a refusal: customers who are likelier to complain are likelier to go."""
    level, slope = coefficients
    return np.asarray(np.maximum(level + slope * _anger(complaint), 0.0))


def _anger(complaint: Array) -> Array:
    return np.asarray(complaint / max(float(complaint.mean()), 1e-9) - 1)


def _implied(inputs: npt.NDArray[Any]) -> Array:
    risk = 1 / (1 + np.exp(-2 * inputs[:, _RISK].astype(np.float64)))
    return np.asarray(1 - (1 - risk) ** (1 / QUARTER_WEEKS))


def _fit_hazard(trial: Trial, rows: Array, penalty: float, share: Array) -> Array:
    """From those to whom nothing was said; the exposure is the weeks that they stayed."""
    left_alone = trial.arms == 0
    weeks = trial.weeks_stayed[left_alone] + 0.5 * trial.is_gone[left_alone]
    offset = np.log(np.maximum(weeks, 0.5) * _implied(trial.inputs[left_alone]))
    return fit_poisson(rows[left_alone], trial.is_gone[left_alone], offset, penalty, share[left_alone])


def _fit_ratios(
    trial: Trial, rows: Array, hazard: Array, accept: Array, complaint: Array, share: Array
) -> Array:
    """Least squares of who left in each arm on what the law would have, by damped Gauss-Newton steps."""
    contacted = trial.arms > 0
    level = trial.arms[contacted] - 1
    stay = 1 - predict_hazard(hazard, trial.inputs, rows)[contacted]
    yes = np.stack([predict_logistic(rows, each) for each in accept], axis=1)[contacted]
    chance = yes[np.arange(len(level)), level]
    anger = _anger(predict_logistic(rows, complaint)[contacted])
    gone, weight = trial.is_gone[contacted].astype(np.float64), share[contacted]
    prior = np.array([-0.3] * OFFER_LEVELS + [0.1, 0.1])
    trust = np.array([3.0] * OFFER_LEVELS + [10.0, 30.0])

    def leaving(ratios: Array) -> Array:
        run = stay ** (TERM_WEEKS * np.exp(ratios[level])) * stay ** (QUARTER_WEEKS - TERM_WEEKS)
        annoyed = np.exp(np.maximum(ratios[OFFER_LEVELS] + ratios[OFFER_LEVELS + 1] * anger, 0.0))
        sent = stay ** (ANNOYED_WEEKS * annoyed) * stay ** (QUARTER_WEEKS - ANNOYED_WEEKS)
        return np.asarray(1 - chance * run - (1 - chance) * sent)

    ratios = prior.copy()
    for _ in range(12):
        now = leaving(ratios)
        slopes = np.stack([(leaving(ratios + step) - now) / 1e-4 for step in np.eye(len(ratios)) * 1e-4])
        spread = weight / np.maximum(now * (1 - now), 1e-4)
        curve = (slopes * spread) @ slopes.T + np.diag(trust)
        pull = (slopes * spread) @ (gone - now) - trust * (ratios - prior)
        ratios += np.clip(np.linalg.solve(curve, pull), -0.5, 0.5)
    return np.asarray(np.minimum(ratios, np.array([0.0] * OFFER_LEVELS + [2.0, 2.0])))
