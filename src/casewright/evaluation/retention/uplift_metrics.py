"""Qini and uplift curves on randomised data, their areas, and bootstrap intervals.

Qini curve (Radcliffe 2007): with people ranked by score, the outcomes won among the first k, which is
treated outcomes less control outcomes scaled to as many treated. Here it is per treated person of the whole
table, and the Qini coefficient is the area between it and the straight line to its end, with the share of
people from 0 to 1 on the other axis: 0 for a random ranking, in outcomes per treated person. People of one
score are taken together, so that their order in the file says nothing. Nothing here fits anything.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LEVEL = 0.95
_POINTS = 101


@dataclass(frozen=True, slots=True)
class UpliftCurves:
    """Both curves at equal steps of the share of people, best first, each of shape (101,)."""

    share: Floats
    qini: Floats
    """Outcomes won, per treated person of the whole table."""
    uplift: Floats
    """Difference of mean outcomes among the first k, times their share: the gain per person."""


@dataclass(frozen=True, slots=True)
class QiniEstimate:
    """A Qini coefficient with its 95 % interval over rows drawn with replacement."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """A scored table in the order of its scores, ready to be weighted again and again."""

    order: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    """Last place of each group of equal scores."""
    treated: Floats
    outcome: Floats

    def totals(self, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Running treated, controls, and outcomes of both at the end of each group, from 0; rows weighted."""
        drawn = weights[self.order]
        treated, control = drawn * self.treated, drawn * (1 - self.treated)
        parts = (treated, control, treated * self.outcome, control * self.outcome)
        first, second, third, fourth = (np.r_[0.0, np.cumsum(each)[self.ends]] for each in parts)
        return first, second, third, fourth


def rank_by(scores: Floats, treated: Floats, outcome: Floats) -> Ranking:
    """Sort a table of n rows by score, best first; `treated` is 0 or 1."""
    order = np.argsort(-scores, kind="stable")
    ordered = scores[order]
    ends = np.flatnonzero(np.r_[ordered[1:] != ordered[:-1], True])
    return Ranking(order, ends, treated[order], outcome[order])


def qini_coefficient(scores: Floats, treated: Floats, outcome: Floats) -> float:
    """Area between the Qini curve and the straight line, in outcomes per treated person."""
    return _area(rank_by(scores, treated, outcome), np.ones(len(scores)))


def uplift_curves(scores: Floats, treated: Floats, outcome: Floats) -> UpliftCurves:
    """Both curves of a ranking."""
    totals = rank_by(scores, treated, outcome).totals(np.ones(len(scores)))
    of_treated, of_control, won_treated, won_control = totals
    share = (of_treated + of_control) / len(scores)
    means = won_treated / np.maximum(of_treated, 1) - won_control / np.maximum(of_control, 1)
    at = np.linspace(0, 1, _POINTS)
    return UpliftCurves(at, np.interp(at, share, _qini(*totals)), np.interp(at, share, means * share))


def estimate_qini(
    scores: dict[str, Floats], treated: Floats, outcome: Floats, seed: int = 42, rounds: int = 300
) -> tuple[dict[str, QiniEstimate], dict[str, Floats]]:
    """Estimates by name, and every round's coefficients, (rounds,), drawn on the same rows for all names."""
    rng = np.random.default_rng(seed)
    rankings = {name: rank_by(found, treated, outcome) for name, found in scores.items()}
    size = len(treated)
    drawn: dict[str, list[float]] = {name: [] for name in scores}
    for _ in range(rounds):
        weights = np.bincount(rng.integers(size, size=size), minlength=size).astype(np.float64)
        for name, ranking in rankings.items():
            drawn[name].append(_area(ranking, weights))
    estimates = {}
    for name, ranking in rankings.items():
        low, high = np.quantile(drawn[name], [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
        estimates[name] = QiniEstimate(_area(ranking, np.ones(size)), float(low), float(high))
    return estimates, {name: np.array(each) for name, each in drawn.items()}


def _area(ranking: Ranking, weights: Floats) -> float:
    totals = ranking.totals(weights)
    share, curve = totals[0] + totals[1], _qini(*totals)
    under = float((np.diff(share) * (curve[1:] + curve[:-1])).sum() / 2)
    return under / float(share[-1]) - float(curve[-1]) / 2


def _qini(of_treated: Floats, of_control: Floats, won_treated: Floats, won_control: Floats) -> Floats:
    scaled = won_control * of_treated / np.maximum(of_control, 1)
    found: Floats = (won_treated - scaled) / max(float(of_treated[-1]), 1.0)
    return found
