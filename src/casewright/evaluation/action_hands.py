"""An open journal with services in memory and a clock that stands: for tests of the journal.

It holds three planted orders. The clock moves only when it is put forward.
"""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import Table, func, select

from casewright.adapters.journal.ledger import read_entries
from casewright.adapters.journal.opening import JournalParts, open_journal
from casewright.adapters.journal.worker import WorkDone
from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_reads import StoredShop
from casewright.domain.shop import Order
from casewright.evaluation.action_subject import AT, TENANT, MemoryConnector, MemoryGateway, plant_shop

KEY = bytes(range(32))
LEASE = timedelta(seconds=60)


class Hands:
    """One open journal with its services and a clock that stands where it was put."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database = database
        self.now = AT
        self.gateway = MemoryGateway()
        self.mail = MemoryConnector()
        self.places: list[str] = []
        self.parts: JournalParts = open_journal(
            database,
            self.gateway,
            lambda tenant, name: self.mail if name in {"mail", "courier"} else None,
            home=home,
            ledger_key=KEY,
            clock=lambda: self.now,
            lease=LEASE,
            at=self.places.append,
        )
        self.journal = self.parts.journal
        plant_shop(database, range(1, 4))

    def order(self, number: int = 1) -> Order:
        """Order `o<number>` as it stands."""
        order = StoredShop(self.database, TENANT, lambda kind, value: value).order(f"o{number}")
        if order is None:
            raise LookupError(f"there is no order o{number}")
        return order

    def balance(self, number: int = 1) -> int:
        """Of the gift card of customer `c<number>`."""
        customer = StoredShop(self.database, TENANT, lambda kind, value: value).customer(f"c{number}")
        method = customer.find_method(f"gift_{number}") if customer else None
        if method is None or method.balance_minor is None:
            raise LookupError(f"there is no gift card gift_{number}")
        return method.balance_minor

    def names(self, number: int = 1) -> list[str]:
        """The names of the case's ledger entries."""
        entries = self.database.read(lambda each: read_entries(each, TENANT, f"case-{number}"))
        return [entry.name for entry in entries]

    def count(self, table: Table) -> int:
        """How many rows a table has."""
        query = select(func.count()).select_from(table)
        return int(self.database.read(lambda each: each.execute(query).scalar_one()))

    def pass_time(self, **span: float) -> None:
        """Put the clock forward."""
        self.now += timedelta(**span)

    def work(self) -> WorkDone:
        """One round of the worker."""
        return self.parts.worker.run_once()
