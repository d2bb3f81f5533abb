"""Thousands of customers at once, week by week: what a policy's contacts do to margin, outlay, complaints.

Survival is a weight, not a draw: a week earns `weight × (margin − costs)` and multiplies the weight by the
probability to stay. Outlay and complaints are expected values too, so that one churn does not drown an effect
of a few cents; only acceptance is drawn, since a policy learns from it. `is_sampled` draws churn and
complaints as well, as a log or a trial would show them. Invariant: same world, seed, choices: same numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import FOLLOW_UP_DAYS, OBSERVATION, PERIOD_WEEKS, PROFILE_INPUTS, WEEK_DAYS
from casewright.evaluation.retention.population import Floats
from casewright.evaluation.retention.states import MODES, build_states
from casewright.evaluation.retention.world import World

DELAY_WEEKS: Final = np.array([days // WEEK_DAYS for days in FOLLOW_UP_DAYS], dtype=np.int8)
NO_CONTACT: Final = 0
WEEK_COLUMN: Final = PROFILE_INPUTS
STATE_COLUMNS: Final = slice(PROFILE_INPUTS + 1, PROFILE_INPUTS + 9)
PRICE_COLUMNS: Final = slice(PROFILE_INPUTS + 9, PROFILE_INPUTS + 11)
STATES: Final = build_states()
Choices = npt.NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class Step:
    """What one week brought; arrays have shape (n,), float32, and belong to the caller."""

    reward: Floats
    """Weighted margin less outlay; in the last week, the tail's margin too."""
    outlay: Floats
    complaints: Floats
    was_contacted: npt.NDArray[np.bool_]
    was_accepted: npt.NDArray[np.bool_]
    weight: Floats
    """Probability to be still there, before this week."""
    is_last: bool


class Simulator:
    """One budget period of a world, in lockstep. After the last week it starts anew by itself.

    `consent` (n,) says who may be contacted at all; `prices` are the two numbers that a price-conditioned
    policy reads. Not for several threads.
    """

    def __init__(
        self,
        world: World,
        rng: np.random.Generator,
        *,
        consent: npt.NDArray[np.bool_] | None = None,
        prices: tuple[float, float] = (0.0, 0.0),
        is_sampled: bool = False,
    ) -> None:
        self.world, self.count = world, len(world)
        self._rng, self._is_sampled = rng, is_sampled
        self._consent = np.ones(self.count, dtype=np.bool_) if consent is None else consent
        self._rows = np.arange(self.count, dtype=np.int32) * len(MODES)
        ratio = np.concatenate(
            [np.zeros((self.count, 1), np.float32), world.relief, world.annoyance[:, None]], axis=1
        )
        self._leave = np.minimum(world.hazard[:, None] * np.exp(ratio), 0.95).astype(np.float32).ravel()
        self._discount = np.pad(world.discount, ((0, 0), (1, 1))).astype(np.float32).ravel()
        self._tail = world.tail()
        self.observation: Floats = np.zeros((self.count, len(OBSERVATION)), dtype=np.float32)
        self.observation[:, :PROFILE_INPUTS] = world.inputs
        self.observation[:, PRICE_COLUMNS] = np.log1p(np.array(prices, dtype=np.float32))
        self.reset()

    def reset(self) -> Floats:
        """Start a period; the observation, which is one array that every step writes anew."""
        self.week = 0
        self.state = np.zeros(self.count, dtype=np.int16)
        self.due = np.zeros(self.count, dtype=np.int8)
        self.weight = np.ones(self.count, dtype=np.float32)
        self._observe()
        return self.observation

    def is_due(self) -> npt.NDArray[np.bool_]:
        """(n,) about whom a decision is due this week."""
        return np.asarray(self.due == 0)

    def may_contact(self) -> npt.NDArray[np.bool_]:
        """(n,) who may be contacted now: consent, cooldown, cap, and a decision that is due."""
        return np.asarray(STATES.may_contact[self.state] & self._consent & (self.due == 0))

    def offer_mask(self) -> npt.NDArray[np.bool_]:
        """(n, 5) which offers are allowed; no contact always is."""
        may = self.may_contact()
        mask = np.repeat(may[:, None], 1 + STATES.accepted.shape[1], axis=1)
        mask[:, NO_CONTACT] = True
        return mask

    def step(self, offers: Choices, delays: Choices, complaint_draws: Floats | None = None) -> Step:
        """One week. `offers` (n,) are 0 for none or 1 + level, `delays` (n,) indices into FOLLOW_UP_DAYS.

        Both count only where a decision is due; an offer where no contact is allowed counts as none.
        `complaint_draws` (n,) in [0, 1) decide who complains, where complaints are sampled; else the
        generator.
        """
        world, weight = self.world, self.weight
        contacted = self.may_contact() & (offers != NO_CONTACT)
        who = np.flatnonzero(contacted)
        level = offers[who] - 1
        said_yes = self._rng.random(len(who), dtype=np.float32) < world.accept[who, level]
        before = self.state[who]
        complaint = np.minimum(world.complaint[who] * STATES.complaint_factor[before], 1)
        self.state[who] = np.where(said_yes, STATES.accepted[before, level], STATES.declined[before])
        cell = self._rows + STATES.mode[self.state]
        outlay = self._discount[cell]
        outlay[who] += world.contact_cost[level]
        reward = world.margin - outlay
        complaints = np.zeros(self.count, dtype=np.float32)
        complaints[who] = complaint
        if self._is_sampled:
            drawn = self._rng.random(len(who), dtype=np.float32)
            complaints[who] = (drawn if complaint_draws is None else complaint_draws[who]) < complaint
        outlay *= weight
        reward *= weight
        complaints *= weight
        after = self._survive(weight, self._leave[cell])
        self.due = np.where(self.due == 0, DELAY_WEEKS[delays], self.due)
        self.due -= 1
        self.state = STATES.after_week[self.state]
        self.week += 1
        is_last = self.week == PERIOD_WEEKS
        if is_last:
            reward += after * self._tail
        accepted = np.zeros(self.count, dtype=np.bool_)
        accepted[who] = said_yes
        step = Step(reward, outlay, complaints, contacted, accepted, weight, is_last)
        self.weight = after
        if is_last:
            self.reset()
        else:
            self._observe()
        return step

    def _survive(self, weight: Floats, leave: Floats) -> Floats:
        if self._is_sampled:
            stays = self._rng.random(self.count, dtype=np.float32) >= leave
            return np.asarray(weight * stays, dtype=np.float32)
        return np.asarray(weight * (1 - leave), dtype=np.float32)

    def _observe(self) -> None:
        self.observation[:, WEEK_COLUMN] = self.week / PERIOD_WEEKS
        self.observation[:, STATE_COLUMNS] = STATES.inputs[self.state]
