"""Customers to simulate: a synthetic population by seed, or those of a churn table.

Invariant: a population holds what an operator can observe, and nothing that a simulator hides. It draws no
response and no churn.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from casewright.domain.outreach import SPEND_UNIT_MINOR, CustomerProfile, Plan, Tier

Floats = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int8]
_LEAST_RISK = 1e-4


@dataclass(frozen=True, slots=True)
class Population:
    """What is known of n customers, column by column; each array has shape (n,)."""

    customer_ids: tuple[str, ...]
    risk: Floats
    """Estimated probability to leave within the quarter if nobody gets in touch."""
    tenure_months: Floats
    plan: Codes
    """Index into `Plan`."""
    spend: Floats
    """A month's spend, in major units."""
    services: Codes
    has_support: Codes
    pays_automatically: Codes
    tier: Codes
    """Index into `Tier`."""
    is_senior: Codes

    def __len__(self) -> int:
        return len(self.customer_ids)

    def take(self, chosen: npt.NDArray[Any]) -> "Population":
        """The customers at these indices, or where a mask of shape (n,) holds, in order."""
        indices = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        ids = tuple(self.customer_ids[int(index)] for index in indices)
        columns = (getattr(self, name)[indices] for name in _COLUMNS)
        return Population(ids, *columns)

    def is_kept_aside(self) -> npt.NDArray[np.bool_]:
        """Which customers are for judging alone: those whose id has an odd SHA-256."""
        return np.array([is_kept_aside(each) for each in self.customer_ids], dtype=np.bool_)

    def inputs(self) -> Floats:
        """(n, PROFILE_INPUTS) the first part of every observation: `observe_profile`, column by column."""
        risk = np.clip(self.risk, _LEAST_RISK, 1 - _LEAST_RISK)
        columns = [
            np.log(risk / (1 - risk)) / 2,
            np.minimum(self.tenure_months, 72) / 72,
            *(self.plan == index for index in range(len(Plan))),
            self.spend * 100 / SPEND_UNIT_MINOR,
            self.services / 8,
            self.has_support,
            self.pays_automatically,
            *(self.tier == index for index in range(len(Tier))),
            self.is_senior,
        ]
        return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)

    def profile(self, index: int) -> CustomerProfile:
        """One customer, as the desk reads one."""
        return CustomerProfile(
            churn_risk=float(self.risk[index]),
            tenure_months=int(self.tenure_months[index]),
            plan=tuple(Plan)[int(self.plan[index])],
            monthly_spend_minor=round(float(self.spend[index]) * 100),
            services=int(self.services[index]),
            has_support=bool(self.has_support[index]),
            pays_automatically=bool(self.pays_automatically[index]),
            tier=tuple(Tier)[int(self.tier[index])],
            is_senior=bool(self.is_senior[index]),
        )


_COLUMNS = tuple(name for name in Population.__dataclass_fields__ if name != "customer_ids")


def is_kept_aside(customer_id: str) -> bool:
    """Whether the SHA-256 of the id is odd."""
    return hashlib.sha256(customer_id.encode()).digest()[-1] % 2 == 1


def draw_population(count: int, seed: int = 42) -> Population:
    """A synthetic population: fictional customers of a made-up subscription, with plausible dependences.

    Longer contracts go with longer tenure, spend follows tier and services; the risk falls with tenure and
    contract and rises with spend. The coefficients are chosen, not fitted.
    """
    rng = np.random.default_rng(seed)
    tenure = np.minimum(72, np.floor(rng.gamma(1.1, 26.0, count)) + 1)
    longer = np.stack([1.6 - tenure / 24, np.full(count, 0.0), -1.6 + tenure / 28], axis=1)
    plan = _draw_codes(rng, longer)
    tier = _draw_codes(rng, np.tile([-0.4, 0.0, 0.25], (count, 1)))
    services = np.minimum(8, 1 + rng.binomial(7, 0.25 + 0.15 * tier / 2 + 0.2 * tenure / 72))
    spend = 12 + 19 * tier + 5.2 * services + rng.normal(0, 4, count)
    support = rng.random(count) < 0.18 + 0.18 * (plan > 0) + 0.10 * (tier > 0)
    automatic = rng.random(count) < 0.3 + 0.2 * (plan > 0)
    senior = rng.random(count) < 0.16
    score = (
        -0.75
        - 1.5 * tenure / 72
        - 0.9 * (plan == 1)
        - 1.9 * (plan == 2)
        + 0.55 * tier
        - 0.45 * support
        - 0.35 * automatic
        + 0.25 * senior
        + 0.008 * (spend - 60)
        + rng.normal(0, 0.35, count)
    )
    return Population(
        tuple(f"made-up-{seed}-{number:06d}" for number in range(count)),
        (1 / (1 + np.exp(-score))).astype(np.float32),
        tenure.astype(np.float32),
        plan,
        np.maximum(spend, 8).astype(np.float32),
        services.astype(np.int8),
        support.astype(np.int8),
        automatic.astype(np.int8),
        tier,
        senior.astype(np.int8),
    )


def _draw_codes(rng: np.random.Generator, scores: npt.NDArray[np.float64]) -> Codes:
    """One code a row, by the softmax of its scores."""
    gumbel = rng.gumbel(size=scores.shape)
    codes: Codes = np.argmax(scores + gumbel, axis=1).astype(np.int8)
    return codes
