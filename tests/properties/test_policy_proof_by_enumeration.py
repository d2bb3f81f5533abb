"""decide and prove against brute force: small random policies, every case of them enumerated.

The reference interpreter below shares no code with the engine: a generated cell carries its own predicate.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from os import environ

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewright.policy.document import RulesetSource
from casewright.policy.proof import prove_policy
from casewright.policy.ruleset import compile_ruleset
from casewright.policy.schema import Domain, FactSchema, Kind

AS_OF = datetime.date(2026, 6, 1)
LIMIT = 3
WORDS = ("a", "b", "c")
PARAMETERS = "limit: {unit: points, clause: T-1, values: {2026-01-01: 3}}\n"
Case = dict[str, object]


@dataclass(frozen=True)
class Cell:
    raw: object
    holds: Callable[[object], bool]


@dataclass(frozen=True)
class Row:
    id: str
    when: Mapping[str, Cell]
    then: Mapping[str, object]

    def matches(self, known: Case) -> bool:
        return all(cell.holds(known[name]) for name, cell in self.when.items())

    def may_match(self, known: Case) -> bool:
        return all(known[name] is None or cell.holds(known[name]) for name, cell in self.when.items())


@dataclass(frozen=True)
class Table:
    name: str
    hit: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    unknown: Mapping[str, object] | None
    stops_in_doubt: bool
    rows: tuple[Row, ...]


def values_of(domain: Domain) -> list[object]:
    if domain.kind is Kind.BOOL:
        values: list[object] = [False, True]
    elif domain.kind is Kind.ENUM:
        values = list(domain.values)
    else:
        values = list(range(domain.minimum or 0, (domain.maximum or 0) + 1))
    return [*values, None] if domain.is_optional else values


@st.composite
def cells(draw: st.DrawFn, domain: Domain) -> Cell:
    if domain.is_optional and draw(st.integers(0, 4)) == 0:
        if draw(st.booleans()):
            return Cell("unknown", lambda value: value is None)
        return Cell("not unknown", lambda value: value is not None)
    if domain.kind is Kind.INT:
        number, low = draw(st.integers(-1, 6)), draw(st.integers(0, 4))
        return draw(
            st.sampled_from(
                [
                    Cell(number, lambda value: value == number),
                    Cell(f"< {number}", lambda value: value is not None and value < number),
                    Cell(f">= {number}", lambda value: value is not None and value >= number),
                    Cell("> @limit", lambda value: value is not None and value > LIMIT),
                    Cell(
                        f">= {low} and <= @limit", lambda value: value is not None and low <= value <= LIMIT
                    ),
                    Cell(f"not {abs(number)}", lambda value: value is not None and value != abs(number)),
                    Cell([low, "> 4"], lambda value: value is not None and (value == low or value > 4)),
                ]
            )
        )
    values = [value for value in values_of(domain) if value is not None]
    chosen = draw(st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True))
    text = str(chosen[0]).lower()
    shapes = [
        Cell(chosen[0], lambda value: value == chosen[0] and value is not None),
        Cell(chosen, lambda value: value in chosen),
        Cell(f"not {text}", lambda value: value is not None and value != chosen[0]),
    ]
    if domain.is_optional:
        shapes.append(Cell([chosen[0], "unknown"], lambda value: value is None or value == chosen[0]))
    return draw(st.sampled_from(shapes))


@st.composite
def tables(draw: st.DrawFn, number: int, known: Mapping[str, Domain]) -> Table:
    name, hit = f"t{number}", draw(st.sampled_from(["first", "first", "unique", "collect"]))
    inputs = tuple(draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=3, unique=True)))
    output = f"out{number}"
    rows = []
    for index in range(draw(st.integers(1, 4))):
        asked = draw(st.lists(st.sampled_from(inputs), max_size=3, unique=True))
        when = {fact: draw(cells(known[fact])) for fact in asked}
        then = {output: draw(st.sampled_from(WORDS))}
        if hit == "collect" and draw(st.integers(0, 3)) == 0:
            then = {}
        rows.append(Row(f"r{index}", when, then))
    unknown = {output: draw(st.sampled_from(WORDS))} if draw(st.booleans()) else None
    stops_in_doubt = unknown is not None and hit == "first" and draw(st.booleans())
    return Table(name, hit, inputs, (output,), unknown, stops_in_doubt, tuple(rows))


@st.composite
def policies(draw: st.DrawFn) -> tuple[dict[str, Domain], list[Table], list[tuple[Row, Row]]]:
    domains: dict[str, Domain] = {}
    for index in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(list(Kind)))
        is_optional = draw(st.booleans())
        if kind is Kind.INT:
            domains[f"f{index}"] = Domain(kind, (), is_optional, 0, 5)
        else:
            domains[f"f{index}"] = Domain(kind, WORDS if kind is Kind.ENUM else (), is_optional)
    known = dict(domains)
    made = []
    for number in range(draw(st.integers(1, 3))):
        table = draw(tables(number, known))
        made.append(table)
        known[table.outputs[0]] = Domain(Kind.ENUM, WORDS, is_optional=True)
    invariants = []
    outputs = [table.outputs[0] for table in made]
    for index in range(draw(st.integers(0, 2))):
        asked = draw(st.lists(st.sampled_from(sorted(known)), max_size=2, unique=True))
        when = {name: draw(cells(known[name])) for name in asked}
        target = draw(st.sampled_from(outputs))
        invariants.append((Row(f"i{index}", when, {}), Row("", {target: draw(cells(known[target]))}, {})))
    return domains, made, invariants


def write(made: list[Table], invariants: list[tuple[Row, Row]]) -> RulesetSource:
    def cells_of(row: Row) -> dict[str, object]:
        return {name: cell.raw for name, cell in row.when.items()}

    files = {"policy.md": "**T-1** The one clause.\n", "parameters.yaml": PARAMETERS}
    for order, table in enumerate(made, start=1):
        output: object = list(WORDS)
        if table.hit == "collect":
            output = {"values": list(WORDS), "combine": "max", "empty": "a"}
        document: dict[str, object] = {
            "table": table.name,
            "order": order,
            "hit": table.hit,
            "inputs": list(table.inputs),
            "outputs": dict.fromkeys(table.outputs, output),
            "rows": [
                {"id": row.id, "when": cells_of(row), "then": dict(row.then), "reason": "r", "clause": "T-1"}
                for row in table.rows
            ],
        }
        if table.unknown is not None:
            applies = "in_doubt" if table.stops_in_doubt else "no_match"
            then = dict(table.unknown)
            document["unknown"] = {"then": then, "reason": "u", "clause": "T-1", "applies": applies}
        files[f"{table.name}.yaml"] = yaml.safe_dump(document)
    if invariants:
        listed = [
            {"id": when.id, "when": cells_of(when), "then": cells_of(then), "clause": "T-1"}
            for when, then in invariants
        ]
        files["invariants.yaml"] = yaml.safe_dump({"invariants": listed})
    return RulesetSource("small", files)


def run_table(table: Table, known: Case) -> tuple[dict[str, object], list[str]]:
    """What the documentation says a table does, word for word."""
    hits = [row for row in table.rows if row.matches(known)]
    is_lacking = any(known[name] is None for name in table.inputs)
    nothing = dict.fromkeys(table.outputs)
    if table.stops_in_doubt and table.unknown is not None:
        doubtful = [row for row in table.rows if row.may_match(known)]
        if doubtful and doubtful[0] not in hits:
            return dict(table.unknown), ["unknown"]
    if not hits and is_lacking and table.unknown is not None:
        return dict(table.unknown), ["unknown"]
    if table.hit == "collect":
        output = table.outputs[0]
        given = [str(row.then[output]) for row in hits if output in row.then]
        return {output: max(given, default="a")}, [row.id for row in hits]
    if not hits:
        return dict(table.unknown or nothing), ["policy_gap"]
    if table.hit == "unique" and len(hits) > 1:
        return dict(table.unknown or nothing), ["policy_conflict"]
    return dict(hits[0].then), [hits[0].id]


def expected_problems(
    domains: Mapping[str, Domain],
    made: list[Table],
    invariants: list[tuple[Row, Row]],
    runs: list[tuple[Case, dict[str, list[str]]]],
) -> set[tuple[str, str]]:
    """(code, place) of everything that is wrong, by looking at every case."""
    found: set[tuple[str, str]] = set()
    known = dict(domains)
    for table in made:
        fired = {(table.name, row) for _, rows in runs for row in rows[table.name]}
        if (table.name, "policy_gap") in fired:
            found.add(("gap", table.name))
        if table.hit == "unique":
            for first, second in combinations(table.rows, 2):
                if any(first.matches(case) and second.matches(case) for case, _ in runs):
                    found.add(("overlap", f"{table.name}, rows {first.id} and {second.id}"))
        reached_alone = set()
        for values in product(*(values_of(known[name]) for name in table.inputs)):
            reached_alone.update(run_table(table, dict(zip(table.inputs, values, strict=True)))[1])
        for row in table.rows:
            if (table.name, row.id) not in fired:
                code = "dead_row" if row.id in reached_alone else "shadowed_row"
                found.add((code, f"{table.name}, row {row.id}"))
        known[table.outputs[0]] = Domain(Kind.ENUM, WORDS, is_optional=True)
    for when, then in invariants:
        applying = [case for case, _ in runs if when.matches(case)]
        if not applying:
            found.add(("vacuous_invariant", f"invariant {when.id}"))
        elif not all(then.matches(case) for case in applying):
            found.add(("broken_invariant", f"invariant {when.id}"))
    return found


EXAMPLES = 5000 if environ.get("CASEWRIGHT_FULL") else 300


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(policies())
def test_prove_and_decide_agree_with_enumeration(
    policy: tuple[dict[str, Domain], list[Table], list[tuple[Row, Row]]],
) -> None:
    domains, made, invariants = policy
    source, schema = write(made, invariants), FactSchema(domains)
    ruleset = compile_ruleset(source, schema, as_of=AS_OF)
    runs: list[tuple[Case, dict[str, list[str]]]] = []
    for values in product(*(values_of(domain) for domain in domains.values())):
        facts = dict(zip(domains, values, strict=True))
        known: Case = dict(facts)
        fired: dict[str, list[str]] = {}
        for table in made:
            outcome, fired[table.name] = run_table(table, known)
            known.update(outcome)
        decision = ruleset.decide(facts)
        assert dict(decision.outcome) == {name: known[name] for table in made for name in table.outputs}
        assert [(row.table, row.row) for row in decision.fired] == [
            (table.name, row) for table in made for row in fired[table.name]
        ]
        runs.append((known, fired))
    proof = prove_policy(source, schema)
    assert {(problem.code, problem.place) for problem in proof.problems} == expected_problems(
        domains, made, invariants, runs
    )
