"""Who is put under stress."""

import os

import pytest
from small_world import small_grounds

from casewright.learning.retention.learned_world import learn_law
from casewright.learning.retention.stress_roster import enter_shielded, poison_learning

full = pytest.mark.skipif(not os.environ.get("CASEWRIGHT_FULL"), reason="minutes: run by make test-all")


def test_the_shielded_policy_reads_steered_prices_and_the_open_one_has_its_own() -> None:
    grounds = small_grounds()
    learned = learn_law(grounds.draw_trial(2_000), grounds.price_list)
    entry = enter_shielded(grounds, learned, None, size=200)
    assert entry.steered.is_steered  # type: ignore[attr-defined]
    assert not entry.opened.is_steered  # type: ignore[attr-defined]
    assert entry.setting.plan is not None
    assert entry.setting.plan.used[-1].tolist() == [1.0, 1.0]
    assert entry.setting.listed.complaint.shape == (len(grounds.aside),)


@full
def test_quarantine_keeps_a_learned_policy_where_it_was() -> None:
    grounds = small_grounds()
    trial = grounds.draw_trial(20_000)
    found = poison_learning(grounds, trial, learn_law(trial, grounds.price_list))
    assert 0.03 < found["held_back"] < 0.1
    assert found["quarantined"] > found["poisoned"] - 0.01
    assert found["same_decisions"] > 0.9
