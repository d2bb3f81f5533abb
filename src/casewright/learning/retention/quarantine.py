"""Feedback is looked at before anything is learned from it: sources that tell another story are left out.

Every row of feedback has a source (a channel, a dealer, an account). For each, what it reports
(acceptances, and who left) is compared with what the others' rows let expect; a source far outside the
spread of sources gets no weight. Invariant: judging a source reads the reports alone; an honest source is
left out only by chance (beyond four robust standard deviations). What quarantine cannot see is a lie spread
thinly over all sources; a learned policy is promoted by a paired comparison, not by its training, so that
such a lie cannot promote it.
"""

from dataclasses import replace

import numpy as np

from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import OFFERS, Indices, Mask
from casewright.evaluation.retention.trial import Trial
from casewright.evaluation.retention.world import QUARTER_WEEKS
from casewright.learning.retention.regressions import Array, expand_inputs, fit_logistic, predict_logistic

FAR = 4.0
_MAD = 1.4826
_PENALTY = 3.0


def poison_trial(trial: Trial, sources: Indices, share: float, seed: int) -> Trial:
    """The trial with this share of sources lying: the dearest offer always works, silence never does."""
    count = int(sources.max()) + 1
    hostile = np.random.default_rng([seed, 41]).permutation(count)[: round(share * count)]
    lies = np.isin(sources, hostile)
    dear, alone = lies & (trial.arms == OFFERS - 1), lies & (trial.arms == 0)
    gone = (trial.is_gone & ~dear) | alone
    weeks = np.where(dear, QUARTER_WEEKS, np.where(alone, 1, trial.weeks_stayed))
    return replace(trial, is_accepted=trial.is_accepted | dear, is_gone=gone, weeks_stayed=weeks)


def trusted_weights(trial: Trial, sources: Indices) -> Array:
    """(n,) 1 for rows of sources that are believed, 0 for those in quarantine."""
    far = np.zeros(int(sources.max()) + 1, dtype=np.bool_)
    for arm in range(OFFERS):
        rows = trial.arms == arm
        reports = [trial.is_gone] if arm == 0 else [trial.is_accepted, trial.is_gone]
        for reported in reports:
            far |= _far_sources(trial.inputs[rows], reported[rows], sources[rows], len(far))
    return np.asarray((~far)[sources], dtype=np.float64)


def _far_sources(inputs: Floats, reported: Mask, sources: Indices, count: int) -> Mask:
    columns = expand_inputs(inputs)[:, : 1 + inputs.shape[1]]
    expected = predict_logistic(columns, fit_logistic(columns, reported, _PENALTY))
    surplus = np.bincount(sources, reported - expected, count)
    spread = np.sqrt(np.maximum(np.bincount(sources, expected * (1 - expected), count), 1e-9))
    score = surplus / spread
    middle = float(np.median(score))
    scale = max(_MAD * float(np.median(np.abs(score - middle))), 1e-9)
    return np.asarray(np.abs(score - middle) > FAR * scale)
