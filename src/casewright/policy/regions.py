"""The finite picture of a policy: each fact cut at the boundary points that the rules can tell apart.

Between two neighbouring boundary points every cell of a policy answers alike, so one sample stands for the
whole span, and a question about all whole numbers becomes a question about a handful. That is exact for
this cell language.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from casewright.domain.decision import Value
from casewright.policy.cells import Region
from casewright.policy.compiling import Policy, Table
from casewright.policy.schema import Domain, Kind


@dataclass(frozen=True, slots=True)
class Samples:
    """One value for each part of a domain that the policy can tell apart; None, for unknown, is the last."""

    values: tuple[Value, ...]

    def mask(self, region: Region) -> int:
        """The samples in a region, bit i for sample i."""
        return sum(1 << index for index, value in enumerate(self.values) if region.holds(value))

    def mask_of(self, chosen: Iterable[Value]) -> int:
        """The samples that equal one of the chosen values."""
        wanted = {(type(value) is bool, value) for value in chosen}
        return sum(
            1 << index for index, value in enumerate(self.values) if (type(value) is bool, value) in wanted
        )


def sample_facts(policy: Policy) -> dict[str, Samples]:
    """Samples of every fact that some rule reads."""
    regions: dict[str, list[Region]] = {}
    for name, region in _regions_of(policy):
        regions.setdefault(name, []).append(region)
    for table in policy.tables:
        if table.unknown is not None:  # whether an input is missing matters, even if no row reads it
            for name in table.domains:
                regions.setdefault(name, [])
    domains = policy.schema.domains
    return {name: _sample(domains[name], found) for name, found in regions.items() if name in domains}


def sample_outcome(name: str, table: Table) -> Samples:
    """Every value that a table can give one outcome, and unknown (it may fail closed)."""
    domain = table.outputs[name].domain
    if domain.kind is Kind.BOOL:
        return Samples((False, True, None))
    if domain.kind is Kind.ENUM:
        return Samples((*domain.values, None))
    rows = [*table.rows, *((table.unknown,) if table.unknown else ())]
    given = {row.then.get(name) for row in rows} | {table.outputs[name].empty}
    return Samples((*sorted(value for value in given if isinstance(value, int)), None))


def default_value(domain: Domain) -> Value:
    """A plain value for a fact that no rule reads."""
    return _sample(domain, []).values[0]


def _regions_of(policy: Policy) -> Iterator[tuple[str, Region]]:
    for table in policy.tables:
        for row in table.rows:
            yield from row.when.items()
    for invariant in policy.invariants:
        yield from invariant.when.items()
        yield from invariant.then.items()


def _sample(domain: Domain, regions: Iterable[Region]) -> Samples:
    values: list[Value]
    if domain.kind is Kind.BOOL:
        values = [False, True]
    elif domain.kind is Kind.ENUM:
        values = list(domain.values)
    else:
        values = list(_sample_numbers(domain, regions))
    return Samples((*values, None) if domain.is_optional else tuple(values))


def _sample_numbers(domain: Domain, regions: Iterable[Region]) -> Iterator[int]:
    low, high = domain.minimum, domain.maximum
    points = {point for region in regions for span in region.spans for point in span if point is not None}
    cuts = sorted(
        point for point in points if (low is None or point > low) and (high is None or point <= high)
    )
    starts: list[int | None] = [low, *cuts]
    ends: list[int | None] = [*cuts, None if high is None else high + 1]
    for start, end in zip(starts, ends, strict=True):
        if (start is None or start <= 0) and (end is None or end > 0):
            yield 0
        elif start is not None:
            yield start
        elif end is not None:
            yield end - 1


def overlap(first: Mapping[str, Region], second: Mapping[str, Region], facts: Mapping[str, Samples]) -> bool:
    """Whether two rows can match one case, each fact taken by itself."""
    return all(
        facts[name].mask(first[name]) & facts[name].mask(second[name]) for name in first if name in second
    )
