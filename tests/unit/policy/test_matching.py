"""One table: boundaries, combining, and speed that does not hang on the number of rows."""

import datetime

import pytest

from casewright.policy import matching
from casewright.policy.document import RulesetSource
from casewright.policy.ruleset import Ruleset, compile_ruleset
from casewright.policy.schema import BOOL, Domain, FactSchema, Kind

SCHEMA = FactSchema({"age": Domain(Kind.INT, is_optional=True), "is_new": BOOL})


def build(table: str) -> Ruleset:
    source = RulesetSource("small", {"policy.md": "**A-1** The clause.\n", "t.yaml": table})
    return compile_ruleset(source, SCHEMA, as_of=datetime.date(2026, 1, 1))


AGES = """
table: t
order: 1
hit: first
inputs: [age]
outputs: {band: [low, middle, high, none]}
rows:
  - {id: low, when: {age: "< 3"}, then: {band: low}, reason: r, clause: A-1}
  - {id: middle, when: {age: ">= 3 and <= 7"}, then: {band: middle}, reason: r, clause: A-1}
  - {id: high, when: {age: "> 7"}, then: {band: high}, reason: r, clause: A-1}
  - {id: none, when: {age: unknown}, then: {band: none}, reason: r, clause: A-1}
"""


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (-(10**30), "low"),
        (2, "low"),
        (3, "middle"),
        (7, "middle"),
        (8, "high"),
        (10**30, "high"),
        (None, "none"),
    ],
)
def test_every_whole_number_falls_on_its_side_of_the_boundary(age: int | None, band: str) -> None:
    assert build(AGES).decide({"age": age}).outcome == {"band": band}


COLLECT = """
table: t
order: 1
hit: collect
inputs: [age, is_new]
outputs:
  any_of: bool
  all_of: {type: bool, combine: all}
  most: {type: int, combine: max, empty: 0}
  least: {values: [weak, strong], combine: min, optional: true}
rows:
  - {id: a, when: {age: "> 1"}, then: {any_of: true, all_of: true, most: 5, least: strong},
     reason: ra, clause: A-1}
  - {id: b, when: {age: "> 2"}, then: {all_of: false, most: 3}, reason: rb, clause: A-1}
  - {id: c, when: {age: "> 3"}, then: {any_of: false, least: weak}, reason: rc, clause: A-1}
"""


@pytest.mark.parametrize(
    ("age", "outcome", "reasons"),
    [
        (1, (False, True, 0, None), ()),
        (2, (True, True, 5, "strong"), ("ra",)),
        (3, (True, False, 5, "strong"), ("ra", "rb")),
        (4, (True, False, 5, "weak"), ("ra", "rb", "rc")),
        (None, (False, True, 0, None), ()),
    ],
)
def test_collect_combines_by_any_all_max_and_min(
    age: int | None, outcome: tuple[object, ...], reasons: tuple[str, ...]
) -> None:
    decision = build(COLLECT).decide({"age": age, "is_new": False})
    assert tuple(decision.outcome.values()) == outcome
    assert decision.reasons == reasons


def test_collect_table_says_where_unknown_goes() -> None:
    unknown = (
        "unknown: {then: {any_of: true, all_of: false, most: 9, least: weak}, reason: ru, clause: A-1}\nrows:"
    )
    ruleset = build(COLLECT.replace("rows:", unknown))
    assert ruleset.decide({"age": None, "is_new": True}).reasons == ("ru",)
    assert ruleset.decide({"age": None, "is_new": True}).outcome["most"] == 9
    assert ruleset.decide({"age": 1, "is_new": True}).reasons == ()


def test_table_that_reads_nothing_decides_the_same_always() -> None:
    table = """
table: t
order: 1
hit: first
inputs: []
outputs: {band: [low, high]}
rows: [{id: all, then: {band: low}, reason: r, clause: A-1}]
"""
    assert build(table).decide({}).outcome == {"band": "low"}


def test_combinations_of_named_facts_are_remembered_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_MOST_KNOWN", 1)
    ruleset = build(
        """
table: t
order: 1
hit: first
inputs: [is_new, age]
outputs: {band: [new, old]}
rows:
  - {id: new, when: {is_new: true}, then: {band: new}, reason: r, clause: A-1}
  - {id: old, when: {is_new: false}, then: {band: old}, reason: r, clause: A-1}
"""
    )
    for is_new, band in ((True, "new"), (False, "old"), (True, "new"), (True, "new")):
        assert ruleset.decide({"is_new": is_new, "age": 3}).outcome == {"band": band}
        assert len(ruleset._tables[0]._known) == 1
