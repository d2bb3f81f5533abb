"""The bench: every measure is taken and named once; no number is judged here."""

from datetime import date
from pathlib import Path

import pytest

from casewright.bootstrap import build_application, load_desk, read_ruleset_source
from casewright.domain.errors import Unavailable
from casewright.evaluation import bench
from casewright.evaluation.bench import QUICK, BenchSubject, measure_in_process, measure_policy
from casewright.evaluation.cases import honest_cases
from casewright.evaluation.http_load import LoadOutcome
from casewright.policy.schema import FactSchema
from casewright.settings import Settings


@pytest.fixture(scope="module")
def subject() -> BenchSubject:
    application = build_application(Settings(as_of=date(2026, 3, 1)))
    return BenchSubject(
        application.analyze_ticket,
        application.respond,
        application.road.ruleset,
        read_ruleset_source("disputes"),
        FactSchema.from_dataclass(load_desk("disputes").facts_type),
    )


def test_in_process_measures_have_a_value_per_round(subject: BenchSubject) -> None:
    measures = measure_in_process(subject, honest_cases(), QUICK)
    assert [measure.name for measure in measures] == ["p50", "p95", "p99", "throughput, one thread"]
    assert all(len(measure.rounds) == QUICK.rounds and measure.value > 0 for measure in measures)
    assert measures[0].at_most == 0.25


def test_policy_measures_say_that_the_proof_holds(subject: BenchSubject) -> None:
    decision, proof = measure_policy(subject, honest_cases(), QUICK)
    assert (decision.unit, decision.at_most) == ("µs", 10)
    assert (proof.unit, proof.at_most) == ("s", 10)
    assert proof.note.endswith("questions")


def test_requests_that_fail_are_no_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing = LoadOutcome(10, 12, 1, 1.0, 1.0, 1.0, 1.0, 0.1)
    monkeypatch.setattr(bench, "put_load", lambda _: failing)
    with pytest.raises(Unavailable, match="1 of 10 requests"):
        bench.measure_http(honest_cases()[:3], QUICK, tmp_path)


def test_a_command_that_fails_is_no_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "COMMAND", ("false",))
    with pytest.raises(Unavailable, match="a command of the bench ended with 1"):
        bench.measure_batch(honest_cases()[:3], QUICK, tmp_path)
