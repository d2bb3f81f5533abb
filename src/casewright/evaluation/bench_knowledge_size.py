"""Search in a large corpus: how long a question takes among 100,000 passages, and how fast documents go in.

The words are real, the language reference that ships with Python, cut into sentences and dealt anew; vectors
are those of real passages, perturbed; a question is embedded each time it is asked. Everything goes through
the store and the search that ship, on a scratch SQLite database.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from casewright.domain.knowledge import Query, SourceKind
from casewright.evaluation.bench_measures import Measure, middle
from casewright.ports.knowledge import Embedder, NewDocument
from casewright.retrieval.chunking import Block, cut, embedded_text
from casewright.retrieval.retriever import Embedders, Retriever

if TYPE_CHECKING:
    from casewright.adapters.knowledge.side_files import SideFiles
    from casewright.adapters.knowledge.store import StoredKnowledge
    from casewright.adapters.store.engine import Database

SEED = 20_260_701
TENANT = "bench"
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_DAY = date(2026, 1, 1)
_PER_DOCUMENT = 500
_NOISE = 0.03
Say = Callable[[str], None]
QUESTIONS = (
    "How do I read a file line by line?",
    "What happens when an exception is raised in a finally clause?",
    "Which operator binds more tightly, a comparison or a shift?",
    "Can a function have default values for its arguments?",
    "How are the items of a dictionary ordered?",
    "What is the difference between a tuple and a list?",
    "When is a module's code executed?",
    "How can I format a number with two decimals?",
    "What does the with statement do?",
    "How do I debug a program step by step?",
)


@dataclass(frozen=True, slots=True)
class KnowledgeSizes:
    """How much is done. `QUICK_KNOWLEDGE` shows that everything runs; its numbers say little."""

    passages: int = 100_000
    real: int = 400
    """Passages that are embedded; the others' vectors are theirs, perturbed."""
    rounds: int = 5
    asked: int = 40
    """Questions of a round."""


QUICK_KNOWLEDGE = KnowledgeSizes(passages=2_000, real=40, rounds=2, asked=10)


def run_size_bench(embedder: Embedder, sizes: KnowledgeSizes, say: Say = lambda _: None) -> list[Measure]:
    """The measures of ingest and of search, without loss and in a graph."""
    from casewright.adapters.journal.opening import open_ledger
    from casewright.adapters.knowledge.indexes import CurrentIndex
    from casewright.adapters.knowledge.side_files import SideFiles
    from casewright.adapters.knowledge.store import StoredKnowledge
    from casewright.adapters.store.engine import open_database

    with tempfile.TemporaryDirectory(prefix="casewright-bench-") as folder:
        database = open_database(f"sqlite:///{folder}/knowledge.db", pool_size=2)
        ledger = open_ledger(Path(folder), bytes(32))
        try:
            store = StoredKnowledge(database, TENANT, ledger)
            say(f"embedding {sizes.real} passages on one core")
            vectors, per_second = _embed_real(embedder, sizes)
            say(f"storing {sizes.passages:,} passages")
            stored_s = _fill(store, embedder.model, vectors, sizes)
            measures = [
                Measure(
                    "Ingest",
                    "Embedding, per second of one core's time",
                    per_second,
                    "passages/s",
                    at_least=15,
                ),
                Measure("Ingest", "Storing, without embedding", sizes.passages / stored_s, "passages/s"),
            ]
            exact = CurrentIndex(database, TENANT, _AT.date)
            measures += _measure(exact, embedder, sizes, "Exact search", 60, say)
            graphs = SideFiles(Path(folder) / "graphs", TENANT, large=1, threads=2)
            measures += _measure_graph(database, graphs, embedder, sizes, say)
        finally:
            ledger.close()
            database.close()
    return measures


def _embed_real(embedder: Embedder, sizes: KnowledgeSizes) -> tuple[Any, float]:
    import numpy as np

    texts = [embedded_text(passage) for passage in _cut("real", _deal(sizes.real))]
    embedder.embed_passages(texts[:2])
    began = time.process_time()
    vectors = embedder.embed_passages(texts)
    seconds = time.process_time() - began
    return np.frombuffer(b"".join(vectors), "<f4").reshape(len(texts), -1), len(texts) / seconds


def _fill(store: "StoredKnowledge", model: str, real: Any, sizes: KnowledgeSizes) -> float:
    """Put documents of some hundred passages each; the seconds it took."""
    import numpy as np

    draw = np.random.default_rng(SEED)
    sentences = _deal(sizes.passages)
    seconds = 0.0
    for number in range(0, sizes.passages, _PER_DOCUMENT):
        count = min(_PER_DOCUMENT, sizes.passages - number)
        name = f"document-{number:07}"
        passages = _cut(name, (next(sentences) for _ in range(count)))
        rows = real[draw.integers(0, len(real), len(passages))]
        rows = rows + draw.normal(0, _NOISE, rows.shape).astype("f4")
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        text = "\n".join(passage.text for passage in passages)
        document = NewDocument(name, name, SourceKind.GUIDE, name, f"sha256:{number}", text, passages)
        began = time.perf_counter()
        store.put(document, {model: [row.astype("<f4").tobytes() for row in rows]}, by="bench", at=_AT)
        seconds += time.perf_counter() - began
    return seconds


def _measure_graph(
    database: "Database", graphs: "SideFiles", embedder: Embedder, sizes: KnowledgeSizes, say: Say
) -> list[Measure]:
    from casewright.adapters.knowledge.indexes import CurrentIndex

    index = CurrentIndex(database, TENANT, _AT.date, side_files=graphs)
    search = Retriever(index, Embedders(embedder))
    say("building the graph")
    began = time.perf_counter()
    search.search(Query(QUESTIONS[0], _DAY))
    graphs.wait()
    built_s = time.perf_counter() - began
    measures = _measure(index, embedder, sizes, "HNSW search", 15, say)
    exact = Retriever(CurrentIndex(database, TENANT, _AT.date), Embedders(embedder))
    shares = []
    for question in QUESTIONS:
        query = Query(question, _DAY, limit=10)
        wanted = {each.passage for each in exact.search(query).found}
        found = {each.passage for each in search.search(query).found}
        shares.append(len(wanted & found) / len(wanted) if wanted else 1.0)
    return [
        *measures,
        Measure("HNSW search", "Of the exact search's first ten", sum(shares) / len(shares) * 100, "%"),
        Measure("HNSW search", "Index and graph built", built_s, "s"),
    ]


def _measure(
    index: Any, embedder: Embedder, sizes: KnowledgeSizes, group: str, bar_ms: float, say: Say
) -> list[Measure]:
    search = Retriever(index, Embedders(embedder))
    say(f"{group.lower()}: opening the index")
    began = time.perf_counter()
    search.search(Query(QUESTIONS[0], _DAY))
    opened_s = time.perf_counter() - began
    rounds, parts, busy = [], [], []
    for _ in range(sizes.rounds):
        times, embedding, processor = [], [], []
        for number in range(sizes.asked):
            question = QUESTIONS[number % len(QUESTIONS)]
            began, began_cpu = time.perf_counter(), time.process_time()
            search.search(Query(question, _DAY))
            times.append((time.perf_counter() - began) * 1000)
            processor.append((time.process_time() - began_cpu) * 1000)
            began = time.perf_counter()
            embedder.embed_query(question)
            embedding.append((time.perf_counter() - began) * 1000)
        rounds.append(median(times))
        parts.append(median(embedding))
        busy.append(median(processor))
    return [
        middle(group, f"Question among {sizes.passages:,} passages, p50", rounds, "ms", at_most=bar_ms),
        middle(group, "of which embedding the question", parts, "ms"),
        middle(group, "processor time of a question, all cores together", busy, "ms"),
        Measure(group, "First question, the index being opened", opened_s, "s"),
    ]


def _cut(name: str, texts: Iterator[str]) -> tuple[Any, ...]:
    text, blocks = "", []
    for number, part in enumerate(texts):
        blocks.append(Block(len(text), len(text) + len(part), clause=str(number)))
        text += f"{part}\n"
    return cut(name, name, text, blocks)


def _deal(count: int) -> Iterator[str]:
    """Texts of about 120 words, of sentences of the language reference in a new order."""
    from pydoc_data.topics import topics

    draw = random.Random(SEED)
    sentences = [part.strip() for text in topics.values() for part in text.replace("\n", " ").split(". ")]
    sentences = [part for part in sentences if part]
    for _ in range(count):
        words: list[str] = []
        while len(words) < 120:
            words += draw.choice(sentences).split()
        yield " ".join(words[:120])
