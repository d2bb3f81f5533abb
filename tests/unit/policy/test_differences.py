"""What a change of policy does to recorded cases."""

import datetime
from collections.abc import Callable

from casewright.policy.differences import diff_rulesets
from casewright.policy.document import RulesetSource
from casewright.policy.ruleset import Ruleset, compile_ruleset
from casewright.policy.schema import FactSchema

Edit = Callable[..., RulesetSource]


def at(source: RulesetSource, schema: FactSchema) -> Ruleset:
    return compile_ruleset(source, schema, as_of=datetime.date(2026, 6, 1))


def test_flips_are_grouped_by_reason(
    returns_source: RulesetSource, edited: Edit, returns_schema: FactSchema, returns_facts: type
) -> None:
    old = at(returns_source, returns_schema)
    new = at(edited("parameters.yaml", "2026-01-01: 30", "2026-01-01: 20"), returns_schema)
    cases = [
        returns_schema.values_of(returns_facts(days_since_delivery=days, amount_minor=amount))
        for days in (10, 20, 21, 30, 31)
        for amount in (100, 20000)
    ]
    difference = diff_rulesets(old, new, cases)
    assert (difference.old_id, difference.new_id, difference.cases) == (old.id, new.id, 10)
    assert [flip.index for flip in difference.flips] == [4, 5, 6, 7]
    groups = [
        (group.count, group.table, group.reasons_before, group.reasons_now, group.changes["final_action"])
        for group in difference.by_reason()
    ]
    assert groups == [
        (
            2,
            "eligibility",
            ("inside_return_window",),
            ("outside_return_window",),
            ("approve_return_and_refund", "deny"),
        ),
        (2, "eligibility", ("inside_return_window",), ("outside_return_window",), ("escalate", "deny")),
    ]
    assert difference.by_reason()[0].example.facts["days_since_delivery"] == 21


def test_a_flip_is_named_after_the_earliest_table_that_differs(
    returns_source: RulesetSource, edited: Edit, returns_schema: FactSchema, returns_facts: type
) -> None:
    """A row that fires in an early table only under the new rules names the flip, not what follows from it."""
    new = at(edited("limits.yaml", "> @", ">= @"), returns_schema)
    cases = [returns_schema.values_of(returns_facts(days_since_delivery=1, amount_minor=10_000))]
    (flip,) = diff_rulesets(at(returns_source, returns_schema), new, cases).flips
    assert (flip.table, flip.reasons_before, flip.changes["final_action"]) == (
        "limits",
        (),
        ("approve_return_and_refund", "escalate"),
    )


def test_same_outcome_by_another_row_is_counted_apart(
    returns_source: RulesetSource, edited: Edit, returns_schema: FactSchema, returns_facts: type
) -> None:
    new = at(edited("limits.yaml", "reason: fraud_signal", "reason: fraud_suspected"), returns_schema)
    cases = [returns_schema.values_of(returns_facts(has_fraud_signal=flag)) for flag in (False, True)]
    difference = diff_rulesets(at(returns_source, returns_schema), new, cases)
    assert (difference.flips, difference.reasons_only) == ((), 1)
