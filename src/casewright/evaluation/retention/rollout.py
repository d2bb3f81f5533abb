"""One budget period of a policy in a world: what each customer brought, cost and complained.

Invariant: the same policy, world and seed give the same outcome, whatever else is compared; the draws of the
world and those of the policy come from two generators, so that policies meet the same world's draws as far as
they do the same. A gate may take offers back before they are made, and never adds one.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from casewright.domain.outreach import PERIOD_WEEKS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import Indices, Mask, RetentionPolicy
from casewright.evaluation.retention.simulator import NO_CONTACT, STATE_COLUMNS, STATES, Simulator, Step
from casewright.evaluation.retention.states import DECLINED, NEUTRAL
from casewright.evaluation.retention.world import World

_SPEND_COLUMN = 5
_SPEND_UNIT = 100.0
_WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True, slots=True)
class PeriodOutcome:
    """What a period brought, customer by customer; arrays of shape (n,), money in major units."""

    value: Floats
    """Margin less outlay, with the tail's margin."""
    outlay: Floats
    complaints: Floats
    contacts: Floats
    revenue_at_end: Floats
    """Of the last week, less running discounts and contacts."""
    revenue_at_start: Floats


class Gate(Protocol):
    """What stands between a policy's choice and the customers."""

    complaint_draws: Floats | None
    """(n,) uniform draws of the week that decide who complains; None lets the simulator draw."""

    def admit(
        self, simulator: Simulator, offers: Indices, delays: Indices, urgency: Floats
    ) -> tuple[Indices, Indices]:
        """What may be done: each offer (n,) as proposed or none, and when to decide again."""
        ...

    def record(self, simulator: Simulator, step: Step) -> None:
        """Told what the week brought."""
        ...


def run_period(
    policy: RetentionPolicy,
    world: World,
    seed: int,
    *,
    consent: Mask | None = None,
    is_sampled: bool = False,
    gate: Gate | None = None,
    label_delay_weeks: int = 0,
    prices: tuple[float, float] = (0.0, 0.0),
) -> PeriodOutcome:
    """Run one period. Acceptance is seen `label_delay_weeks` late, and taken for a refusal until then."""
    simulator = Simulator(
        world, np.random.default_rng([seed, 1]), consent=consent, is_sampled=is_sampled, prices=prices
    )
    rng = np.random.default_rng([seed, 2])
    totals = np.zeros((4, len(world)), dtype=np.float64)
    at_end = np.zeros(len(world))
    weekly = weekly_spend(world)
    for _ in range(PERIOD_WEEKS):
        offers, delays, urgency = _choose(policy, simulator, rng, label_delay_weeks)
        if gate is not None:
            offers, delays = gate.admit(simulator, offers, delays, urgency)
        step = simulator.step(offers, delays, None if gate is None else gate.complaint_draws)
        if gate is not None:
            gate.record(simulator, step)
        totals += (step.reward, step.outlay, step.complaints, step.was_contacted * step.weight)
        if step.is_last:
            at_end = step.weight * weekly - step.outlay
    value, outlay, complaints, contacts = totals
    return PeriodOutcome(value, outlay, complaints, contacts, at_end, weekly)


def weekly_spend(world: World) -> Floats:
    """(n,) what each customer pays in a week without a discount."""
    return np.asarray(world.inputs[:, _SPEND_COLUMN] * _SPEND_UNIT / _WEEKS_A_MONTH, dtype=np.float64)


def _choose(
    policy: RetentionPolicy, simulator: Simulator, rng: np.random.Generator, label_delay_weeks: int
) -> tuple[Indices, Indices, Floats]:
    """Offers, delays, urgency (n,); the policy is asked about whoever is there and has a decision due."""
    urgency = np.zeros(simulator.count)
    offers: Indices = np.zeros(simulator.count, dtype=np.int8)
    delays: Indices = np.zeros(simulator.count, dtype=np.int8)
    due = np.flatnonzero(simulator.is_due() & (simulator.weight > 0))
    if len(due):
        mask = simulator.offer_mask()[due]
        rows = simulator.observation[due]
        if label_delay_weeks:
            seen = late_labels(label_delay_weeks)[simulator.state[due]]
            rows[:, STATE_COLUMNS] = STATES.inputs[seen]
        choice = policy.decide(rows, mask, rng)
        offers[due] = np.where(mask[np.arange(len(due)), choice.offers], choice.offers, NO_CONTACT)
        delays[due] = choice.delays
        if choice.urgency is not None:
            urgency[due] = choice.urgency
    return offers, delays, urgency


def late_labels(weeks: int) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """(S,) the state that is seen while an acceptance is not yet known: as if it had been turned down."""
    key = {
        (int(mode), int(week), int(contacts)): index
        for index, (mode, week, contacts) in enumerate(
            zip(STATES.mode, STATES.weeks, STATES.contacts, strict=True)
        )
    }
    seen = np.arange(len(STATES))
    for (mode, week, contacts), index in key.items():
        if NEUTRAL < mode < DECLINED and week < weeks:
            seen[index] = key[DECLINED, week, contacts]
    return seen
