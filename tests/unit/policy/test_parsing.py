"""The files of a policy together."""

from casewright.policy.document import RulesetSource
from casewright.policy.parsing import is_policy_file, parse_policy


def test_tables_stand_in_their_declared_order(returns_source: RulesetSource) -> None:
    parsed = parse_policy(returns_source)
    assert parsed.problems == ()
    assert [table.name for table in parsed.tables] == ["eligibility", "remedy", "limits", "outcome"]
    assert list(parsed.parameters) == [
        "return_window_days",
        "electronics_window_days",
        "automatic_limit_minor",
        "refund_limit",
    ]
    assert parsed.invariants[0].id == "fraud_never_pays"
    assert parsed.clauses["RET-2.1"].heading == "2 The window"


def test_policy_needs_clauses_and_a_table() -> None:
    codes = [problem.code for problem in parse_policy(RulesetSource("empty", {})).problems]
    assert codes == ["missing_file", "missing_file"]


def test_two_tables_may_share_neither_name_nor_place(returns_source: RulesetSource) -> None:
    files = {**returns_source.files, "again.yaml": returns_source.files["limits.yaml"]}
    codes = [problem.code for problem in parse_policy(RulesetSource("returns", files)).problems]
    assert codes == ["duplicate_order", "duplicate_id", "duplicate_id"]


def test_history_and_lock_are_no_rules() -> None:
    names = ("policy.md", "tables.yaml", "HISTORY.md", "policy.lock")
    assert [name for name in names if is_policy_file(name)] == ["policy.md", "tables.yaml"]
