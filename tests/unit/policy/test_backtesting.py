"""What a change of policy would have done to recorded cases, and the money of it."""

import datetime
from collections.abc import Callable

from casewright.policy.backtesting import RecordedCase, backtest_rulesets
from casewright.policy.document import RulesetSource
from casewright.policy.ruleset import Ruleset, compile_ruleset
from casewright.policy.schema import FactSchema

Edit = Callable[..., RulesetSource]
MOVES = {"final_action": frozenset({"approve_return_and_refund", "approve_refund"})}


def at(source: RulesetSource, schema: FactSchema) -> Ruleset:
    return compile_ruleset(source, schema, as_of=datetime.date(2026, 6, 1))


def recorded(schema: FactSchema, facts_type: type, *cases: tuple[str, int, int]) -> list[RecordedCase]:
    return [
        RecordedCase(
            name, schema.values_of(facts_type(days_since_delivery=days, amount_minor=amount)), amount
        )
        for name, days, amount in cases
    ]


def test_each_flip_is_told_with_its_reason_and_the_money_that_it_moves(
    returns_source: RulesetSource, edited: Edit, returns_schema: FactSchema, returns_facts: type
) -> None:
    """The window shrinks from 30 days to 20: 40.00 less goes out by itself; what a person decided moves nothing."""
    new = at(edited("parameters.yaml", "2026-01-01: 30", "2026-01-01: 20"), returns_schema)
    cases = recorded(
        returns_schema,
        returns_facts,
        ("c-1", 10, 500),
        ("c-2", 21, 1500),
        ("c-3", 30, 2500),
        ("c-4", 25, 20000),
        ("c-5", 31, 700),
    )
    found = backtest_rulesets(at(returns_source, returns_schema), new, cases, MOVES)
    assert [
        (group.flips.count, group.flips.reasons_now, group.stake_minor, group.moved_minor, group.example_id)
        for group in found.groups
    ] == [
        (2, ("outside_return_window",), 4000, -4000, "c-2"),
        (1, ("outside_return_window",), 20000, 0, "c-4"),
    ]
    assert (found.released_minor, found.withheld_minor) == (0, 4000)
    assert (found.difference.cases, len(found.difference.flips)) == (5, 3)


def test_what_goes_out_under_the_new_rules_only_is_released(
    returns_source: RulesetSource, edited: Edit, returns_schema: FactSchema, returns_facts: type
) -> None:
    new = at(edited("parameters.yaml", "2026-01-01: 30", "2026-01-01: 40"), returns_schema)
    cases = recorded(returns_schema, returns_facts, ("c-1", 35, 900), ("c-2", 41, 900))
    found = backtest_rulesets(at(returns_source, returns_schema), new, cases, MOVES)
    assert (found.released_minor, found.withheld_minor) == (900, 0)


def test_a_case_that_the_old_policy_did_not_decide_so_is_counted(
    returns_source: RulesetSource, returns_schema: FactSchema, returns_facts: type
) -> None:
    ruleset = at(returns_source, returns_schema)
    (case,) = recorded(returns_schema, returns_facts, ("c-1", 10, 900))
    same = RecordedCase("c-1", case.facts, 900, dict(ruleset.decide(case.facts).outcome))
    other = RecordedCase("c-2", case.facts, 900, {"final_action": "deny"})
    found = backtest_rulesets(ruleset, ruleset, [case, same, other], MOVES)
    assert (found.otherwise, found.groups) == (1, ())
