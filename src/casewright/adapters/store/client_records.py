"""Clients in the business database: ports.clients for one tenant, and how an import changes them.

Invariants: every statement names the tenant; a change and the next generation are one transaction, so that
whoever read the generation first can only have read rows of that one, or newer ones.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from casewright.adapters.store.client_tables import CLIENT_GENERATIONS, CLIENTS, LOOKUP_MARKS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import to_micros
from casewright.domain.client import Client
from casewright.domain.money import Money

_IS_TENANTS = CLIENTS.c.tenant == bindparam("of_tenant")
_NAMES = select(CLIENTS.c.client_id, CLIENTS.c.name).where(_IS_TENANTS).order_by(CLIENTS.c.client_id)
_FIND = select(CLIENTS).where(_IS_TENANTS, CLIENTS.c.client_id == bindparam("of_client"))
_GENERATION = select(CLIENT_GENERATIONS.c.generation).where(
    CLIENT_GENERATIONS.c.tenant == bindparam("of_tenant")
)
_CLEAR = delete(CLIENTS).where(_IS_TENANTS)
_CHANGED = [column.name for column in CLIENTS.c if column.name not in {"tenant", "client_id"}]
_UPSERTS: dict[str, Any] = {
    name: statement.on_conflict_do_update(
        index_elements=["tenant", "client_id"],
        set_={column: statement.excluded[column] for column in _CHANGED},
    )
    for name, statement in (("sqlite", sqlite.insert(CLIENTS)), ("postgresql", postgresql.insert(CLIENTS)))
}
_MOVE_ON: dict[str, Any] = {
    name: statement.values(tenant=bindparam("of_tenant"), generation=1).on_conflict_do_update(
        index_elements=["tenant"], set_={"generation": CLIENT_GENERATIONS.c.generation + 1}
    )
    for name, statement in (
        ("sqlite", sqlite.insert(CLIENT_GENERATIONS)),
        ("postgresql", postgresql.insert(CLIENT_GENERATIONS)),
    )
}

_MARK = select(LOOKUP_MARKS.c.mark).where(LOOKUP_MARKS.c.tenant == bindparam("of_tenant"))
_DRAW: dict[str, Any] = {
    name: statement.values(tenant=bindparam("of_tenant"), mark=bindparam("drawn")).on_conflict_do_nothing()
    for name, statement in (
        ("sqlite", sqlite.insert(LOOKUP_MARKS)),
        ("postgresql", postgresql.insert(LOOKUP_MARKS)),
    )
}


def read_lookup_mark(database: Database, tenant: str, drawn: str) -> str:
    """What tells a tenant of this database from the same of another; `drawn` where there was none yet."""
    wanted = {"of_tenant": tenant}
    kept = database.read(lambda connection: connection.execute(_MARK, wanted).scalar())
    if kept is not None:
        return str(kept)

    def draw(connection: Connection) -> str:
        connection.execute(_DRAW[connection.dialect.name], wanted | {"drawn": drawn})
        return str(connection.execute(_MARK, wanted).scalar_one())

    return database.write(draw)


class StoredClients:
    """One tenant's clients."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant
        self._of_tenant = {"of_tenant": tenant}

    def names(self) -> Sequence[tuple[str, str]]:
        """Id and name of every client, in the order of their ids."""
        rows = self._database.read(lambda connection: connection.execute(_NAMES, self._of_tenant).all())
        return [(row.client_id, row.name) for row in rows]

    def find(self, client_id: str) -> Client | None:
        """One client by its id."""
        wanted = self._of_tenant | {"of_client": client_id}
        row = self._database.read(lambda connection: connection.execute(_FIND, wanted).first())
        return None if row is None else _read(row)

    def generation(self) -> int:
        """Grows with every change; 0 before the first."""
        found = self._database.read(
            lambda connection: connection.execute(_GENERATION, self._of_tenant).scalar()
        )
        return found or 0

    def put(self, clients: Sequence[Client], *, at: datetime, is_whole: bool = False) -> int:
        """Keep clients, new or changed, all of them or none; how many.

        `is_whole`: these are all the clients there are, so others go.
        """
        rows = [_write(self._tenant, client, at) for client in clients]

        def work(connection: Connection) -> int:
            if is_whole:
                connection.execute(_CLEAR, self._of_tenant)
            if rows:
                connection.execute(_UPSERTS[connection.dialect.name], rows)
            connection.execute(_MOVE_ON[connection.dialect.name], self._of_tenant)
            return len(rows)

        return self._database.write(work)


def _write(tenant: str, client: Client, at: datetime) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "client_id": client.client_id,
        "name": client.name,
        "industry": client.industry,
        "spend_minor": None if client.spend is None else client.spend.minor,
        "currency": None if client.spend is None else client.spend.currency,
        "last_meeting": None if client.last_meeting is None else client.last_meeting.isoformat(),
        "account_manager": client.account_manager,
        "changed_at": to_micros(at),
    }


def _read(row: Row[Any]) -> Client:
    return Client(
        client_id=row.client_id,
        name=row.name,
        industry=row.industry,
        spend=None if row.spend_minor is None else Money(row.spend_minor, row.currency),
        last_meeting=None if row.last_meeting is None else date.fromisoformat(row.last_meeting),
        account_manager=row.account_manager,
    )
