"""Each shift changes what it says, and nothing else."""

import numpy as np
import pytest
from small_world import small_world

from casewright.evaluation.retention.shifts import NO_SHIFT, SHIFTS

BY_NAME = {shift.name: shift for shift in SHIFTS}


def test_there_are_seven() -> None:
    assert len(BY_NAME) == 7


def test_without_a_shift_the_world_is_the_same() -> None:
    assert NO_SHIFT.change(small_world()) is small_world()


def test_costs_rise_by_two_fifths() -> None:
    world, dear = small_world(), BY_NAME["offer cost"].change(small_world())
    assert np.allclose(dear.discount, world.discount * 1.4)
    assert np.allclose(dear.contact_cost, world.contact_cost * 1.4)
    assert dear.accept is world.accept


def test_a_shock_raises_every_hazard_and_none_above_a_half() -> None:
    world, shocked = small_world(), BY_NAME["demand shock"].change(small_world())
    assert np.allclose(shocked.hazard, np.minimum(world.hazard * 1.5, 0.5))


def test_drift_touches_responses_alone() -> None:
    world, drifted = small_world(), BY_NAME["response drift"].change(small_world())
    assert (drifted.accept >= world.accept).all()
    assert np.allclose(drifted.relief, world.relief * 0.7)
    assert drifted.hazard is world.hazard


def test_a_wrong_risk_is_seen_but_not_true() -> None:
    world, wrong = small_world(), BY_NAME["miscalibrated risk"].change(small_world())
    assert wrong.inputs[:, 0] == pytest.approx(world.inputs[:, 0] * 1.25 + 0.25)
    assert np.array_equal(wrong.inputs[:, 1:], world.inputs[:, 1:])
    assert wrong.hazard is world.hazard


def test_one_customer_in_twenty_is_hostile_the_same_ones_every_time() -> None:
    change = BY_NAME["poisoned feedback"].change
    hostile = change(small_world(1_000)).complaint == np.float32(0.6)
    assert 0.03 < hostile.mean() < 0.07
    assert np.array_equal(hostile, change(small_world(1_000)).complaint == np.float32(0.6))


def test_two_shifts_are_no_change_of_the_world() -> None:
    assert BY_NAME["budget cut"].budget_factor == 0.5
    assert BY_NAME["delayed labels"].label_delay_weeks == 4
