"""Decision records: canonical, and replayed bit for bit in a process that has never seen them."""

import datetime
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from casewright.domain.errors import PolicyError
from casewright.policy.document import RulesetSource
from casewright.policy.records import dump_record, load_record, record_decision, replay
from casewright.policy.ruleset import Ruleset, compile_ruleset
from casewright.policy.schema import FactSchema

AS_OF = datetime.date(2026, 6, 1)
REPLAY = """
import datetime, importlib.util, pathlib, sys
here = pathlib.Path(sys.argv[1])
spec = importlib.util.spec_from_file_location("example", here / "conftest.py")
example = importlib.util.module_from_spec(spec)
sys.modules["example"] = example
spec.loader.exec_module(example)
from casewright.policy.records import dump_record, load_record, record_decision, replay
from casewright.policy.ruleset import FactSchema, RulesetSource, compile_ruleset
files = {path.name: path.read_text("utf-8") for path in (here / "returns").iterdir()}
schema = FactSchema.from_dataclass(example.ReturnsFacts)
ruleset = compile_ruleset(RulesetSource("returns", files), schema, as_of=datetime.date(2026, 6, 1))
for line in sys.stdin.buffer.read().decode("utf-8").splitlines():
    record = load_record(line)
    found = replay(record, ruleset)
    assert found.is_same, found.differences
    again = dump_record(record_decision(found.decision, record.facts, ruleset))
    sys.stdout.buffer.write((again + "\\n").encode())
"""


@pytest.fixture(scope="module")
def ruleset(returns_source: RulesetSource, returns_schema: FactSchema) -> Ruleset:
    return compile_ruleset(returns_source, returns_schema, as_of=AS_OF)


def test_record_is_one_line_of_canonical_json(ruleset: Ruleset, returns_facts: type) -> None:
    facts = returns_facts(days_since_delivery=None)
    line = dump_record(record_decision(ruleset.decide(facts), facts, ruleset))
    assert "\n" not in line
    document = json.loads(line)
    assert document["schema_version"] == 1
    assert document["facts"]["days_since_delivery"] is None
    assert document["facts"]["reason"] == "changed_mind"
    assert document["fired"][0] == {
        "table": "eligibility",
        "row": "unknown",
        "outcome": {"finding": "undetermined"},
        "reason": "facts_unknown",
        "clause": "RET-1.1",
    }
    assert dump_record(load_record(line)) == line
    assert load_record(line).reasons[0] == "facts_unknown"


def test_recorded_decisions_replay_bit_for_bit_in_a_fresh_process(
    ruleset: Ruleset, returns_facts: type
) -> None:
    cases = [
        returns_facts(reason=reason, category=category, days_since_delivery=days, amount_minor=amount)
        for reason in ("damaged", "missing_item", "changed_mind")
        for category in ("general", "electronics", "perishable")
        for days in (0, 15, 31, None)
        for amount in (0, 10001)
    ]
    lines = [dump_record(record_decision(ruleset.decide(facts), facts, ruleset)) for facts in cases]
    done = subprocess.run(
        [sys.executable, "-c", REPLAY, str(Path(__file__).parent)],
        input=("\n".join(lines)).encode(),
        capture_output=True,
        check=False,
    )
    assert done.stderr.decode() == ""
    assert done.stdout.decode().splitlines() == lines


def test_replay_under_other_rules_says_what_differs(
    ruleset: Ruleset, edited: Callable[..., RulesetSource], returns_schema: FactSchema, returns_facts: type
) -> None:
    facts = returns_facts(days_since_delivery=20)
    record = record_decision(ruleset.decide(facts), facts, ruleset)
    assert replay(record, ruleset).differences == ()
    tighter = compile_ruleset(
        edited("parameters.yaml", "2026-01-01: 30", "2026-01-01: 10"), returns_schema, as_of=AS_OF
    )
    differences = replay(record, tighter).differences
    assert len(differences) == 5
    assert differences[0].startswith(f"recorded under {ruleset.id}, replayed under ")
    assert differences[1] == "final_action was 'approve_return_and_refund', is 'deny'"
    assert differences[-1].startswith("rows fired were eligibility.in_time")


def test_record_altered_in_a_clause_only_is_not_the_same(ruleset: Ruleset, returns_facts: type) -> None:
    facts = returns_facts()
    line = dump_record(record_decision(ruleset.decide(facts), facts, ruleset))
    altered = load_record(line.replace('"clause":"RET-2.1"', '"clause":"RET-2.2"', 1))
    assert not replay(altered, ruleset).is_same


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        '{"schema_version":2,"ruleset_id":"a","facts":{},"outcome":{},"fired":[]}',
        '{"schema_version":1,"ruleset_id":"a","facts":{},"outcome":{},"fired":[{}]}',
        '{"schema_version":1,"ruleset_id":"a","facts":{},"outcome":{},"fired":3}',
        '{"schema_version":1,"ruleset_id":"a","facts":{"b":1.5},"outcome":{},"fired":[]}',
        '{"schema_version":1,"ruleset_id":"a","facts":[],"outcome":{},"fired":[]}',
    ],
)
def test_what_is_no_record_is_refused(line: str) -> None:
    with pytest.raises(PolicyError):
        load_record(line)
