"""Compiled rulesets: decisions worked out by hand from the returns policy, ids, and what they depend on."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from casewright.policy.document import RulesetSource
from casewright.policy.problems import RulesetError
from casewright.policy.ruleset import Ruleset, compile_ruleset
from casewright.policy.schema import FactSchema

Compile = Callable[..., Ruleset]


@pytest.fixture(scope="module")
def compiled(returns_source: RulesetSource, returns_schema: FactSchema) -> Compile:
    def build(
        day: str = "2026-06-01", tenant: str | None = None, source: RulesetSource = returns_source
    ) -> Ruleset:
        return compile_ruleset(source, returns_schema, as_of=datetime.date.fromisoformat(day), tenant=tenant)

    return build


def action(ruleset: Ruleset, facts: object) -> tuple[object, str]:
    """The final action, and the reason of the first table."""
    decision = ruleset.decide(facts)
    return decision.outcome["final_action"], decision.reasons[0]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("approve_return_and_refund", "inside_return_window")),
        ({"days_since_delivery": 30}, ("approve_return_and_refund", "inside_return_window")),
        ({"days_since_delivery": 31}, ("deny", "outside_return_window")),
        (
            {"category": "electronics", "days_since_delivery": 15},
            ("approve_return_and_refund", "inside_return_window"),
        ),
        ({"category": "electronics", "days_since_delivery": 16}, ("deny", "outside_return_window")),
        ({"reason": "damaged", "days_since_delivery": 400}, ("approve_return_and_refund", "damaged_item")),
        ({"reason": "damaged", "has_evidence": False}, ("request_info", "evidence_missing")),
        ({"reason": "defective", "days_since_delivery": 31}, ("deny", "outside_return_window")),
        ({"reason": "missing_item"}, ("approve_refund", "inside_return_window")),
        ({"reason": "late_delivery", "is_delivered": False}, ("approve_refund", "late_delivery")),
        ({"reason": "damaged", "is_delivered": False}, ("deny", "not_delivered_yet")),
        ({"category": "perishable"}, ("deny", "non_returnable_category")),
        (
            {"category": "perishable", "reason": "not_as_described"},
            ("approve_return_and_refund", "inside_return_window"),
        ),
        ({"is_final_sale": True}, ("deny", "final_sale")),
        ({"days_since_delivery": None}, ("escalate", "facts_unknown")),
        ({"amount_minor": 10000}, ("approve_return_and_refund", "inside_return_window")),
        ({"amount_minor": 10001}, ("escalate", "inside_return_window")),
        ({"refunds_in_30_days": 2}, ("escalate", "inside_return_window")),
        ({"has_fraud_signal": True}, ("escalate", "inside_return_window")),
        ({"has_fraud_signal": True, "days_since_delivery": 31}, ("deny", "outside_return_window")),
    ],
)
def test_return_is_decided_by_the_policy(
    facts: Mapping[str, Any], expected: tuple[str, str], compiled: Compile, returns_facts: type
) -> None:
    assert action(compiled(), returns_facts(**facts)) == expected


@pytest.mark.parametrize(
    ("day", "tenant", "days", "expected"),
    [
        ("2025-12-31", None, 14, "approve_return_and_refund"),
        ("2025-12-31", None, 15, "deny"),
        ("2026-01-01", None, 15, "approve_return_and_refund"),
        ("2025-05-31", "shop_north", 15, "deny"),
        ("2025-06-01", "shop_north", 45, "approve_return_and_refund"),
        ("2026-06-01", "shop_north", 46, "deny"),
        ("2026-06-01", "shop_south", 31, "deny"),
    ],
)
def test_yesterdays_case_keeps_yesterdays_answer_and_shops_may_differ(
    day: str, tenant: str | None, days: int, expected: str, compiled: Compile, returns_facts: type
) -> None:
    assert action(compiled(day, tenant), returns_facts(days_since_delivery=days))[0] == expected


def test_collect_table_adds_every_reason_and_the_strongest_outcome(
    compiled: Compile, returns_facts: type
) -> None:
    decision = compiled().decide(
        returns_facts(amount_minor=20000, refunds_in_30_days=3, has_fraud_signal=True)
    )
    assert decision.outcome["queue"] == "urgent"
    assert [row.reason for row in decision.fired if row.table == "limits"] == [
        "above_automatic_limit",
        "refund_limit_reached",
        "fraud_signal",
    ]
    quiet = compiled().decide(returns_facts())
    assert (quiet.outcome["queue"], quiet.outcome["needs_person"]) == ("normal", False)


def test_mapping_and_dataclass_are_decided_alike_and_an_absent_fact_is_unknown(
    compiled: Compile, returns_facts: type, returns_schema: FactSchema
) -> None:
    facts = returns_facts(days_since_delivery=None)
    values = returns_schema.values_of(facts)
    assert compiled().decide(values) == compiled().decide(facts)
    del values["days_since_delivery"]
    assert compiled().decide(values) == compiled().decide(facts)


def test_value_outside_its_domain_counts_as_unknown(compiled: Compile, returns_schema: FactSchema) -> None:
    ruleset = compiled()
    assert action(ruleset, {"reason": "bored", "is_delivered": True})[0] == "escalate"


def test_gap_fails_closed_to_the_unknown_outcome(
    without_row: Callable[[str, str], RulesetSource], compiled: Compile, returns_facts: type
) -> None:
    ruleset = compiled(source=without_row("eligibility.yaml", "in_time"))
    decision = ruleset.decide(returns_facts())
    assert decision.reasons[0] == "policy_gap"
    assert decision.outcome["finding"] == "undetermined"
    assert decision.outcome["final_action"] == "escalate"


def test_gap_without_an_unknown_outcome_leaves_it_unknown_to_later_tables(
    without_row: Callable[[str, str], RulesetSource], compiled: Compile, returns_facts: type
) -> None:
    decision = compiled(source=without_row("remedy.yaml", "return_changed_mind")).decide(returns_facts())
    assert decision.outcome["remedy"] is None
    assert decision.outcome["final_action"] == "escalate"
    assert "policy_gap" in decision.reasons


def test_conflict_under_unique_fails_closed(
    edited: Callable[..., RulesetSource], compiled: Compile, returns_facts: type
) -> None:
    source = edited("remedy.yaml", "reason: changed_mind}", "reason: [changed_mind, damaged]}")
    decision = compiled(source=source).decide(returns_facts(reason="damaged"))
    assert decision.outcome["remedy"] is None
    assert decision.outcome["final_action"] == "escalate"
    assert [row.row for row in decision.fired if row.table == "remedy"] == ["policy_conflict"]


DOUBTFUL = (
    "unknown: {then: {finding: undetermined}",
    "unknown: {applies: in_doubt, then: {finding: undetermined}",
)


def test_table_may_stop_as_soon_as_a_missing_fact_matters(
    edited: Callable[..., RulesetSource], compiled: Compile
) -> None:
    facts = {"reason": "changed_mind", "is_delivered": True, "category": "general", "days_since_delivery": 3}
    assert action(compiled(), {**facts, "is_final_sale": None}) == (
        "approve_return_and_refund",
        "inside_return_window",
    )
    source = edited("eligibility.yaml", *DOUBTFUL)
    # A fact of the desk that may not be unknown is not in doubt, but the age may be.
    lately = {**facts, "is_final_sale": False, "days_since_delivery": None, "has_evidence": True}
    assert action(compiled(source=source), lately) == ("escalate", "facts_unknown")
    assert action(compiled(source=source), {**lately, "is_final_sale": True}) == ("deny", "final_sale")


def test_id_names_desk_date_and_content(compiled: Compile) -> None:
    desk, rest = compiled().id.split("@")
    day, digest = rest.split("+sha256:")
    assert (desk, day, len(digest)) == ("returns", "2026-01-01", 16)
    assert compiled("2026-01-01").id == compiled("2030-01-01").id
    assert compiled("2025-12-31").id.startswith("returns@2025-01-01+")
    assert compiled(tenant="shop_south").id == compiled().id
    assert compiled(tenant="shop_north").id.startswith("returns@2025-06-01+")


def test_comments_and_layout_do_not_change_the_id_and_content_does(
    edited: Callable[..., RulesetSource], compiled: Compile
) -> None:
    same = edited("limits.yaml", "hit: collect", "hit:   collect  # every row that applies")
    assert compiled(source=same).id == compiled().id
    for name, old, new in [
        ("limits.yaml", "queue: urgent", "queue: normal"),
        ("limits.yaml", "reason: fraud_signal", "reason: fraud_suspected"),
        ("parameters.yaml", "2026-01-01: 30", "2026-01-01: 31"),
        ("policy.md", "Shops may grant", "Shops can grant"),
        ("invariants.yaml", "then: {final_action: [deny, escalate]}", "then: {final_action: escalate}"),
    ]:
        assert compiled(source=edited(name, old, new)).id != compiled().id


def test_old_value_does_not_change_todays_id(edited: Callable[..., RulesetSource], compiled: Compile) -> None:
    corrected = edited("parameters.yaml", "2025-01-01: 14, 2026", "2025-01-01: 13, 2026")
    assert compiled(source=corrected).id == compiled().id


def test_ruleset_shows_its_parameters_and_clauses(compiled: Compile) -> None:
    ruleset = compiled()
    assert ruleset.desk == "returns"
    assert ruleset.parameters["return_window_days"] == 30
    assert ruleset.clauses["RET-2.2"].text == "Electronics have a window of their own."


def test_one_table_can_be_asked_alone(compiled: Compile) -> None:
    facts = {"amount_minor": 1, "refunds_in_30_days": 0, "has_fraud_signal": True}
    assert compiled().decide_table("limits", facts) == {"needs_person": True, "queue": "urgent"}
    with pytest.raises(KeyError):
        compiled().decide_table("nothing", {})


def test_every_problem_is_reported_at_once(returns_source: RulesetSource, returns_schema: FactSchema) -> None:
    files = dict(returns_source.files)
    files["limits.yaml"] = (
        files["limits.yaml"].replace("queue: urgent", "queue: now").replace("RET-1.2", "RET-8")
    )
    files["parameters.yaml"] = files["parameters.yaml"].replace(
        "unit: days\n  clause: RET-2.2", "clause: RET-7"
    )
    with pytest.raises(RulesetError) as caught:
        compile_ruleset(RulesetSource("returns", files), returns_schema, as_of=datetime.date(2026, 6, 1))
    assert sorted(problem.code for problem in caught.value.problems) == [
        "dangling_clause",
        "dangling_clause",
        "dangling_clause",
        "dangling_clause",
        "missing_unit",
        "unknown_value",
    ]
