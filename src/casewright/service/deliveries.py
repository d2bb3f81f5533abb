"""Courier and mail of this installation, by name, for the worker that delivers the outbox.

Invariant: one link per service serves all tenants, and each tenant's personal values come from its own vault.
A service that is not configured is away, so its messages wait; a name that is none is nobody's.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from casewright.domain.errors import Unavailable
from casewright.ports.connectors import Connector

if TYPE_CHECKING:
    from casewright.adapters.store.engine import Database
    from casewright.settings import Settings

SERVICES = ("courier", "mail")


class NotConfigured:
    """Stands where a service has no address: its messages wait until it has one."""

    def __init__(self, name: str) -> None:
        self._name = name

    def deliver(self, kind: str, payload: Mapping[str, Any], *, key: str) -> Mapping[str, Any]:
        """Raises Unavailable."""
        raise Unavailable(
            f"no {self._name} is configured; set CASEWRIGHT_{self._name.upper()}_URL",
            code="connector_not_configured",
        )


class Deliveries:
    """Finds a tenant's courier or mail; close it at the end."""

    def __init__(self, settings: "Settings", database: "Database", environment: Mapping[str, str]) -> None:
        """Raises ConfigurationError for an address or a key that cannot be used."""
        from casewright.adapters.connectors.link import ServiceLink, find_address
        from casewright.adapters.vault import load_vault_key

        given = settings.vault_key.get_secret_value() if settings.vault_key else None
        self._vault_key = load_vault_key(database, settings.home, given=given)
        self._database = database
        self._links: dict[str, ServiceLink] = {}
        for name in SERVICES:
            address = find_address(name, environment)
            if address is not None:
                self._links[name] = ServiceLink(address)

    def __call__(self, tenant: str, name: str) -> Connector | None:
        """The connector of that name; None for a name that is none."""
        from casewright.adapters.connectors.delivery import HttpDelivery
        from casewright.adapters.vault import SealedVault

        if name not in SERVICES:
            return None
        link = self._links.get(name)
        if link is None:
            return NotConfigured(name)
        return HttpDelivery(link, SealedVault(self._database, tenant, self._vault_key).resolve)

    def close(self) -> None:
        """Let go of the connections."""
        for link in self._links.values():
            link.close()
