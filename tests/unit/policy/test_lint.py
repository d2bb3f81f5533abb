"""Lint: what is wrong with the files."""

from collections.abc import Callable

from casewright.policy.document import RulesetSource
from casewright.policy.lint import lint_policy
from casewright.policy.locks import build_lock
from casewright.policy.problems import Level
from casewright.policy.schema import FactSchema

Edit = Callable[..., RulesetSource]


def locked(source: RulesetSource) -> RulesetSource:
    return RulesetSource(source.desk, {**source.files, "policy.lock": build_lock(source)})


def test_released_policy_is_clean(returns_source: RulesetSource, returns_schema: FactSchema) -> None:
    assert lint_policy(locked(returns_source), returns_schema) == []


def test_unreleased_policy_is_an_error_unless_the_lock_is_not_asked_for(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    assert [problem.code for problem in lint_policy(returns_source, returns_schema)] == ["missing_lock"]
    assert lint_policy(returns_source, returns_schema, is_locked=False) == []


def test_clause_that_nothing_cites_is_a_warning(edited: Edit, returns_schema: FactSchema) -> None:
    source = edited("policy.md", "## 3 The item", "**RET-2.5** Nobody cites this.\n\n## 3 The item")
    (problem,) = lint_policy(source, returns_schema, is_locked=False)
    assert (problem.code, problem.place, problem.level) == ("uncited_clause", "RET-2.5", Level.WARNING)


def test_clause_that_says_what_holds_it_needs_no_row(edited: Edit, returns_schema: FactSchema) -> None:
    said = "**RET-2.5** Said in words (held by the replies).\n\n## 3 The item"
    assert lint_policy(edited("policy.md", "## 3 The item", said), returns_schema, is_locked=False) == []


def test_input_that_no_row_reads_is_a_warning(edited: Edit, returns_schema: FactSchema) -> None:
    source = edited("limits.yaml", "inputs: [amount_minor", "inputs: [category, amount_minor")
    (problem,) = lint_policy(source, returns_schema, is_locked=False)
    assert (problem.code, problem.level) == ("unread_input", Level.WARNING)
    assert "`category`" in problem.message


def test_problem_of_every_date_is_told_once_and_errors_come_first(
    edited: Edit, returns_schema: FactSchema
) -> None:
    source = edited("limits.yaml", "clause: RET-1.2}\n  - {id: many", "clause: RET-9}\n  - {id: many")
    problems = lint_policy(source, returns_schema)
    assert [problem.code for problem in problems] == ["dangling_clause", "missing_lock"]
    assert problems[0].world == "2025-01-01 and 4 more"
    assert problems[0].line == 9


def test_parameter_without_a_value_on_some_date_is_found(edited: Edit, returns_schema: FactSchema) -> None:
    source = edited("parameters.yaml", "values: {2025-01-01: 2}", "values: {2026-01-01: 2}")
    problems = lint_policy(source, returns_schema, is_locked=False)
    assert [(problem.code, problem.world) for problem in problems] == [
        ("parameter_without_value", "2025-01-01 and 1 more"),
        ("parameter_without_value", "2025-06-01, shop_north"),
    ]
