"""The worker: carries on what others have left, and delivers the outbox. Any number may run at once.

Invariants: an action or a message is with one worker at a time (leases, SKIP LOCKED); the gateway is asked by
key before anything is tried again; a message goes out under its own id, however often it goes. It decides
nothing, and stops between two pieces of work, never within one.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, Row, bindparam, select

from casewright.adapters.journal.bell import Bell
from casewright.adapters.journal.chain import Head
from casewright.adapters.journal.claims import take_over
from casewright.adapters.journal.journal import SqlActionJournal, retry_delay_s
from casewright.adapters.journal.leases import Lease, Probe, pass_by
from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.outbox import Message, bury, mark_delivered, put_off, take_messages
from casewright.adapters.journal.plan_documents import DocumentUnknown
from casewright.adapters.journal.tables import ACTIONS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import to_micros
from casewright.domain.errors import RetryableError, TerminalError
from casewright.ports.connectors import Connector

MOST_TRIES = 20
"""Of a delivery, over more than an hour; then it is a dead letter."""
BATCH = 64
_DUE = (
    select(ACTIONS)
    .where(ACTIONS.c.due_at <= bindparam("now"))
    .order_by(ACTIONS.c.due_at)
    .limit(BATCH)
    .with_for_update(skip_locked=True)
)


class FindConnector(Protocol):
    """Names a tenant's connector; None for one that this installation does not have."""

    def __call__(self, tenant: str, name: str) -> Connector | None: ...


@dataclass(frozen=True, slots=True)
class WorkDone:
    """What one round has done."""

    settled: int = 0
    """Actions that have ended."""
    open: int = 0
    """Actions that must wait again."""
    delivered: int = 0
    put_off: int = 0
    dead: int = 0

    @property
    def is_nothing(self) -> bool:
        return self == WorkDone()

    def __add__(self, other: "WorkDone") -> "WorkDone":
        return WorkDone(
            self.settled + other.settled,
            self.open + other.open,
            self.delivered + other.delivered,
            self.put_off + other.put_off,
            self.dead + other.dead,
        )


class Worker:
    """One worker, with a few threads for calls that wait."""

    def __init__(
        self,
        database: Database,
        journal: SqlActionJournal,
        ledger: Ledger,
        connectors: FindConnector,
        bell: Bell,
        *,
        clock: Callable[[], datetime],
        lease: timedelta = timedelta(seconds=60),
        threads: int = 8,
        poll_s: float = 1.0,
        at: Probe = pass_by,
    ) -> None:
        """`lease`: longer than any call of a connector or of the gateway takes."""
        self._database = database
        self._journal = journal
        self._ledger = ledger
        self._connectors = connectors
        self._bell = bell
        self._clock = clock
        self._lease = lease
        self._threads = threads
        self._poll_s = poll_s
        self._at = at

    def run(self, stop: threading.Event, say: Callable[[str], None] = lambda _: None) -> None:
        """Work until told to stop. A database or service that is away is waited for."""
        while not stop.is_set():
            try:
                is_idle = self.run_once().is_nothing
            except RetryableError as error:
                say(error.message)
                is_idle = True
            if is_idle:
                self._bell.wait(self._poll_s)

    def run_once(self) -> WorkDone:
        """Everything that is due now. Raises Unavailable where the database is away."""
        total = WorkDone()
        with ThreadPoolExecutor(self._threads, thread_name_prefix="casewright-worker") as pool:
            while True:
                leases = self._database.write(self._take_actions)
                done = sum(pool.map(self._settle, leases), WorkDone())
                messages = self._database.write(self._take_messages)
                self._at("outbox.leased")
                done += sum(pool.map(self._deliver, messages), WorkDone())
                if done.is_nothing:
                    return total
                total += done

    def _take_actions(self, connection: Connection) -> list[Lease]:
        now = self._clock()
        until = to_micros(now + self._lease)
        rows = connection.execute(_DUE, {"now": to_micros(now)}).all()
        return [lease for row in rows if (lease := _take(connection, row, until)) is not None]

    def _take_messages(self, connection: Connection) -> list[Message]:
        now = self._clock()
        return take_messages(connection, now, now + self._lease, BATCH)

    def _settle(self, lease: Lease) -> WorkDone:
        result = self._journal.carry_on(lease)
        return WorkDone(settled=1) if result.state.is_final else WorkDone(open=1)

    def _deliver(self, message: Message) -> WorkDone:
        connector = self._connectors(message.tenant, message.connector)
        if connector is None:
            return self._bury(message, "connector_unknown")
        self._at("outbox.before_delivery")
        try:
            answer = connector.deliver(message.kind, message.payload, key=message.outbox_id)
        except TerminalError as error:
            return self._bury(message, error.code)
        except RetryableError as error:
            return self._put_off(message, error.code)
        self._at("outbox.delivered")
        now = self._clock()
        head = self._database.write(lambda each: self._mark(each, message, answer, now))
        self._at("outbox.committed")
        if head is not None:
            self._ledger.note(head)
        return WorkDone(delivered=1)

    def _mark(
        self, connection: Connection, message: Message, answer: Mapping[str, Any], now: datetime
    ) -> Head | None:
        head = mark_delivered(connection, message, answer, self._ledger, now)
        self._at("outbox.marked")
        return head

    def _put_off(self, message: Message, trouble: str) -> WorkDone:
        if message.tries >= MOST_TRIES:
            return self._bury(message, trouble)
        due_at = self._clock() + timedelta(seconds=retry_delay_s(message.tries - 1))
        self._database.write(lambda each: put_off(each, message, trouble, due_at))
        return WorkDone(put_off=1)

    def _bury(self, message: Message, trouble: str) -> WorkDone:
        now = self._clock()
        head = self._database.write(lambda each: bury(each, message, trouble, self._ledger, now))
        if head is not None:
            self._ledger.note(head)
        return WorkDone(dead=1)


def _take(connection: Connection, row: Row[Any], until: int) -> Lease | None:
    """The lease; None for an action that a newer version has begun: that version ends it."""
    try:
        return take_over(connection, row, until)
    except DocumentUnknown:
        return None
