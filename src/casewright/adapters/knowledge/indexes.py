"""The index of a tenant, as it stands: a new one when the store has moved on.

A small corpus is read anew before the search that notices the change, so that who has added a document finds
it. A large one is read in the background, and searched as it was until then.
"""

import threading
from collections.abc import Callable
from datetime import date

from casewright.adapters.knowledge.memory_index import MemoryIndex
from casewright.adapters.knowledge.side_files import SideFiles
from casewright.adapters.knowledge.states import State, read_state
from casewright.adapters.knowledge.store import read_generation
from casewright.adapters.store.engine import Database
from casewright.domain.errors import Unavailable

LARGE = 20_000
"""Passages from which on a corpus is read in the background."""


class CurrentIndex:
    """Answers with an index, at once where it can. Thread-safe."""

    def __init__(
        self,
        database: Database,
        tenant: str,
        today: Callable[[], date],
        *,
        side_files: SideFiles | None = None,
        large: int = LARGE,
    ) -> None:
        self._database = database
        self._tenant = tenant
        self._today = today
        self._side_files = side_files
        self._large = large
        self._held: MemoryIndex | None = None
        self._gate = threading.Lock()
        self._reading: threading.Thread | None = None

    def __call__(self) -> MemoryIndex:
        """The index to search now. Raises Unavailable."""
        held = self._held
        generation = self._database.read(lambda connection: read_generation(connection, self._tenant))
        if held is not None and held.generation == generation:
            return held
        if held is not None and len(held.view(self._today()).passages) >= self._large:
            self._refresh_behind(held)
            return held
        with self._gate:
            held = self._held
            if held is None or held.generation < generation:
                held = self._held = self._open(held)
            return held

    def wait(self) -> None:
        """Until the reading in the background has ended."""
        if (reading := self._reading) is not None:
            reading.join()

    def _open(self, before: MemoryIndex | None) -> MemoryIndex:
        state: State = self._database.read(lambda connection: read_state(connection, self._tenant))
        parts = {} if before is None else dict(before.parts)
        return MemoryIndex(self._database, self._tenant, state, parts, self._side_files)

    def _refresh_behind(self, held: MemoryIndex) -> None:
        with self._gate:
            if self._reading is not None and self._reading.is_alive():
                return
            self._reading = threading.Thread(target=self._refresh, args=(held,), daemon=True)
            self._reading.start()

    def _refresh(self, held: MemoryIndex) -> None:
        """Read everything that a search needs before the index changes places."""
        today = self._today()
        try:
            fresh = self._open(held)
            view = fresh.view(today)
            _ = view.words
            for model in held.view(today).loaded_models() & fresh.models:
                view.matrix(model)
        except Unavailable:
            return
        self._held = fresh
