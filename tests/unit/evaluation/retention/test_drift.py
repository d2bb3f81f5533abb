"""Drift: a shifted input is found, a sample of the same law is not, however small."""

import numpy as np
import pytest

from casewright.evaluation.retention.drift import SCORE, InputDrift, build_reference, measure_drift


def draw(
    seed: int, rows: int, shift: float = 0.0, yearly: float = 0.3
) -> tuple[dict[str, list[object]], object]:
    rng = np.random.default_rng(seed)
    tenure = rng.gamma(2, 12, rows) + shift
    columns = {
        "tenure": tenure.tolist(),
        "plan": ["yearly" if each else "monthly" for each in rng.random(rows) < yearly],
        "spend": [None if each < 0.1 else float(each) for each in rng.random(rows)],
    }
    return columns, rng.random(rows)


REFERENCE = build_reference(*draw(1, 4_000))


def states(columns: object, scores: object) -> dict[str, str]:
    return {each.name: each.state for each in measure_drift(REFERENCE, columns, scores)}


@pytest.mark.parametrize("rows", [60, 300, 4_000])
def test_a_sample_of_the_same_law_is_steady(rows: int) -> None:
    for seed in range(2, 12):
        assert set(states(*draw(seed, rows)).values()) == {"steady"}


def test_a_shifted_number_drifts_and_stands_first() -> None:
    found = measure_drift(REFERENCE, *draw(2, 1_000, shift=15))
    assert (found[0].name, found[0].state) == ("tenure", "drifted")
    assert found[0].ks is not None
    assert found[0].ks > 0.3
    assert {each.name: each.state for each in found[1:]} == {
        "plan": "steady",
        "spend": "steady",
        SCORE: "steady",
    }


def test_a_kind_that_grows_drifts_and_a_kind_never_seen_does_too() -> None:
    assert states(*draw(3, 1_000, yearly=0.8))["plan"] == "drifted"
    columns, scores = draw(3, 1_000)
    assert states({**columns, "plan": ["weekly"] * 1_000}, scores)["plan"] == "drifted"


def test_blanks_that_spread_drift() -> None:
    columns, scores = draw(3, 1_000)
    assert states({**columns, "spend": [None] * 1_000}, scores)["spend"] == "drifted"


def test_psi_is_the_sum_over_bins_by_hand() -> None:
    reference = build_reference({"plan": ["a"] * 50 + ["b"] * 50}, np.full(100, 0.5))
    found = measure_drift(reference, {"plan": ["a"] * 75 + ["b"] * 25}, np.full(100, 0.5))
    # (.75 − .5) ln(.75/.5) + (.25 − .5) ln(.25/.5) = .10137 + .17329
    plan = next(each for each in found if each.name == "plan")
    assert plan.psi == pytest.approx(0.27465, abs=1e-5)
    assert plan.has_drifted


def test_a_shift_of_middling_size_is_watched() -> None:
    assert InputDrift("x", 0.15, None, 0.01, has_drifted=True).state == "watched"


def test_columns_that_the_reference_does_not_know_are_not_compared() -> None:
    columns, scores = draw(4, 100)
    found = measure_drift(REFERENCE, {"tenure": columns["tenure"], "unheard": [1.0] * 100}, scores)
    assert {each.name for each in found} == {"tenure", SCORE}
