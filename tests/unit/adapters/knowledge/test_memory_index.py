"""The memory index: keys stay good whatever other days are searched in between, by however many threads."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from toy_embedder import ToyEmbedder

from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.knowledge.indexes import CurrentIndex
from casewright.adapters.knowledge.ingest import Source, ingest
from casewright.adapters.knowledge.memory_index import MemoryIndex
from casewright.adapters.knowledge.store import StoredKnowledge
from casewright.adapters.store.engine import open_database
from casewright.domain.knowledge import Query
from casewright.ports.knowledge import Scope
from casewright.retrieval.retriever import Embedders, Retriever

TOY = ToyEmbedder(dimensions=64)
DAYS = [date(2026, 4, 1 + number) for number in range(14)]


@pytest.fixture
def index(sqlite_url: str, tmp_path: Path) -> Iterator[MemoryIndex]:
    """On each of the days another version of one document is in force: Rice 0., Rice 1., ..."""
    database = open_database(sqlite_url)
    ledger = open_ledger(tmp_path, bytes(range(32)))
    store = StoredKnowledge(database, "main", ledger)
    for number, day in enumerate(DAYS):
        at = datetime(day.year, day.month, day.day, tzinfo=UTC)
        ingest(store, [Source("rice.txt", f"Rice {number}.".encode)], [TOY], by="ann", now=lambda at=at: at)
    yield CurrentIndex(database, "main", lambda: DAYS[-1])()
    ledger.close()
    database.close()


def test_a_key_is_good_after_many_other_days_were_searched(index: MemoryIndex) -> None:
    keys = []
    for day in DAYS:
        ((key, _),) = index.nearest(TOY.model, TOY.embed_query("rice"), Scope(day), limit=1)
        (match,), _ = index.match_words({"rice": 1.0}, Scope(day), limit=1)
        assert match.key == key
        keys.append(key)
    assert [index.passage(key).text for key in keys] == [f"Rice {number}." for number in range(14)]
    assert [len(index.similarities(TOY.model, TOY.embed_query("rice"), [key])) for key in keys] == [1] * 14


def test_searches_of_many_past_days_at_once_each_find_their_own(index: MemoryIndex) -> None:
    retriever = Retriever(lambda: index, Embedders(TOY, TOY))
    start, found, failed = threading.Barrier(6), set(), []

    def search(first: int) -> None:
        start.wait(30)
        try:
            for step in range(28):
                number = (first * 5 + step * 3) % 14
                (best,) = retriever.search(Query(f"Rice {number}.", DAYS[number])).found
                found.add((number, best.passage.text))
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failed.append(error)

    threads = [threading.Thread(target=search, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert found == {(number, f"Rice {number}.") for number in range(14)}
