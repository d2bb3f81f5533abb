"""The installation as the commands for its people open it: settings, database, gatehouse; closed at the end.

It is what a command of an operator works on who has the machine: nobody signs in here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casewright.adapters.store.engine import Database
    from casewright.service.gatehouse import Gatehouse
    from casewright.settings import Settings

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Installation:
    """What is open, and for whom."""

    settings: "Settings"
    database: "Database"
    gatehouse: "Gatehouse"

    @property
    def tenant(self) -> str:
        return self.settings.tenant

    def require_customer(self, customer_id: str | None) -> None:
        """Raises NotFound where a customer is named who is none of the tenant's."""
        from casewright.adapters.store.shop_reads import StoredShop
        from casewright.domain.errors import NotFound

        if customer_id is None:
            return
        records = StoredShop(self.database, self.tenant, lambda _kind, _value: "")
        if records.customer(customer_id) is None:
            raise NotFound(
                f"--customer: tenant {self.tenant} has no customer {customer_id!r}."
                " Import the shop's records first, or name one that they hold.",
                code="customer_not_found",
            )


def require_tenant(database: "Database", tenant: str | None) -> None:
    """Raises NotFound for a tenant of the command line of whom nothing is kept; None: none was named."""
    from casewright.adapters.store.tenants import has_rows, list_tenants
    from casewright.domain.errors import NotFound

    if tenant is not None and not has_rows(database, tenant):
        known = list_tenants(database)
        more = f" and {len(known) - _MOST_SHOWN:,} more" if len(known) > _MOST_SHOWN else ""
        raise NotFound(
            f"--tenant {tenant}: there is nothing of such a tenant here; tenants:"
            f" {', '.join(known[:_MOST_SHOWN]) or 'none'}{more}. Name one that has records, or import"
            f" them first, such as with: casewright import clients FILE --tenant {tenant}",
            code="tenant_not_found",
        )


@contextmanager
def open_installation(tenant: str | None = None, *, may_be_new: bool = False) -> Iterator[Installation]:
    """This installation, for a tenant of the command line or the configured one.

    `may_be_new`: the command makes the first row of a tenant. Raises NotFound as `require_tenant`.
    """
    from casewright.adapters.store.engine import open_database
    from casewright.service.gatehouse import open_gatehouse
    from casewright.settings import find_database_url, load_settings

    settings = load_settings(tenant=tenant)
    database = open_database(find_database_url(settings), pool_size=2)
    try:
        require_tenant(database, None if may_be_new else tenant)
        yield Installation(settings, database, open_gatehouse(settings, database))
    finally:
        database.close()
