"""Stress: what shifts of the world do to policies, and what the shield holds.

Invariant: one shift at a time, the same customers and seeds for all; value is always a share of what was
possible in the world without a shift, so that numbers compare along a row and down a column.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from casewright.evaluation.retention.cohorts import CohortResults, Listed, run_cohorts
from casewright.evaluation.retention.intervals import (
    Interval,
    interval_of_mean,
    paired_difference,
    wilson_interval,
)
from casewright.evaluation.retention.policies import RetentionPolicy
from casewright.evaluation.retention.programme import full_information_bound, nothing_said
from casewright.evaluation.retention.rollout import run_period
from casewright.evaluation.retention.shifts import NO_SHIFT, SHIFTS, Shift
from casewright.evaluation.retention.steering import PricePlan
from casewright.evaluation.retention.world import World

BATCH = 20
"""Cohorts that are run at once."""
Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class CohortsUnder:
    """Cohorts of one policy under one shift."""

    cohorts: int
    share: Interval
    """Value as a share of the unshifted bound."""
    most_budget: float
    """Greatest use of the budget in any cohort, realised over allowed."""
    most_complaints: float
    mean_budget: float
    mean_complaints: float
    broken: int
    """Cohorts that broke the budget or the cap."""
    broken_share: Interval
    refused: float
    """Contacts put off by the shield, mean of a cohort, each week counted anew."""


@dataclass(frozen=True, slots=True)
class ShiftResult:
    """One shift: open, and shielded."""

    shift: str
    words: str
    open: CohortsUnder
    shielded: CohortsUnder
    cost: Interval
    """Value of the same cohorts, open less shielded, as a share of the bound."""


@dataclass(frozen=True, slots=True)
class PolicyUnderShift:
    """One policy's expected value and limits under a shift, without a shield."""

    policy: str
    shift: str
    share: float
    budget_used: float
    complaints_used: float


@dataclass(frozen=True, slots=True)
class Setting:
    """Where cohorts are drawn from, and how they are steered."""

    world: World
    listed: Listed
    plan: PricePlan | None
    size: int = 5_000
    seed: int = 42


def stress_cohorts(
    opened: RetentionPolicy,
    shielded: RetentionPolicy,
    setting: Setting,
    counts: dict[str, int],
    open_count: int,
    tell: Tell,
) -> list[ShiftResult]:
    """Run cohorts under no shift and under each; `counts` says how many shielded ones, by the shift's name.

    `opened` is run without shield or steering on the first `open_count` of the same cohorts.
    """
    least, most = nothing_said(setting.world), full_information_bound(setting.world).value
    found = []
    done = 0
    for shift in (NO_SHIFT, *SHIFTS):
        batches = -(-counts[shift.name] // BATCH)
        behind, before = [], []
        for batch in range(batches):
            behind.append(_run(shielded, setting, shift, batch, is_open=False))
            if batch * BATCH < open_count:
                before.append(_run(opened, setting, shift, batch, is_open=True))
            done += BATCH
            tell(done)
        ours, theirs = _join(behind), _join(before)
        paired = paired_difference(theirs.value, ours.value[: len(theirs.value)])
        found.append(
            ShiftResult(
                shift.name,
                shift.words,
                _summarise(theirs, least, most),
                _summarise(ours, least, most),
                paired.scaled(1 / (most - least)),
            )
        )
    return found


def stress_policies(
    policies: Sequence[RetentionPolicy],
    world: World,
    seed: int,
    tell: Callable[[int], None] = lambda done: None,
) -> list[PolicyUnderShift]:
    """Every policy under every shift, in expectation; `tell` is told how many periods were run."""
    least, most = nothing_said(world), full_information_bound(world).value
    found = []
    for shift in (NO_SHIFT, *SHIFTS):
        changed = shift.change(world)
        for policy in policies:
            outcome = run_period(policy, changed, seed, label_delay_weeks=shift.label_delay_weeks)
            found.append(
                PolicyUnderShift(
                    policy.name,
                    shift.name,
                    (float(outcome.value.mean()) - least) / (most - least),
                    float(outcome.outlay.mean()) / (world.budget * shift.budget_factor),
                    float(outcome.complaints.mean()) / world.complaint_cap,
                )
            )
            tell(len(found))
    return found


def as_rows(results: Sequence[ShiftResult]) -> list[dict[str, Any]]:
    """As JSON; `share` is the mean, with its interval beside it."""
    rows = []
    for result in results:
        row = asdict(result)
        for kind in ("open", "shielded"):
            row[kind]["share_95"] = [row[kind]["share"]["low"], row[kind]["share"]["high"]]
            row[kind]["share"] = row[kind]["share"]["mean"]
        rows.append(row)
    return rows


def _run(
    policy: RetentionPolicy, setting: Setting, shift: Shift, batch: int, *, is_open: bool
) -> CohortResults:
    return run_cohorts(
        policy,
        setting.world,
        setting.listed,
        shift,
        cohorts=BATCH,
        size=setting.size,
        seed=setting.seed + 1_000 * batch,
        is_open=is_open,
        plan=None if is_open else setting.plan,
    )


def _join(parts: Sequence[CohortResults]) -> CohortResults:
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.joined(part)
    return joined


def _summarise(results: CohortResults, least: float, most: float) -> CohortsUnder:
    broken = int(((results.spent_share > 1) | (results.complaint_share > 1)).sum())
    return CohortsUnder(
        len(results.value),
        interval_of_mean((results.value - least) / (most - least)),
        float(results.spent_share.max()),
        float(results.complaint_share.max()),
        float(np.mean(results.spent_share)),
        float(np.mean(results.complaint_share)),
        broken,
        wilson_interval(broken, len(results.value)),
        float(results.refused.mean()),
    )
