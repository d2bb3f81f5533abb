"""Opens the index that fits a database: in memory, or in PostgreSQL where that has pgvector."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

from casewright.adapters.knowledge.indexes import CurrentIndex
from casewright.adapters.knowledge.postgres_index import PostgresIndex, bring_up_to_date, prepare
from casewright.adapters.knowledge.side_files import SideFiles
from casewright.adapters.knowledge.states import read_state
from casewright.adapters.knowledge.store import read_generation
from casewright.adapters.store.engine import Database
from casewright.ports.knowledge import PassageIndex

FOLDER = "knowledge"


class CurrentPostgresIndex:
    """Answers with PostgreSQL's index as it stands. Thread-safe."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant
        self._held: PostgresIndex | None = None
        self._gate = threading.Lock()

    def __call__(self) -> PostgresIndex:
        """The index to search now; what is new is copied into it first. Raises Unavailable."""
        held = self._held
        generation = self._database.read(lambda connection: read_generation(connection, self._tenant))
        if held is not None and held.generation == generation:
            return held
        with self._gate:  # who comes while another brings it up to date waits, and takes what that one made
            held = self._held
            if held is None or held.generation < generation:
                state = self._database.read(lambda connection: read_state(connection, self._tenant))
                bring_up_to_date(self._database, self._tenant, sorted(state.models))
                held = self._held = PostgresIndex(self._database, self._tenant, state)
            return held


def open_index(
    database: Database, tenant: str, today: Callable[[], date], home: Path
) -> Callable[[], PassageIndex]:
    """What is searched of a tenant, as it stands."""
    if database.dialect == "postgresql" and prepare(database):
        return CurrentPostgresIndex(database, tenant)
    return CurrentIndex(database, tenant, today, side_files=SideFiles(home / FOLDER, tenant))
