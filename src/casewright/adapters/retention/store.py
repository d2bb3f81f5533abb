"""The retention desk's rows in the business database: what stands, what is decided, the kill switch.

Invariants: `keep` is one transaction: a contact is written only on the version that was read and on a slice
that is open, so that of many replicas one writes and nothing is overspent; a decision and its ledger entry
are there together or not at all. What may be decided is the desk's matter; outcomes are `store_outcomes`'.
"""

import json
import sqlite3
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, bindparam, select, text, update

from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.statements import Statement
from casewright.adapters.journal.tables import insert_once
from casewright.adapters.retention.store_postgres import keep_at_once
from casewright.adapters.retention.tables import (
    RETENTION_CONTACTS,
    RETENTION_DECISIONS,
    RETENTION_SLICES,
    RETENTION_SWITCHES,
)
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import read_json, write_json
from casewright.adapters.store.times import from_micros, to_micros
from casewright.domain.audit import AuditName
from casewright.ports.outreach import (
    Contacts,
    EarlierDecision,
    Keeping,
    LiveDecision,
    PeriodState,
    Standing,
)

SWITCH_CHAIN = "retention:switch"
_STANDING = (
    "SELECT s.is_on, k.document, k.opted_out_at, c.version, c.contacted_at, c.last_offer, c.was_accepted,"
    " p.budget_minor, p.reserved_minor, p.complaint_cap, p.complaint_limit_micros,"
    " p.complaint_reserved_micros, p.complaints,"
    " d.decision_id, d.fingerprint, d.answer"
    " FROM (SELECT 1 AS one) AS base"
    " LEFT JOIN retention_switches s ON s.tenant = :tenant"
    " LEFT JOIN retention_customers k ON k.tenant = :tenant AND k.customer_id = :customer_id"
    " LEFT JOIN retention_contacts c ON c.tenant = :tenant AND c.customer_id = :customer_id"
    " LEFT JOIN retention_periods p ON p.tenant = :tenant AND p.period = :period"
    " LEFT JOIN retention_decisions d ON d.tenant = :tenant AND d.subject_id = :subject_id AND d.key = :key"
)
_STANDING_CLAUSE = text(_STANDING)
_FENCE = Statement(
    select(RETENTION_SLICES.c.slice_id)
    .where(
        RETENTION_SLICES.c.tenant == bindparam("of_tenant"),
        RETENTION_SLICES.c.slice_id == bindparam("of_slice"),
        RETENTION_SLICES.c.is_open,
    )
    .with_for_update(read=True)
)
_NEW_CONTACT = Statement(insert_once(RETENTION_CONTACTS))
_NEXT_CONTACT = Statement(
    update(RETENTION_CONTACTS).where(
        RETENTION_CONTACTS.c.tenant == bindparam("of_tenant"),
        RETENTION_CONTACTS.c.customer_id == bindparam("of_customer"),
        RETENTION_CONTACTS.c.version == bindparam("of_version"),
    ),
    "version",
    "contacted_at",
    "decision_id",
    "last_offer",
    "was_accepted",
)
_DECISION = Statement(insert_once(RETENTION_DECISIONS))
_TURN = text(
    "INSERT INTO retention_switches (tenant, is_on, generation, changed_by, changed_at)"
    " VALUES (:tenant, :is_on, 1, :by, :at)"
    " ON CONFLICT (tenant) DO UPDATE SET is_on = excluded.is_on, changed_by = excluded.changed_by,"
    " changed_at = excluded.changed_at, generation = retention_switches.generation + 1"
    " RETURNING generation"
)


class _Undone(Exception):
    """Rolls a transaction back."""

    def __init__(self, how: Keeping) -> None:
        super().__init__(how.value)
        self.how = how


class StoredOutreach:
    """Implements `ports.outreach.OutreachStore`. Safe to share between threads."""

    def __init__(
        self, database: Database, ledger: Ledger, tenant: str, *, waits_for_disk: bool = True
    ) -> None:
        """`waits_for_disk`: each decision is on disk when it is kept; else a killed process loses none of
        them, and a power cut those of the last moments, but never money: slices are always on disk first."""
        self._waits_for_disk = waits_for_disk
        self._database = database
        self._ledger = ledger
        self._tenant = tenant

    def standing(
        self, customer_id: str | None, period: date, subject_id: str = "", key: str | None = None
    ) -> Standing:
        """All that bears on one decision, in one statement. Raises Unavailable."""
        wanted = {
            "tenant": self._tenant,
            "customer_id": customer_id,
            "period": period.isoformat(),
            "subject_id": subject_id,
            "key": key,
        }
        row = self._database.read(lambda connection: _fetch_standing(connection, wanted))
        return _read_standing(row, period)

    def keep(self, decision: LiveDecision) -> Keeping:
        """Keep a decision with its ledger entry. Raises Unavailable, OutcomeUnknown."""

        is_postgresql = self._database.dialect == "postgresql"

        def work(connection: Connection) -> Any:
            how = (
                self._enter_at_once(connection, decision)
                if is_postgresql
                else self._enter(connection, decision)
            )
            if how is not Keeping.KEPT:
                raise _Undone(how)
            return self._ledger.append(
                connection,
                self._tenant,
                decision.decision_id,
                AuditName.DECISION_MADE,
                decision.entry,
                at=from_micros(decision.decided_at),
            )

        try:
            head = self._database.write(work, waits_for_disk=is_postgresql or self._waits_for_disk)
        except _Undone as undone:
            return undone.how
        self._ledger.note(head)
        return Keeping.KEPT

    def _enter_at_once(self, connection: Connection, decision: LiveDecision) -> Keeping:
        contact = None if decision.offer_level is None else self._contact_of(decision)
        return keep_at_once(
            connection,
            self._row_of(decision),
            contact,
            decision.contacts.version,
            waits_for_disk=self._waits_for_disk,
        )

    def _enter(self, connection: Connection, decision: LiveDecision) -> Keeping:
        hold, before = decision.hold, decision.contacts.version
        if hold is not None:
            place = {"of_tenant": self._tenant, "of_slice": hold.slice_id}
            if not _FENCE.finds(connection, place):
                return Keeping.RECALLED
        if decision.offer_level is not None:
            row = self._contact_of(decision)
            whose = {"of_tenant": self._tenant, "of_customer": decision.customer_id}
            if before == 0:
                count = _NEW_CONTACT.change(connection, row)
            else:
                count = _NEXT_CONTACT.change(connection, row | whose | {"of_version": before})
            if count == 0:
                return Keeping.COLLIDED
        is_kept = _DECISION.change(connection, self._row_of(decision)) == 1
        return Keeping.KEPT if is_kept else Keeping.KEY_TAKEN

    def _contact_of(self, decision: LiveDecision) -> dict[str, Any]:
        return {
            "tenant": self._tenant,
            "customer_id": decision.customer_id,
            "version": decision.contacts_after.version,
            "contacted_at": write_json(list(decision.contacts_after.moments)),
            "decision_id": decision.decision_id,
            "last_offer": decision.offer_level,
            "was_accepted": None,
        }

    def _row_of(self, decision: LiveDecision) -> dict[str, Any]:
        hold = decision.hold
        return {
            "tenant": self._tenant,
            "decision_id": decision.decision_id,
            "subject_id": decision.subject_id,
            "key": decision.key,
            "fingerprint": decision.fingerprint,
            "customer_id": decision.customer_id,
            "period": decision.period.isoformat(),
            "decided_at": decision.decided_at,
            "arm": decision.arm.value,
            "offer_level": decision.offer_level,
            "followup_days": decision.followup_days,
            "reserved_minor": 0 if hold is None else hold.amount_minor,
            "released_minor": 0,
            "complaint_micros": 0 if hold is None else hold.complaint_micros,
            "slice_id": None if hold is None else hold.slice_id,
            "ruleset": decision.ruleset,
            "policy_version": decision.policy_version,
            "record": write_json(dict(decision.record)),
            "answer": json.dumps(dict(decision.answer), ensure_ascii=False),  # in its own order
        }

    def set_switch(self, *, is_on: bool, by: str, at: datetime) -> None:
        """Turn the kill switch; the next request of every replica sees it. The ledger says who."""

        def work(connection: Connection) -> Any:
            row = {"tenant": self._tenant, "is_on": is_on, "by": by, "at": to_micros(at)}
            generation = connection.execute(_TURN, row).scalar_one()
            entry = {"is_on": int(is_on), "by": by, "generation": generation}
            return self._ledger.append(
                connection, self._tenant, SWITCH_CHAIN, AuditName.RETENTION_SWITCHED, entry, at=at
            )

        self._ledger.note(self._database.write(work))

    def switch(self) -> Mapping[str, Any] | None:
        """How the switch stands, who turned it last, and when; None where nobody ever has."""
        wanted = select(RETENTION_SWITCHES).where(RETENTION_SWITCHES.c.tenant == self._tenant)
        row = self._database.read(lambda connection: connection.execute(wanted).one_or_none())
        return None if row is None else dict(row._mapping)


class _Found(NamedTuple):
    """A row of `_STANDING`, in its order."""

    is_on: Any
    document: Any
    opted_out_at: Any
    version: Any
    contacted_at: Any
    last_offer: Any
    was_accepted: Any
    budget_minor: Any
    reserved_minor: Any
    complaint_cap: Any
    complaint_limit_micros: Any
    complaint_reserved_micros: Any
    complaints: Any
    decision_id: Any
    fingerprint: Any
    answer: Any


def _fetch_standing(connection: Connection, wanted: Mapping[str, Any]) -> _Found:
    """On SQLite straight from the driver: around one statement, what stands around it is most of the cost."""
    if connection.dialect.name != "sqlite":
        return _Found(*connection.execute(_STANDING_CLAUSE, wanted).one())
    raw = cast("sqlite3.Connection", connection.connection.dbapi_connection)
    (row,) = raw.execute(_STANDING, wanted).fetchall()
    return _Found(*row)


def _read_standing(row: _Found, period: date) -> Standing:
    contacts = Contacts()
    if row.version is not None:
        accepted = None if row.was_accepted is None else bool(row.was_accepted)
        contacts = Contacts(row.version, tuple(read_json(row.contacted_at)), row.last_offer, accepted)
    state = None
    if row.budget_minor is not None:
        state = PeriodState(
            period,
            row.budget_minor,
            row.complaint_cap,
            row.complaint_limit_micros,
            row.reserved_minor,
            row.complaint_reserved_micros,
            row.complaints,
        )
    earlier = None
    if row.decision_id is not None:
        earlier = EarlierDecision(row.decision_id, row.fingerprint, read_json(row.answer))
    customer = None if row.document is None else read_json(row.document)
    return Standing(bool(row.is_on), contacts, customer, row.opted_out_at is not None, state, earlier)
