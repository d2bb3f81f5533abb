"""Prove: each kind of fault is found, with a case that shows it, and a sound policy is passed."""

import datetime
from collections.abc import Callable, Mapping
from itertools import combinations

import pytest
import yaml

from casewright.policy.document import RulesetSource
from casewright.policy.problems import Level, Problem
from casewright.policy.proof import Proof, prove_policy
from casewright.policy.ruleset import compile_ruleset
from casewright.policy.schema import Domain, FactSchema, Kind

Edit = Callable[..., RulesetSource]
Row = tuple[str, Mapping[str, object], Mapping[str, object]]
TODAY = datetime.date(2026, 6, 1)


def only(proof: Proof, code: str) -> Problem:
    """The one problem that there is."""
    assert [problem.code for problem in proof.problems] == [code]
    return proof.problems[0]


def test_sound_policy_is_proved_for_every_date_and_tenant(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    proof = prove_policy(returns_source, returns_schema)
    assert proof.problems == ()
    assert proof.holds
    assert len(proof.worlds) == 5


def test_deleted_row_is_found_with_a_case_that_nothing_decides(
    without_row: Edit, returns_schema: FactSchema
) -> None:
    source = without_row("eligibility.yaml", "in_time")
    problem = only(prove_policy(source, returns_schema), "gap")
    assert (problem.file, problem.place) == ("eligibility.yaml", "eligibility")
    assert problem.witness["category"] != "electronics"
    days = problem.witness["days_since_delivery"]
    assert isinstance(days, int)
    assert days <= 14
    decision = compile_ruleset(source, returns_schema, as_of=TODAY).decide(problem.witness)
    assert "policy_gap" in decision.reasons


@pytest.mark.parametrize("name", ["eligibility.yaml", "remedy.yaml", "outcome.yaml"])
def test_every_deleted_row_is_found_unless_a_later_row_takes_its_cases_over(
    name: str, without_row: Edit, returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    table = returns_source.files[name]
    rows = [part.split(",")[0] for part in table.split("{id: ")[1:]]
    found = {row: prove_policy(without_row(name, row), returns_schema).problems for row in rows}
    # Rows whose cases a later row takes over leave no gap: what they decide is tested case by case.
    taken_over = {
        "eligibility.yaml": {"late", "not_delivered", "unreturnable", "final_sale", "damaged"},
        "remedy.yaml": set(),
        "outcome.yaml": set(),
    }
    assert {row for row, problems in found.items() if not problems} == taken_over[name]


def test_shadowed_row_is_found_with_the_row_that_shadows_it(edited: Edit, returns_schema: FactSchema) -> None:
    source = edited(
        "eligibility.yaml", "{reason: changed_mind, is_final_sale: true}", "{is_delivered: [false, true]}"
    )
    codes = {problem.code for problem in prove_policy(source, returns_schema).problems}
    assert "shadowed_row" in codes
    narrow = edited(
        "outcome.yaml",
        "rows:",
        "rows:\n  - {id: early, when: {remedy: deny, needs_person: [true, false, unknown]}, "
        "then: {final_action: deny}, reason: denied, clause: RET-2.1}",
    )
    problem = only(prove_policy(narrow, returns_schema), "shadowed_row")
    assert problem.place == "outcome, row denied"
    assert "`early`" in problem.message
    assert problem.level is Level.ERROR


def test_row_that_several_rows_shadow_together_is_found(edited: Edit, returns_schema: FactSchema) -> None:
    extra = "rows:"
    for name, flag in (("with_photo", "true"), ("without_photo", "false")):
        when = f"{{has_evidence: {flag}, is_delivered: true}}"
        extra += f"\n  - {{id: {name}, when: {when}, then: {{finding: eligible}},"
        extra += " reason: all_eligible, clause: RET-1.1}"
    problems = prove_policy(edited("eligibility.yaml", "rows:", extra), returns_schema).problems
    shadowed = {
        problem.place.split()[-1]: problem.message for problem in problems if problem.code == "shadowed_row"
    }
    assert set(shadowed) == {
        "unreturnable",
        "final_sale",
        "no_photo",
        "damaged",
        "electronics_in_time",
        "electronics_too_late",
        "in_time",
        "too_late",
    }
    assert "`with_photo`, `without_photo`" in shadowed["final_sale"]


def test_row_whose_cells_exclude_each_other_is_found(edited: Edit, returns_schema: FactSchema) -> None:
    source = edited("limits.yaml", '"> @automatic_limit_minor"', '"> @automatic_limit_minor and < 5"')
    problems = prove_policy(source, returns_schema).problems
    assert [problem.message for problem in problems if problem.code == "shadowed_row"] == [
        "No case reaches row `high_amount`: its cells exclude each other."
    ]


def test_row_that_only_some_dates_can_reach_is_a_warning(edited: Edit, returns_schema: FactSchema) -> None:
    source = edited(
        "limits.yaml",
        "rows:",
        'rows:\n  - {id: gone, when: {refunds_in_30_days: ">= 20 and < @return_window_days"}, '
        "then: {needs_person: true}, reason: many, clause: RET-1.2}",
    )
    problem = only(prove_policy(source, returns_schema), "shadowed_row")
    assert problem.level is Level.WARNING
    assert problem.world.startswith("2025-01-01")


def test_row_that_earlier_tables_keep_from_happening_is_a_warning(
    edited: Edit, returns_schema: FactSchema
) -> None:
    proof = prove_policy(edited("remedy.yaml", "{remedy: request_info,", "{remedy: deny,"), returns_schema)
    problem = only(proof, "dead_row")
    assert problem.place == "outcome, row ask"
    assert problem.level is Level.WARNING
    assert proof.holds


def test_gap_that_earlier_tables_keep_from_happening_is_no_gap(
    returns_source: RulesetSource, returns_schema: FactSchema
) -> None:
    files = dict(returns_source.files)
    files["remedy.yaml"] = files["remedy.yaml"].replace("[undetermined, unknown]", "undetermined")
    assert prove_policy(RulesetSource("returns", files), returns_schema).problems == ()


def test_overlap_under_unique_is_found_with_a_case_that_both_rows_match(
    edited: Edit, returns_schema: FactSchema
) -> None:
    source = edited("remedy.yaml", "reason: changed_mind}", "reason: [changed_mind, damaged]}")
    problem = only(prove_policy(source, returns_schema), "overlap")
    assert problem.place == "remedy, rows return_our_fault and return_changed_mind"
    assert problem.witness["reason"] == "damaged"
    decision = compile_ruleset(source, returns_schema, as_of=TODAY).decide(problem.witness)
    assert "policy_conflict" in decision.reasons


def test_broken_invariant_is_found_with_a_case_over_the_desks_own_facts(
    without_row: Edit, returns_schema: FactSchema
) -> None:
    source = without_row("limits.yaml", "fraud")
    problem = only(prove_policy(source, returns_schema), "broken_invariant")
    assert problem.place == "invariant fraud_never_pays"
    assert problem.witness["has_fraud_signal"] is True
    outcome = compile_ruleset(source, returns_schema, as_of=TODAY).decide(problem.witness).outcome
    assert outcome["final_action"] in ("approve_refund", "approve_return_and_refund")


def test_invariant_broken_on_one_date_only_is_found(edited: Edit, returns_schema: FactSchema) -> None:
    source = edited(
        "invariants.yaml",
        "invariants:",
        "invariants:\n  - {id: a_month_at_most, when: {days_since_delivery: '> 30', reason: changed_mind}, "
        "then: {final_action: deny}, clause: RET-2.1}",
    )
    problem = only(prove_policy(source, returns_schema), "broken_invariant")
    assert problem.world == "2025-06-01, shop_north and 1 more"
    days = problem.witness["days_since_delivery"]
    assert isinstance(days, int)
    assert 30 < days <= 45


def test_invariant_that_never_applies_is_a_warning(edited: Edit, returns_schema: FactSchema) -> None:
    source = edited(
        "invariants.yaml",
        "invariants:",
        "invariants:\n  - {id: idle, when: {remedy: deny, refunds_shipping: true}, "
        "then: {final_action: deny}, clause: RET-2.1}",
    )
    assert only(prove_policy(source, returns_schema), "vacuous_invariant").level is Level.WARNING


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("eligibility.yaml", "has_evidence: false", "has_photo: false", "unknown_fact"),
        ("eligibility.yaml", "reason: [damaged, defective, wrong_item]", "reason: [damged]", "unknown_value"),
        ("limits.yaml", "fraud_signal, clause: RET-1.2", "fraud_signal, clause: RET-9.9", "dangling_clause"),
    ],
)
def test_unknown_fact_value_and_dangling_clause_fail_the_proof(
    name: str, old: str, new: str, code: str, edited: Edit, returns_schema: FactSchema
) -> None:
    proof = prove_policy(edited(name, old, new), returns_schema)
    assert code in {problem.code for problem in proof.problems}
    assert not proof.holds


def table_file(name: str, order: int, hit: str, inputs: list[str], outputs: object, rows: list[Row]) -> str:
    written = [
        {"id": row_id, "when": when, "then": then, "reason": "r", "clause": "A-1"}
        for row_id, when, then in rows
    ]
    document = {
        "table": name,
        "order": order,
        "hit": hit,
        "inputs": inputs,
        "outputs": outputs,
        "rows": written,
    }
    return yaml.safe_dump(document, sort_keys=False)


def pigeonhole() -> tuple[RulesetSource, FactSchema]:
    """A first-hit table that has no gap, though that is hard to see: six guests, five rooms, and a row for
    each pair in one room."""
    rooms = tuple(f"room{number}" for number in range(5))
    guests = [f"guest{number}" for number in range(6)]
    rows: list[Row] = [
        (f"{room}_{first}_{second}", {first: room, second: room}, {"is_shared": True})
        for room in rooms
        for first, second in combinations(guests, 2)
    ]
    table = table_file("t", 1, "first", guests, {"is_shared": "bool"}, rows)
    source = RulesetSource("rooms", {"policy.md": "**A-1** The clause.\n", "t.yaml": table})
    return source, FactSchema({name: Domain(Kind.ENUM, rooms) for name in guests})


def test_hard_question_is_answered_and_beyond_the_budget_reported_as_open() -> None:
    source, schema = pigeonhole()
    assert prove_policy(source, schema).problems == ()
    problem = next(item for item in prove_policy(source, schema, budget=5).problems if item.place == "t")
    assert problem.code == "undecided"
    assert problem.level is Level.ERROR


HIGH = ">= @high"
LARGE_PARAMETERS = """
high: {unit: minor units, clause: A-1, values: {2024-01-01: 5, 2025-01-01: 6, 2026-01-01: 7}}
"""
LARGE_INVARIANTS = """
invariants:
  - {id: bad_kinds, when: {kind: kind1, status: lost}, then: {review: true}, clause: A-1}
  - {id: dear, when: {amount: "> @high"}, then: {review: true}, clause: A-1}
  - {id: calm, when: {verdict: good, amount: "< @high"}, then: {review: false}, clause: A-1}
"""


def large_ruleset() -> tuple[RulesetSource, FactSchema]:
    """45 facts; a first-hit table of 60 rows over all of them, and three tables that read its outcome."""
    flags = [f"flag{number}" for number in range(41)]
    kinds = [f"kind{number}" for number in range(8)]
    domains = {name: Domain(Kind.BOOL, is_optional=index % 5 == 0) for index, name in enumerate(flags)}
    domains["amount"] = Domain(Kind.INT, is_optional=True, minimum=0)
    domains["count"] = Domain(Kind.INT, minimum=0)
    domains["status"] = Domain(Kind.ENUM, ("open", "shut", "lost"), is_optional=True)
    domains["role"] = Domain(Kind.ENUM, ("buyer", "seller", "agent"), is_optional=True)
    kind_rows: list[Row] = []
    for index in range(59):
        when: dict[str, object] = {flags[index * 7 % 41]: True, flags[(index * 11 + 3) % 41]: index % 2 == 0}
        when.update({"amount": HIGH} if index % 4 == 0 else {})
        when.update({"role": ("buyer", "seller", "agent")[index % 9 // 3]} if index % 3 == 0 else {})
        when.update({"count": f"< {index}"} if index % 5 == 1 else {})
        kind_rows.append((f"r{index}", when, {"kind": kinds[index % 8]}))
    kind_rows.append(("rest", {}, {"kind": "kind0"}))
    verdict_rows: list[Row] = [("rest", {"status": "unknown"}, {"verdict": "unclear"})]
    for kind in kinds:
        verdict_rows.append((f"{kind}_open", {"kind": kind, "status": "open"}, {"verdict": "good"}))
        verdict_rows.append((f"{kind}_shut", {"kind": kind, "status": ["shut", "lost"]}, {"verdict": "bad"}))
    grades: list[Row] = [
        ("top", {"kind": ["kind1", "kind2"], "verdict": "bad"}, {"grade": "high"}),
        ("rest", {}, {"grade": "low"}),
    ]
    reviews: list[Row] = [
        ("top", {"grade": "high"}, {"review": True}),
        ("dear", {"amount": HIGH}, {"review": True}),
    ]
    verdicts = ["good", "bad", "unclear"]
    files = {
        "policy.md": "**A-1** The clause.\n",
        "parameters.yaml": LARGE_PARAMETERS,
        "invariants.yaml": LARGE_INVARIANTS,
        "kind.yaml": table_file("kind", 1, "first", list(domains), {"kind": kinds}, kind_rows),
        "verdict.yaml": table_file(
            "verdict", 2, "unique", ["kind", "status"], {"verdict": verdicts}, verdict_rows
        ),
        "grade.yaml": table_file(
            "grade", 3, "first", ["kind", "verdict"], {"grade": ["low", "high"]}, grades
        ),
        "review.yaml": table_file("review", 4, "collect", ["grade", "amount"], {"review": "bool"}, reviews),
    }
    return RulesetSource("large", files), FactSchema(domains)


def test_large_ruleset_is_proved_on_every_date() -> None:
    source, schema = large_ruleset()
    proof = prove_policy(source, schema)
    assert [problem.code for problem in proof.problems if problem.level is Level.ERROR] == []
    assert len(proof.worlds) == 3
