"""How what is known of a customer, by name, becomes a model's row of numbers, in training and in serving.

Invariant: a column that a model never saw is ignored; what is missing is taken as typical, unless blanks were
common in training, where a blank is a value of its own; an unknown kind is no kind. Nothing here needs NumPy.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median_low
from typing import Any, Self

from casewright.domain.errors import ConfigurationError
from casewright.domain.outreach import CustomerProfile

_MINOR = 100
_FILLED_SHARE = 0.95
"""Columns with more blanks than the rest have no typical value."""


@dataclass(frozen=True, slots=True)
class ModelInputs:
    """The columns that a model reads: numbers first, then one column for each kind."""

    numbers: tuple[str, ...]
    kinds: tuple[tuple[str, tuple[str, ...]], ...]
    """Name of the column, and its kinds."""
    typical: Mapping[str, float | str] = field(default_factory=dict)
    """What stands for a blank: the median, or the most frequent kind; columns with many blanks have none."""

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
        row = [self._number(name, features.get(name, self.typical.get(name))) for name in self.numbers]
        for name, kinds in self.kinds:
            given = features.get(name, self.typical.get(name))
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
        kinds = {name: list(each) for name, each in self.kinds}
        return {"numbers": list(self.numbers), "kinds": kinds, "typical": dict(self.typical)}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """From the document of `to_json`; raises KeyError or TypeError where it is none."""
        kinds = tuple((str(name), tuple(map(str, each))) for name, each in document["kinds"].items())
        return cls(tuple(map(str, document["numbers"])), kinds, dict(document["typical"]))


def infer_inputs(columns: Mapping[str, Sequence[float | str | None]]) -> ModelInputs:
    """Inputs for a table: columns of numbers, and columns of kinds with those that occur in two rows or more.

    A column that never changes is left out. Of two kinds, one column says it all.
    """
    numbers, kinds = [], []
    typical: dict[str, float | str] = {}
    for name, cells in columns.items():
        filled = [cell for cell in cells if cell is not None]
        if filled and len(filled) >= _FILLED_SHARE * len(cells):
            typical[name] = _typical(filled)
        if all(isinstance(cell, int | float) for cell in filled):
            if len(set(filled)) > 1:
                numbers.append(name)
            continue
        seen = sorted({cell for cell in filled if isinstance(cell, str)})
        if len(seen) > 1:
            kinds.append((name, tuple(seen[1:]) if len(seen) == 2 else tuple(seen)))
    read = {*numbers, *(name for name, _ in kinds)}
    kept = {name: value for name, value in typical.items() if name in read}
    return ModelInputs(tuple(numbers), tuple(kinds), kept)


def _typical(filled: Sequence[float | str]) -> float | str:
    numbers = [cell for cell in filled if not isinstance(cell, str)]
    if len(numbers) == len(filled):
        return float(median_low(numbers))
    counted = Counter(str(cell) for cell in filled)
    return min(counted, key=lambda kind: (-counted[kind], kind))


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
