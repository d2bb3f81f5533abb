"""Tables as written: what a file must say."""

import pytest

from casewright.policy.document import Collector, read_document
from casewright.policy.schema import Domain, Kind
from casewright.policy.tables import Combine, Hit, Output, TableSource, parse_table

GOOD = """
table: triage
order: 10
hit: first
inputs: [age, is_new]
outputs: {lane: [slow, fast], share: {type: int, min: 0, max: 100}}
unknown: {then: {lane: slow, share: 0}, reason: facts_unknown, clause: A-1}
rows:
  - {id: young, when: {age: "< 3"}, then: {lane: fast, share: "@most"}, reason: young_case, clause: A-1}
  - {id: rest, then: {lane: slow, share: 50}, reason: ordinary, clause: A-1}
"""


def parse(text: str) -> tuple[TableSource | None, list[str]]:
    found = Collector("triage.yaml")
    return parse_table(read_document(text, found), found), [problem.code for problem in found.problems]


def test_table_is_read() -> None:
    table, codes = parse(GOOD)
    assert codes == []
    assert table is not None
    assert (table.name, table.order, table.hit, table.inputs) == ("triage", 10, Hit.FIRST, ("age", "is_new"))
    assert table.outputs["lane"] == Output(Domain(Kind.ENUM, ("slow", "fast")))
    assert table.outputs["share"] == Output(Domain(Kind.INT, (), minimum=0, maximum=100))
    assert [row.id for row in table.rows] == ["young", "rest"]
    assert table.rows[0].line == 9
    assert table.unknown is not None
    assert table.unknown.reason == "facts_unknown"
    assert not table.stops_in_doubt


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("table: triage", "table: Triage!", "bad_name"),
        ("table: triage", "name: triage", "bad_shape"),
        ("order: 10", "order: first", "missing_order"),
        ("hit: first", "hit: last", "bad_hit"),
        ("inputs: [age, is_new]", "inputs: age", "bad_shape"),
        ("inputs: [age, is_new]", "inputs: [age, age]", "duplicate_id"),
        ("lane: [slow, fast]", "lane: word", "bad_domain"),
        ("lane: [slow, fast]", "lane: [yes, fast]", "bad_domain"),
        ("lane: [slow, fast]", "Lane: [slow, fast]", "bad_name"),
        ("lane: [slow, fast]", "lane: {values: [slow, fast], combine: max}", "unknown_key"),
        ("id: rest", "id: young", "duplicate_id"),
        ("id: rest", "id: unknown", "bad_name"),
        ("id: rest", "id: The Rest", "bad_name"),
        ("id: rest, ", "", "missing_id"),
        ("reason: ordinary, ", "", "missing_reason"),
        ("reason: ordinary", "reason: Not A Code", "bad_name"),
        ("reason: young_case, clause: A-1", "reason: young_case", "missing_clause"),
        ('"< 3"', '"3 <"', "bad_cell"),
        ("share: 50", "share: [1, 2]", "bad_cell"),
        ("when: {age", "wenn: {age", "unknown_key"),
        ("reason: facts_unknown", "applies: always, reason: facts_unknown", "bad_shape"),
        ("hit: first", "hit: first\nlimit: 3", "unknown_key"),
    ],
)
def test_fault_in_a_table_has_a_code(old: str, new: str, code: str) -> None:
    assert GOOD.count(old) == 1
    assert code in parse(GOOD.replace(old, new))[1]


def test_table_without_rows_or_outputs_is_a_problem() -> None:
    assert parse("table: a\norder: 1\nhit: first\ninputs: []\noutputs: {}\nrows: []")[1] == [
        "bad_shape",
        "bad_shape",
    ]
    assert (
        parse("table: a\norder: 1\nhit: first\ninputs: []\noutputs: 3\nrows: [3]")[1].count("bad_shape") == 3
    )


COLLECT = """
table: review
order: 20
hit: collect
inputs: [age]
outputs:
  review: bool
  all_clear: {type: bool, combine: all}
  queue: {values: [low, high], combine: max, empty: low}
rows:
  - {id: old, when: {age: "> 9"}, then: {review: true}, reason: old_case, clause: A-1}
"""


def test_collect_table_says_how_outcomes_combine() -> None:
    table, codes = parse(COLLECT)
    assert codes == []
    assert table is not None
    yes_or_no = Domain(Kind.BOOL)
    assert dict(table.outputs) == {
        "review": Output(yes_or_no, Combine.ANY, empty=False),
        "all_clear": Output(yes_or_no, Combine.ALL, empty=True),
        "queue": Output(Domain(Kind.ENUM, ("low", "high")), Combine.MAX, empty="low"),
    }


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("combine: max, empty: low", "combine: any, empty: low", "bad_combine"),
        ("combine: max, empty: low", "empty: low", "bad_combine"),
        (", empty: low", "", "missing_empty"),
        ("empty: low", "empty: [low]", "bad_cell"),
        ("rows:", "unknown: {then: {}, reason: r, clause: A-1, applies: in_doubt}\nrows:", "bad_shape"),
    ],
)
def test_fault_in_a_collect_table_has_a_code(old: str, new: str, code: str) -> None:
    assert code in parse(COLLECT.replace(old, new))[1]
