"""A quick run measures every kind of provider against every misbehaviour, each with its bar."""

from casewright.cli.local_replies import sales_lines
from casewright.evaluation.bench_text_models import KINDS, MISBEHAVIOUR, TextBenchSizes, run_text_bench


def test_every_kind_is_measured_against_every_misbehaviour() -> None:
    told: list[str] = []
    sizes = TextBenchSizes(deadline_s=0.1, tries=1, quick_calls=2)
    measures = run_text_bench(
        sizes, told.append, lambda deadline_s, submit: sales_lines(deadline_s, submit)[0]
    )
    barred = [measure for measure in measures if measure.at_most is not None]
    assert {(measure.group, measure.name) for measure in barred} == {
        *((kind, name) for kind in KINDS for name in MISBEHAVIOUR),
        ("Copilot", "an answer of the sales desk, slow provider"),
    }
    assert {measure.at_most for measure in barred} == {200.0}
    assert told == [*KINDS, "an answer", "moving on"]
    assert [measure.unit for measure in measures if measure.at_most is None] == ["ms", "ms", "µs", "µs"]
