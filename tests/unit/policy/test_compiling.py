"""From files to rules in force."""

import datetime
from collections.abc import Callable

import pytest

from casewright.policy.compiling import resolve_policy
from casewright.policy.document import RulesetSource
from casewright.policy.parsing import parse_policy
from casewright.policy.schema import FactSchema

AS_OF = datetime.date(2026, 6, 1)


def codes(source: RulesetSource, schema: FactSchema, as_of: datetime.date = AS_OF) -> list[str]:
    return [problem.code for problem in resolve_policy(parse_policy(source), schema, as_of)[1]]


def test_values_in_force_are_put_into_the_cells(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    parsed = parse_policy(returns_source)
    policy, problems = resolve_policy(parsed, returns_schema, AS_OF, "shop_north")
    assert problems == ()
    assert policy.parameters["return_window_days"] == 45
    assert policy.effective == datetime.date(2025, 6, 1)
    in_time = next(row for row in policy.tables[0].rows if row.id == "in_time")
    assert in_time.when["days_since_delivery"].spans == ((None, 46),)


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("eligibility.yaml", "has_evidence: false", "has_photo: false", "unknown_fact"),
        ("eligibility.yaml", "has_evidence]", "has_evidence, has_photo]", "unknown_fact"),
        ("eligibility.yaml", "has_evidence]", "has_evidence, final_action]", "unknown_fact"),
        ("eligibility.yaml", "reason: [damaged, defective, wrong_item]", "reason: [damged]", "unknown_value"),
        ("eligibility.yaml", "finding: evidence_missing}", "finding: no_evidence}", "unknown_value"),
        ("eligibility.yaml", "finding: evidence_missing}", "findings: evidence_missing}", "unknown_outcome"),
        ("eligibility.yaml", "finding: evidence_missing}", "}", "missing_outcome"),
        (
            "eligibility.yaml",
            "evidence_missing, clause: RET-3.2",
            "evidence_missing, clause: RET-9.9",
            "dangling_clause",
        ),
        (
            "eligibility.yaml",
            "facts_unknown, clause: RET-1.1",
            "facts_unknown, clause: RET-9",
            "dangling_clause",
        ),
        ("parameters.yaml", "clause: RET-2.2", "clause: RET-9.9", "dangling_clause"),
        ("invariants.yaml", "has_fraud_signal: true", "has_fraud: true", "unknown_fact"),
        ("invariants.yaml", "clause: RET-3.2", "clause: RET-9.9", "dangling_clause"),
        (
            "invariants.yaml",
            "then: {final_action: escalate}",
            "then: {is_delivered: true}",
            "unknown_outcome",
        ),
        ("limits.yaml", "needs_person: {", "reason: {", "duplicate_id"),
        ("limits.yaml", "needs_person: {", "remedy: {", "duplicate_id"),
        ("limits.yaml", '"> @automatic_limit_minor"', '"> @automatic_limit"', "unknown_parameter"),
        ("limits.yaml", "queue: urgent", 'queue: "@refund_limit"', "type_mismatch"),
        ("remedy.yaml", "refunds_shipping: bool", "refunds_shipping: {type: int, max: 5}", "type_mismatch"),
    ],
)
def test_fault_in_the_names_has_a_code(
    name: str, old: str, new: str, code: str, edited: Callable[..., RulesetSource], returns_schema: FactSchema
) -> None:
    assert code in codes(edited(name, old, new), returns_schema)


def test_number_outside_its_domain_is_refused(
    edited: Callable[..., RulesetSource], returns_schema: FactSchema
) -> None:
    source = edited(
        "limits.yaml",
        "queue: {values: [normal, urgent], combine: max, empty: normal}",
        "queue: {type: int, min: 0, max: 5, combine: max, empty: 9}",
    )
    assert "unknown_value" in codes(source, returns_schema)


def test_missing_value_is_reported_once_and_not_for_every_cell(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    assert codes(returns_source, returns_schema, datetime.date(2024, 1, 1)) == ["parameter_without_value"] * 4
