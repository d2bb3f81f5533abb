"""A contact problem whose optimum is known by hand, for tests of the learner.

Each customer has a worth, drawn anew in each episode and observed. Offer 1 to a customer earns the worth and
costs 1 of outlay and `complaint` of complaints; offer 2 earns nothing and costs the same. So at a price λ the
best is offer 1 to everybody whose worth exceeds λ; and with a budget of `share`, to the best `share` of them.
"""

from dataclasses import dataclass

import numpy as np

from casewright.learning.retention.ppo import Bools, Floats, Setting

OFFERS, DELAYS, INPUTS = 3, 2, 3


@dataclass(frozen=True)
class ToyWeek:
    """One step of the toy."""

    reward: Floats
    outlay: Floats
    complaints: Floats
    weight: Floats
    was_accepted: Bools
    is_last: bool


class ToyContacts:
    """Implements `ppo.Problem`: `weeks` decisions a customer; who may not be contacted is masked."""

    def __init__(self, count: int, seed: int, *, weeks: int = 2, masked_share: float = 0.0) -> None:
        self.count, self._weeks, self._masked_share = count, weeks, masked_share
        self._rng = np.random.default_rng(seed)
        self.observation: Floats = np.zeros((count, INPUTS), dtype=np.float32)
        self.weight: Floats = np.ones(count, dtype=np.float32)
        self.reset()

    def reset(self) -> Floats:
        """New worths in [0, 1]."""
        self._week = 0
        self._wait = np.zeros(self.count, dtype=np.int64)
        self.worth = self._rng.random(self.count).astype(np.float32)
        self.observation[:, 0] = self.worth
        self.is_barred = self._rng.random(self.count) < self._masked_share
        return self.observation

    def is_due(self) -> Bools:
        """Everybody who is not waiting."""
        return np.asarray(self._wait == 0)

    def offer_mask(self) -> Bools:
        """No contact for those who are barred."""
        mask = np.ones((self.count, OFFERS), dtype=np.bool_)
        mask[self.is_barred, 1:] = False
        return mask

    def step(self, offers: np.ndarray, delays: np.ndarray) -> ToyWeek:
        """One week; a masked offer is a failure of the learner."""
        assert self.offer_mask()[np.arange(self.count), offers].all()
        due = self.is_due()
        contacted = due & (offers > 0)
        outlay = contacted.astype(np.float32)
        reward = np.where(due & (offers == 1), self.worth, 0).astype(np.float32)
        self._wait = np.where(due, delays, self._wait - 1)
        self._week += 1
        never = np.zeros(self.count, dtype=np.bool_)
        return ToyWeek(
            reward, outlay, outlay * np.float32(0.01), self.weight, never, self._week == self._weeks
        )


def toy_setting(problem: ToyContacts, budget: float, complaint_cap: float = 1e6) -> Setting:
    """What the learner is told of the toy; nothing is hidden, and saying nothing earns nothing."""
    return Setting(
        problem,
        hidden=np.zeros((problem.count, 1), dtype=np.float32),
        baseline=np.zeros((8, problem.count), dtype=np.float32),
        accept=np.zeros((problem.count, OFFERS), dtype=np.float32),
        budget=budget,
        complaint_cap=complaint_cap,
    )
