"""Ruleset: a policy compiled for one date and tenant; `decide` maps facts to a decision in microseconds.

Invariants: a decision depends on the facts and the ruleset only. `decide` is total: for facts of the
schema's domains it never raises. Where no row of a table matches (reason `policy_gap`), or two match under
`unique` (`policy_conflict`), it fails closed: the table gives its `unknown` outcome, or no outcome where it
has none, and later tables then see those outcomes as unknown. The prover shows before release that neither
happens.

The id is `desk@DATE+sha256:HASH`: the date of the newest value in force, and the first 16 hex digits of the
hash of the canonical content in force (so comments and layout do not change it, and any rule, value or
clause does).
"""

import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from casewright.domain.decision import Decision, FiredRow, Value
from casewright.policy.clauses import Clause
from casewright.policy.compiling import Policy, resolve_policy
from casewright.policy.document import RulesetSource
from casewright.policy.matching import MatchedTable
from casewright.policy.parameters import ParameterValue
from casewright.policy.parsing import ParsedPolicy, parse_policy
from casewright.policy.problems import RulesetError, errors_of
from casewright.policy.schema import Domain, FactSchema

__all__ = ["FactSchema", "Ruleset", "RulesetSource", "compile_parsed", "compile_ruleset"]

ENGINE_VERSION = 1
"""Raised when the meaning of a policy file changes; part of every ruleset's hash."""
_HASH_DIGITS = 16


class Ruleset:
    """Compiled, immutable, safe to share between threads."""

    __slots__ = ("_facts_type", "_tables", "id", "policy")

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.id = ruleset_id(policy)
        self._facts_type = policy.schema.facts_type
        self._tables = tuple(MatchedTable(table, policy.schema.domains) for table in policy.tables)

    @property
    def desk(self) -> str:
        """The desk's name."""
        return self.policy.desk

    @property
    def parameters(self) -> Mapping[str, ParameterValue]:
        """The parameters' values in force."""
        return self.policy.parameters

    @property
    def clauses(self) -> Mapping[str, Clause]:
        """The clauses of policy.md, by number."""
        return self.policy.clauses

    def decide(self, facts: object) -> Decision:
        """Decide on a facts dataclass, or on a mapping of fact names to values (absent: unknown)."""
        outcome: dict[str, Value] = {}
        fired: list[FiredRow] = []
        if type(facts) is self._facts_type or not isinstance(facts, Mapping):
            for table in self._tables:
                table.decide(table.fetch(facts), outcome, fired)
        else:
            for table in self._tables:
                table.decide(tuple(map(facts.get, table.base_names)), outcome, fired)
        return Decision(self.id, outcome, tuple(fired))

    def decide_to_keep(self, facts: object) -> Decision:
        """As `decide`, with the facts beside the decision, so that it can be stored and made again."""
        return replace(self.decide(facts), facts=self.policy.schema.values_of(facts))

    def decide_table(self, name: str, facts: Mapping[str, Value]) -> Mapping[str, Value]:
        """The outcomes of one table alone, for desks that find later facts by them.

        KeyError: there is no such table, or it reads outcomes of an earlier one.
        """
        for table in self._tables:
            if table.name == name:
                outcome: dict[str, Value] = {}
                table.decide(tuple(map(facts.get, table.base_names)), outcome, [])
                return outcome
        raise KeyError(name)


def compile_ruleset(
    source: RulesetSource, facts: FactSchema, *, as_of: datetime.date, tenant: str | None = None
) -> Ruleset:
    """Compile a policy for a date and a tenant. Raises RulesetError (a PolicyError) with all problems."""
    return compile_parsed(parse_policy(source), facts, as_of=as_of, tenant=tenant)


def compile_parsed(
    parsed: ParsedPolicy, facts: FactSchema, *, as_of: datetime.date, tenant: str | None = None
) -> Ruleset:
    """As `compile_ruleset`, for files read before: several dates of one policy share the reading."""
    policy, problems = resolve_policy(parsed, facts, as_of, tenant)
    if errors := errors_of(problems):
        raise RulesetError(parsed.desk, errors)
    return Ruleset(policy)


def ruleset_id(policy: Policy) -> str:
    """`desk@DATE+sha256:HASH` of the content in force."""
    text = json.dumps(canonical_content(policy), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()[:_HASH_DIGITS]
    effective = policy.effective.isoformat() if policy.effective else "undated"
    return f"{policy.desk}@{effective}+sha256:{digest}"


def canonical_content(policy: Policy) -> dict[str, object]:
    """Everything in force that can change a decision or what is said of it, as JSON."""
    parsed = policy.parsed
    return {
        "engine": ENGINE_VERSION,
        "desk": policy.desk,
        "clauses": {clause.id: clause.text for clause in parsed.clauses.values()},
        "parameters": {
            name: [parsed.parameters[name].unit, parsed.parameters[name].clause, value]
            for name, value in policy.parameters.items()
        },
        "tables": [
            {
                "name": table.name,
                "hit": table.hit.value,
                "inputs": {name: _domain_content(domain) for name, domain in resolved.domains.items()},
                "outputs": {
                    name: [_domain_content(output.domain), output.combine, output.empty]
                    for name, output in resolved.outputs.items()
                },
                "in_doubt": table.stops_in_doubt,
                "rows": [
                    [
                        row.id,
                        {name: str(cell) for name, cell in row.when.items()},
                        {name: str(value) for name, value in row.then.items()},
                        row.reason,
                        row.clause,
                    ]
                    for row in (*table.rows, *((table.unknown,) if table.unknown else ()))
                ],
            }
            for table, resolved in zip(parsed.tables, policy.tables, strict=True)
        ],
        "invariants": [
            [
                item.id,
                {name: str(cell) for name, cell in item.when.items()},
                {name: str(cell) for name, cell in item.then.items()},
                item.clause,
            ]
            for item in parsed.invariants
        ],
    }


def _domain_content(domain: Domain) -> list[object]:
    return [domain.kind.value, list(domain.values), domain.is_optional, domain.minimum, domain.maximum]
