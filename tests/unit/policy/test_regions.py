"""Facts cut at the boundary points."""

import datetime

from casewright.policy.cells import Region
from casewright.policy.compiling import resolve_policy
from casewright.policy.document import RulesetSource
from casewright.policy.parsing import parse_policy
from casewright.policy.regions import Samples, default_value, overlap, sample_facts, sample_outcome
from casewright.policy.schema import Domain, FactSchema, Kind


def test_each_part_that_the_rules_tell_apart_has_one_sample(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    policy, _ = resolve_policy(parse_policy(returns_source), returns_schema, datetime.date(2026, 6, 1))
    samples = sample_facts(policy)
    assert samples["days_since_delivery"].values == (0, 16, 31, None)
    assert samples["amount_minor"].values == (0, 10001)
    assert samples["has_evidence"].values == (False, True)
    assert sample_outcome("queue", policy.tables[2]).values == ("normal", "urgent", None)


def test_bounds_of_a_number_are_kept() -> None:
    assert default_value(Domain(Kind.INT, minimum=3)) == 3
    assert default_value(Domain(Kind.INT, maximum=-3)) == -3
    assert default_value(Domain(Kind.INT)) == 0
    assert default_value(Domain(Kind.BOOL, is_optional=True)) is False


def test_mask_tells_false_from_zero() -> None:
    assert Samples((False, True, None)).mask_of([0]) == 0
    assert Samples((False, True, None)).mask_of([False, None]) == 0b101


def test_rows_overlap_where_every_shared_fact_does() -> None:
    samples = {"a": Samples((False, True)), "b": Samples((0, 5))}
    yes, low, high = Region(frozenset({True})), Region(spans=((None, 5),)), Region(spans=((5, None),))
    assert overlap({"a": yes}, {"b": low}, samples)
    assert overlap({"a": yes, "b": low}, {"b": low}, samples)
    assert not overlap({"a": yes, "b": low}, {"b": high}, samples)
