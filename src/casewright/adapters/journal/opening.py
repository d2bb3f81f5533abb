"""Open the journal of an installation: ledger key, checkpoints, bell, journal and worker, wired together.

Invariant: one ledger key seals entries and signs checkpoints, and lives outside the database. It opens no
database and no connector: both are handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from casewright.adapters.ids import new_id
from casewright.adapters.journal.bell import Bell, make_bell
from casewright.adapters.journal.checkpoints import (
    CHECKPOINT_FILE,
    CheckpointFile,
    CheckpointWriter,
    make_signing_key,
    read_checkpoints,
)
from casewright.adapters.journal.journal import SqlActionJournal
from casewright.adapters.journal.leases import Probe, pass_by
from casewright.adapters.journal.ledger import Ledger, each_head, has_entries
from casewright.adapters.journal.worker import FindConnector, Worker
from casewright.adapters.key_files import key_path, load_key
from casewright.adapters.store.engine import Database
from casewright.domain.errors import ConfigurationError
from casewright.ports.connectors import PaymentGateway

LEDGER_KEY = "ledger"
"""The name of the key among the key files."""
LEASE = timedelta(seconds=150)
"""Longer than the longest time-out that a connector may have."""


@dataclass(frozen=True, slots=True)
class JournalParts:
    """An open journal and what belongs to it. Close it before the database."""

    journal: SqlActionJournal
    ledger: Ledger
    bell: Bell
    worker: Worker

    def close(self) -> None:
        """Send what was rung, write the checkpoints that wait."""
        self.bell.close()
        self.ledger.close()


def load_ledger_key(database: Database, home: Path, *, given: str | None) -> bytes:
    """The key of this database's ledger; made on first start, never for a ledger that has entries.

    Raises ConfigurationError.
    """
    path = key_path(LEDGER_KEY, home)
    if not (given or "").strip() and not path.exists() and database.read(has_entries):
        raise ConfigurationError(
            f"the ledger has entries, and its key is not at {path}; put the key back, or set"
            " CASEWRIGHT_LEDGER_KEY, because with another one nothing could be verified"
        )
    return load_key(LEDGER_KEY, home, given=given)


def open_ledger(home: Path, key: bytes) -> Ledger:
    """The ledger whose checkpoints are in this folder."""
    file = CheckpointFile(home / CHECKPOINT_FILE, make_signing_key(key), new_id("wr"))
    return Ledger(key, CheckpointWriter(file))


def catch_up(database: Database, ledger: Ledger, home: Path, key: bytes) -> int:
    """Write the checkpoints that a crash has prevented; how many. For the start of a worker."""
    marks = read_checkpoints(home / CHECKPOINT_FILE, make_signing_key(key).verify_key).marks
    count = 0
    for head in each_head(database):
        if head.entries > marks.get((head.tenant, head.case_id), (0, ""))[0]:
            ledger.note(head)
            count += 1
    return count


def open_journal(
    database: Database,
    gateway: PaymentGateway,
    connectors: FindConnector,
    *,
    home: Path,
    ledger_key: bytes,
    clock: Callable[[], datetime],
    lease: timedelta = LEASE,
    threads: int = 8,
    poll_s: float = 1.0,
    at: Probe = pass_by,
) -> JournalParts:
    """The journal over an open database. `at` is told every place between two statements, for tests."""
    ledger = open_ledger(home, ledger_key)
    bell = make_bell(database)
    journal = SqlActionJournal(
        database,
        ledger,
        gateway,
        clock=clock,
        new_id=lambda: new_id("act"),
        lease=lease,
        bell=bell,
        at=at,
    )
    worker = Worker(
        database,
        journal,
        ledger,
        connectors,
        bell,
        clock=clock,
        lease=lease,
        threads=threads,
        poll_s=poll_s,
        at=at,
    )
    return JournalParts(journal, ledger, bell, worker)
