"""What the retention desk asks of learned models. Weights and draws come in; nothing here opens a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from casewright.domain.outreach import CustomerProfile


@dataclass(frozen=True, slots=True)
class ActionProbabilities:
    """What a policy would do with one customer, by action."""

    offers: tuple[float, ...]
    """Of no contact, then of each offer level; they sum to 1 over what is allowed."""
    delays: tuple[float, ...]
    """Of each of FOLLOW_UP_DAYS."""


class ContactPolicy(Protocol):
    """A learned policy that serves: exported weights, no trainer."""

    @property
    def version(self) -> str: ...

    def probabilities(self, observation: Sequence[float], allowed: Sequence[bool]) -> ActionProbabilities:
        """`allowed` masks no contact and each level; what is not allowed has probability 0."""
        ...


class RiskModel(Protocol):
    """Calibrated probability to leave within the quarter. `features` is the model's own row, by name."""

    @property
    def version(self) -> str: ...

    def predict(self, features: dict[str, float | str]) -> float:
        """Raises MeaninglessRequest with the columns that cannot be."""
        ...

    def remarks(self, features: Mapping[str, float | str]) -> dict[str, str]:
        """By column what does not count: `not_read`, or `unknown_kind` for a kind that it never saw."""
        ...


class AcceptanceModel(Protocol):
    """Probability that an offer of each level is accepted."""

    @property
    def version(self) -> str: ...

    def predict(self, profile: CustomerProfile) -> tuple[float, ...]: ...
