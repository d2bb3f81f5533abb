"""The copilot's bench measures what it says, over a subject that is handed in."""

from collections.abc import Mapping, Sequence

from casewright.adapters.cache.lookups import CacheNumbers, LookupCache
from casewright.evaluation.bench_copilot import QUICK_COPILOT, CopilotSubject, run_copilot_bench


class Subject:
    """Looks one thing up for each question."""

    def __init__(self) -> None:
        self.cache: LookupCache[str] = LookupCache("client", 300, lambda: 0.0)
        self.asked: list[str] = []

    def ask(self, question: str) -> Mapping[str, int]:
        self.asked.append(question)
        self.cache.find(question, lambda: question)
        return {"route": 500, "decide": 1_500}

    def numbers(self) -> Sequence[CacheNumbers]:
        return (self.cache.numbers(),)


def test_measures_have_their_bars_and_look_ups_are_counted() -> None:
    subject = Subject()
    said: list[str] = []
    measures = run_copilot_bench(
        CopilotSubject(subject.ask, subject.cache.forget, subject.numbers, ("a", "b")),
        QUICK_COPILOT,
        said.append,
    )
    by_name = {measure.name: measure for measure in measures}
    assert by_name["recommendation, cached, p50"].at_most == 5
    assert by_name["recommendation, not cached, p50"].at_most == 30
    assert by_name["recommendation, cached, p50"].value == 2.0
    assert by_name["on disk before it leaves, cached, p50"].at_most is None
    assert by_name["look-ups: client"].value == 1
    assert by_name["look-ups: client"].holds
    assert {measure.at_most for measure in measures if measure.unit == "µs"} == {20}
    assert len(subject.asked) == 2 + 5 + 5 + 8
    assert said[0] == "5 recommendations, cached"
