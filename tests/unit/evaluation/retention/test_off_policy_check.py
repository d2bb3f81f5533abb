"""Estimates beside the truth: a small share of the 200 runs of `casewright retention ope`."""

import os

from small_world import small_world

from casewright.adapters.retention.weights import read_policy
from casewright.evaluation.retention.decision_log import Softened
from casewright.evaluation.retention.off_policy_check import check_one_decision, check_sequential
from casewright.evaluation.retention.policies import NetworkPolicy

RUNS = 200 if os.environ.get("CASEWRIGHT_FULL") else 20
CHAMPION = NetworkPolicy("champion", read_policy(), (1.0, 20.0))
CHALLENGER = CHAMPION.at_prices((1.15, 23.0))


def test_doubly_robust_estimates_of_one_decision_are_within_two_percent_and_cover() -> None:
    told: list[int] = []
    seeds = range(1_000, 1_000 + RUNS)
    checked = check_one_decision(
        Softened(CHAMPION, 0.3), CHALLENGER, small_world(), rows=4_000, seeds=seeds, tell=told.append
    )
    robust = checked.coverage[-1]
    assert robust.method == "DR"
    assert robust.mean_error < 0.02
    assert robust.covered >= (0.9 if RUNS == 200 else 0.85)
    assert told[-1] == RUNS


def test_sequential_estimates_say_what_a_log_is_worth() -> None:
    checked = check_sequential(
        CHAMPION, CHALLENGER, small_world(), rows=500, seeds=range(2), tell=lambda done: None
    )
    assert [each.method for each in checked.estimates][-1] == "sequential DR"
    assert all(50 < each.effective_sample_size < 500 for each in checked.estimates)
    assert abs(checked.estimates[-1].value / checked.truth - 1) < 0.15
    assert checked.as_document()["title"] == "Whole periods"
