"""Verify the whole ledger: every chain, every head, every checkpoint; on several processes.

Finds altered, dropped, moved and added entries, heads that lie, cases that are gone, and, by the checkpoints
outside the database, tails that were cut off. Invariant: it writes nothing, and whoever writes meanwhile does
no harm: chains only grow, and checkpoints are read first. What it finds are values, all of them.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import Connection, func, select

from casewright.adapters.journal.bell import connection_string
from casewright.adapters.journal.chain import Fault, FaultKind
from casewright.adapters.journal.checkpoints import (
    CHECKPOINT_FILE,
    CheckpointReading,
    make_signing_key,
    read_checkpoints,
)
from casewright.adapters.journal.ledger_ranges import (
    CaseRange,
    LedgerSource,
    Place,
    RangeFindings,
    check_range,
    split_marks,
)
from casewright.adapters.journal.tables import LEDGER_ENTRIES, LEDGER_HEADS
from casewright.adapters.store.engine import Database

RANGES_PER_PROCESS = 4
FEWEST_FOR_PROCESSES = 20_000
"""Entries; below this, one process is done before a second one has started."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked, and every fault that was found."""

    entries: int
    cases: int
    checkpoints: int
    """Cases of which a checkpoint is kept."""
    torn_lines: int
    """Lines of the checkpoint file that a crash cut off: no fault."""
    faults: tuple[Fault, ...]
    took_s: float
    processes: int

    @property
    def is_sound(self) -> bool:
        return not self.faults


def verify_ledger(
    database: Database, key: bytes, home: Path, *, processes: int, timer: Callable[[], float]
) -> Verification:
    """Check the ledger of a database. Raises ConfigurationError, Unavailable."""
    started = timer()
    reading = read_checkpoints(home / CHECKPOINT_FILE, make_signing_key(key).verify_key)
    rough, bounds = database.read(lambda each: _split(each, processes * RANGES_PER_PROCESS))
    if rough < FEWEST_FOR_PROCESSES:
        processes, bounds = 1, []
    edges: list[Place | None] = [None, *bounds, None]
    ranges = [
        CaseRange(start, end, marks)
        for start, end, marks in zip(edges, edges[1:], split_marks(reading.marks, bounds), strict=False)
    ]
    findings = _check_all(_source_of(database), key, ranges, processes)
    entries = sum(each.entries for each in findings)
    faults = [*_judge_file(reading, entries), *(fault for each in findings for fault in each.faults)]
    return Verification(
        entries,
        sum(each.cases for each in findings),
        len(reading.marks),
        reading.torn,
        tuple(faults),
        timer() - started,
        processes,
    )


def _source_of(database: Database) -> LedgerSource:
    if database.dialect == "sqlite":
        return LedgerSource("sqlite", str(database.engine.url.database))
    return LedgerSource("postgresql", connection_string(database))


def _split(connection: Connection, parts: int) -> tuple[int, list[Place]]:
    """About how many entries there are, and the cases at which as many ranges begin."""
    heads = LEDGER_HEADS.c
    cases, entries = connection.execute(select(func.count(), func.coalesce(func.sum(heads.entries), 0))).one()
    step = cases // parts
    if step == 0:
        return max(int(entries), _count_entries(connection)), []
    query = select(heads.tenant, heads.case_id).order_by(heads.tenant, heads.case_id).limit(1)
    found = [connection.execute(query.offset(step * number)).one() for number in range(1, parts)]
    return int(entries), [(row.tenant, row.case_id) for row in found]


def _count_entries(connection: Connection) -> int:
    """Of a ledger with few heads: they may be few because they were taken away."""
    return int(connection.execute(select(func.count()).select_from(LEDGER_ENTRIES)).scalar_one())


def _check_all(
    source: LedgerSource, key: bytes, ranges: list[CaseRange], processes: int
) -> list[RangeFindings]:
    if processes == 1:
        return [check_range(source, key, each) for each in ranges]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(check_range, source, key, each) for each in ranges]
        return [each.result() for each in waiting]


def _judge_file(reading: CheckpointReading, entries: int) -> tuple[Fault, ...]:
    """Faults of the checkpoint file itself."""
    if entries and not reading.lines:
        detail = f"{CHECKPOINT_FILE} is gone: a tail that was cut off could not be found"
        return (Fault(FaultKind.CHECKPOINT_DROPPED, "", "", None, detail),)
    return reading.faults
