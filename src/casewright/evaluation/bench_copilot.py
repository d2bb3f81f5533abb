"""The bench of the copilot: a recommendation with cached look-ups and without, many at once, and the cache.

Shown are the answer, which the bars are for, and the answer with turn, case and ledger entries on disk, which
is what leaves: how long a disk takes to flush is not the copilot's doing. No text model is asked.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

from casewright.adapters.cache.lookups import CacheNumbers, LookupCache
from casewright.evaluation.bench_measures import Measure, middle
from casewright.evaluation.http_load import quantile

Say = Callable[[str], None]
CACHED_P50_MS, UNCACHED_P50_MS, CACHE_US = 5, 30, 20
COPILOT, CACHE = "Copilot", "Cache of look-ups"


@dataclass(frozen=True, slots=True)
class CopilotSubject:
    """The copilot under measure, over scratch data."""

    ask: Callable[[str], Mapping[str, int]]
    """Answers a question and keeps it; microseconds by step, without the keeping."""
    forget: Callable[[], None]
    """Drops what the caches hold."""
    numbers: Callable[[], Sequence[CacheNumbers]]
    questions: tuple[str, ...]
    """Recommendations, each about another client."""


@dataclass(frozen=True, slots=True)
class CopilotSizes:
    """How much is done. `QUICK_COPILOT` shows that everything runs; its numbers say little."""

    rounds: int = 5
    answers: int = 100
    callers: int = 50
    entries: tuple[int, ...] = (100, 1_000, 10_000, 100_000)
    touches: int = 20_000


QUICK_COPILOT = CopilotSizes(rounds=1, answers=5, callers=8, entries=(100, 1_000), touches=500)


def run_copilot_bench(
    subject: CopilotSubject, sizes: CopilotSizes, say: Say = lambda _: None
) -> list[Measure]:
    """All measures."""
    for question in subject.questions:  # whatever is loaded by the first answer is loaded now
        subject.ask(question)
    measures: list[Measure] = []
    for is_cached, bar in ((True, CACHED_P50_MS), (False, UNCACHED_P50_MS)):
        say(f"{sizes.rounds * sizes.answers} recommendations, {'cached' if is_cached else 'not cached'}")
        measures += _measure_answers(subject, sizes, bar, is_cached=is_cached)
    say(f"{sizes.callers} identical questions at once")
    measures += _measure_crowd(subject, sizes)
    for count in sizes.entries:
        say(f"cache with {count:,} entries")
        measures += _measure_cache(count, sizes)
    return measures


def _measure_answers(
    subject: CopilotSubject, sizes: CopilotSizes, bar: float, *, is_cached: bool
) -> list[Measure]:
    middles: list[float] = []
    tails: list[float] = []
    unkept: list[float] = []
    for _ in range(sizes.rounds):
        whole: list[float] = []
        apart: list[float] = []
        for number in range(sizes.answers):
            if not is_cached:
                subject.forget()
            began = time.perf_counter()
            steps = subject.ask(subject.questions[number % len(subject.questions)])
            whole.append((time.perf_counter() - began) * 1000)
            apart.append(sum(steps.values()) / 1000)
        middles.append(median(whole))
        tails.append(quantile(whole, 99))
        unkept.append(median(apart))
    kind = "cached" if is_cached else "not cached"
    return [
        middle(COPILOT, f"recommendation, {kind}, p50", unkept, "ms", at_most=bar),
        middle(COPILOT, f"on disk before it leaves, {kind}, p50", middles, "ms", note="as it is served"),
        middle(COPILOT, f"on disk before it leaves, {kind}, p99", tails, "ms"),
    ]


def _measure_crowd(subject: CopilotSubject, sizes: CopilotSizes) -> list[Measure]:
    subject.forget()
    before = {cache.name: cache.misses for cache in subject.numbers()}
    question = subject.questions[0]
    began = time.perf_counter()
    with ThreadPoolExecutor(sizes.callers) as pool:
        for answer in [pool.submit(subject.ask, question) for _ in range(sizes.callers)]:
            answer.result()
    took_ms = (time.perf_counter() - began) * 1000
    note = f"{sizes.callers} identical questions at once"
    return [
        *(
            Measure(
                COPILOT,
                f"look-ups: {cache.name}",
                cache.misses - before[cache.name],
                "",
                at_most=1,
                note=note,
            )
            for cache in subject.numbers()
        ),
        Measure(COPILOT, "all answered", took_ms, "ms", note=note),
    ]


def _measure_cache(count: int, sizes: CopilotSizes) -> list[Measure]:
    cache: LookupCache[int] = LookupCache("bench", 600, time.monotonic, most=count)
    for number in range(count):
        cache.put(("main", number), number)
    sets: list[float] = []
    gets: list[float] = []
    added = count
    for _ in range(sizes.rounds):
        began = time.perf_counter()
        for number in range(added, added + sizes.touches):
            cache.put(("main", number), number)
        sets.append((time.perf_counter() - began) / sizes.touches * 1e6)
        added += sizes.touches
        newest = added - 1
        began = time.perf_counter()
        for number in range(sizes.touches):
            cache.find(("main", newest - number % count), _fail)
        gets.append((time.perf_counter() - began) / sizes.touches * 1e6)
    return [
        middle(CACHE, f"set, {count:,} entries", sets, "µs", at_most=CACHE_US),
        middle(CACHE, f"get, {count:,} entries", gets, "µs", at_most=CACHE_US),
    ]


def _fail() -> int:
    raise AssertionError("what was just kept is not there")
