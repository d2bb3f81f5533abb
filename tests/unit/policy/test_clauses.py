"""Clauses of policy.md."""

from casewright.policy.clauses import Clause, parse_clauses, translate_clauses
from casewright.policy.document import Collector

TEXT = """# Returns

Commentary before any clause.

## 2 The window

**RET-2.1** An item may be returned
within the window.

- **RET-2.2.** Electronics have their own.

More of the same clause.

## 3 The item

Commentary that is no clause.
"""


def test_clause_runs_to_the_next_clause_or_heading() -> None:
    found = Collector("policy.md")
    clauses = parse_clauses(TEXT, found)
    assert found.problems == []
    assert clauses == {
        "RET-2.1": Clause("RET-2.1", "An item may be returned within the window.", "2 The window", 7),
        "RET-2.2": Clause(
            "RET-2.2", "Electronics have their own. More of the same clause.", "2 The window", 10
        ),
    }


def test_number_that_stands_twice_is_a_problem() -> None:
    found = Collector("policy.md")
    parse_clauses("**A-1** one\n\n**A-1** two\n", found)
    assert [(problem.code, problem.line) for problem in found.problems] == [("duplicate_id", 3)]


def test_clause_without_text_is_a_problem() -> None:
    found = Collector("policy.md")
    parse_clauses("**A-1**\n\n# Next\n", found)
    assert [problem.code for problem in found.problems] == ["empty_clause"]


def test_translations_have_every_clause_and_no_other() -> None:
    found = Collector("policy.bn.md")
    clauses = parse_clauses("**A-1** One.\n\n**A-2** Two.\n", found)
    other = parse_clauses("**A-1** Ek.\n\n**A-3** Tin.\n", found)
    told = translate_clauses(clauses, other, "bn", found)
    assert [problem.code for problem in found.problems] == ["dangling_clause", "missing_translation"]
    assert (told["A-1"].told, told["A-2"].told, told["A-1"].text) == ({"bn": "Ek."}, {}, "One.")
