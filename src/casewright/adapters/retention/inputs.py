"""How what is known of a customer, by name, becomes a model's row of numbers, in training and in serving.

Invariant: a column that a model never saw is ignored, one that is missing is a missing value, an unknown
kind is no kind. Nothing here needs NumPy.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from casewright.domain.errors import ConfigurationError
from casewright.domain.outreach import CustomerProfile

_MINOR = 100


@dataclass(frozen=True, slots=True)
class ModelInputs:
    """The columns that a model reads: numbers first, then one column for each kind."""

    numbers: tuple[str, ...]
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    """Name of the column, and its kinds."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the row's places, such as `tenure` and `Contract=One year`."""
        return (*self.numbers, *(f"{name}={kind}" for name, kinds in self.kinds for kind in kinds))

    @property
    def sources(self) -> tuple[str, ...]:
        """For each place of the row, the column that it comes from."""
        return (*self.numbers, *(name for name, kinds in self.kinds for _ in kinds))

    def row(self, features: Mapping[str, float | str]) -> list[float]:
        """One row. Raises ConfigurationError where a number is needed and something else is given."""
        row = [self._number(name, features.get(name)) for name in self.numbers]
        for name, kinds in self.kinds:
            given = features.get(name)
            row += [float(given == kind) for kind in kinds]
        return row

    @staticmethod
    def _number(name: str, given: object) -> float:
        if given is None:
            return math.nan
        if isinstance(given, int | float):
            return float(given)
        raise ConfigurationError(f"the model's input {name} is a number, and {given!r} is none")

    def to_json(self) -> dict[str, Any]:
        """As a document."""
        return {"numbers": list(self.numbers), "kinds": {name: list(kinds) for name, kinds in self.kinds}}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """From the document of `to_json`; raises KeyError or TypeError where it is none."""
        kinds = tuple((str(name), tuple(map(str, each))) for name, each in document["kinds"].items())
        return cls(tuple(map(str, document["numbers"])), kinds)


def infer_inputs(columns: Mapping[str, Sequence[float | str | None]]) -> ModelInputs:
    """Inputs for a table: columns of numbers, and columns of kinds with those that occur in two rows or more.

    A column that never changes is left out. Of two kinds, one column says it all.
    """
    numbers, kinds = [], []
    for name, cells in columns.items():
        filled = [cell for cell in cells if cell is not None]
        if all(isinstance(cell, int | float) for cell in filled):
            if len(set(filled)) > 1:
                numbers.append(name)
            continue
        seen = sorted({cell for cell in filled if isinstance(cell, str)})
        if len(seen) > 1:
            kinds.append((name, tuple(seen[1:]) if len(seen) == 2 else tuple(seen)))
    return ModelInputs(tuple(numbers), tuple(kinds))


def profile_features(profile: CustomerProfile) -> dict[str, float | str]:
    """A customer as the shipped models know one: all of the profile but its risk."""
    return {
        "tenure_months": float(profile.tenure_months),
        "monthly_spend": profile.monthly_spend_minor / _MINOR,
        "services": float(profile.services),
        "has_support": float(profile.has_support),
        "pays_automatically": float(profile.pays_automatically),
        "is_senior": float(profile.is_senior),
        "plan": profile.plan.value,
        "tier": profile.tier.value,
    }
