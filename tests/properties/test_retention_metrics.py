"""What holds of every ranking: turned round, permuted or stretched, AUC and Qini say the same of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.evaluation.retention.reliability import area_under_curve, calibration_error, equal_width_bins
from casewright.evaluation.retention.uplift_metrics import qini_coefficient

rows = st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.booleans()), min_size=4, max_size=40).filter(
    lambda drawn: len({each[1] for each in drawn}) == len({each[2] for each in drawn}) == 2
)


@settings(deadline=None, max_examples=60)
@given(rows, st.integers(0, 2**32 - 1))
def test_a_ranking_turned_round_or_permuted_or_stretched(
    drawn: list[tuple[int, bool, bool]], seed: int
) -> None:
    scores, first, second = (np.array(each, dtype=np.float64) for each in zip(*drawn, strict=True))
    order = np.random.default_rng(seed).permutation(len(scores))
    auc, qini = area_under_curve(scores, second), qini_coefficient(scores, first, second)
    assert 0 <= auc <= 1
    assert area_under_curve(-scores, second) == pytest.approx(1 - auc)
    assert area_under_curve(np.exp(scores)[order], second[order]) == pytest.approx(auc)
    assert qini_coefficient(np.exp(scores)[order], first[order], second[order]) == pytest.approx(
        qini, abs=1e-9
    )
    probabilities = scores / 8
    assert 0 <= calibration_error(equal_width_bins(probabilities, second)) <= 1
