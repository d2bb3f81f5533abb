"""Qini and uplift curves against numbers worked out by hand."""

import numpy as np
import pytest

from casewright.evaluation.retention.uplift_metrics import estimate_qini, qini_coefficient, uplift_curves

SCORES = np.array([4.0, 3.0, 2.0, 1.0])
TREATED = np.array([1.0, 0.0, 1.0, 0.0])


def test_qini_coefficient_by_hand() -> None:
    # best first: treated won 1, control 0, treated 0, control won 1.
    # running: t 1 1 2 2, c 0 1 1 2, won t 1 1 1 1, won c 0 0 0 1.
    # won t − won c × t / c: 1 1 1 0, by 2 treated: .5 .5 .5 0; from 0.
    # trapezes of width 1/4: (.25 + .5 + .5 + .25) / 4 = .375; the line to 0 has area 0.
    outcome = np.array([1.0, 0.0, 0.0, 1.0])
    assert qini_coefficient(SCORES, TREATED, outcome) == pytest.approx(0.375)
    # the worst first is as bad as the best first is good: control won 1, treated 0, control 0, treated won 1:
    # t 0 1 1 2, c 1 1 2 2, won c 1 1 1 1, won t 0 0 0 1 → 0 −1 −.5 0, by 2: 0 −.5 −.25 0.
    # (0 − .25 − .375 − .125) / 4 = −.1875
    assert qini_coefficient(-SCORES, TREATED, outcome) == pytest.approx(-0.1875)


def test_people_of_one_score_are_taken_together_so_their_order_says_nothing() -> None:
    outcome = np.array([1.0, 0.0, 0.0, 1.0])
    assert qini_coefficient(np.zeros(4), TREATED, outcome) == 0
    assert qini_coefficient(np.zeros(4), TREATED[::-1].copy(), outcome) == 0


def test_curves_end_at_the_effect_of_treating_everybody() -> None:
    rng = np.random.default_rng(3)
    treated = (rng.random(2_000) < 0.5) * 1.0
    outcome = (rng.random(2_000) < 0.2 + 0.1 * treated) * 1.0
    curves = uplift_curves(rng.random(2_000), treated, outcome)
    effect = outcome[treated > 0].mean() - outcome[treated == 0].mean()
    assert curves.uplift[-1] == pytest.approx(effect)
    assert curves.qini[-1] == pytest.approx(effect)
    assert curves.qini[0] == 0


def test_true_effects_rank_well_above_chance_and_random_scores_do_not() -> None:
    rng = np.random.default_rng(4)
    effect, treated = rng.random(8_000) * 0.4, (rng.random(8_000) < 0.5) * 1.0
    outcome = (rng.random(8_000) < 0.2 + effect * treated) * 1.0
    found, drawn = estimate_qini({"true": effect, "random": rng.random(8_000)}, treated, outcome, rounds=60)
    assert found["true"].low > 0
    assert found["random"].low < 0 < found["random"].high
    assert found["true"].low < found["true"].value < found["true"].high
    assert drawn["true"].shape == (60,)
    assert np.quantile(drawn["true"] - drawn["random"], 0.025) > 0


def test_same_seed_gives_the_same_interval() -> None:
    outcome = np.array([1.0, 0.0, 0.0, 1.0])
    first, _ = estimate_qini({"a": SCORES}, TREATED, outcome, rounds=20)
    assert first == estimate_qini({"a": SCORES}, TREATED, outcome, rounds=20)[0]
