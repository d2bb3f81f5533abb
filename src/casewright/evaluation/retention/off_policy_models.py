"""The models that direct and doubly robust estimates lean on: ridge regressions, fitted on the other half.

For one decision, the return of each offer by profile. For a whole period, fitted Q evaluation backwards (Le,
Voloshin, Yue 2019): what is still to come, given state and action, if the judged policy goes on. Invariant: a
row's prediction never comes from a model that saw this row.
"""

import numpy as np

from casewright.domain.outreach import OBSERVATION, PERIOD_WEEKS, PROFILE_INPUTS
from casewright.evaluation.retention.decision_log import DecisionLog, PeriodLog
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.off_policy import Indices
from casewright.evaluation.retention.policies import OFFERS, StochasticPolicy
from casewright.evaluation.retention.simulator import STATE_COLUMNS

_SPEND, _RISK = OBSERVATION.index("spend"), OBSERVATION.index("risk_log_odds")
_RIDGE = 10.0


def predict_returns(log: DecisionLog) -> Floats:
    """(n, OFFERS) predicted return of each offer."""
    rows = _profile_columns(log.observations)
    predicted = np.zeros((len(rows), OFFERS))
    for fold in range(2):
        fitted = np.arange(len(rows)) % 2 != fold
        for offer in range(OFFERS):
            own = fitted & (log.offers == offer)
            predicted[~fitted, offer] = rows[~fitted] @ _fit_ridge(rows[own], log.returns[own])
    return predicted


def evaluate_policy(log: PeriodLog, policy: StochasticPolicy) -> tuple[Floats, Floats, Floats]:
    """Ratios of the policy to the log, and its Q of what was done and value, all (n, PERIOD_WEEKS)."""
    count = len(log.offers)
    ratios = np.ones((count, PERIOD_WEEKS))
    taken, value = np.zeros((count, PERIOD_WEEKS)), np.zeros((count, PERIOD_WEEKS + 1))
    for week in reversed(range(PERIOD_WEEKS)):
        chances = np.zeros((count, OFFERS))
        chances[:, 0] = 1.0
        due = np.flatnonzero(log.is_decided[:, week])
        offers, delays = policy.probabilities(log.observations[due, week], log.masks[due, week])
        chances[due] = offers
        places = np.arange(len(due))
        ratios[due, week] = (
            offers[places, log.offers[due, week]]
            * delays[places, log.delays[due, week]]
            / log.propensities[due, week]
        )
        q = _fit_week(log, week, value[:, week + 1])
        q[~log.is_there[:, week]] = 0.0
        taken[:, week] = q[np.arange(count), log.offers[:, week]]
        value[:, week] = (chances * q).sum(axis=1)
    return ratios, taken, value[:, :PERIOD_WEEKS]


def _fit_week(log: PeriodLog, week: int, later: Floats) -> Floats:
    """(n, OFFERS) Q of a week, given the value a week later."""
    observed, target = log.observations[:, week], log.rewards[:, week] + later
    shared = np.concatenate([_profile_columns(observed), _state_columns(observed)], axis=1)
    own = _action_columns(observed, log.offers[:, week])
    q = np.zeros((len(target), OFFERS))
    for fold in range(2):
        half = np.arange(len(target)) % 2 == fold
        fitted = ~half & log.is_there[:, week]
        rows = np.concatenate([shared[fitted], own[fitted]], axis=1)
        weights = _fit_ridge(rows, target[fitted])
        base = shared[half] @ weights[: shared.shape[1]]
        for offer in range(OFFERS):
            columns = _action_columns(observed[half], np.full(int(half.sum()), offer))
            q[half, offer] = base + columns @ weights[shared.shape[1] :]
    return q


def _profile_columns(observed: Floats) -> Floats:
    profile = observed[:, :PROFILE_INPUTS].astype(np.float64)
    ones = np.ones((len(profile), 1))
    return np.concatenate([ones, profile, profile * profile[:, [_SPEND]]], axis=1)


def _state_columns(observed: Floats) -> Floats:
    state = observed[:, STATE_COLUMNS].astype(np.float64)
    return np.concatenate([state, state * observed[:, [_SPEND]]], axis=1)


def _action_columns(observed: Floats, offers: Indices) -> Floats:
    spend, risk = observed[:, [_SPEND]].astype(np.float64), observed[:, [_RISK]].astype(np.float64)
    moved = np.concatenate([np.ones_like(spend), spend, risk, spend * risk], axis=1)
    chosen = np.eye(OFFERS)[offers][:, 1:]
    return np.asarray((chosen[:, :, None] * moved[:, None, :]).reshape(len(observed), -1))


def _fit_ridge(rows: Floats, targets: Floats) -> Floats:
    ridge = np.full(rows.shape[1], _RIDGE)
    ridge[0] = 1e-6
    return np.asarray(np.linalg.solve(rows.T @ rows + np.diag(ridge), rows.T @ targets))
