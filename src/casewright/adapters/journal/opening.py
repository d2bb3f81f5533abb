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
)
from casewright.adapters.journal.journal import SqlActionJournal
from casewright.adapters.journal.leases import Probe, pass_by
from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.worker import FindConnector, Worker
from casewright.adapters.store.engine import Database
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


def open_ledger(home: Path, key: bytes) -> Ledger:
    """The ledger whose checkpoints are in this folder."""
    file = CheckpointFile(home / CHECKPOINT_FILE, make_signing_key(key), new_id("wr"))
    return Ledger(key, CheckpointWriter(file))


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
