"""Uplift learners as policies: what each offer adds to the probability to stay, from a randomised trial.

The effect of each level on staying a quarter is learned against those to whom nothing was said; it is worth
what a customer who stays brings. Outlay is what the arm's customers cost on average, as a share of their
spend. Invariant: nothing but the trial and the price list comes in.
"""

import numpy as np

from casewright.domain.outreach import OBSERVATION, OFFER_LEVELS, TERM_WEEKS
from casewright.evaluation.retention.baselines_scored import ScoredPolicy, Scores
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import Prices
from casewright.evaluation.retention.trial import Trial
from casewright.learning.retention.learned_world import PriceList
from casewright.learning.retention.uplift import Learner, fit_uplift

_SPEND = OBSERVATION.index("spend")
_WEEKS_A_MONTH = 52 / 12
_WORTH_WEEKS = 39
"""Weeks of margin that staying this quarter is worth: most of what is left of period and tail."""
_MOST_CONTACTS = 2


def learn_uplift_scores(trial: Trial, prices: PriceList, learner: Learner, seed: int) -> Scores:
    """What each level's contact brings, costs and draws of complaints, by profile."""
    rows = trial.inputs.astype(np.float64)
    stays = (~trial.is_gone).astype(np.float64)
    effects = []
    for level in range(OFFER_LEVELS):
        used = (trial.arms == 0) | (trial.arms == 1 + level)
        treated = (trial.arms[used] > 0).astype(np.float64)
        effects.append(fit_uplift(learner, rows[used], treated, stays[used], rows.shape[1], seed))
    accepted = np.array([trial.is_accepted[trial.arms == 1 + level].mean() for level in range(OFFER_LEVELS)])
    complaint = float(trial.is_complaint[trial.arms > 0].mean())

    def scores(profiles: Floats) -> Floats:
        spend = profiles[:, _SPEND].astype(np.float64) * 100 / _WEEKS_A_MONTH
        worth = spend * prices.margin_share * _WORTH_WEEKS
        brings = np.stack([effect(profiles.astype(np.float64)) * worth for effect in effects])
        term = (accepted * prices.discount * TERM_WEEKS)[:, None] * spend
        outlay = prices.contact_cost[:, None] + term
        return np.stack([brings, outlay, np.full_like(brings, complaint)])

    return scores


def uplift_policy(name: str, scores: Scores, prices: Prices) -> ScoredPolicy:
    """Greedy by uplift per priced cost."""
    return ScoredPolicy(name, scores, prices, _MOST_CONTACTS)
