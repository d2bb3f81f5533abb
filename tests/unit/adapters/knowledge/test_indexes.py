"""The current index: anew at once for a small corpus, in the background for a large one; side files in between."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from toy_embedder import ToyEmbedder

from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.knowledge.indexes import CurrentIndex
from casewright.adapters.knowledge.ingest import Source, ingest
from casewright.adapters.knowledge.side_files import SideFiles
from casewright.adapters.knowledge.store import StoredKnowledge
from casewright.adapters.store.engine import Database, open_database
from casewright.ports.knowledge import PassageIndex, Scope

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = AT.date()
TOY = ToyEmbedder(dimensions=512)


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = open_database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def store(database: Database, tmp_path: Path) -> Iterator[StoredKnowledge]:
    ledger = open_ledger(tmp_path, bytes(range(32)))
    yield StoredKnowledge(database, "main", ledger)
    ledger.close()


def add(store: StoredKnowledge, name: str, text: str) -> None:
    ingest(store, [Source(f"{name}.txt", text.encode)], [TOY], by="ann", now=lambda: AT)


def find(index: PassageIndex, word: str, day: date = DAY) -> list[str]:
    matches, _ = index.match_words({word: 1.0}, Scope(day), limit=9)
    return [index.passage(match.key).document_id for match in matches]


def test_index_is_kept_until_the_store_moves_on(database: Database, store: StoredKnowledge) -> None:
    current = CurrentIndex(database, "main", AT.date)
    add(store, "tea", "Green tea.")
    first = current()
    assert current() is first
    add(store, "rice", "White rice.")
    second = current()
    assert second is not first
    assert find(first, "rice") == []
    assert find(second, "rice") == ["rice.txt"]


def test_large_corpus_is_searched_as_it_was_while_it_is_read(
    database: Database, store: StoredKnowledge
) -> None:
    current = CurrentIndex(database, "main", AT.date, large=1)
    add(store, "tea", "Green tea.")
    first = current()
    first.nearest(TOY.model, TOY.embed_query("tea"), Scope(AT.date()), limit=1)
    add(store, "rice", "White rice.")
    assert current() is first
    current.wait()
    assert find(current(), "rice") == ["rice.txt"]


def test_days_with_the_same_versions_share_what_was_loaded(
    database: Database, store: StoredKnowledge
) -> None:
    add(store, "tea", "Green tea.")
    index = CurrentIndex(database, "main", AT.date)()
    assert index.view(date(2026, 3, 10)) is index.view(date(2030, 1, 1))
    for number in range(12):
        ingest(
            store,
            [Source("rice.txt", f"Rice {number}.".encode)],
            [TOY],
            by="ann",
            now=lambda day=number: datetime(2026, 4, 1 + day, tzinfo=UTC),
        )
    index = CurrentIndex(database, "main", AT.date)()
    for number in range(12):
        assert find(index, str(number), date(2026, 4, 1 + number)) == ["rice.txt"]
    assert find(index, "0", date(2026, 4, 1)) == ["rice.txt"]


def test_side_file_answers_once_it_is_there(
    database: Database, store: StoredKnowledge, tmp_path: Path
) -> None:
    for number in range(30):
        add(store, f"doc{number}", f"Word{number} is here.")
    files = SideFiles(tmp_path / "side", "main", large=10)
    index = CurrentIndex(database, "main", AT.date, side_files=files)()

    def nearest() -> str:
        ((key, _),) = index.nearest(
            TOY.model, TOY.embed_query("Doc17 Word17 is here."), Scope(AT.date()), limit=1
        )
        return index.passage(key).document_id

    exact = nearest()
    files.wait()
    assert list((tmp_path / "side").iterdir())
    assert nearest() == exact == "doc17.txt"
