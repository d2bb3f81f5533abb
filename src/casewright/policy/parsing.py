"""ParsedPolicy: a desk's policy files read once, before any date is chosen.

Names are not looked up here; that depends on the facts' schema and, for parameters, on the date
(compiling.py).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from casewright.policy.clauses import Clause, parse_clauses, translate_clauses
from casewright.policy.document import Collector, RulesetSource, read_document
from casewright.policy.invariants import InvariantSource, parse_invariants
from casewright.policy.parameters import Parameter, parse_parameters
from casewright.policy.problems import Problem
from casewright.policy.tables import TableSource, parse_table

CLAUSES_FILE = "policy.md"
PARAMETERS_FILE = "parameters.yaml"
INVARIANTS_FILE = "invariants.yaml"
LOCK_FILE = "policy.lock"
_TRANSLATION = re.compile(r"policy\.([a-z]{2})\.md")
"""The clauses in the words of another language: `policy.bn.md`."""


@dataclass(frozen=True, slots=True)
class ParsedPolicy:
    """Everything the files say; tables in evaluation order."""

    desk: str
    clauses: Mapping[str, Clause]
    parameters: Mapping[str, Parameter]
    tables: tuple[TableSource, ...]
    invariants: tuple[InvariantSource, ...]
    problems: tuple[Problem, ...]


def is_policy_file(name: str) -> bool:
    """Whether a file of that name belongs to a policy (and is locked on release)."""
    return name == CLAUSES_FILE or name.endswith(".yaml") or _TRANSLATION.fullmatch(name) is not None


def parse_policy(source: RulesetSource) -> ParsedPolicy:
    """Read every file; whatever is wrong with them is in `problems`."""
    problems: list[Problem] = []
    clauses: dict[str, Clause] = {}
    parameters: dict[str, Parameter] = {}
    invariants: tuple[InvariantSource, ...] = ()
    tables: list[TableSource] = []
    if CLAUSES_FILE not in source.files:
        problems.append(
            Problem("missing_file", CLAUSES_FILE, "", "The policy has no clauses.", "Add policy.md.")
        )
    for name in sorted(source.files):
        if not is_policy_file(name) or _TRANSLATION.fullmatch(name):
            continue
        found = Collector(name)
        if name == CLAUSES_FILE:
            clauses = parse_clauses(source.files[name], found)
        elif name == PARAMETERS_FILE:
            parameters = parse_parameters(read_document(source.files[name], found), found)
        elif name == INVARIANTS_FILE:
            invariants = parse_invariants(read_document(source.files[name], found), found)
        else:
            document = read_document(source.files[name], found)
            table = parse_table(document, found) if document or not found.problems else None
            tables += [table] if table is not None else []
        problems += found.problems
    for name in sorted(source.files):
        if translation := _TRANSLATION.fullmatch(name):
            found = Collector(name)
            translated = parse_clauses(source.files[name], found)
            clauses = translate_clauses(clauses, translated, translation.group(1), found)
            problems += found.problems
    if not tables:
        problems.append(Problem("missing_file", "*.yaml", "", "The policy has no table.", "Add one."))
    tables.sort(key=lambda table: (table.order, table.name))
    for before, after in pairwise(tables):
        if before.order == after.order:
            message = f"Tables `{before.name}` and `{after.name}` have the same place in the order."
            problems.append(
                Problem("duplicate_order", after.file, after.name, message, "Give each its own `order`.")
            )
    names = [table.name for table in tables]
    for table in tables:
        if names.count(table.name) > 1:
            message = f"More than one table is called `{table.name}`."
            problems.append(Problem("duplicate_id", table.file, table.name, message, "Rename one."))
    return ParsedPolicy(source.desk, clauses, parameters, tuple(tables), invariants, tuple(problems))
