"""Which facts a policy may read."""

from dataclasses import dataclass, field
from enum import StrEnum

import pytest

from casewright.domain.errors import PolicyError
from casewright.policy.schema import Domain, FactSchema, Kind


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Facts:
    is_new: bool
    colour: Colour
    age: int | None = field(default=None, metadata={"min": 0, "max": 120})
    is_paid: bool | None = None


SCHEMA = FactSchema.from_dataclass(Facts)


def test_schema_is_read_from_the_dataclass() -> None:
    assert SCHEMA.domains == {
        "is_new": Domain(Kind.BOOL),
        "colour": Domain(Kind.ENUM, ("red", "blue")),
        "age": Domain(Kind.INT, is_optional=True, minimum=0, maximum=120),
        "is_paid": Domain(Kind.BOOL, is_optional=True),
    }


@pytest.mark.parametrize("hint", [str, float, list[int], int | str, "str | None"])
def test_text_and_floats_are_no_facts(hint: object) -> None:
    @dataclass
    class Bad:
        note: hint  # type: ignore[valid-type]

    with pytest.raises(PolicyError, match="note"):
        FactSchema.from_dataclass(Bad)


def test_facts_from_outside_are_checked_all_at_once() -> None:
    facts, faults = SCHEMA.read_facts({"colour": "green", "age": 121, "is_paid": 1, "weight": 3})
    assert facts == {}
    assert [fault.split()[0] for fault in faults] == [
        "'weight'",
        "'is_new'",
        "'colour'",
        "'age'",
        "'is_paid'",
    ]
    assert "one of red, blue" in faults[2]
    assert "int from 0 to 120; or unknown" in faults[3]


def test_fact_that_may_be_unknown_may_be_left_out() -> None:
    facts, faults = SCHEMA.read_facts({"is_new": True, "colour": "red"})
    assert faults == []
    assert facts == {"is_new": True, "colour": "red", "age": None, "is_paid": None}


def test_values_of_a_facts_object_are_plain() -> None:
    values = SCHEMA.values_of(Facts(is_new=True, colour=Colour.BLUE, age=3))
    assert values == {"is_new": True, "colour": "blue", "age": 3, "is_paid": None}
    assert type(values["colour"]) is str
    assert SCHEMA.values_of({"age": 3})["colour"] is None
