"""An ingest that is killed leaves no partial document, and the index finds what was told to be there.

Processes that add documents, each of several passages with their vectors, are killed at moments drawn by seed;
rounds: a tenth by default.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from toy_embedder import ToyEmbedder

from casewright.adapters.journal.ledger import each_entry
from casewright.adapters.knowledge.opening import open_index
from casewright.adapters.knowledge.verification import verify
from casewright.adapters.store.engine import open_database
from casewright.domain.knowledge import Query, SourceKind
from casewright.retrieval.retriever import Embedders, Retriever

ROUNDS = 20 if os.environ.get("CASEWRIGHT_FULL") else 2
ENDS_WITHIN_S = 60
PASSAGES = 12
TODAY = datetime.now(UTC).date()
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from toy_embedder import ToyEmbedder
from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.knowledge.ingest import Source, ingest
from casewright.adapters.knowledge.store import StoredKnowledge
from casewright.adapters.store.engine import open_database

url, home, name, passages = sys.argv[1:]
store = StoredKnowledge(open_database(url), "main", open_ledger(Path(home), bytes(range(32))))

def write(number):
    word = f"{name}x{number}"
    paragraphs = [f"RUN-1.{part} The word of this round is {word}." for part in range(int(passages))]
    return word, chr(10).join(f"{line}{chr(10)}" for line in paragraphs).encode()

for number in range(1_000_000):
    word, data = write(number)
    source = Source(f"doc{number % 7}.txt", lambda: data)
    ingest(store, [source], [ToyEmbedder()], by="writer", now=lambda: datetime.now(UTC))
    sys.stdout.write(f"{word}\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_ingest_leaves_whole_documents_and_an_index_that_agrees(
    kind: str, tmp_path: Path, new_sqlite: Callable[[], str], request: pytest.FixtureRequest
) -> None:
    url = new_sqlite() if kind == "sqlite" else request.getfixturevalue("new_durable_postgres")()
    draw = random.Random(7)
    told: list[str] = []
    for number in range(ROUNDS):
        told += add_until_killed(url, tmp_path, f"r{number}", draw.uniform(0.05, 0.5))
        check(url, tmp_path, told)


def check(url: str, home: Path, told: list[str]) -> None:
    database = open_database(url)
    found = verify(database, "main", TODAY)
    entries = list(each_entry(database, "main"))
    retriever = Retriever(
        open_index(database, "main", lambda: TODAY, home), Embedders(ToyEmbedder(), ToyEmbedder())
    )
    last = retriever.search(Query(told[-1], TODAY, frozenset({SourceKind.GUIDE}), 50))
    database.close()
    assert found.faults == ()
    assert found.passages == found.documents * PASSAGES
    assert found.lacking == {"toy@1": 0}
    assert len(entries) == found.documents
    assert len(told) <= found.documents
    assert last.model == "toy@1"
    texts = [each.passage.text for each in last.found if told[-1] in each.passage.text]
    assert len(texts) == PASSAGES


def add_until_killed(url: str, home: Path, name: str, seconds: float) -> list[str]:
    """The words of the documents that were told to be there when the process was killed."""
    shared = str(Path(__file__).parents[1] / "shared")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((shared, os.environ.get("PYTHONPATH", "")))}
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url, str(home), name, str(PASSAGES)],
        stdout=subprocess.PIPE,
        env=environment,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, "the writer did not start"
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    rest = process.stdout.read()
    process.stdout.close()
    process.wait(ENDS_WITHIN_S)
    return (first + rest).decode("ascii").split("\n")[:-1]
