"""Uplift learners find who gains, on made-up trials where the truth is known."""

import numpy as np
import pytest

from casewright.domain.errors import ConfigurationError
from casewright.learning.retention.uplift import Learner, fit_uplift


def draw_trial(seed: int, rows: int = 6_000) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rows, treated, outcome and the true effect: the first column's people gain, the rest do not."""
    rng = np.random.default_rng(seed)
    columns = np.column_stack([rng.random(rows) < 0.5, rng.random(rows), rng.normal(size=rows)]).astype(float)
    treated = (rng.random(rows) < 0.6) * 1.0
    effect = 0.3 * columns[:, 0]
    outcome = (rng.random(rows) < 0.2 + 0.2 * columns[:, 1] + effect * treated) * 1.0
    return columns, treated, outcome, effect


@pytest.mark.parametrize("learner", list(Learner))
def test_every_learner_tells_those_who_gain_from_those_who_do_not(learner: Learner) -> None:
    rows, treated, outcome, _ = draw_trial(1)
    others, _, _, effect = draw_trial(2)
    found = fit_uplift(learner, rows, treated, outcome, numbers=3)(others)
    assert found.shape == (len(others),)
    gain, none = found[effect > 0].mean(), found[effect == 0].mean()
    assert gain - none > 0.12
    assert abs(gain - 0.3) < 0.12
    assert abs(none) < 0.12


@pytest.mark.parametrize("learner", [Learner.S, Learner.FOREST])
def test_same_seed_gives_the_same_effects(learner: Learner) -> None:
    rows, treated, outcome, _ = draw_trial(1, 1_500)
    first = fit_uplift(learner, rows, treated, outcome, seed=7)(rows)
    assert (first == fit_uplift(learner, rows, treated, outcome, seed=7)(rows)).all()


def test_missing_values_and_columns_that_never_change_are_borne() -> None:
    rows, treated, outcome, _ = draw_trial(1, 1_500)
    rows[::7, 1] = np.nan
    rows[:, 2] = 5.0
    for learner in Learner:
        assert np.isfinite(fit_uplift(learner, rows, treated, outcome, numbers=3)(rows)).all()


def test_an_empty_arm_is_refused() -> None:
    rows, treated, outcome, _ = draw_trial(1, 100)
    with pytest.raises(ConfigurationError, match="people who were not"):
        fit_uplift(Learner.T, rows, np.ones_like(treated), outcome)
