"""Problems as values."""

from casewright.domain.errors import PolicyError
from casewright.policy.problems import Level, Problem, RulesetError, errors_of

GAP = Problem(
    "gap", "t.yaml", "t, row a", "No row matches.", "Add one.", line=3, witness={"age": 4}, world="2026-01-01"
)
HINT = Problem("uncited_clause", "policy.md", "A-1", "Nothing cites it.", "Cite it.", Level.WARNING)


def test_problem_says_what_where_and_what_to_do() -> None:
    assert str(GAP) == "t.yaml:3 (t, row a): No row matches. [2026-01-01] Add one."
    assert str(HINT) == "policy.md (A-1): Nothing cites it. Cite it."


def test_problem_is_a_document_for_machines() -> None:
    assert GAP.as_document() == {
        "code": "gap",
        "level": "error",
        "file": "t.yaml",
        "line": 3,
        "place": "t, row a",
        "message": "No row matches.",
        "remedy": "Add one.",
        "world": "2026-01-01",
        "witness": {"age": 4},
    }


def test_only_errors_stop_a_ruleset() -> None:
    assert errors_of([HINT, GAP]) == [GAP]


def test_rejected_ruleset_is_a_policy_error_with_every_reason() -> None:
    error = RulesetError("returns", [GAP, HINT])
    assert isinstance(error, PolicyError)
    assert error.code == "ruleset_rejected"
    assert error.problems == (GAP, HINT)
    assert "2 problem(s)" in error.message
    assert "t.yaml:3" in error.message
