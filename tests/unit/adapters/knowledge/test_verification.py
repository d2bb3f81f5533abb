"""Verification finds what somebody has altered in the tables."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from toy_embedder import ToyEmbedder

from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.knowledge.ingest import Source, ingest
from casewright.adapters.knowledge.store import StoredKnowledge
from casewright.adapters.knowledge.tables import DOCUMENTS, PASSAGES, VECTORS
from casewright.adapters.knowledge.verification import FaultKind, verify
from casewright.adapters.store.engine import Database, open_database

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def database(sqlite_url: str, tmp_path: Path) -> Iterator[Database]:
    database, ledger = open_database(sqlite_url), open_ledger(tmp_path, bytes(range(32)))
    store = StoredKnowledge(database, "main", ledger)
    for text in (b"TEA-1.1 Green.\n\nTEA-1.2 Black.", b"TEA-1.1 Red.\n\nTEA-1.2 White."):
        ingest(store, [Source("tea.txt", lambda text=text: text)], [ToyEmbedder()], by="ann", now=lambda: AT)  # type: ignore[misc]
    yield database
    database.close()
    ledger.close()


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (delete(VECTORS), None),
        (update(PASSAGES).where(PASSAGES.c.number == 1).values(text="Blue."), FaultKind.PASSAGE_ALTERED),
        (update(PASSAGES).where(PASSAGES.c.number == 1).values(number=5), FaultKind.PASSAGES_MISSING),
        (
            update(DOCUMENTS).where(DOCUMENTS.c.version == 1).values(valid_until=None),
            FaultKind.VERSIONS_OVERLAP,
        ),
        (update(VECTORS).where(VECTORS.c.passage_key == 1).values(vector=b"1234"), FaultKind.VECTOR_WRONG),
    ],
    ids=["vectors gone", "text", "number", "overlap", "vector"],
)
def test_what_was_altered_is_named(database: Database, change: Any, kind: FaultKind | None) -> None:
    assert verify(database, "main", date(2026, 3, 10)).faults == ()
    database.write(lambda connection: connection.execute(change))
    assert {fault.kind for fault in verify(database, "main", date(2026, 3, 10)).faults} == (
        {kind} if kind else set()
    )
