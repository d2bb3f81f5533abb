"""The ledger of attempts in the business database, for one tenant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select

from casewright.adapters.gateway.attempt_tables import TEXT_ATTEMPTS as T
from casewright.adapters.ids import new_id
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import from_micros, to_micros
from casewright.ports.text_model import Attempt, AttemptOutcome

_COUNT_MAX = 2**31 - 1


@dataclass(frozen=True, slots=True)
class KeptAttempt:
    """A row: what was tried, and when."""

    at: datetime
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Totals:
    """What all attempts of one provider and model with one outcome come to."""

    provider: str
    model: str
    outcome: str
    calls: int
    tokens_in: int
    tokens_out: int
    cost_micros: int
    took_ms: int


class StoredAttempts:
    """One tenant's attempts."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def add(self, kept: Sequence[KeptAttempt]) -> None:
        """Keep rows, all of them or none. Raises Unavailable."""
        rows = [self._row(each) for each in kept]
        if rows:
            self._database.write(lambda connection: connection.execute(insert(T), rows))

    def newest(self, limit: int) -> tuple[KeptAttempt, ...]:
        """The newest rows, newest first."""
        wanted = select(T).where(T.c.tenant == self._tenant).order_by(T.c.at.desc()).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return tuple(_read(row) for row in rows)

    def totals(self, since: datetime) -> tuple[Totals, ...]:
        """Sums by provider, model and outcome."""
        sums = [func.sum(column) for column in (T.c.tokens_in, T.c.tokens_out, T.c.cost_micros, T.c.took_ms)]
        groups = (T.c.provider, T.c.model, T.c.outcome)
        wanted = (
            select(*groups, func.count(), *sums)
            .where(T.c.tenant == self._tenant, T.c.at >= to_micros(since))
            .group_by(*groups)
            .order_by(*groups)
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return tuple(Totals(*row[:3], *map(int, row[3:])) for row in rows)

    def purge(self, before: datetime) -> int:
        """Remove what is older; how many rows that were."""
        old = delete(T).where(T.c.tenant == self._tenant, T.c.at < to_micros(before))
        return self._database.write(lambda connection: connection.execute(old).rowcount)

    def _row(self, kept: KeptAttempt) -> dict[str, Any]:
        attempt = kept.attempt
        return {
            "tenant": self._tenant,
            "attempt_id": new_id("txt"),
            "at": to_micros(kept.at),
            "provider": attempt.provider,
            "model": attempt.model,
            "version": attempt.version,
            "outcome": attempt.outcome.value,
            "tokens_in": min(attempt.tokens_in, _COUNT_MAX),
            "tokens_out": min(attempt.tokens_out, _COUNT_MAX),
            "cost_micros": attempt.cost_micros,
            "took_ms": attempt.took_ms,
        }


def _read(row: Row[Any]) -> KeptAttempt:
    attempt = Attempt(
        row.provider,
        row.model,
        AttemptOutcome(row.outcome),
        row.tokens_in,
        row.tokens_out,
        row.cost_micros,
        row.took_ms,
        row.version,
    )
    return KeptAttempt(from_micros(row.at), attempt)
