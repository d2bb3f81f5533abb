"""Multipliers: numbers by hand, never below 0, and what a clipped error keeps from happening."""

import pytest

from casewright.learning.retention.duals import AdamDual, PidDual, relative_error


def test_errors_are_relative_to_the_limit_and_clipped() -> None:
    assert [relative_error(used) for used in (0.0, 0.75, 1.0, 1.5, 40.0)] == [-1.0, -0.25, 0.0, 0.5, 1.0]


def test_a_pid_multiplier_by_hand() -> None:
    dual = PidDual(10.0, kp=0.2, ki=0.1, kd=0.5, smoothing=0.5, start=1.0)
    # Error 1, smoothed 0.5; integral 1.05; 1.05 + 0.2 × 0.5 + 0.5 × 0.5 = 1.4.
    assert dual.update(2.0) == pytest.approx(14.0)
    # Error 0, smoothed 0.25; integral 1.075; no rise; 1.075 + 0.05 = 1.125.
    assert dual.update(1.0) == pytest.approx(11.25)


def test_a_slack_limit_becomes_free_and_never_cheaper() -> None:
    for dual in (PidDual(5.0, start=0.2), AdamDual(5.0, rate=0.2, start=0.2)):
        for _ in range(50):
            dual.update(0.1)
        assert dual.price == 0.0


def test_an_integral_at_zero_climbs_at_once() -> None:
    dual = PidDual(1.0, kp=0.0, ki=0.1, smoothing=0.0, start=0.0)
    for _ in range(100):
        dual.update(0.0)
    assert dual.update(2.0) == pytest.approx(0.1)


def test_one_burst_moves_a_price_no_further_than_twice_the_limit_would() -> None:
    burst, twice = PidDual(1.0), PidDual(1.0)
    assert burst.update(1000.0) == twice.update(2.0)


def test_adam_ascends_while_the_limit_is_broken() -> None:
    dual = AdamDual(2.0, rate=0.05, start=1.0)
    # Adam's first step is its rate, whatever the size of the error.
    assert dual.update(1.3) == pytest.approx(2.0 + 2.0 * 0.05)
