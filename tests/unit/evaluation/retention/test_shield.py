"""The shield of a cohort, by hand."""

import numpy as np
import pytest

from casewright.evaluation.retention.shield import (
    CohortShield,
    poisson_at_most,
    poisson_floor,
    poisson_room,
    worst_cost,
)

NEVER = 1e9
"""A complaint cap that is never reached."""


def test_contacts_are_let_through_until_their_worst_cases_fill_the_budget() -> None:
    shield = CohortShield(100.0, NEVER)
    assert shield.admit(np.array([60.0, 40.0, 1.0]), np.zeros(3)).tolist() == [True, True, False]
    assert (shield.reserved, shield.refused) == (100.0, 1)


def test_what_turned_out_cheaper_is_given_back() -> None:
    shield = CohortShield(100.0, NEVER)
    shield.admit(np.array([100.0]), np.zeros(1))
    shield.settle(spent=10.0, listed=10.0, reserved=0.0)
    assert shield.admit(np.array([90.0, 0.5]), np.zeros(2)).tolist() == [True, False]


def test_dearer_bills_make_all_that_is_reserved_dearer() -> None:
    shield = CohortShield(100.0, NEVER)
    shield.admit(np.array([50.0]), np.zeros(1))
    shield.settle(spent=14.0, listed=10.0, reserved=40.0)
    assert shield.dearness() == pytest.approx(1.4)
    # 100 - 14 - 40 × 1.4 = 30 is left, and each unit counts 1.4.
    assert shield.admit(np.array([21.0, 0.5]), np.zeros(2)).tolist() == [True, False]


def test_cheaper_bills_free_nothing_beyond_themselves() -> None:
    shield = CohortShield(100.0, NEVER)
    shield.settle(spent=5.0, listed=10.0, reserved=95.0)
    assert shield.dearness() == 1.0
    assert not shield.admit(np.array([0.1]), np.zeros(1)).any()


def test_after_the_cap_nobody_is_contacted() -> None:
    shield = CohortShield(100.0, 3.0)
    shield.hear(complaints=4, expected_settled=1.0)
    assert not shield.admit(np.array([1.0]), np.array([1e-9])).any()


def test_one_complaint_from_the_cap_only_a_tiny_chance_is_taken() -> None:
    shield = CohortShield(100.0, 3.0)
    shield.hear(complaints=3, expected_settled=3.0)
    assert shield.admit(np.ones(2), np.array([1e-6, 1e-3])).tolist() == [True, False]


def test_contacts_whose_outcome_is_open_take_room() -> None:
    shield = CohortShield(1e6, 20.0)
    room = shield.allowed_complaints()
    assert shield.admit(np.ones(1), np.array([room * 0.9])).all()
    assert not shield.admit(np.ones(1), np.array([room * 0.2])).any()
    shield.hear(complaints=0, expected_settled=room * 0.9)
    assert shield.admit(np.ones(1), np.array([room * 0.2])).all()


def test_more_complaints_than_expected_raise_the_rate() -> None:
    calm, angry = CohortShield(1e6, 60.0), CohortShield(1e6, 60.0)
    calm.hear(complaints=10, expected_settled=10.0)
    angry.hear(complaints=30, expected_settled=10.0)
    assert angry.rate_bound() > 1.5 > calm.rate_bound() > 1.0


def test_shares_used_count_what_is_likely_to_be_spent() -> None:
    shield = CohortShield(100.0, 50.0, spent=20.0, listed=20.0, reserved=40.0, complaints=10.0)
    assert shield.used() == pytest.approx((0.54, 0.2))


def test_poisson_numbers_agree_with_tables() -> None:
    assert poisson_at_most(2, 3.0) == pytest.approx(0.4232, abs=1e-4)
    assert poisson_at_most(0, 0.5) == pytest.approx(0.6065, abs=1e-4)
    # 95 % confidence that a mean is below 2.996 after no event, below 4.744 after one.
    assert poisson_floor(1, 0.05) == pytest.approx(2.996, abs=1e-3)
    assert poisson_floor(2, 0.05) == pytest.approx(4.744, abs=1e-3)


def test_room_keeps_the_chance() -> None:
    for left in (0, 5, 40, 400):
        assert 1 - poisson_at_most(left, poisson_room(left, 1e-4)) == pytest.approx(1e-4, rel=1e-3)


def test_for_many_complaints_bounds_stay_on_the_safe_side() -> None:
    assert 1 - poisson_at_most(401, poisson_room(401, 1e-4)) < 1e-4
    assert poisson_room(401, 1e-4) > 0.98 * poisson_room(400, 1e-4)
    assert poisson_at_most(400, poisson_floor(401, 0.05)) <= 0.05
    assert poisson_floor(401, 0.05) < 1.02 * poisson_floor(400, 0.05)


def test_the_worst_of_a_contact_is_its_cost_and_its_whole_term() -> None:
    assert worst_cost(2.0, 0.5, 12) == 24.5
