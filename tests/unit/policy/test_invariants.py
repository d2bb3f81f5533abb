"""Invariants as written."""

import pytest

from casewright.policy.document import Collector, read_document
from casewright.policy.invariants import InvariantSource, parse_invariants

GOOD = "invariants:\n  - {id: never, when: {is_new: true}, then: {lane: not fast}, clause: A-1}\n"


def parse(text: str) -> tuple[tuple[InvariantSource, ...], list[str]]:
    found = Collector("invariants.yaml")
    return parse_invariants(read_document(text, found), found), [problem.code for problem in found.problems]


def test_invariant_is_read() -> None:
    (invariant,), codes = parse(GOOD)
    assert codes == []
    assert (invariant.id, invariant.clause, invariant.line) == ("never", "A-1", 2)
    assert {name: str(cell) for name, cell in invariant.then.items()} == {"lane": "not fast"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rules: []", "unknown_key"),
        ("invariants: 3", "bad_shape"),
        ("invariants: [3]", "missing_id"),
        (GOOD.replace("id: never, ", ""), "missing_id"),
        (GOOD.replace(", clause: A-1", ""), "missing_clause"),
        (GOOD.replace("then: {lane: not fast}, ", ""), "bad_shape"),
        (GOOD.replace("when:", "if:"), "unknown_key"),
        (GOOD.replace("not fast", "[]"), "bad_cell"),
        (GOOD + GOOD.splitlines()[1], "duplicate_id"),
    ],
)
def test_fault_in_an_invariant_has_a_code(text: str, code: str) -> None:
    assert code in parse(text)[1]
