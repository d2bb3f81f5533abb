"""What the arena asks of a policy, and the simplest ones: nobody is contacted, or somebody at random.

Invariant: a policy keeps no history of a customer; all that it may know is in the observation and the mask.
Every choice comes with the probability of having been made, so that a log of it can be judged later.
"""

from dataclasses import dataclass, replace
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from casewright.adapters.retention.weights import NumpyPolicy
from casewright.domain.outreach import FOLLOW_UP_DAYS, OFFER_LEVELS
from casewright.evaluation.retention.intervals import Floats
from casewright.evaluation.retention.simulator import NO_CONTACT, PRICE_COLUMNS

OFFERS, DELAYS = 1 + OFFER_LEVELS, len(FOLLOW_UP_DAYS)
NEXT_WEEK = 0
"""Index of the shortest delay: decide again next week."""
Mask = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.integer[Any]]
Prices = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """What to do about n customers."""

    offers: Indices
    """(n,): 0 for no contact, or 1 + level."""
    delays: Indices
    """(n,): index into FOLLOW_UP_DAYS."""
    probabilities: Floats
    """(n,): of this very offer and delay."""
    urgency: Floats | None = None
    """(n,): who comes first where not all can be contacted; None: the policy does not say."""


class RetentionPolicy(Protocol):
    """Decides about n customers at once from observations (n, F) and masks (n, 5) of allowed offers."""

    @property
    def name(self) -> str:
        """As in tables and plots."""
        ...

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice: ...


class StochasticPolicy(RetentionPolicy, Protocol):
    """A policy that can say its probabilities: what off-policy evaluation needs."""

    def probabilities(self, observation: Floats, mask: Mask) -> tuple[Floats, Floats]:
        """(n, 5) of each offer, 0 where not allowed, and (n, 4) of each delay."""
        ...


class PricedPolicy(RetentionPolicy, Protocol):
    """A policy that can be told what a unit of outlay and a complaint are worth."""

    @property
    def prices(self) -> Prices: ...

    def at_prices(self, prices: Prices) -> Self:
        """The same policy at other prices."""
        ...


def draw_choice(offers: Floats, delays: Floats, rng: np.random.Generator) -> Choice:
    """One offer and one delay a row, by their probabilities."""
    chosen, later = _draw(offers, rng), _draw(delays, rng)
    rows = np.arange(len(chosen))
    return Choice(chosen, later, offers[rows, chosen] * delays[rows, later], 1 - offers[:, NO_CONTACT])


def certain_choice(offers: Indices, delay: int = NEXT_WEEK) -> Choice:
    """What a policy without randomness does."""
    return Choice(offers, np.full(len(offers), delay, dtype=np.int8), np.ones(len(offers), dtype=np.float32))


def _draw(probabilities: Floats, rng: np.random.Generator) -> Indices:
    steps = np.cumsum(probabilities, axis=1)
    drawn: Indices = (rng.random((len(steps), 1)) * steps[:, -1:] >= steps).sum(axis=1).astype(np.int8)
    return drawn


@dataclass(frozen=True, slots=True)
class NoContact:
    """Nobody is ever contacted: the zero of every score."""

    name: str = "no contact"

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice:
        """No offer to anybody."""
        return certain_choice(np.zeros(len(observation), dtype=np.int8), DELAYS - 1)


@dataclass(frozen=True, slots=True)
class RandomContacts:
    """Contacts with one probability whoever may be, at a level drawn alike; decides again next week."""

    share: float
    name: str = "random"

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice:
        """An offer to a random few."""
        return draw_choice(*self.probabilities(observation, mask), rng)

    def probabilities(self, observation: Floats, mask: Mask) -> tuple[Floats, Floats]:
        """`share` over the offers that are allowed."""
        offers = np.where(mask, self.share / OFFER_LEVELS, 0.0)
        offers[:, NO_CONTACT] = 1.0 - offers[:, 1:].sum(axis=1)
        delays = np.zeros((len(observation), DELAYS))
        delays[:, NEXT_WEEK] = 1.0
        return offers, delays


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """An exported network at its own prices. `is_greedy` takes the likeliest action and draws none."""

    name: str
    network: NumpyPolicy
    prices: Prices
    is_greedy: bool = False
    is_steered: bool = False
    """Reads the prices that stand in the observation instead of its own."""

    def decide(self, observation: Floats, mask: Mask, rng: np.random.Generator) -> Choice:
        """Drawn by the network's probabilities."""
        offers, delays = self.probabilities(observation, mask)
        if not self.is_greedy:
            return draw_choice(offers, delays, rng)
        return Choice(offers.argmax(axis=1), delays.argmax(axis=1), np.ones(len(offers), dtype=np.float32))

    def probabilities(self, observation: Floats, mask: Mask) -> tuple[Floats, Floats]:
        """The network's own, told its prices."""
        rows = observation.astype(np.float32)
        if not self.is_steered:
            rows[:, PRICE_COLUMNS] = np.log1p(np.array(self.prices, dtype=np.float32))
        return self.network.probabilities_of(rows, mask)

    def at_prices(self, prices: Prices) -> "NetworkPolicy":
        """The same network, told other prices."""
        return replace(self, prices=prices)
