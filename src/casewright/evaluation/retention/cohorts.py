"""Cohorts of a period with everything drawn: what each spent, how many complained, with the shield and
without.

Churn, acceptance and complaints are sampled, since a limit is kept or broken by what happens, not by what is
expected. The value of a cohort is corrected by what churn was luck (a control variate of mean zero: the drawn
churn less its probability, times what the customer would have brought if nobody called).
Invariant: limits are judged by what happened, whether or not the shield was told.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import PERIOD_WEEKS, TERM_WEEKS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import NEXT_WEEK, Indices, Prices, RetentionPolicy
from casewright.evaluation.retention.rollout import PeriodOutcome, run_period
from casewright.evaluation.retention.shield import CohortShield, worst_cost
from casewright.evaluation.retention.shifts import NO_SHIFT, Shift
from casewright.evaluation.retention.simulator import NO_CONTACT, PRICE_COLUMNS, STATES, Simulator, Step
from casewright.evaluation.retention.states import DECLINED, NEUTRAL
from casewright.evaluation.retention.steering import PricePlan
from casewright.evaluation.retention.world import World

DAYS = 5
"""A week's list of contacts is worked off on so many days."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the operator believes of n customers before the period."""

    discount: Floats
    """(n, 4) a week's cost by level, as listed."""
    contact_cost: Floats
    """(4,)"""
    complaint: Floats
    """(n,) estimated probability of a complaint at a first contact."""

    def take(self, chosen: npt.NDArray[Any]) -> "Listed":
        """These customers."""
        return Listed(self.discount[chosen], self.contact_cost, self.complaint[chosen])


@dataclass(frozen=True, slots=True)
class CohortResults:
    """One number a cohort, arrays of shape (cohorts,)."""

    value: Floats
    """Per customer, corrected for luck."""
    spent_share: Floats
    """Of the budget in force."""
    complaint_share: Floats
    """Of the cap in force."""
    refused: Floats
    """Contacts that the shield did not let through."""

    def joined(self, other: "CohortResults") -> "CohortResults":
        """Both, one after the other."""
        names = ("value", "spent_share", "complaint_share", "refused")
        return CohortResults(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))


class CohortGate:
    """One shield a cohort over customers that stand one cohort after another, and the books of each.

    An open gate keeps the books and lets everything through. With a plan, it steers the prices that
    customers' observations hold, cohort by cohort.
    """

    def __init__(
        self,
        world: World,
        listed: Listed,
        shields: Sequence[CohortShield],
        *,
        is_open: bool = False,
        plan: PricePlan | None = None,
        delay_weeks: int = 0,
        seed: int = 0,
    ) -> None:
        self._world, self._listed, self.shields, self._is_open = world, listed, shields, is_open
        self._size, self._plan = len(world) // len(shields), plan
        self.used = np.zeros((PERIOD_WEEKS + 1, len(shields), 2))
        self._level = np.zeros(len(world), dtype=np.int64)
        self._later: deque[tuple[Floats, Floats]] = deque()
        self._delay, self._rng = delay_weeks, np.random.default_rng([seed, 22])
        self.complaint_draws: Floats | None = None
        self._expected = np.zeros(len(world))
        self._ratio = np.concatenate(
            [np.zeros((len(world), 1), np.float32), world.relief, world.annoyance[:, None]], axis=1
        )
        self.luck = np.zeros(len(world))
        self._tail = world.tail().astype(np.float64)
        self._state: Indices = np.zeros(len(world), dtype=np.int16)

    def admit(
        self, simulator: Simulator, offers: Indices, delays: Indices, urgency: Floats
    ) -> tuple[Indices, Indices]:
        """Ask each cohort's shield, the most urgent first; whoever is refused is decided about next week."""
        offers, delays, self._state = offers.copy(), delays.copy(), simulator.state.copy()
        proposed = np.flatnonzero((offers != NO_CONTACT) & simulator.may_contact() & (simulator.weight > 0))
        proposed = proposed[np.lexsort((-urgency[proposed], proposed // self._size))]
        level = offers[proposed].astype(np.int64) - 1
        chances = self._listed.complaint[proposed] * STATES.complaint_factor[simulator.state[proposed]]
        self.complaint_draws = self._rng.random(len(self._world), dtype=np.float32)
        if not self._is_open:
            refused = self._ask(simulator, self.complaint_draws, proposed, level, chances)
            offers[refused], delays[refused] = NO_CONTACT, NEXT_WEEK
        made = offers[proposed] != NO_CONTACT
        self._level[proposed[made]] = level[made]
        self._expected[:] = 0.0
        self._expected[proposed[made]] = chances[made]
        return offers, delays

    def _ask(
        self, simulator: Simulator, draws: Floats, proposed: Indices, level: Indices, chances: Floats
    ) -> Indices:
        """Indices of customers that are refused. A week's list is worked off in DAYS parts, day by day.

        Whether somebody complained is known the next day, unless labels are delayed.
        """
        weeks = min(TERM_WEEKS, PERIOD_WEEKS - simulator.week)
        worst = worst_cost(self._listed.discount[proposed, level], self._listed.contact_cost[level], weeks)
        true = np.minimum(
            self._world.complaint[proposed] * STATES.complaint_factor[simulator.state[proposed]], 1
        )
        complains = draws[proposed] < true
        bounds = np.searchsorted(proposed // self._size, np.arange(len(self.shields) + 1))
        refused = []
        for shield, start, end in zip(self.shields, bounds[:-1], bounds[1:], strict=True):
            for day in np.array_split(np.arange(start, end), DAYS):
                may = shield.admit(worst[day], chances[day])
                refused.append(proposed[day[~may]])
                if not self._delay:
                    made = day[may]
                    shield.hear(float(complains[made].sum()), float(chances[made].sum()))
        return np.concatenate(refused)

    def record(self, simulator: Simulator, step: Step) -> None:
        """Bills, reservations and complaints of the week, and its luck."""
        self._count_luck(simulator, step)
        self._hear_late(step)
        billed = self._by_cohort(step.outlay)
        listed = self._by_cohort(self._as_listed(step))
        running = self._by_cohort(self._still_reserved(simulator, step))
        for index, shield in enumerate(self.shields):
            shield.settle(float(billed[index]), float(listed[index]), float(running[index]))
        week = PERIOD_WEEKS if step.is_last else simulator.week
        self.used[week] = [shield.used() for shield in self.shields]
        if self._plan is not None and not step.is_last:
            prices = np.log1p(self._plan.steer(week, self.used[week]))
            simulator.observation[:, PRICE_COLUMNS] = np.repeat(prices, self._size, axis=0)

    def _hear_late(self, step: Step) -> None:
        """Outcomes that were not heard of the next day: where nobody asked, or where they come late."""
        if not self._delay and not self._is_open:
            return
        self._later.append((self._by_cohort(step.complaints), self._by_cohort(self._expected)))
        if len(self._later) > self._delay:
            complaints, expected = self._later.popleft()
            for index, shield in enumerate(self.shields):
                shield.hear(float(complaints[index]), float(expected[index]))

    def _as_listed(self, step: Step) -> Floats:
        """(n,) what the week's bills would be at the listed prices."""
        mode = self._mode_during(step)
        runs = (mode != NEUTRAL) & (mode != DECLINED)
        weekly = self._listed.discount[np.arange(len(mode)), self._level] * runs
        return np.asarray(
            (weekly + self._listed.contact_cost[self._level] * step.was_contacted) * step.weight
        )

    def _mode_during(self, step: Step) -> Indices:
        mode = np.where(step.was_contacted, DECLINED, STATES.mode[self._state])
        return np.asarray(np.where(step.was_accepted, 1 + self._level, mode))

    def _still_reserved(self, simulator: Simulator, step: Step) -> Floats:
        """(n,) worst case, as listed, of what runs or is not yet known to have been turned down."""
        if step.is_last:
            return np.zeros(len(self._world))
        mode, weeks = STATES.mode[simulator.state], STATES.weeks[simulator.state]
        runs = (mode != NEUTRAL) & ((mode != DECLINED) | (weeks <= self._delay)) & (simulator.weight > 0)
        rest = np.minimum(TERM_WEEKS - weeks, PERIOD_WEEKS - simulator.week)
        discount = self._listed.discount[np.arange(len(mode)), self._level]
        return np.asarray(np.where(runs, discount * rest, 0.0))

    def _count_luck(self, simulator: Simulator, step: Step) -> None:
        """Who left, less the probability of it, times what staying would have brought with no contact.

        The last week is left out: the simulator has then started anew.
        """
        if step.is_last:
            return
        world, rest = self._world, PERIOD_WEEKS - simulator.week
        kept = (1 - world.hazard.astype(np.float64)) ** rest
        worth = world.margin * (1 - kept) / world.hazard + kept * self._tail
        mode = self._mode_during(step)
        leave = np.minimum(world.hazard * np.exp(self._ratio[np.arange(len(mode)), mode]), 0.95)
        self.luck += (simulator.weight - step.weight * (1 - leave)) * worth

    def _by_cohort(self, values: Floats) -> Floats:
        return np.asarray(values.astype(np.float64).reshape(-1, self._size).sum(axis=1))


def run_cohorts(
    policy: RetentionPolicy,
    world: World,
    listed: Listed,
    shift: Shift,
    *,
    cohorts: int,
    size: int,
    seed: int,
    is_open: bool = False,
    plan: PricePlan | None = None,
) -> CohortResults:
    """Draw that many cohorts from the customers of a world, with replacement, and run a period under a shift.

    Budget and cap are the world's per customer, times the cohort's size, times the shift's factor. With a
    plan the prices are steered; a policy must read them from the observation to answer.
    """
    outcome, gate = _run(
        policy, world, listed, shift, cohorts=cohorts, size=size, seed=seed, is_open=is_open, plan=plan
    )

    def sums(values: Floats) -> Floats:
        return np.asarray(values.reshape(cohorts, size).sum(axis=1))

    return CohortResults(
        sums(outcome.value - gate.luck) / size,
        sums(outcome.outlay) / (world.budget * size * shift.budget_factor),
        sums(outcome.complaints) / (world.complaint_cap * size),
        np.array([shield.refused for shield in gate.shields]),
    )


def measure_plan(
    policy: RetentionPolicy, world: World, listed: Listed, prices: Prices, *, size: int, seed: int
) -> PricePlan:
    """The course of a policy at these prices when nothing is otherwise, from open cohorts.

    It ends at 1: prices were tuned to use both limits, and what eight cohorts drew by chance is left out.
    """
    start = PricePlan(prices, np.zeros((PERIOD_WEEKS + 1, 2)))
    _, gate = _run(
        policy, world, listed, NO_SHIFT, cohorts=8, size=size, seed=seed, is_open=True, prices=prices
    )
    used = gate.used.mean(axis=1)
    return replace(start, used=used / used[-1])


def _run(
    policy: RetentionPolicy,
    world: World,
    listed: Listed,
    shift: Shift,
    *,
    cohorts: int,
    size: int,
    seed: int,
    is_open: bool,
    plan: PricePlan | None = None,
    prices: Prices | None = None,
) -> tuple[PeriodOutcome, CohortGate]:
    chosen = np.random.default_rng([seed, 21]).integers(0, len(world), cohorts * size)
    true = shift.change(world.take(chosen))
    limits = (world.budget * size * shift.budget_factor, world.complaint_cap * size)
    shields = [CohortShield(*limits) for _ in range(cohorts)]
    late = shift.label_delay_weeks
    gate = CohortGate(
        true, listed.take(chosen), shields, is_open=is_open, plan=plan, delay_weeks=late, seed=seed
    )
    started = plan.prices if plan is not None else prices or (0.0, 0.0)
    outcome = run_period(
        policy, true, seed, is_sampled=True, gate=gate, label_delay_weeks=late, prices=started
    )
    return outcome, gate
