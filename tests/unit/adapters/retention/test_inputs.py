"""How what is known of a customer becomes a row: missing, unknown and wrong values."""

import math

import pytest

from casewright.adapters.retention.inputs import ModelInputs, infer_inputs, profile_features
from casewright.domain.errors import ConfigurationError
from casewright.domain.outreach import CustomerProfile, Plan, Tier

INPUTS = ModelInputs(("tenure",), (("plan", ("monthly", "yearly")),))


def test_numbers_stand_first_and_each_kind_has_a_column() -> None:
    assert INPUTS.columns == ("tenure", "plan=monthly", "plan=yearly")
    assert INPUTS.sources == ("tenure", "plan", "plan")
    assert INPUTS.row({"tenure": 3, "plan": "yearly", "unheard": 1}) == [3.0, 0.0, 1.0]


def test_what_is_missing_is_missing_and_an_unknown_kind_is_none_of_the_known() -> None:
    row = INPUTS.row({"plan": "weekly"})
    assert math.isnan(row[0])
    assert row[1:] == [0.0, 0.0]


def test_text_for_a_number_is_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="input tenure is a number, and 'long' is none"):
        INPUTS.row({"tenure": "long"})


def test_inputs_are_the_same_after_a_round_trip_through_json() -> None:
    assert ModelInputs.from_json(INPUTS.to_json()) == INPUTS


def test_of_two_kinds_one_column_says_it_all_and_what_never_changes_is_left_out() -> None:
    columns = {"a": (1.0, 2.0, None), "b": ("No", "Yes", "No"), "c": ("x", "y", "z"), "d": (1.0, 1.0, 1.0)}
    found = infer_inputs(columns)
    assert found.numbers == ("a",)
    assert found.kinds == (("b", ("Yes",)), ("c", ("x", "y", "z")))


def test_a_blank_is_the_median_or_the_most_frequent_kind_unless_blanks_are_common() -> None:
    columns = {
        "few": (*range(1, 20), None),
        "many": (*range(1, 19), None, None),
        "plan": (*["monthly"] * 12, *["yearly"] * 7, None),
        "never": (1.0,) * 20,
    }
    found = infer_inputs(columns)
    assert found.typical == {"few": 10.0, "plan": "monthly"}
    row = found.row({})
    assert row[0] == 10.0
    assert math.isnan(row[1])
    assert found.row({"plan": "weekly", "few": 1.0})[0] == 1.0
    assert ModelInputs.from_json(found.to_json()) == found


def test_a_profile_is_named_in_major_units_and_without_its_risk() -> None:
    profile = CustomerProfile(0.4, 12, Plan.ONE_YEAR, 4_550, 3, has_support=True, tier=Tier.PREMIUM)
    assert profile_features(profile) == {
        "tenure_months": 12.0,
        "monthly_spend": 45.5,
        "services": 3.0,
        "has_support": 1.0,
        "pays_automatically": 0.0,
        "is_senior": 0.0,
        "plan": "one_year",
        "tier": "premium",
    }
