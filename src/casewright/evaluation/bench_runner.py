"""Bench of the runner: what a walk over a table of six steps costs beside the same calls without one.

The steps do nothing, so that all time is the runner's. Time of the processor is measured, in rounds; a round
repeats a walk many times. It measures no desk and no model.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from casewright.evaluation.bench_measures import Measure, middle
from casewright.runner import Graph, Run, Stage, Step, StepRecord, at_once

STEPS = ("route", "look_up", "decide", "bound", "write", "review")
GRAPH = Graph(
    "bench",
    (
        Step("route", Stage.COMPUTE),
        Step("look_up", Stage.READ),
        Step("decide", Stage.COMPUTE),
        Step("bound", Stage.COMPUTE),
        Step("write", Stage.WRITE),
        Step("review", Stage.REVIEW),
    ),
    retry=("review", "write"),
)
GROUP = "Runner, six steps"
_INSERT = "INSERT INTO steps (name, status, took_us, data) VALUES (?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class RunnerSizes:
    """How much is measured."""

    walks: int = 5_000
    rounds: int = 7


QUICK_RUNNER = RunnerSizes(walks=50, rounds=1)


def run_runner_bench(sizes: RunnerSizes) -> list[Measure]:
    """Milliseconds a walk: plain calls, the runner, with rows of SQLite, with three tries, with reads."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        rows = _Rows(Path(folder) / "steps.db")
        gather = at_once(pool.submit, time.perf_counter)
        walks: Sequence[tuple[str, Callable[[], None], float | None]] = (
            ("the calls without a runner", _call_plainly, None),
            ("a walk", lambda: _walk(Run(GRAPH, time.perf_counter)), 0.02),
            ("a walk with a journal row for each step", lambda: rows.keep(_walk), 0.11),
            ("a walk with three tries", lambda: _walk(Run(GRAPH, time.perf_counter), tries=3), None),
            (
                "a walk with two reads at once",
                lambda: _walk(
                    Run(GRAPH, time.perf_counter), gather=lambda: gather((_nothing, _nothing), 5.0)
                ),
                None,
            ),
        )
        measures = [
            middle(GROUP, name, [_time(walk, sizes.walks) for _ in range(sizes.rounds)], "ms", at_most=bar)
            for name, walk, bar in walks
        ]
        rows.close()
    return measures


class _Rows:
    """A journal on disk, as small as can be: one row for each step, one commit a walk."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("CREATE TABLE steps (name TEXT, status TEXT, took_us INTEGER, data TEXT)")

    def keep(self, walk: Callable[[Run], None]) -> None:
        """A walk whose steps are written as they end."""
        self._connection.execute("BEGIN")
        walk(Run(GRAPH, time.perf_counter, record=self._record))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()

    def _record(self, record: StepRecord) -> None:
        self._connection.execute(_INSERT, (record.name, record.status.value, record.took_us, "{}"))


def _walk(run: Run, tries: int = 1, gather: Callable[[], object] | None = None) -> None:
    for name in STEPS:
        run.do(name, gather if gather is not None and name == "look_up" else _nothing)
    for _ in range(tries - 1):
        run.do("write", _nothing)
        run.do("review", _nothing)


def _call_plainly() -> None:
    for _ in STEPS:
        _nothing()


def _nothing() -> None:
    """A step that takes no time."""


def _time(walk: Callable[[], None], walks: int) -> float:
    """Milliseconds of the processor for one walk."""
    began = time.process_time()
    for _ in range(walks):
        walk()
    return (time.process_time() - began) / walks * 1_000
