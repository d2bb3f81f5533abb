"""Engines of a batch: chunks in, outcomes out in the same order, with a bounded number in flight.

Invariant: a row can cost only itself. What is no ticket is refused with a code; a defect of ours that a row
sets off is refused as `internal_error` with its place, and the run goes on. An engine writes nothing.
"""

import multiprocessing
import os
import signal
import threading
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.adapters import clock
from casewright.adapters.tables import Chunk, Position
from casewright.domain.errors import CasewrightError, TooLarge, Unavailable
from casewright.service.documents import encode_json, parse_document

if TYPE_CHECKING:
    from casewright.bootstrap import Application
    from casewright.settings import Settings

IN_FLIGHT_PER_WORKER = 4
DEFECTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a defect of ours may raise on one row. Anything else (memory, disk) is not the row's."""


@dataclass(frozen=True, slots=True)
class ChunkOutcome:
    """What a chunk became: verdicts and refusals as JSON lines, and how many of which kind."""

    end: Position
    verdicts: bytes
    refusals: bytes
    counts: Counter[str]


Engine = Callable[["Application", Iterable[Chunk]], Iterator[ChunkOutcome]]


def investigate_chunk(application: "Application", chunk: Chunk) -> ChunkOutcome:
    """Decide every row of a chunk. Blank lines are passed over."""
    verdicts: list[bytes] = []
    refusals: list[bytes] = []
    counts: Counter[str] = Counter()
    for number, row in chunk.rows():
        if isinstance(row, bytes) and not row.strip():
            counts["blank"] += 1
            continue
        counts["read"] += 1
        try:
            answer = _decide(application, row)
        except CasewrightError as error:
            _refuse(refusals, counts, number, error.code, _speak_of_lines(error.message))
        except DEFECTS as error:
            _refuse(refusals, counts, number, "internal_error", _name_place(error))
        else:
            verdicts.append(encode_json(answer))
            counts["decided"] += 1
            counts[f"verdict.{answer['evidence_verdict']}"] += 1
            counts[f"case_type.{answer['case_type']}"] += 1
            counts["human_review"] += bool(answer["human_review_required"])
    return ChunkOutcome(chunk.end, _join(verdicts), _join(refusals), counts)


def _decide(application: "Application", row: object) -> dict[str, object]:
    if isinstance(row, bytes):
        limit = application.settings.max_body_bytes
        if len(row) > limit:
            raise TooLarge(f"The line is longer than {limit} bytes; shorten it.", code="line_too_long")
        row = parse_document(row)
    return application.respond(application.analyze_ticket(row))


def _refuse(refusals: list[bytes], counts: Counter[str], number: int, code: str, message: str) -> None:
    refusals.append(encode_json({"line": number, "code": code, "message": message}))
    counts["refused"] += 1
    counts[f"code.{code}"] += 1


def _name_place(error: Exception) -> str:
    """Type and innermost place of a defect; its message may quote the row."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}, {frame.name}"


def _speak_of_lines(message: str) -> str:
    """A reader's message, which speaks of a body and of lines in it, for a body that is one line."""
    return message.replace("The body", "The line", 1).replace(": line 1, column", ": column", 1)


def _join(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def run_inline(application: "Application", chunks: Iterable[Chunk]) -> Iterator[ChunkOutcome]:
    """One chunk after the other, in this process."""
    for chunk in chunks:
        yield investigate_chunk(application, chunk)


@dataclass(frozen=True, slots=True)
class ProcessEngine:
    """Several processes, each with an Application of its own. Raises Unavailable when one of them dies."""

    workers: int

    def __call__(self, application: "Application", chunks: Iterable[Chunk]) -> Iterator[ChunkOutcome]:
        waiting: deque[Future[ChunkOutcome]] = deque()
        pool = ProcessPoolExecutor(
            self.workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_start_worker,
            initargs=(_pin_date(application.settings),),
        )
        try:
            for chunk in chunks:
                waiting.append(pool.submit(_investigate_in_worker, chunk))
                if len(waiting) >= self.workers * IN_FLIGHT_PER_WORKER:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise Unavailable(
                "a worker process ended (killed, or out of memory); run again with --resume"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _pin_date(settings: "Settings") -> "Settings":
    """The same policy in every worker, though a new day may begin before the last one starts."""
    return settings.model_copy(update={"as_of": settings.as_of or clock.today()})


_worker: "list[Application]" = []
"""The application of a worker process; empty in every other process."""


def _start_worker(settings: "Settings") -> None:
    from casewright.bootstrap import build_application

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker.append(build_application(settings))


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _investigate_in_worker(chunk: Chunk) -> ChunkOutcome:
    return investigate_chunk(_worker[0], chunk)
