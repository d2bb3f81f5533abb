"""The budget of a period in the database: limits, and the slices that processes have taken of them.

A slice is taken from the period's row in one transaction, so that replicas never share a unit of money or of
expected complaints. Invariants: what all slices and decisions hold never exceeds the period's limits; closing
a slice frees what no decision has spent of it. Decisions are fenced (`store`), so a slice that was closed
behind its holder's back is spent no further. What a process does with its slices is `budget_slices`'.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.tables import insert_once
from casewright.adapters.retention.tables import RETENTION_DECISIONS, RETENTION_PERIODS, RETENTION_SLICES
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import to_micros
from casewright.domain.audit import AuditName
from casewright.ports.outreach import PeriodState

SLICES = 100
"""A slice is this part of a limit, as long as there is plenty."""
TAIL = 8
"""And at most this part of what is free, so that the end of a budget is shared finely."""
LEASE = timedelta(hours=1)
BUDGET_CHAIN = "retention:budget"
_MILLION = 1_000_000
_SMALL = 1e-15


@dataclass(slots=True)
class BudgetSlice:
    """A slice in a process: what is left of it, and how many decisions are under way on it."""

    slice_id: str
    period: date
    amount_minor: int
    complaint_micros: int
    left_minor: int
    left_micros: int
    expires_at: datetime
    under_way: int = 0


def complaint_limit_micros(cap: int, chance: float) -> int:
    """The most expected complaints, in millionths, with which more than `cap` come at most with this chance.

    Complaints are taken for rare and independent, so that their number is Poisson's; solved by halving.
    """
    low, high = 0.0, float(cap) + 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _chance_of_more(middle, cap) <= chance else (low, middle)
    return int(low * _MILLION)


def _chance_of_more(expected: float, cap: int) -> float:
    """P(X > cap) of a Poisson X: the tail from its largest term on, until the terms no longer count."""
    if expected <= 0:
        return 0.0
    if expected > cap + 1:
        return 1.0  # more likely than not, which is all that anybody asks
    count = cap + 1
    term = math.exp(count * math.log(expected) - expected - math.lgamma(count + 1))
    total = 0.0
    while term > total * _SMALL:
        total += term
        count += 1
        term *= expected / count
    return total


class PeriodBudgets:
    """Budgets of one tenant in the database: what is set, taken and given back."""

    def __init__(self, database: Database, ledger: Ledger, tenant: str) -> None:
        self._database = database
        self._ledger = ledger
        self._tenant = tenant

    def set_budget(self, wanted: PeriodState, *, by: str, at: datetime) -> PeriodState:
        """Set the limits of a period. All open slices are recalled, so a lower limit holds at once."""

        def work(connection: Connection) -> tuple[PeriodState, Any]:
            period = wanted.period
            self._ensure(connection, wanted, at)
            self._read(connection, period, is_locked=True)
            self._close_slices(connection, period, at, only_expired=False)
            connection.execute(
                self._of_period(period).values(
                    budget_minor=wanted.budget_minor,
                    complaint_cap=wanted.complaint_cap,
                    complaint_limit_micros=wanted.complaint_limit_micros,
                    changed_at=to_micros(at),
                )
            )
            entry = {
                "period": period.isoformat(),
                "budget_minor": wanted.budget_minor,
                "complaint_cap": wanted.complaint_cap,
                "by": by,
            }
            head = self._ledger.append(
                connection, self._tenant, BUDGET_CHAIN, AuditName.RETENTION_BUDGET_SET, entry, at=at
            )
            return self._read(connection, period), head

        state, head = self._database.write(work)
        self._ledger.note(head)
        return state

    def take(
        self,
        state: PeriodState,
        least_minor: int,
        least_micros: int,
        *,
        slice_id: str,
        holder: str,
        at: datetime,
    ) -> BudgetSlice | None:
        """Reserve a slice of at least so much; None where there is not so much left."""

        def work(connection: Connection) -> BudgetSlice | None:
            self._ensure(connection, state, at)
            found = self._read(connection, state.period, is_locked=True)
            if found.free_minor < least_minor or found.free_micros < least_micros:
                self._close_slices(connection, state.period, at, only_expired=True)
                found = self._read(connection, state.period)
            if found.free_minor < least_minor or found.free_micros < least_micros:
                return None
            amount = max(least_minor, min(found.budget_minor // SLICES, found.free_minor // TAIL))
            micros = max(least_micros, min(found.complaint_limit_micros // SLICES, found.free_micros // TAIL))
            connection.execute(
                self._of_period(state.period).values(
                    reserved_minor=RETENTION_PERIODS.c.reserved_minor + amount,
                    complaint_reserved_micros=RETENTION_PERIODS.c.complaint_reserved_micros + micros,
                )
            )
            row = {
                "tenant": self._tenant,
                "slice_id": slice_id,
                "period": state.period.isoformat(),
                "holder": holder,
                "is_open": True,
                "amount_minor": amount,
                "complaint_micros": micros,
                "taken_at": to_micros(at),
                "expires_at": to_micros(at + LEASE),
            }
            connection.execute(insert(RETENTION_SLICES), row)
            return BudgetSlice(slice_id, state.period, amount, micros, amount, micros, at + LEASE)

        return self._database.write(work)

    def give_back(self, period: date, slice_ids: list[str], at: datetime) -> None:
        """Close these slices: what no decision has spent is free again."""

        def work(connection: Connection) -> None:
            self._read(connection, period, is_locked=True)  # always the period first, then its slices
            self._close_slices(connection, period, at, only_expired=False, ids=slice_ids)

        self._database.write(work)

    def reclaim(self, period: date, at: datetime) -> None:
        """Close the slices whose lease is over."""

        def work(connection: Connection) -> None:
            if connection.execute(self._select(period).with_for_update()).first() is not None:
                self._close_slices(connection, period, at, only_expired=True)

        self._database.write(work)

    def period(self, period: date) -> PeriodState | None:
        """The period as it stands; None where nobody has spent anything."""

        def work(connection: Connection) -> PeriodState | None:
            row = connection.execute(self._select(period)).one_or_none()
            return None if row is None else _state_of(row, period)

        return self._database.read(work)

    def _ensure(self, connection: Connection, state: PeriodState, at: datetime) -> None:
        row = {
            "tenant": self._tenant,
            "period": state.period.isoformat(),
            "budget_minor": state.budget_minor,
            "reserved_minor": 0,
            "complaint_cap": state.complaint_cap,
            "complaint_limit_micros": state.complaint_limit_micros,
            "complaint_reserved_micros": 0,
            "complaints": 0,
            "changed_at": to_micros(at),
        }
        connection.execute(insert_once(RETENTION_PERIODS), row)

    def _close_slices(
        self,
        connection: Connection,
        period: date,
        at: datetime,
        *,
        only_expired: bool,
        ids: list[str] | None = None,
    ) -> None:
        """Close open slices: their holders may not write on them any more, and the rest is free again."""
        table, decisions = RETENTION_SLICES, RETENTION_DECISIONS
        wanted = (
            select(table.c.slice_id, table.c.amount_minor, table.c.complaint_micros)
            .where(table.c.tenant == self._tenant, table.c.period == period.isoformat(), table.c.is_open)
            .order_by(table.c.slice_id)
            .with_for_update()
        )
        if only_expired:
            wanted = wanted.where(table.c.expires_at <= to_micros(at))
        if ids is not None:
            wanted = wanted.where(table.c.slice_id.in_(ids))
        for row in connection.execute(wanted).all():
            connection.execute(
                update(table)
                .where(table.c.tenant == self._tenant, table.c.slice_id == row.slice_id)
                .values(is_open=False)
            )
            used = connection.execute(
                select(
                    func.coalesce(func.sum(decisions.c.reserved_minor), 0),
                    func.coalesce(func.sum(decisions.c.complaint_micros), 0),
                ).where(decisions.c.tenant == self._tenant, decisions.c.slice_id == row.slice_id)
            ).one()
            connection.execute(
                self._of_period(period).values(
                    reserved_minor=RETENTION_PERIODS.c.reserved_minor - (row.amount_minor - int(used[0])),
                    complaint_reserved_micros=RETENTION_PERIODS.c.complaint_reserved_micros
                    - (row.complaint_micros - int(used[1])),
                )
            )

    def _of_period(self, period: date) -> Any:
        return update(RETENTION_PERIODS).where(
            RETENTION_PERIODS.c.tenant == self._tenant, RETENTION_PERIODS.c.period == period.isoformat()
        )

    def _select(self, period: date) -> Any:
        return select(RETENTION_PERIODS).where(
            RETENTION_PERIODS.c.tenant == self._tenant, RETENTION_PERIODS.c.period == period.isoformat()
        )

    def _read(self, connection: Connection, period: date, *, is_locked: bool = False) -> PeriodState:
        wanted = self._select(period)
        row = connection.execute(wanted.with_for_update() if is_locked else wanted).one()
        return _state_of(row, period)


def _state_of(row: Row[Any], period: date) -> PeriodState:
    return PeriodState(
        period,
        row.budget_minor,
        row.complaint_cap,
        row.complaint_limit_micros,
        row.reserved_minor,
        row.complaint_reserved_micros,
        row.complaints,
    )
