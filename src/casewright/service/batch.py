"""Batch: a long file of tickets in, a file of verdicts out, in the order of the input.

Invariant: kill it at any moment, resume, and the output is byte for byte what an undisturbed run writes: no
row lost, none doubled. Memory does not grow with the input. How chunks are decided is the engine's.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from casewright.adapters.tables import PARQUET_ENDINGS, LineSink, LineTable, StandardOutput, Table
from casewright.domain.errors import ConfigurationError
from casewright.service.batch_engine import ChunkOutcome, Engine
from casewright.service.batch_progress import Progress, load_progress, progress_path, save_progress

if TYPE_CHECKING:
    from casewright.bootstrap import Application

CHECKPOINT_S = 1.0


def open_table(source: str, *, max_line_bytes: int) -> Table:
    """The table at a path, or `-`. Raises ConfigurationError where none is, or its reader is missing."""
    if source.lower().endswith(PARQUET_ENDINGS):
        from casewright.adapters.parquet_tables import ParquetTable

        return ParquetTable(Path(source))
    return LineTable(source, max_line_bytes=max_line_bytes)


class Sink(Protocol):
    """Where lines go."""

    def keep(self, size: int) -> None:
        """Drop what stands after `size` bytes."""

    def write(self, data: bytes) -> None:
        """Add to the end."""

    def sync(self) -> None:
        """Make what was added last."""

    def close(self) -> None:
        """Let go."""


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What goes where. Without an output, verdicts go to standard output, and nothing can be resumed."""

    errors: Path
    output: Path | None = None
    is_resumed: bool = False
    checkpoint_s: float = CHECKPOINT_S

    @property
    def lines(self) -> Path | None:
        """The file that lines are added to: the output, or a work file that becomes a Parquet output."""
        if self.output is not None and self.is_parquet:
            return self.output.with_name(f"{self.output.name}.part.jsonl")
        return self.output

    @property
    def is_parquet(self) -> bool:
        """Whether the output is to be a Parquet file."""
        return self.output is not None and self.output.name.lower().endswith(PARQUET_ENDINGS)


Report = Callable[[Progress], None]


def run_batch(
    application: "Application", table: Table, plan: BatchPlan, engine: Engine, report: Report = lambda _: None
) -> Progress:
    """Decide every row, and return the counts. `report` hears of every chunk that was written.

    Raises ConfigurationError (a file that cannot be read or written, or does not belong to the run that is to
    be resumed) and Unavailable (a worker died); the output then is as good as after a kill.
    """
    _check_files(table, plan)
    with ExitStack() as stack:
        output, errors = (_open(path, stack) for path in (plan.lines, plan.errors))
        progress = _find_start(application, table, plan)
        if progress.is_finished and plan.is_parquet:
            _drop_work_file(plan)
            return progress
        output.keep(progress.output_bytes)
        errors.keep(progress.errors_bytes)
        if progress.is_finished:
            return progress
        saver = _Saver(plan, output, errors)
        saver.save(progress)
        outcomes = engine(application, table.chunks(progress.position))
        for step in _write(progress, outcomes, output, errors):
            progress = step
            saver.save_if_due(progress)
            report(progress)
        saver.save(progress)
        _write_parquet(plan)
        progress = replace(progress, is_finished=True)
        saver.save(progress)
        _drop_work_file(plan)
    return progress


def _open(path: Path | None, stack: ExitStack) -> Sink:
    sink: Sink = StandardOutput() if path is None else LineSink(path)
    stack.callback(sink.close)
    return sink


def _check_files(table: Table, plan: BatchPlan) -> None:
    if plan.output is None:
        if plan.is_resumed:
            raise ConfigurationError("--resume needs the --output of the run that is to be continued")
    elif plan.output.exists() and not plan.output.is_file():
        raise ConfigurationError(f"{plan.output} is no ordinary file; leave out --output to use a pipe")
    elif not plan.output.absolute().parent.is_dir():
        raise ConfigurationError(f"{plan.output} cannot be written: make its folder first")
    if plan.is_parquet:
        from casewright.adapters.parquet_tables import load_arrow

        load_arrow()
    names = [path.absolute() for path in (Path(table.name), plan.output, plan.errors) if path is not None]
    if len({name.resolve() for name in names}) < len(names):
        raise ConfigurationError("input, --output and --errors must be three different files")


def _find_start(application: "Application", table: Table, plan: BatchPlan) -> Progress:
    decided_by = f"casewright {version('casewright')}, {application.road.ruleset.id}"
    if plan.output is None:
        return Progress("", decided_by)
    path = progress_path(plan.output)
    fingerprint = table.fingerprint() if plan.is_resumed or table.total is not None else ""
    old = load_progress(path) if plan.is_resumed else None
    if old is None:
        path.unlink(missing_ok=True)
        return Progress(fingerprint, decided_by)
    if old.is_finished and plan.is_parquet and not plan.output.is_file():
        raise ConfigurationError(f"{plan.output} was written, and is gone; start over without --resume")
    if old.fingerprint != fingerprint:
        raise ConfigurationError(
            f"{table.name} is not the input that {path} belongs to; start over without --resume"
        )
    if old.decided_by != decided_by:
        raise ConfigurationError(
            f"the run was decided by {old.decided_by}, and now it would be by {decided_by}; "
            "bring that back (CASEWRIGHT_AS_OF sets the date), or start over without --resume"
        )
    return old


def _write(
    progress: Progress, outcomes: Iterable[ChunkOutcome], output: Sink, errors: Sink
) -> Iterator[Progress]:
    for outcome in outcomes:
        output.write(outcome.verdicts)
        errors.write(outcome.refusals)
        progress = replace(
            progress,
            position=outcome.end,
            output_bytes=progress.output_bytes + len(outcome.verdicts),
            errors_bytes=progress.errors_bytes + len(outcome.refusals),
            counts=progress.counts + outcome.counts,
        )
        yield progress


class _Saver:
    """Records progress: files first, then the record of them."""

    def __init__(self, plan: BatchPlan, output: Sink, errors: Sink) -> None:
        self._plan = plan
        self._sinks = (output, errors)
        self._saved_at = time.monotonic()

    def save_if_due(self, progress: Progress) -> None:
        if time.monotonic() - self._saved_at >= self._plan.checkpoint_s:
            self.save(progress)

    def save(self, progress: Progress) -> None:
        for sink in self._sinks:
            sink.sync()
        if self._plan.output is not None:
            save_progress(progress_path(self._plan.output), progress)
        self._saved_at = time.monotonic()


def _write_parquet(plan: BatchPlan) -> None:
    if plan.is_parquet and plan.output is not None and plan.lines is not None:
        from casewright.adapters.parquet_tables import write_parquet

        write_parquet(plan.lines, plan.output)


def _drop_work_file(plan: BatchPlan) -> None:
    if plan.is_parquet and plan.lines is not None:
        plan.lines.unlink(missing_ok=True)
