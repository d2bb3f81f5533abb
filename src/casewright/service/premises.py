"""Premises: database, gatehouse, shop, knowledge and copilot of a process, each opened when first asked for.

So that a service which only reads tickets starts without a database, and many first requests at once open
one and the same. What cannot be opened raises for each who asks, and is tried again by the next.
"""

import threading
from typing import TYPE_CHECKING

from casewright.domain.errors import CasewrightError
from casewright.ports.text_model import TextModel, WatchedTextModel
from casewright.service.gatehouse import Gatehouse, open_gatehouse

if TYPE_CHECKING:
    from casewright.adapters.gateway.attempt_writer import AttemptWriter
    from casewright.adapters.store.engine import Database
    from casewright.service.copilot import Copilot
    from casewright.service.knowledge import Knowledge
    from casewright.service.knowledge_metrics import KnowledgeNumbers
    from casewright.service.retention import Retention
    from casewright.service.shop import Shop
    from casewright.settings import Settings


class Premises:
    """Safe to share between threads. Close it when nothing is asked any more."""

    def __init__(self, settings: "Settings", model: TextModel | None = None) -> None:
        """`model` puts the copilot's answers into words; None: templates do."""
        self._settings = settings
        self._model = model
        self._gate = threading.RLock()
        self._database: Database | None = None
        self._gatehouse: Gatehouse | None = None
        self._shop: Shop | None = None
        self._knowledge: Knowledge | None = None
        self._copilot: Copilot | None = None
        self._retention: Retention | None = None
        self._attempts: AttemptWriter | None = None
        self._prepares = False

    def database(self) -> "Database":
        """The business database, up to date. Raises ConfigurationError, Unavailable."""
        from casewright.adapters.store.engine import open_database
        from casewright.settings import find_database_url

        with self._gate:
            if self._database is None:
                self._database = open_database(find_database_url(self._settings))
                if self._prepares:
                    threading.Thread(target=self._prepare, daemon=True).start()
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
                self._shop = build_shop(
                    self._settings,
                    self.database(),
                    knowledge=lambda tenant: self.knowledge().retrieval(tenant),
                )
            return self._shop

    def keep_attempts(self, model: "TextModel | None") -> None:
        """Keep a row of every call that this text model makes; the database is opened by the first."""
        if not isinstance(model, WatchedTextModel):
            return
        from casewright.adapters import clock
        from casewright.adapters.gateway.attempt_store import StoredAttempts
        from casewright.adapters.gateway.attempt_writer import AttemptWriter
        from casewright.adapters.log import get_logger

        settings, log = self._settings, get_logger()
        self._attempts = AttemptWriter(
            lambda: StoredAttempts(self.database(), settings.tenant),
            now=clock.now,
            keep_days=settings.text_attempts_days,
            tell=lambda lost: log.warning("rows of the ledger of attempts are lost", rows=lost),
        )
        model.watch(self._attempts.record)

    def knowledge(self) -> "Knowledge":
        """What is known and cited. Raises as `database`."""
        from casewright.service.knowledge import open_knowledge

        with self._gate:
            if self._knowledge is None:
                self._knowledge = open_knowledge(self._settings, self.database())
            return self._knowledge

    def peek_knowledge(self) -> "KnowledgeNumbers | None":
        """What is known, as it was last counted; it opens nothing, and waits for nothing.

        What was counted over an hour ago is counted anew behind it, also where nobody searches.
        """
        if (knowledge := self._knowledge) is None:
            return None
        knowledge.count_behind()
        return knowledge.numbers

    def prepare(self) -> None:
        """Have what ships indexed, and the copilot warmed up, behind everything else.

        Now, or once a database is first opened: a service that only reads tickets, and has none, is not given
        one.
        """
        self._prepares = True
        if has_database(self._settings):
            threading.Thread(target=self._prepare, daemon=True).start()

    def _prepare(self) -> None:
        from casewright.adapters.log import get_logger

        tenant = self._settings.tenant
        try:
            with self._gate:
                if not self._prepares:
                    return
                self._prepares = False  # once is enough, whoever opens the database
                self.knowledge()
                self.gatehouse()
                copilot = self.copilot()
            copilot.warm_up(tenant)
        except CasewrightError as error:
            get_logger().warning("copilot not warmed up", tenant=tenant, code=error.code)
        try:
            with self._gate:
                if self._knowledge is not None:
                    self.retention()  # which policies serve is logged at the start
        except CasewrightError as error:
            get_logger().warning("outreach not prepared", tenant=tenant, code=error.code)
        try:
            with self._gate:
                if self._knowledge is not None:  # not closed in the meantime
                    self._knowledge.prepare_behind(tenant)
        except CasewrightError as error:
            get_logger().warning("knowledge not prepared", tenant=tenant, code=error.code)

    def copilot(self) -> "Copilot":
        """The sales desk's answers. Raises as `database`."""
        from casewright.service.copilot_opening import open_copilot

        with self._gate:
            if self._copilot is None:
                self._copilot = open_copilot(
                    self._settings,
                    self.database(),
                    self.shop().parts.ledger,
                    self.knowledge(),
                    model=self._model,
                )
            return self._copilot

    def retention(self) -> "Retention":
        """The retention desk. Raises as `database`."""
        from casewright.service.retention_opening import open_retention

        if self._retention is not None:
            return self._retention  # the hot way: a slow opening of another part is none of its business
        with self._gate:
            if self._retention is None:
                self._retention = open_retention(
                    self._settings, self.database(), self.shop().parts.ledger, serves=True
                )
            return self._retention

    def close(self) -> None:
        """Finish what was handed in, and let go of the database."""
        if self._attempts is not None:
            self._attempts.close()
        with self._gate:
            self._prepares = False
            parts = (self._retention, self._copilot, self._knowledge, self._shop, self._database)
            for part in parts:
                if part is not None:
                    part.close()
            self._retention = None
            self._copilot = self._knowledge = self._shop = self._gatehouse = self._database = None


def has_database(settings: "Settings") -> bool:
    """Whether an installation has a business database: one that is named, or the file in its folder."""
    from casewright.settings import DATABASE_FILE

    return settings.database_url is not None or (settings.home / DATABASE_FILE).exists()
