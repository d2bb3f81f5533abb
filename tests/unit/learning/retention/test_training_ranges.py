"""Ranges: every number of the configuration has one, and all that are outside are told."""

import math

import pytest

from casewright.learning.retention.training_config import read_training_config
from casewright.learning.retention.training_ranges import RANGES, range_problems


def numbers_of(document: dict[str, object], where: str = "") -> set[str]:
    found = set()
    for name, value in document.items():
        place = f"{where}, {name}" if where else name
        if isinstance(value, dict):
            found |= numbers_of(value, place)
        elif not isinstance(value, bool | str):
            found.add(place)
    return found


def test_every_number_has_a_range_and_the_defaults_are_within() -> None:
    document = read_training_config().as_document()
    assert numbers_of(document) == set(RANGES)
    assert list(range_problems(document)) == []


@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
def test_what_is_no_share_is_outside(value: float) -> None:
    assert list(range_problems({"ppo": {"trace": value}})) == [
        f"ppo, trace has to be from 0 to 1, not {value!r}"
    ]


def test_an_open_range_leaves_out_its_ends_and_a_list_needs_a_number() -> None:
    said = list(range_problems({"ppo": {"clip": 0.0, "actor_layers": []}}))
    assert said == [
        "ppo, clip has to be between 0 and 1, not 0.0",
        "ppo, actor_layers needs at least one number",
    ]
