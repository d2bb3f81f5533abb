"""Cohorts with everything drawn: limits hold behind the shield, and the books are right."""

import os

import numpy as np
import pytest
from small_world import certain_world, small_world

from casewright.adapters.retention.weights import read_policy
from casewright.evaluation.retention.baselines import ThresholdRule
from casewright.evaluation.retention.cohorts import Listed, measure_plan, run_cohorts
from casewright.evaluation.retention.policies import NetworkPolicy, RandomContacts
from casewright.evaluation.retention.rollout import run_period
from casewright.evaluation.retention.shifts import NO_SHIFT, SHIFTS

GREEDY = ThresholdRule("greedy", 2, 0.3)
"""Contacts far more than both limits allow."""
SIZE = 5_000 if os.environ.get("CASEWRIGHT_FULL") else 1_000


def listed_of(world) -> Listed:  # type: ignore[no-untyped-def]
    return Listed(world.discount, world.contact_cost, world.complaint)


@pytest.mark.parametrize("shift", [NO_SHIFT, *SHIFTS], ids=lambda shift: shift.name)
def test_no_cohort_breaks_a_limit_behind_the_shield(shift) -> None:  # type: ignore[no-untyped-def]
    world = small_world()
    results = run_cohorts(GREEDY, world, listed_of(world), shift, cohorts=4, size=SIZE, seed=3)
    assert results.spent_share.max() <= 1.0
    assert results.complaint_share.max() <= 1.0
    assert results.refused.min() > 0


def test_an_open_gate_lets_limits_break() -> None:
    world = small_world()
    results = run_cohorts(
        GREEDY, world, listed_of(world), NO_SHIFT, cohorts=4, size=SIZE, seed=3, is_open=True
    )
    assert results.spent_share.min() > 1.0
    assert results.refused.tolist() == [0, 0, 0, 0]


def test_where_limits_are_far_the_shield_changes_nothing() -> None:
    world = small_world()
    quiet = RandomContacts(0.001)
    both = [
        run_cohorts(quiet, world, listed_of(world), NO_SHIFT, cohorts=2, size=SIZE, seed=3, is_open=is_open)
        for is_open in (False, True)
    ]
    assert np.array_equal(both[0].value, both[1].value)
    assert both[0].refused.sum() == 0


def test_taking_out_the_luck_of_churn_leaves_the_mean_and_calms_the_rest() -> None:
    world = small_world()
    results = run_cohorts(
        RandomContacts(0.001), world, listed_of(world), NO_SHIFT, cohorts=30, size=300, seed=3, is_open=True
    )
    expected = run_period(RandomContacts(0.001), world, 1).value
    chosen = float(expected.std() / 300**0.5)
    assert results.value.mean() == pytest.approx(expected.mean(), rel=0.02)
    assert results.value.std() < 1.5 * chosen


def test_a_plan_ends_at_one_and_never_falls() -> None:
    world = small_world()
    plan = measure_plan(GREEDY, world, listed_of(world), (1.0, 20.0), size=500, seed=1)
    assert plan.used[-1].tolist() == [1.0, 1.0]
    assert plan.used[0].tolist() == [0.0, 0.0]
    assert (np.diff(plan.used[:, 1]) >= 0).all()
    assert plan.prices == (1.0, 20.0)


def test_a_steered_policy_spends_less_when_half_the_budget_is_taken() -> None:
    world = small_world()
    policy = NetworkPolicy("n", read_policy(), (1.0, 20.0), is_steered=True)
    plan = measure_plan(policy, world, listed_of(world), (1.0, 20.0), size=500, seed=1)
    cut = next(shift for shift in SHIFTS if shift.name == "budget cut")
    mean = [
        run_cohorts(
            policy, world, listed_of(world), cut, cohorts=2, size=500, seed=3, is_open=True, plan=each
        ).spent_share.mean()
        for each in (plan, None)
    ]
    assert mean[0] < mean[1]


def test_cohorts_can_be_joined() -> None:
    world = certain_world()
    one = run_cohorts(GREEDY, world, listed_of(world), NO_SHIFT, cohorts=2, size=10, seed=1)
    assert len(one.joined(one).value) == 4
