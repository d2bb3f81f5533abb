"""How well retrieval finds documents: a labelled set through the store, the index and the search that ship.

A document scores as its best passage; nothing is held back by the threshold of abstention, whose effect is
reported beside. nDCG@10 with binary relevance: the sum of 1 / log2(1 + rank) over the required documents
among the first ten, divided by the greatest sum possible (Järvelin and Kekäläinen, 2002); recall@5: the share
of the required documents among the first five. Works on a scratch database.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import log2
from pathlib import Path
from statistics import fmean, median
from typing import TYPE_CHECKING

from casewright.domain.knowledge import Query
from casewright.evaluation.knowledge_set import SetDocument, SetQuestion
from casewright.ports.knowledge import Embedder, PassageIndex
from casewright.retrieval.fusion import MILLION
from casewright.retrieval.queries import read_query
from casewright.retrieval.retriever import BANGLA_CORPUS_MICRO, Embedders, rank

if TYPE_CHECKING:
    from casewright.adapters.knowledge.store import StoredKnowledge

DEPTH, RECALL_DEPTH = 10, 5
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_TENANT = "bench"
Progress = Callable[[int], None]
"""Told how many documents are stored and questions asked."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of one question."""

    id: str
    model: str | None
    ndcg: float
    recall: float
    best: tuple[str, ...]
    """The first ten documents."""
    score_micro: int
    """Of the best passage."""
    seconds: float


@dataclass(frozen=True, slots=True)
class KnowledgeReport:
    """A whole set."""

    documents: int
    passages: int
    ingest_s: float
    threshold_micro: dict[str, int]
    """By model; what a search would ask for at least."""
    asked: tuple[Asked, ...]

    @property
    def ndcg(self) -> float:
        """Mean nDCG@10."""
        return fmean(each.ndcg for each in self.asked)

    @property
    def recall(self) -> float:
        """Mean recall@5."""
        return fmean(each.recall for each in self.asked)

    @property
    def abstained(self) -> float:
        """Share of the questions to which a search would cite nothing."""
        return fmean(each.score_micro < self.threshold_micro[each.model or ""] for each in self.asked)

    @property
    def query_ms(self) -> float:
        """The middle question's time, its embedding included."""
        return median(each.seconds for each in self.asked) * 1000


def measure_set(
    documents: Sequence[SetDocument],
    questions: Sequence[SetQuestion],
    embedders: Embedders,
    progress: Progress,
) -> KnowledgeReport:
    """Store the documents, ask every question, and score what is found."""
    from casewright.adapters.journal.opening import open_ledger
    from casewright.adapters.knowledge.indexes import CurrentIndex
    from casewright.adapters.knowledge.store import StoredKnowledge
    from casewright.adapters.store.engine import open_database
    from casewright.retrieval.calibration import calibrate

    with tempfile.TemporaryDirectory(prefix="casewright-bench-") as folder:
        database = open_database(f"sqlite:///{folder}/knowledge.db", pool_size=2)
        ledger = open_ledger(Path(folder), bytes(32))
        try:
            store = StoredKnowledge(database, _TENANT, ledger)
            began = time.perf_counter()
            names, passages = _store(store, documents, _wanted(documents, questions, embedders), progress)
            ingest_s = time.perf_counter() - began
            index = CurrentIndex(database, _TENANT, _AT.date)()
            thresholds = calibrate(index, embedders, _AT.date())
            asked = []
            for number, question in enumerate(questions, start=1):
                asked.append(_ask(index, embedders, question, names))
                progress(len(documents) + number)
        finally:
            ledger.close()
            database.close()
    kept = {model or "": threshold for model, threshold in thresholds.items()}
    return KnowledgeReport(len(documents), passages, ingest_s, kept, tuple(asked))


def score_ndcg(found: Sequence[str], required: frozenset[str], depth: int = DEPTH) -> float:
    """nDCG of a ranking without repeats."""
    gained = sum(1 / log2(place + 2) for place, name in enumerate(found[:depth]) if name in required)
    return gained / sum(1 / log2(place + 2) for place in range(min(depth, len(required))))


def score_recall(found: Sequence[str], required: frozenset[str], depth: int = RECALL_DEPTH) -> float:
    """Share of the required documents among the first."""
    return len(required.intersection(found[:depth])) / len(required)


def is_some_bangla(documents: Sequence[SetDocument], questions: Sequence[SetQuestion]) -> bool:
    """Whether the set has use for the multilingual model."""
    texts = [*(question.text for question in questions), *(document.content for document in documents)]
    return any(read_query(text).is_bangla for text in texts)


def _wanted(
    documents: Sequence[SetDocument], questions: Sequence[SetQuestion], embedders: Embedders
) -> list[Embedder]:
    """The embedders that will be asked; each embedding of a set takes its time."""
    in_bangla = fmean(read_query(document.content).is_bangla for document in documents)
    is_bangla_corpus = in_bangla * MILLION >= BANGLA_CORPUS_MICRO
    asked_in_bangla = [read_query(question.text).is_bangla for question in questions]
    english = None if all(asked_in_bangla) or is_bangla_corpus else embedders.english
    wanted = embedders.multilingual if any(asked_in_bangla) or is_bangla_corpus else None
    both = (english or (None if wanted else embedders.english), wanted)
    return list({each.model: each for each in both if each is not None}.values())


def _store(
    store: "StoredKnowledge",
    documents: Sequence[SetDocument],
    embedders: Sequence[Embedder],
    progress: Progress,
) -> tuple[dict[str, str], int]:
    """Put all documents; the set's id of each stored one, and how many passages there are."""
    from casewright.adapters.knowledge.ingest import Choices, build_document, embed
    from casewright.adapters.knowledge.readers.formats import read_source

    names: dict[str, str] = {}
    passages = 0
    for number, document in enumerate(documents):
        data = document.content.encode("utf-8", "replace")
        name = f"{number:07}.md"
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
        choices = Choices(title=document.title or document.id)
        new = build_document(name, digest, read_source(name, data), choices)
        store.put(new, embed(new.passages, embedders), by=_TENANT, at=_AT)
        names[new.document_id] = document.id
        passages += len(new.passages)
        progress(number + 1)
    return names, passages


def _ask(index: PassageIndex, embedders: Embedders, question: SetQuestion, names: dict[str, str]) -> Asked:
    began = time.perf_counter()
    model, ranked = rank(index, embedders, Query(question.text, date(2026, 1, 1)))
    seconds = time.perf_counter() - began
    found = tuple(dict.fromkeys(names[index.passage(each.key).document_id] for each in ranked))
    return Asked(
        question.id,
        model,
        score_ndcg(found, question.required),
        score_recall(found, question.required),
        found[:DEPTH],
        ranked[0].score_micro if ranked else 0,
        seconds,
    )
