"""The arena: every policy on the same customers and seeds, as a share of what is possible, with intervals.

Invariant: customers of the arena were never seen in training or tuning, each counts once however many seeds
were run, and differences between policies are taken customer by customer.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from casewright.evaluation.retention.intervals import (
    Floats,
    Interval,
    interval_of_mean,
    interval_of_ratio,
    paired_difference,
)
from casewright.evaluation.retention.policies import NoContact, RetentionPolicy
from casewright.evaluation.retention.programme import full_information_bound
from casewright.evaluation.retention.rollout import PeriodOutcome, run_period
from casewright.evaluation.retention.world import World


@dataclass(frozen=True, slots=True)
class Scored:
    """One policy's result. Money per customer and period, in major units."""

    name: str
    share: Interval
    """Of the way from no contact to the full-information bound."""
    incremental: Interval
    """Value beyond no contact."""
    net_revenue_retention: Interval
    """Revenue of the last week over that of the first, less discounts and contacts."""
    return_on_outlay: Interval
    """Incremental value over outlay; value is net of outlay already."""
    budget_used: Interval
    complaints_used: Interval
    """Realised over allowed, as of the budget."""
    contacts: float
    behind_best: Interval | None
    """By how much of the bound it lags behind the champion, paired; None for the champion itself."""


@dataclass(frozen=True, slots=True)
class ArenaResult:
    """All policies, the champion first."""

    customers: int
    seeds: tuple[int, ...]
    nothing_said: float
    bound: float
    scored: tuple[Scored, ...]

    def as_document(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def run_arena(
    policies: Sequence[RetentionPolicy],
    world: World,
    seeds: Sequence[int],
    champion: str,
    tell: Callable[[int], None] = lambda done: None,
) -> ArenaResult:
    """Run every policy in a world of customers kept aside, once a seed."""
    none = mean_outcome(NoContact(), world, seeds[:1])
    least, most = float(none.value.mean()), full_information_bound(world).value
    outcomes = {}
    for done, policy in enumerate(policies):
        outcomes[policy.name] = mean_outcome(policy, world, seeds)
        tell(done + 1)
    gap = most - least
    best = outcomes[champion].value
    scored = [
        _score(name, outcome, none, world, gap, None if name == champion else best)
        for name, outcome in outcomes.items()
    ]
    scored.sort(key=lambda each: (each.name != champion, -each.share.mean))
    return ArenaResult(len(world), tuple(seeds), least, most, tuple(scored))


def mean_outcome(policy: RetentionPolicy, world: World, seeds: Sequence[int]) -> PeriodOutcome:
    """Customer by customer, the mean over seeds."""
    runs = [run_period(policy, world, seed) for seed in seeds]

    def mean(name: str) -> Floats:
        return np.asarray(np.mean([getattr(run, name) for run in runs], axis=0))

    return PeriodOutcome(
        mean("value"),
        mean("outlay"),
        mean("complaints"),
        mean("contacts"),
        mean("revenue_at_end"),
        mean("revenue_at_start"),
    )


def _score(
    name: str, outcome: PeriodOutcome, none: PeriodOutcome, world: World, gap: float, best: Floats | None
) -> Scored:
    gained = outcome.value - none.value
    return Scored(
        name,
        interval_of_mean(gained / gap),
        interval_of_mean(gained),
        interval_of_ratio(outcome.revenue_at_end, outcome.revenue_at_start),
        interval_of_ratio(gained, outcome.outlay),
        interval_of_mean(outcome.outlay / world.budget),
        interval_of_mean(outcome.complaints / world.complaint_cap),
        float(outcome.contacts.mean()),
        None if best is None else paired_difference(best / gap, outcome.value / gap),
    )
