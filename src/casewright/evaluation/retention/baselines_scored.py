"""Greedy by score: contact where what an offer is worth, less the prices of what it costs, is the most
above zero.

With prices on both limits this is the knapsack's greedy rule (worth per cost), whoever estimates the worth:
uplift learners, or a Bayesian linear model that draws from its posterior (Thompson sampling).
Invariant: a decision looks one contact ahead and no further; nothing is said while something runs.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from casewright.domain.outreach import MOST_CONTACTS, OBSERVATION, PROFILE_INPUTS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.policies import Choice, Mask, Prices, certain_choice
from casewright.evaluation.retention.profile_table import ProfileTable

NEUTRAL, CONTACTS = OBSERVATION.index("mode_neutral"), OBSERVATION.index("contacts")
Scores = Callable[[Floats], Floats]
"""From profiles (m, PROFILE_INPUTS) to (3, 4, m): by level, what a contact brings before its outlay, the
outlay,
and the probability of a complaint."""
_BRINGS, _OUTLAY, _COMPLAINT = 0, 1, 2


@dataclass(frozen=True)
class ScoredPolicy:
    """Contacts to whom nothing runs, at the level of the highest priced score, if that is above zero."""

    name: str
    scores: Scores
    prices: Prices
    most_contacts: int = MOST_CONTACTS
    noise: Callable[[Floats, np.random.Generator], Floats] | None = None
    """Draws (4, n) to be added to what a contact brings, from profiles (n, PROFILE_INPUTS)."""
    _tables: list[ProfileTable] = field(default_factory=list, repr=False)

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice:
        """The level of the highest priced score, or no contact."""
        profiles = observation[:, :PROFILE_INPUTS]
        if not self._tables:
            self._tables.append(ProfileTable(self.scores))
        columns = self._tables[0].columns(profiles)
        found = np.asarray(self._tables[0].results)[:, :, columns]
        priced = found[_BRINGS] - (1 + self.prices[0]) * found[_OUTLAY] - self.prices[1] * found[_COMPLAINT]
        if self.noise is not None:
            priced = priced + self.noise(profiles, rng)
        priced = np.where(mask[:, 1:].T, priced, -np.inf)
        is_free = (observation[:, NEUTRAL] > 0) & (
            observation[:, CONTACTS] * MOST_CONTACTS < self.most_contacts - 0.5
        )
        chosen = np.where(is_free & (priced.max(axis=0) > 0), 1 + priced.argmax(axis=0), 0)
        return certain_choice(chosen.astype(np.int8))

    def at_prices(self, prices: Prices) -> "ScoredPolicy":
        """The same scores at other prices."""
        return ScoredPolicy(self.name, self.scores, prices, self.most_contacts, self.noise, self._tables)
