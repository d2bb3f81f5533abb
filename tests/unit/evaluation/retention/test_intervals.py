"""Intervals, by hand."""

import numpy as np
import pytest

from casewright.evaluation.retention.intervals import (
    Interval,
    bootstrap_interval,
    interval_of_mean,
    interval_of_ratio,
    paired_difference,
    wilson_interval,
)


def test_the_normal_interval_is_the_mean_and_1_96_standard_errors() -> None:
    interval = interval_of_mean(np.array([1.0, 3.0, 5.0]))
    assert (interval.mean, interval.low, interval.high) == pytest.approx(
        (3.0, 3 - 2.2632, 3 + 2.2632), abs=1e-3
    )


def test_one_value_has_no_width_and_none_has_no_mean() -> None:
    assert interval_of_mean(np.array([2.0])) == Interval(2.0, 2.0, 2.0)
    assert interval_of_mean(np.array([])) == Interval(0.0, 0.0, 0.0)


def test_what_customers_share_cancels_in_a_paired_difference() -> None:
    base = np.random.default_rng(1).normal(0, 100, 1_000)
    interval = paired_difference(base + 1, base)
    assert (interval.low, interval.high) == pytest.approx((1.0, 1.0))
    assert interval.excludes_zero


def test_a_ratio_of_sums_is_not_a_mean_of_ratios() -> None:
    interval = interval_of_ratio(np.array([1.0, 9.0]), np.array([1.0, 3.0]))
    assert interval.mean == 2.5
    assert interval_of_ratio(np.zeros(3), np.zeros(3)) == Interval(0.0, 0.0, 0.0)


def test_the_bootstrap_agrees_with_the_normal_interval_where_both_apply() -> None:
    values = np.random.default_rng(2).normal(5, 2, 2_000)
    normal, drawn = interval_of_mean(values), bootstrap_interval(values, np.random.default_rng(3))
    assert (drawn.low, drawn.high) == pytest.approx((normal.low, normal.high), abs=0.02)


def test_no_hit_in_3000_still_leaves_a_thousandth_open() -> None:
    assert wilson_interval(0, 3_000).high == pytest.approx(0.00128, abs=1e-5)
    assert wilson_interval(0, 0) == Interval(0.0, 0.0, 1.0)


def test_units_change_with_the_mean() -> None:
    assert Interval(3.0, 2.0, 4.0).scaled(10.0, offset=1.0) == Interval(20.0, 10.0, 30.0)
    assert Interval(3.0, 2.0, 4.0).holds(2.5)
