"""decide never raises, and always gives every outcome a value of its domain or none.

The policy below is bad on purpose: it has gaps, conflicts and a table that reads outcomes which may be
missing.
"""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from casewright.policy.document import RulesetSource
from casewright.policy.records import dump_record, load_record, record_decision, replay
from casewright.policy.ruleset import compile_ruleset
from casewright.policy.schema import BOOL, Domain, FactSchema, Kind

SCHEMA = FactSchema(
    {
        "colour": Domain(Kind.ENUM, ("red", "green", "blue"), is_optional=True),
        "age": Domain(Kind.INT, is_optional=True),
        "amount_minor": Domain(Kind.INT, minimum=0),
        "is_new": BOOL,
        "is_paid": Domain(Kind.BOOL, is_optional=True),
    }
)
TRIAGE = """
table: triage
order: 1
hit: unique
inputs: [colour, age, is_new]
outputs: {lane: [slow, fast], weight: int}
rows:
  - {id: young, when: {age: "< 30"}, then: {lane: fast, weight: 1}, reason: young, clause: A-1}
  - {id: new, when: {is_new: true, colour: not red}, then: {lane: slow, weight: 2},
     reason: newcomer, clause: A-1}
"""
GRADE = """
table: grade
order: 2
hit: first
inputs: [lane, weight, is_paid]
outputs: {grade: [low, high]}
unknown: {then: {grade: low}, reason: facts_unknown, clause: A-1}
rows:
  - {id: heavy, when: {weight: "> 1", is_paid: true}, then: {grade: high}, reason: heavy, clause: A-1}
  - {id: fast, when: {lane: fast}, then: {grade: high}, reason: fast, clause: A-1}
"""
REVIEW = """
table: review
order: 3
hit: collect
inputs: [grade, amount_minor]
outputs: {review: bool, queue: {values: [normal, urgent], combine: max, optional: true}}
rows:
  - {id: dear, when: {amount_minor: ">= 25_000"}, then: {review: true}, reason: dear, clause: A-1}
  - {id: high, when: {grade: high}, then: {queue: urgent}, reason: high_grade, clause: A-1}
"""
SOURCE = RulesetSource(
    "small",
    {"policy.md": "**A-1** The clause.\n", "t.yaml": TRIAGE, "g.yaml": GRADE, "r.yaml": REVIEW},
)
RULESET = compile_ruleset(SOURCE, SCHEMA, as_of=datetime.date(2026, 1, 1))
OUTCOMES = {
    "lane": {"slow", "fast", None},
    "weight": {1, 2, None},
    "grade": {"low", "high"} | {None},
    "review": {False, True},
    "queue": {"urgent", None},
}
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "colour": st.sampled_from(["red", "green", "blue", None, "purple", ""]),
        "age": st.none() | st.integers(),
        "amount_minor": st.none() | st.integers(),
        "is_new": st.booleans() | st.none(),
        "is_paid": st.booleans() | st.none(),
        "not_a_fact": st.text(),
    },
)


@given(FACTS)
def test_decide_is_total(facts: dict[str, bool | int | str | None]) -> None:
    decision = RULESET.decide(facts)
    assert set(decision.outcome) == set(OUTCOMES)
    assert all(decision.outcome[name] in allowed for name, allowed in OUTCOMES.items())
    assert {row.table for row in decision.fired} >= {"triage", "grade"}
    assert RULESET.decide(facts) == decision


@given(FACTS)
def test_recorded_decision_replays_to_the_same_bytes(facts: dict[str, bool | int | str | None]) -> None:
    line = dump_record(record_decision(RULESET.decide(facts), facts, RULESET))
    record = load_record(line)
    assert replay(record, RULESET).is_same
    assert dump_record(record) == line
