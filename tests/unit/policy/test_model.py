"""The clauses of a policy: their solutions are its decisions."""

import datetime

from casewright.policy.compiling import resolve_policy
from casewright.policy.document import RulesetSource
from casewright.policy.model import Model
from casewright.policy.parsing import parse_policy
from casewright.policy.ruleset import Ruleset
from casewright.policy.schema import FactSchema


def build(source: RulesetSource, schema: FactSchema) -> tuple[Model, Ruleset]:
    policy, problems = resolve_policy(parse_policy(source), schema, datetime.date(2026, 6, 1))
    assert problems == ()
    return Model(policy), Ruleset(policy)


def test_case_asked_for_by_row_hits_that_row(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    model, ruleset = build(returns_source, returns_schema)
    for table, questions in model.tables.items():
        for row, assumptions in questions.rows.items():
            answer = model.solver.solve(assumptions, 1000)
            assert answer is not None
            decision = ruleset.decide(model.witness(answer))
            assert (table, row) in {(fired.table, fired.row) for fired in decision.fired}


def test_what_cannot_happen_has_no_solution(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    model, _ = build(returns_source, returns_schema)
    assert model.tables["remedy"].conflicts == {}
    assert all(
        questions.gap is None or model.solver.solve(questions.gap, 1000) is None
        for questions in model.tables.values()
    )
    assert all(model.solver.solve(asked.breaks, 1000) is None for asked in model.invariants.values())


def test_witness_names_every_fact_of_the_desk(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    model, _ = build(returns_source, returns_schema)
    answer = model.solver.solve([], 1000)
    assert answer is not None
    assert list(model.witness(answer)) == list(returns_schema.domains)
