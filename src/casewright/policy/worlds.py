"""Worlds: every date and tenant for which a policy's rules differ.

What holds in all worlds holds for every case on every date from the policy's first date on.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from casewright.policy.parameters import effective_dates, tenants_of
from casewright.policy.parsing import ParsedPolicy
from casewright.policy.problems import Problem


@dataclass(frozen=True, slots=True)
class World:
    """A date from which some value is new, for a tenant with values of its own or (None) for everyone."""

    as_of: datetime.date
    tenant: str | None = None

    def __str__(self) -> str:
        return f"{self.as_of}, {self.tenant}" if self.tenant else str(self.as_of)


def worlds_of(parsed: ParsedPolicy) -> list[World]:
    """All worlds of a policy; one, at the earliest date there is, for a policy without parameters."""
    parameters = list(parsed.parameters.values())
    worlds = [
        World(when, tenant)
        for tenant in (None, *tenants_of(parameters))
        for when in effective_dates(parameters, tenant)
    ]
    return worlds or [World(datetime.date.min)]


def merge_problems(found: Iterable[tuple[World, Problem]]) -> list[Problem]:
    """Each problem once, with the first world it was found in and the number of others."""
    firsts: dict[tuple[str, str, str, str], tuple[World, Problem]] = {}
    counts: dict[tuple[str, str, str, str], int] = {}
    for world, problem in found:
        key = (problem.code, problem.file, problem.place, problem.message)
        firsts.setdefault(key, (world, problem))
        counts[key] = counts.get(key, 0) + 1
    merged: list[Problem] = []
    for key, (world, problem) in firsts.items():
        others = f" and {counts[key] - 1} more" if counts[key] > 1 else ""
        merged.append(replace(problem, world=f"{world}{others}"))
    return merged
