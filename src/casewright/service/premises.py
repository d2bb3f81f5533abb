"""Premises: database, gatehouse and shop of one serving process, each opened when first asked for.

So that a service which only reads tickets starts without a database, and many first requests at once open
one and the same. What cannot be opened raises for each who asks, and is tried again by the next.
"""

import threading
from typing import TYPE_CHECKING

from casewright.service.gatehouse import Gatehouse, open_gatehouse

if TYPE_CHECKING:
    from casewright.adapters.store.engine import Database
    from casewright.service.shop import Shop
    from casewright.settings import Settings


class Premises:
    """Safe to share between threads. Close it when nothing is asked any more."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings
        self._gate = threading.RLock()
        self._database: Database | None = None
        self._gatehouse: Gatehouse | None = None
        self._shop: Shop | None = None

    def database(self) -> "Database":
        """The business database, up to date. Raises ConfigurationError, Unavailable."""
        from casewright.adapters.store.engine import open_database
        from casewright.settings import find_database_url

        with self._gate:
            if self._database is None:
                self._database = open_database(find_database_url(self._settings))
            return self._database

    def gatehouse(self) -> Gatehouse:
        """Who asks, and who may. Raises as `database`."""
        with self._gate:
            if self._gatehouse is None:
                self._gatehouse = open_gatehouse(self._settings, self.database())
            return self._gatehouse

    def shop(self) -> "Shop":
        """The tools over the records. Raises as `database`."""
        from casewright.service.shop import build_shop

        with self._gate:
            if self._shop is None:
                self._shop = build_shop(self._settings, self.database())
            return self._shop

    def close(self) -> None:
        """Finish what was handed in, and let go of the database."""
        with self._gate:
            if self._shop is not None:
                self._shop.close()
            if self._database is not None:
                self._database.close()
            self._shop = self._gatehouse = self._database = None
