"""What came of decisions: reported by whoever knows, merged, quarantined until somebody releases it.

Invariants: what is known is not changed by another report (a conflict), and saying it again is no news;
a discount that nobody took goes back to its budget once; a complaint counts once. Each report stands in the
ledger. Nothing here trains: a report moves no policy before it is released.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.tables import insert_once
from casewright.adapters.retention.tables import (
    RETENTION_CONTACTS,
    RETENTION_CUSTOMERS,
    RETENTION_DECISIONS,
    RETENTION_OUTCOMES,
    RETENTION_PERIODS,
)
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.times import to_micros
from casewright.domain.audit import AuditName
from casewright.domain.errors import Conflict, NotFound
from casewright.ports.outreach import KeptOutcome, OutcomeReport

QUARANTINED, RELEASED = "quarantined", "released"
_FIELDS = ("was_accepted", "has_complained", "has_churned", "revenue_minor")


class StoredOutcomes:
    """Implements `ports.outreach.OutcomeStore`. Safe to share between threads."""

    def __init__(self, database: Database, ledger: Ledger, tenant: str) -> None:
        self._database = database
        self._ledger = ledger
        self._tenant = tenant

    def report(self, decision_id: str, said: OutcomeReport, *, source: str, at: datetime) -> KeptOutcome:
        """Note what came of a decision; what is said again is no news.

        Raises NotFound for a decision that is none, Conflict where something else is known already.
        """
        head: list[Any] = []

        def work(connection: Connection) -> KeptOutcome:
            head.clear()
            decided = self._decision(connection, decision_id)
            known = self._outcome(connection, decision_id)
            merged = _merge(decision_id, known, said, is_contact=decided.offer_level is not None)
            news = _news(known, merged)
            released = decided.released_minor
            if news.was_accepted is not None:
                released = self._note_acceptance(connection, decided, is_accepted=news.was_accepted)
            if news.has_complained:
                self._count_complaint(connection, decided.period, at)
            is_news = known is None or news != OutcomeReport()
            if said.has_unsubscribed:
                is_news = self._opt_out(connection, decided.customer_id, at) or is_news
            state = self._save_outcome(connection, decision_id, known, merged, source, at)
            if news != OutcomeReport():
                head.append(self._enter(connection, decision_id, news, source, at))
            return KeptOutcome(decision_id, state, merged, released, is_news)

        kept = self._database.write(work)
        self._ledger.note(*head)
        return kept

    def _decision(self, connection: Connection, decision_id: str) -> Row[Any]:
        """The decision, locked: two reports about it go one after the other."""
        row = connection.execute(
            select(RETENTION_DECISIONS)
            .where(
                RETENTION_DECISIONS.c.tenant == self._tenant, RETENTION_DECISIONS.c.decision_id == decision_id
            )
            .with_for_update()
        ).one_or_none()
        if row is None:
            raise NotFound("There is no such decision.", code="decision_not_found")
        return row

    def _outcome(self, connection: Connection, decision_id: str) -> Row[Any] | None:
        return connection.execute(
            select(RETENTION_OUTCOMES).where(
                RETENTION_OUTCOMES.c.tenant == self._tenant, RETENTION_OUTCOMES.c.decision_id == decision_id
            )
        ).one_or_none()

    def _note_acceptance(self, connection: Connection, decided: Row[Any], *, is_accepted: bool) -> int:
        """What comes back of the budget: a discount that nobody took; the contact stays paid."""
        connection.execute(
            update(RETENTION_CONTACTS)
            .where(
                RETENTION_CONTACTS.c.tenant == self._tenant,
                RETENTION_CONTACTS.c.customer_id == decided.customer_id,
                RETENTION_CONTACTS.c.decision_id == decided.decision_id,
            )
            .values(was_accepted=is_accepted, version=RETENTION_CONTACTS.c.version + 1)
        )
        discount = int(read_json(decided.record).get("discount_minor", 0))
        if is_accepted or discount <= 0:
            return 0
        connection.execute(
            update(RETENTION_DECISIONS)
            .where(
                RETENTION_DECISIONS.c.tenant == self._tenant,
                RETENTION_DECISIONS.c.decision_id == decided.decision_id,
            )
            .values(released_minor=discount)
        )
        connection.execute(
            self._of_period(decided.period).values(
                reserved_minor=RETENTION_PERIODS.c.reserved_minor - discount
            )
        )
        return discount

    def _count_complaint(self, connection: Connection, period: str, at: datetime) -> None:
        connection.execute(
            self._of_period(period).values(
                complaints=RETENTION_PERIODS.c.complaints + 1, changed_at=to_micros(at)
            )
        )

    def _of_period(self, period: str) -> Any:
        return update(RETENTION_PERIODS).where(
            RETENTION_PERIODS.c.tenant == self._tenant, RETENTION_PERIODS.c.period == period
        )

    def _opt_out(self, connection: Connection, customer_id: str, at: datetime) -> bool:
        """Nobody contacts that customer any more; whether that is new."""
        row = {
            "tenant": self._tenant,
            "customer_id": customer_id,
            "document": write_json({"schema_version": 1}),
            "opted_out_at": to_micros(at),
            "changed_at": to_micros(at),
        }
        if connection.execute(insert_once(RETENTION_CUSTOMERS), row).rowcount:
            return True
        changed = connection.execute(
            update(RETENTION_CUSTOMERS)
            .where(
                RETENTION_CUSTOMERS.c.tenant == self._tenant,
                RETENTION_CUSTOMERS.c.customer_id == customer_id,
                RETENTION_CUSTOMERS.c.opted_out_at.is_(None),
            )
            .values(opted_out_at=to_micros(at))
        )
        return changed.rowcount > 0

    def _save_outcome(
        self,
        connection: Connection,
        decision_id: str,
        known: Row[Any] | None,
        merged: OutcomeReport,
        source: str,
        at: datetime,
    ) -> str:
        values = {name: getattr(merged, name) for name in _FIELDS}
        if known is None:
            row = {
                "tenant": self._tenant,
                "decision_id": decision_id,
                "state": QUARANTINED,
                "source": source,
                "recorded_at": to_micros(at),
                "changed_at": to_micros(at),
            }
            connection.execute(insert(RETENTION_OUTCOMES), row | values)
            return QUARANTINED
        if all(getattr(known, name) == value for name, value in values.items()):
            return str(known.state)
        connection.execute(
            update(RETENTION_OUTCOMES)
            .where(
                RETENTION_OUTCOMES.c.tenant == self._tenant, RETENTION_OUTCOMES.c.decision_id == decision_id
            )
            .values(**values, state=QUARANTINED, source=source, changed_at=to_micros(at))
        )
        return QUARANTINED

    def _enter(
        self, connection: Connection, decision_id: str, news: OutcomeReport, source: str, at: datetime
    ) -> Any:
        told = {name: _whole(value) for name, value in asdict(news).items() if value is not None}
        entry = {"decision_id": decision_id, "source": source, **told}
        return self._ledger.append(
            connection, self._tenant, decision_id, AuditName.OUTCOME_REPORTED, entry, at=at
        )

    def release(self, *, source: str | None, at: datetime) -> int:
        """Let training see what was reported, all of it or that of one source; how many."""
        statement = update(RETENTION_OUTCOMES).where(
            RETENTION_OUTCOMES.c.tenant == self._tenant, RETENTION_OUTCOMES.c.state == QUARANTINED
        )
        if source is not None:
            statement = statement.where(RETENTION_OUTCOMES.c.source == source)
        values = {"state": RELEASED, "changed_at": to_micros(at)}
        return self._database.write(lambda connection: connection.execute(statement.values(values)).rowcount)

    def sources(self) -> tuple[str, ...]:
        """Who has reported anything, by name."""
        mine = RETENTION_OUTCOMES.c.tenant == self._tenant
        wanted = select(RETENTION_OUTCOMES.c.source).where(mine).distinct()
        return tuple(
            sorted(self._database.read(lambda connection: connection.execute(wanted).scalars().all()))
        )


def _merge(
    decision_id: str, known: Row[Any] | None, report: OutcomeReport, *, is_contact: bool
) -> OutcomeReport:
    """What is known with what is said now. Raises Conflict."""
    if not is_contact and (report.was_accepted is not None or report.has_complained):
        raise Conflict(
            f"Decision {decision_id} was no contact: nobody can accept it or complain of it.",
            code="outcome_impossible",
        )
    values: dict[str, Any] = {}
    for name in _FIELDS:
        before, said = None if known is None else getattr(known, name), getattr(report, name)
        if before is not None and said is not None and before != said:
            raise Conflict(f"{name} of decision {decision_id} is known already, and otherwise.")
        values[name] = said if before is None else before
    return OutcomeReport(**values)


def _news(known: Row[Any] | None, merged: OutcomeReport) -> OutcomeReport:
    """What was not known before."""
    if known is None:
        return merged
    values: dict[str, Any] = {
        name: getattr(merged, name) if getattr(known, name) is None else None for name in _FIELDS
    }
    return OutcomeReport(**values)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, bool) else value
