"""Bodies of `POST /retain`: either shape, any usual name, every problem at once."""

from typing import Any

import pytest

from casewright.domain.errors import MeaninglessRequest
from casewright.domain.outreach import Plan, Tier
from casewright.service.retention_fields import Asked, body_schema, plan_and_tier, read_body


def test_flat_facts_under_their_usual_names() -> None:
    asked = read_body(
        {
            "churn_risk": 0.5,
            "tenure": 7,
            "plan": "Month-to-month",
            "spend": 70.15,
            "contacts_last_7d": 1,
            "days_since_contact": 20,
            "zone": "Asia/Dhaka",
        }
    )
    assert asked.facts == {
        "churn_risk": 0.5,
        "tenure_months": 7,
        "plan": "monthly",
        "monthly_spend": 7015,
        "contacts_7d": 1,
        "days_since_last_contact": 20,
        "timezone": "Asia/Dhaka",
    }


def test_the_older_shape_says_the_same() -> None:
    facts = {"churn_risk": 0.5, "tenure": 7, "features": {"Contract": "One year", "MonthlyCharges": 70}}
    asked = read_body({"customer_facts": facts, "policy_overrides": {"max_budget": 12.5, "weekly_cap": 0}})
    assert asked == Asked(
        {"churn_risk": 0.5, "tenure_months": 7},
        {"Contract": "One year", "MonthlyCharges": 70.0},
        {"budget": 1250, "max_contacts_7d": 0},
    )


def test_an_id_may_stand_beside_the_older_shape() -> None:
    asked = read_body({"customer_id": "c-1", "customer_facts": {"churn_risk": 1}})
    assert asked.facts == {"customer_id": "c-1", "churn_risk": 1.0}
    assert asked.customer_id == "c-1"


def test_a_null_counts_as_absent() -> None:
    asked = read_body({"churn_risk": 0.5, "consent": None, "features": None, "policy_overrides": None})
    assert asked == Asked({"churn_risk": 0.5})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ([], "JSON object"),
        ({}, "customer_id: give an id"),
        ({"churn_risk": 1.5}, "churn_risk: lies between 0 and 1"),
        ({"churn_risk": True}, "churn_risk: is a number"),
        ({"tenure": 1.5}, "tenure: is a whole number"),
        ({"consent": "yes"}, "consent: is true or false"),
        ({"plan": "weekly"}, "plan: is one of basic, monthly, one_year"),
        ({"zone": "not a zone"}, "zone: is no name of a time zone"),
        ({"customer_id": "a b"}, "customer_id: an id has"),
        ({"tenure": 3, "tenure_months": 4}, "tenure and tenure_months: tenure_months is given twice"),
        ({"tenure": 3, "customer_facts": {"tenure": 4}}, "tenure_months: is given twice"),
        ({"customer_facts": 3}, "customer_facts: is an object"),
        ({"customer_facts": {"colour": 1}}, "customer_facts.colour: there is no such field"),
        ({"policy_overrides": {"cooldown": 1}}, "policy_overrides.cooldown: there is no such field"),
        ({"features": {"a": [1]}}, "features.a: is a number or a text"),
        ({"features": {"a b!": 1}}, "features.?: is no name of a column"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(body: Any, told: str) -> None:
    with pytest.raises(MeaninglessRequest) as refused:
        read_body(body)
    assert told in refused.value.message
    assert refused.value.code == "invalid_arguments"


def test_every_problem_is_told_at_once_and_no_value_is_repeated() -> None:
    with pytest.raises(MeaninglessRequest) as refused:
        read_body({"churn_risk": "hunter2", "tenure": -1, "<script>": 1})
    assert refused.value.message == (
        "churn_risk: is a number; tenure: lies between 0 and 1200; ?: there is no such field."
    )


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, (Plan.MONTHLY, Tier.STANDARD)),
        ({"plan": "two_year"}, (Plan.TWO_YEAR, Tier.STANDARD)),
        ({"plan": "premium"}, (Plan.MONTHLY, Tier.PREMIUM)),
        ({"plan": "basic", "tier": "premium"}, (Plan.MONTHLY, Tier.PREMIUM)),
    ],
)
def test_a_plan_that_names_a_grade_is_the_tier(facts: dict[str, Any], expected: tuple[Plan, Tier]) -> None:
    assert plan_and_tier(facts) == expected


def test_the_schema_names_every_alias_and_nothing_more() -> None:
    schema = body_schema()
    assert schema["additionalProperties"] is False
    assert {"tenure", "tenure_months", "policy_overrides", "customer_facts"} <= set(schema["properties"])
