"""Policies and cohorts under every shift."""

from small_world import small_world

from casewright.evaluation.retention.baselines import ThresholdRule
from casewright.evaluation.retention.cohorts import Listed
from casewright.evaluation.retention.policies import NoContact, RandomContacts
from casewright.evaluation.retention.shifts import NO_SHIFT, SHIFTS
from casewright.evaluation.retention.stress import Setting, as_rows, stress_cohorts, stress_policies


def test_every_policy_meets_every_shift() -> None:
    rows = stress_policies([NoContact(), RandomContacts(0.02)], small_world(), 1)
    assert len(rows) == 2 * (1 + len(SHIFTS))
    assert rows[0].share == 0.0 or abs(rows[0].share) < 1e-3
    cut = {row.shift: row for row in rows if row.policy == "random"}
    assert cut["budget cut"].budget_used == 2 * cut["none"].budget_used


def test_cohorts_are_run_open_and_shielded_under_every_shift() -> None:
    world = small_world()
    listed = Listed(world.discount, world.contact_cost, world.complaint)
    rule = ThresholdRule("rule", 2, 0.45)
    counts = {shift.name: 20 for shift in (NO_SHIFT, *SHIFTS)}
    told: list[int] = []
    found = stress_cohorts(rule, rule, Setting(world, listed, None, size=300), counts, 20, told.append)
    assert [each.shift for each in found] == ["none", *(shift.name for shift in SHIFTS)]
    assert all(each.shielded.broken == 0 for each in found)
    assert any(each.open.broken > 0 for each in found)
    assert told[-1] == 160
    row = as_rows(found)[0]
    assert row["open"]["share_95"][0] < row["open"]["share"] < row["open"]["share_95"][1]
