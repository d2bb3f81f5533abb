"""Dynamic programming as a policy: the best offer of every week and state in a world that it believes in.

Invariant: what a policy does depends on the observation and the belief, not on which customers were met
before.
"""

from collections.abc import Callable

import numpy as np

from casewright.domain.outreach import MOST_CONTACTS, PERIOD_WEEKS, PROFILE_INPUTS, TERM_WEEKS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import Choice, Indices, Mask, Prices, certain_choice
from casewright.evaluation.retention.profile_table import ProfileTable
from casewright.evaluation.retention.programme import solve
from casewright.evaluation.retention.simulator import NO_CONTACT, STATE_COLUMNS, STATES, WEEK_COLUMN
from casewright.evaluation.retention.states import MODES
from casewright.evaluation.retention.world import World

Belief = Callable[[Floats], World]
"""From profiles (m, PROFILE_INPUTS) to the world of these m customers, in order."""
_STATE_OF = np.zeros((len(MODES), TERM_WEEKS + 1, MOST_CONTACTS + 1), dtype=np.int64)
_STATE_OF[STATES.mode, STATES.weeks, STATES.contacts] = np.arange(len(STATES))


def read_states(observation: Floats) -> Indices:
    """(n,) indices into `states.py` of what is observed."""
    columns = observation[:, STATE_COLUMNS]
    weeks = np.rint(columns[:, 0] * TERM_WEEKS).astype(np.int64)
    contacts = np.rint(columns[:, 1 + len(MODES)] * MOST_CONTACTS).astype(np.int64)
    states: Indices = _STATE_OF[columns[:, 1 : 1 + len(MODES)].argmax(axis=1), weeks, contacts]
    return states


def belief_in(world: World) -> Belief:
    """A belief in a given world, for its own customers alone; another's profile is an IndexError."""
    table = ProfileTable(lambda profiles: np.zeros(len(profiles)))
    columns = table.columns(world.inputs)
    row_of = np.zeros(columns.max() + 1, dtype=np.int64)
    row_of[columns] = np.arange(len(world))
    return lambda profiles: world.take(row_of[table.columns(profiles)])


class ProgrammePolicy:
    """Does what is best at its prices, if the world were as believed; decides every week."""

    def __init__(self, name: str, belief: Belief, prices: Prices) -> None:
        self.name, self.belief, self.prices = name, belief, prices

        def solve_them(profiles: Floats) -> Indices:
            offers: Indices = np.asarray(solve(belief(profiles), prices, keeps_offers=True).offers)
            return offers

        self._table = ProfileTable(solve_them)

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice:
        """The best offer, or none where it is not allowed."""
        columns = self._table.columns(observation[:, :PROFILE_INPUTS])
        week = np.rint(observation[:, WEEK_COLUMN] * PERIOD_WEEKS).astype(np.int64)
        offers = np.asarray(self._table.results)[week, read_states(observation), columns]
        allowed = mask[np.arange(len(offers)), offers]
        return certain_choice(np.where(allowed, offers, NO_CONTACT))

    def at_prices(self, prices: Prices) -> "ProgrammePolicy":
        """The same belief at other prices."""
        return ProgrammePolicy(self.name, self.belief, prices)
