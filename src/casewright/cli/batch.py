"""Batch on the command line: when `casewright investigate` takes a file as a batch, and what it shows.

Invariant: verdicts alone go to standard output; the progress bar (only on a terminal) and the summary go to
standard error. It decides nothing and reads no ticket: `service.batch` does.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from casewright.adapters.tables import Table
    from casewright.service.batch import Report
    from casewright.service.batch_progress import Progress

LARGE_BYTES = 1 << 20
"""A file of JSON lines from this size on is a batch though no option says so."""
REFUSED, BAD_INPUT, INTERRUPTED = 1, 2, 130
_LINE_ENDINGS = (".jsonl", ".ndjson")
_PARQUET_ENDINGS = (".parquet", ".pq")
_VERDICTS = ("consistent", "inconsistent", "insufficient_data")


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What the command line said of a batch."""

    workers: int | None = None
    output: Path | None = None
    errors: Path | None = None
    resume: bool = False

    def apply_to(self, source: str, *, is_explained: bool = False) -> bool:
        """Whether the source is worked through as a batch."""
        if self.workers is not None or self.output or self.errors or self.resume:
            return True
        if source.lower().endswith(_PARQUET_ENDINGS):
            return True
        path = Path(source)
        is_lines = source.lower().endswith(_LINE_ENDINGS) and path.is_file()
        return is_lines and not is_explained and path.stat().st_size >= LARGE_BYTES


def investigate_batch(source: str, options: BatchOptions) -> None:
    """Work through a source, and end with exit code 0 (all decided), 1 (some refused), 2 or 130 (Ctrl-C)."""
    from casewright.bootstrap import build_application
    from casewright.domain.errors import Unavailable
    from casewright.service.batch import BatchPlan, open_table, run_batch
    from casewright.service.batch_engine import ProcessEngine, run_inline
    from casewright.settings import load_settings

    application = build_application(load_settings())
    _require_lines(source, application.settings.max_body_bytes)
    table = open_table(source, max_line_bytes=application.settings.max_body_bytes)
    errors = options.errors or _name_errors(source, options.output)
    plan = BatchPlan(errors, options.output, options.resume)
    workers = options.workers or 1
    engine = run_inline if workers == 1 else ProcessEngine(workers)
    started = time.perf_counter()
    try:
        with _show_progress(table) as report:
            progress = run_batch(application, table, plan, engine, report)
    except KeyboardInterrupt:
        again = " Run the same command with --resume to continue." if options.output else ""
        typer.echo(f"casewright: stopped.{again}", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except Unavailable as error:
        typer.echo(f"casewright: {error.message}", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(REFUSED) from None
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        typer.echo(f"casewright: {place}{error.strerror}; make room, then run again with --resume.", err=True)
        raise typer.Exit(BAD_INPUT) from None
    if options.errors is None and not progress.errors_bytes:
        errors.unlink(missing_ok=True)
    _show_summary(progress, errors, time.perf_counter() - started)
    if progress.counts["refused"]:
        raise typer.Exit(REFUSED)


def _require_lines(source: str, max_bytes: int) -> None:
    """Refuse one JSON document over several lines, of which every line would be refused."""
    path = Path(source)
    if path.suffix.lower() != ".json" or not path.is_file():
        return
    from casewright.domain.errors import ConfigurationError, MalformedRequest
    from casewright.service.documents import parse_document

    with path.open("rb") as handle:
        first = handle.readline(max_bytes)
    try:
        is_ticket = isinstance(parse_document(first), dict)
    except MalformedRequest:
        is_ticket = False
    if not is_ticket:
        raise ConfigurationError(
            f"{source} is one JSON document; a batch reads one ticket a line, as: jq -c '.[]' {source}"
        )


def _name_errors(source: str, output: Path | None) -> Path:
    """The side file beside the output; without one, beside the input."""
    beside = output or Path("standard-input" if source == "-" else source)
    return beside.with_name(f"{beside.name}.errors.jsonl")


@contextmanager
def _show_progress(table: "Table") -> "Iterator[Report]":
    """A bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[tickets]:,} tickets, {task.fields[refused]:,} refused"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=table.total, tickets=0, refused=0)
        yield lambda progress: bar.update(
            task,
            completed=progress.position.offset,
            tickets=progress.counts["read"],
            refused=progress.counts["refused"],
        )


def _show_summary(progress: "Progress", errors: Path, seconds: float) -> None:
    counts = progress.counts
    where = f" (line, code and reason of each: {errors})" if counts["refused"] else ""
    verdicts = ", ".join(f"{counts[f'verdict.{verdict}']:,} {verdict}" for verdict in _VERDICTS)
    typer.echo(
        f"{counts['read']:,} tickets read: {counts['decided']:,} decided, "
        f"{counts['refused']:,} refused{where}.\n"
        f"Verdicts: {verdicts}; {counts['human_review']:,} for human review. Took {seconds:,.1f} s.",
        err=True,
    )
