"""Cells: what may be written in one, and what it takes."""

import pytest

from casewright.policy.cells import CellError, Region, parse_cell, parse_value, resolve_cell, resolve_value
from casewright.policy.schema import BOOL, Domain, Kind

AGE = Domain(Kind.INT, is_optional=True)
COLOUR = Domain(Kind.ENUM, ("red", "green", "blue"), is_optional=True)
PARAMETERS = {"limit": 10, "favourite": "red", "is_open": True}


def region(raw: object, domain: Domain) -> Region:
    return resolve_cell(parse_cell(raw), domain, PARAMETERS)


@pytest.mark.parametrize(
    ("raw", "domain", "taken", "left"),
    [
        (True, BOOL, [True], [False]),
        ("@is_open", BOOL, [True], [False]),
        ("red", COLOUR, ["red"], ["green", "blue", None]),
        (["red", "blue"], COLOUR, ["red", "blue"], ["green", None]),
        ("@favourite", COLOUR, ["red"], ["green", None]),
        ("not red", COLOUR, ["green", "blue"], ["red", None]),
        ("not [red, blue]", COLOUR, ["green"], ["red", "blue", None]),
        ("not unknown", COLOUR, ["red", "green", "blue"], [None]),
        ("unknown", COLOUR, [None], ["red"]),
        (["red", "unknown"], COLOUR, ["red", None], ["green"]),
        (3, AGE, [3], [2, 4, None]),
        ("@limit", AGE, [10], [9, 11, None]),
        (">= 3", AGE, [3, 4], [2, None]),
        ("> @limit", AGE, [11], [10, None]),
        ("<= @limit", AGE, [10, -5], [11, None]),
        (">= 3 and < @limit", AGE, [3, 9], [2, 10, None]),
        (["< 0", "> 99"], AGE, [-1, 100], [0, 99, None]),
        ("not 3", AGE, [2, 4], [3, None]),
        ("not [3, 4]", AGE, [2, 5], [3, 4, None]),
        ("not unknown", AGE, [-7, 0], [None]),
        (["unknown", ">= 25_000"], AGE, [None, 25000], [24999]),
    ],
)
def test_cell_takes_exactly_these(raw: object, domain: Domain, taken: list, left: list) -> None:
    found = region(raw, domain)
    assert [value for value in taken if not found.holds(value)] == []
    assert [value for value in left if found.holds(value)] == []


def test_impossible_range_takes_nothing() -> None:
    found = region(">= 5 and < 3", AGE)
    assert not any(found.holds(value) for value in (2, 3, 4, 5, None))


def test_neighbouring_and_overlapping_ranges_become_one() -> None:
    assert region(["< 3", ">= 3 and < 5", "> 2 and <= 9"], AGE).spans == ((None, 10),)
    assert region(["> 2", "< 9"], AGE).spans == ((None, None),)


def test_member_spelled_unknown_is_taken_by_the_cell_unknown() -> None:
    kind = Domain(Kind.ENUM, ("merchant", "unknown"))
    assert region("unknown", kind).holds("unknown")
    assert region("unknown", kind).holds(None)
    assert not region("not merchant", kind).holds(None)


@pytest.mark.parametrize(
    ("raw", "domain", "code"),
    [
        ("purple", COLOUR, "unknown_value"),
        ("@nothing", COLOUR, "unknown_parameter"),
        ("> 3", COLOUR, "type_mismatch"),
        ("@limit", COLOUR, "type_mismatch"),
        (True, COLOUR, "type_mismatch"),
        ("red", BOOL, "type_mismatch"),
        (1, BOOL, "type_mismatch"),
        ("red", AGE, "type_mismatch"),
        (True, AGE, "type_mismatch"),
        ("unknown", BOOL, "never_unknown"),
    ],
)
def test_cell_that_does_not_fit_its_fact_is_refused(raw: object, domain: Domain, code: str) -> None:
    with pytest.raises(CellError) as caught:
        region(raw, domain)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "raw",
    [
        [],
        {},
        "3",
        "> red",
        ">= 3 or < 1",
        "= 3",
        "a + b",
        "not a b",
        "@",
        "len(reason)",
        "> true",
        [["red"]],
        ">",
    ],
)
def test_anything_cleverer_than_a_cell_is_refused(raw: object) -> None:
    with pytest.raises(CellError):
        parse_cell(raw)


@pytest.mark.parametrize(
    ("raw", "text"),
    [(">=3 and  <@limit", ">= 3 and < @limit"), (["red", "unknown"], "[red, unknown]"), (True, "true")],
)
def test_cell_is_written_in_one_way(raw: object, text: str) -> None:
    assert str(parse_cell(raw)) == text


def test_cell_knows_its_parameters() -> None:
    assert parse_cell([">= @low and < @high", "@exact"]).references() == {"low", "high", "exact"}


def test_outcome_is_a_constant_a_parameter_or_unknown() -> None:
    optional = Domain(Kind.ENUM, ("a", "b"), is_optional=True)
    assert resolve_value(parse_value("a"), optional, {}) == "a"
    assert resolve_value(parse_value("@favourite"), COLOUR, PARAMETERS) == "red"
    assert resolve_value(parse_value("unknown"), optional, {}) is None
    assert resolve_value(parse_value("unknown"), Domain(Kind.ENUM, ("a", "unknown")), {}) == "unknown"
    with pytest.raises(CellError):
        resolve_value(parse_value("unknown"), BOOL, {})
    with pytest.raises(CellError):
        parse_value(["a"])
