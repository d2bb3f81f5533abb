"""Lint: everything that can be said about a policy's files without reasoning over cases.

Errors are what keeps the policy from compiling in any world (unknown facts and values, dangling clauses,
missing reasons, duplicate ids, type mismatches, a parameter without a value). Warnings are clauses that
nothing cites and inputs that no row reads. A lock that does not match is an error. Gaps and shadowed rows
are the prover's.
"""

import re

from casewright.policy.compiling import resolve_policy
from casewright.policy.document import RulesetSource
from casewright.policy.locks import check_lock
from casewright.policy.parsing import CLAUSES_FILE, ParsedPolicy, parse_policy
from casewright.policy.problems import Level, Problem
from casewright.policy.schema import FactSchema
from casewright.policy.worlds import World, merge_problems, worlds_of

_IS_HELD = re.compile(r"\bheld (?:in|by)\b")
"""How a clause says that something else than a table carries it out."""


def lint_policy(source: RulesetSource, schema: FactSchema, *, is_locked: bool = True) -> list[Problem]:
    """All problems of a policy's files, errors first. `is_locked`: policy.lock must be there and match."""
    parsed = parse_policy(source)
    found: list[tuple[World, Problem]] = []
    for world in worlds_of(parsed):
        _, problems = resolve_policy(parsed, schema, world.as_of, world.tenant)
        found += [(world, problem) for problem in problems]
    problems_found = [*merge_problems(found), *_uncited(parsed), *_unread(parsed)]
    if is_locked:
        problems_found += check_lock(source)
    return sorted(problems_found, key=lambda problem: problem.level is not Level.ERROR)


def _uncited(parsed: ParsedPolicy) -> list[Problem]:
    cited = {parameter.clause for parameter in parsed.parameters.values()}
    cited |= {invariant.clause for invariant in parsed.invariants}
    for table in parsed.tables:
        cited |= {row.clause for row in table.rows}
        cited |= {table.unknown.clause} if table.unknown else set()
    return [
        Problem(
            "uncited_clause",
            CLAUSES_FILE,
            clause.id,
            f"Nothing cites clause {clause.id}.",
            "Cite it, or say in its text where it is held.",
            Level.WARNING,
            clause.line,
        )
        for clause in parsed.clauses.values()
        if clause.id not in cited and not _IS_HELD.search(clause.text)
    ]


def _unread(parsed: ParsedPolicy) -> list[Problem]:
    problems: list[Problem] = []
    for table in parsed.tables:
        read = {name for row in table.rows for name in row.when}
        for name in table.inputs:
            if name not in read:
                message = f"No row of `{table.name}` reads its input `{name}`."
                remedy = "Remove it from `inputs`."
                problems.append(
                    Problem(
                        "unread_input", table.file, table.name, message, remedy, Level.WARNING, table.line
                    )
                )
    return problems
