"""Prices follow what was used."""

import numpy as np
import pytest

from casewright.evaluation.retention.steering import PricePlan

EVEN = np.tile(np.linspace(0, 1, 27)[:, None], (1, 2))
PLAN = PricePlan((2.0, 40.0), EVEN, targets=(1.0, 1.0))


def test_on_the_plan_prices_stay() -> None:
    assert PLAN.steer(13, np.array([[0.5, 0.5]]))[0] == pytest.approx([2.0, 40.0])


def test_overspending_raises_the_budgets_price_alone() -> None:
    budget, complaint = PLAN.steer(13, np.array([[0.6, 0.5]]))[0]
    # (0.5 + 0.15) / (0.4 + 0.15), squared
    assert budget == pytest.approx(2.0 * (0.65 / 0.55) ** 2)
    assert complaint == pytest.approx(40.0)


def test_room_lowers_a_price_to_half_at_least() -> None:
    assert PLAN.steer(13, np.array([[0.0, 0.5]]))[0, 0] == pytest.approx(1.0)


def test_a_limit_that_is_used_up_is_eight_times_as_dear_at_most() -> None:
    assert PLAN.steer(0, np.array([[1.5, 5.0]]))[0] == pytest.approx([16.0, 320.0])


def test_cohorts_are_steered_apart() -> None:
    prices = PLAN.steer(13, np.array([[0.5, 0.5], [0.7, 0.5]]))
    assert prices[0, 0] < prices[1, 0]
