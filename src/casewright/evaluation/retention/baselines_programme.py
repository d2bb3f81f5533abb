"""Dynamic programming as a policy: the best offer of every week and state in a world that it believes in.

A belief gives a world for any observed profiles; the programme is solved once for each profile that is met
and looked up from then on. Invariant: what a policy does depends on the observation and the belief, not on
which customers were met before; the table is a memory of results and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from casewright.domain.outreach import MOST_CONTACTS, PERIOD_WEEKS, PROFILE_INPUTS, TERM_WEEKS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import Choice, Indices, Mask, Prices, certain_choice
from casewright.evaluation.retention.programme import solve
from casewright.evaluation.retention.simulator import NO_CONTACT, STATE_COLUMNS, STATES, WEEK_COLUMN
from casewright.evaluation.retention.states import MODES
from casewright.evaluation.retention.world import World

_MARK = np.random.default_rng(5).normal(size=PROFILE_INPUTS)
"""A profile's mark is its product with these: the same for the same profile, another for another."""
_STATE_OF = np.zeros((len(MODES), TERM_WEEKS + 1, MOST_CONTACTS + 1), dtype=np.int64)
_STATE_OF[STATES.mode, STATES.weeks, STATES.contacts] = np.arange(len(STATES))


def read_states(observation: Floats) -> Indices:
    """(n,) indices into `states.py` of what is observed."""
    columns = observation[:, STATE_COLUMNS]
    weeks = np.rint(columns[:, 0] * TERM_WEEKS).astype(np.int64)
    contacts = np.rint(columns[:, 1 + len(MODES)] * MOST_CONTACTS).astype(np.int64)
    states: Indices = _STATE_OF[columns[:, 1 : 1 + len(MODES)].argmax(axis=1), weeks, contacts]
    return states


@dataclass
class ProgrammePolicy:
    """Does what is best at its prices, if the world were as believed; decides every week."""

    name: str
    belief: Callable[[Floats], World]
    """From profiles (m, PROFILE_INPUTS) to the world of these m customers, in order."""
    prices: Prices
    _marks: Floats = field(default_factory=lambda: np.zeros(0), repr=False)
    _columns: Indices = field(default_factory=lambda: np.zeros(0, dtype=np.int64), repr=False)
    _offers: Indices = field(
        default_factory=lambda: np.zeros((PERIOD_WEEKS, len(STATES), 0), dtype=np.int8), repr=False
    )

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice:
        """The best offer, or none where it is not allowed."""
        columns = self._columns_of(observation[:, :PROFILE_INPUTS])
        week = np.rint(observation[:, WEEK_COLUMN] * PERIOD_WEEKS).astype(np.int64)
        offers = self._offers[week, read_states(observation), columns]
        allowed = mask[np.arange(len(offers)), offers]
        return certain_choice(np.where(allowed, offers, NO_CONTACT))

    def at_prices(self, prices: Prices) -> "ProgrammePolicy":
        """The same belief at other prices."""
        return ProgrammePolicy(self.name, self.belief, prices)

    def _columns_of(self, profiles: Floats) -> Indices:
        marks = profiles.astype(np.float64) @ _MARK
        place = np.searchsorted(self._marks, marks)
        known = place < len(self._marks)
        known[known] = self._marks[place[known]] == marks[known]
        if not known.all():
            self._learn(profiles[~known], marks[~known])
            place = np.searchsorted(self._marks, marks)
        columns: Indices = self._columns[place]
        return columns

    def _learn(self, profiles: Floats, marks: Floats) -> None:
        fresh, first = np.unique(marks, return_index=True)
        solved = solve(self.belief(profiles[first]), self.prices, keeps_offers=True).offers
        columns = np.concatenate([self._columns, np.arange(len(fresh)) + self._offers.shape[2]])
        self._offers = np.concatenate([self._offers, solved], axis=2) if solved is not None else self._offers
        joined = np.concatenate([self._marks, fresh])
        order = np.argsort(joined)
        self._marks, self._columns = joined[order], columns[order]
