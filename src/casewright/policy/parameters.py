"""Parameters: rule values with a unit, a clause and a date; old values stay, so an old case keeps its answer.

    return_window_days:
      unit: days
      clause: RET-2.1
      values: {2025-01-01: 14, 2026-01-01: 30}
      overrides:
        shop_north: {2025-06-01: 45}

A tenant's override is in force from its own date; before that the common value holds. This module reads no
clock.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casewright.policy.document import Collector, LocatedMap

ParameterValue = bool | int | str
Dated = tuple[tuple[datetime.date, ParameterValue], ...]
_KEYS = {"unit", "clause", "values", "overrides", "note"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named rule value over time. Dates ascend."""

    name: str
    unit: str
    clause: str
    values: Dated
    overrides: Mapping[str, Dated]
    line: int

    def in_force(
        self, as_of: datetime.date, tenant: str | None
    ) -> tuple[datetime.date, ParameterValue] | None:
        """(since when, value) at a date; None where the parameter has no value yet."""
        own = _newest(self.overrides.get(tenant, ()), as_of) if tenant is not None else None
        return own or _newest(self.values, as_of)


def parse_parameters(document: LocatedMap, found: Collector) -> dict[str, Parameter]:
    """Every parameter of a parameters.yaml, by name."""
    parameters: dict[str, Parameter] = {}
    for name, entry in document.items():
        line = document.key_lines[name]
        place = f"parameter {name}"
        if not isinstance(name, str) or not isinstance(entry, LocatedMap):
            found.add(
                "bad_shape",
                place,
                "A parameter is a name with unit, clause and values.",
                "Write it so.",
                line,
            )
            continue
        for key in entry:
            if key not in _KEYS:
                found.add(
                    "unknown_key",
                    place,
                    f"`{key}` is not a key of a parameter.",
                    f"Use {', '.join(sorted(_KEYS))}.",
                    entry.key_lines[key],
                )
        unit, clause = entry.get("unit"), entry.get("clause")
        if not isinstance(unit, str) or not unit:
            found.add("missing_unit", place, f"`{name}` has no unit.", "Add `unit: days` or the like.", line)
        if not isinstance(clause, str) or not clause:
            found.add("missing_clause", place, f"`{name}` cites no clause.", "Add `clause:`.", line)
        overrides = entry.get("overrides") or LocatedMap()
        if not isinstance(overrides, LocatedMap):
            found.add("bad_shape", place, "Overrides are tenants with dated values.", "Write them so.", line)
            overrides = LocatedMap()
        parameter = Parameter(
            name,
            str(unit or ""),
            str(clause or ""),
            _dated(entry.get("values"), place, line, found),
            {str(key): _dated(value, f"{place}, {key}", line, found) for key, value in overrides.items()},
            line,
        )
        _check_types(parameter, place, found)
        parameters[name] = parameter
    return parameters


def effective_dates(parameters: Iterable[Parameter], tenant: str | None) -> list[datetime.date]:
    """Every date on which some value changes for a tenant (None: for everyone without overrides)."""
    dates: set[datetime.date] = set()
    for parameter in parameters:
        dates.update(when for when, _ in parameter.values)
        if tenant is not None:
            dates.update(when for when, _ in parameter.overrides.get(tenant, ()))
    return sorted(dates)


def tenants_of(parameters: Iterable[Parameter]) -> list[str]:
    """Every tenant with a value of its own."""
    return sorted({tenant for parameter in parameters for tenant in parameter.overrides})


def _newest(values: Dated, as_of: datetime.date) -> tuple[datetime.date, ParameterValue] | None:
    newest = None
    for when, value in values:
        if when <= as_of:
            newest = (when, value)
    return newest


def _dated(raw: object, place: str, line: int, found: Collector) -> Dated:
    if not isinstance(raw, LocatedMap) or not raw:
        found.add(
            "bad_shape",
            place,
            "Values are dates with a value each.",
            "Write `values: {2026-01-01: 30}`.",
            line,
        )
        return ()
    dated: list[tuple[datetime.date, ParameterValue]] = []
    for when, value in raw.items():
        if not isinstance(when, datetime.date):
            found.add(
                "bad_shape", place, f"`{when}` is not a date.", "Write it as 2026-01-01.", raw.key_lines[when]
            )
        elif not isinstance(value, bool | int | str):
            found.add(
                "type_mismatch",
                place,
                f"The value at {when} is not a whole number, a word, true or false.",
                "Write one of these.",
                raw.key_lines[when],
            )
        else:
            dated.append((when, value))
    return tuple(sorted(dated, key=lambda item: item[0]))


def _check_types(parameter: Parameter, place: str, found: Collector) -> None:
    every = [value for _, value in parameter.values]
    every += [value for dated in parameter.overrides.values() for _, value in dated]
    if len({type(value) for value in every}) > 1:
        found.add(
            "type_mismatch",
            place,
            f"The values of `{parameter.name}` are of different kinds.",
            "Keep one kind over all dates and tenants.",
            parameter.line,
        )
