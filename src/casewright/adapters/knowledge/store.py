"""The knowledge store of one tenant in the business database: ports.knowledge, for both databases.

Invariants: a version of a document is there with all its passages, the vectors it came with and its entry on
the ledger, or not at all; what was stored never changes but for the day on which it ends; the generation
grows in the transaction of every change. It reads no files and embeds nothing: `ingest` does.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from casewright.adapters.journal.chain import Head
from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.journal.tables import insert_once
from casewright.adapters.knowledge.rows import (
    VISIBLE,
    read_document,
    read_passage,
    same_source,
    write_day,
    write_passage,
)
from casewright.adapters.knowledge.tables import DOCUMENTS, GAPS, MODELS, PASSAGES, STATES, VECTORS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import to_micros
from casewright.domain.audit import AuditName
from casewright.domain.knowledge import Document, Passage
from casewright.ports.knowledge import NewDocument, Stored, Vector

WORDS_ALONE = ""
"""Stands for no embedder among the models."""
MOST_GAPS = 5_000
"""Questions without a source that are kept; beyond them the rarest and oldest go."""
LONGEST_GAP = 500
INSTALLATION = "installation"
"""Who has added what ships with the product."""
_NAMES = {
    Stored.ADDED: AuditName.KNOWLEDGE_ADDED,
    Stored.REPLACED: AuditName.KNOWLEDGE_REPLACED,
}
_FIRST_STATE = insert_once(STATES)
_FIRST_MODEL = insert_once(MODELS)
_NEW_VECTOR = insert_once(VECTORS)
_NEW_GAP = insert_once(GAPS)


class StoredKnowledge:
    """Documents and passages of one tenant. Thread-safe."""

    def __init__(self, database: Database, tenant: str, ledger: Ledger) -> None:
        self._database = database
        self._tenant = tenant
        self._ledger = ledger

    def put(
        self,
        document: NewDocument,
        vectors: Mapping[str, Sequence[Vector]],
        *,
        by: str,
        at: datetime,
    ) -> Stored:
        """Keep a document, whole. Vectors of a version that is there already are added to it."""
        is_trusted = by == INSTALLATION
        rows = [
            write_passage(self._tenant, 0, passage, is_trusted=is_trusted) for passage in document.passages
        ]

        def work(connection: Connection) -> tuple[Stored, Head | None]:
            self._lock(connection)
            latest = self._latest(connection, document.document_id)
            if latest is not None and same_source(latest, document):
                keys = self._keys_of(connection, document.document_id, latest.version)
                if self._add_vectors(connection, _pair(keys, vectors)):
                    self._move_on(connection)
                return Stored.UNCHANGED, None
            version = 1 if latest is None else latest.version + 1
            start = document.valid_from or (None if latest is None else at.date())
            if start is not None:
                self._end(connection, document.document_id, start)
            connection.execute(insert(DOCUMENTS), self._row(document, version, start, at))
            keys = self._insert_passages(connection, rows, version)
            self._add_vectors(connection, _pair(keys, vectors))
            self._move_on(connection)
            became = Stored.ADDED if latest is None else Stored.REPLACED
            told = {
                "version": version,
                "content_hash": document.content_hash,
                "passages": len(rows),
                "noticed": sum(row["annotations"] != "[]" for row in rows),
            }
            return became, self._tell(connection, document.document_id, _NAMES[became], told, by, at)

        became, head = self._database.write(work)
        if head is not None:
            self._ledger.note(head)
        return became

    def retire(self, document_id: str, *, by: str, at: datetime) -> bool:
        """End a document from that day on. False where there is none in force."""

        def work(connection: Connection) -> Head | None:
            self._lock(connection)
            if not self._end(connection, document_id, at.date()):
                return None
            self._move_on(connection)
            told = {"until": at.date().isoformat()}
            return self._tell(connection, document_id, AuditName.KNOWLEDGE_RETIRED, told, by, at)

        head = self._database.write(work)
        if head is not None:
            self._ledger.note(head)
        return head is not None

    def documents(self, *, as_of: date | None = None) -> tuple[Document, ...]:
        """All versions by id, or those in force on a day."""
        wanted = (
            select(*(DOCUMENTS.c[name] for name in VISIBLE))
            .where(DOCUMENTS.c.tenant == self._tenant)
            .order_by(DOCUMENTS.c.document_id, DOCUMENTS.c.version)
        )
        if as_of is not None:
            wanted = wanted.where(in_force(as_of))
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return tuple(read_document(row) for row in rows)

    def text(self, document_id: str, version: int) -> str | None:
        """The whole text of a version, which the spans of its passages count in."""
        wanted = select(DOCUMENTS.c.text).where(self._is(document_id), DOCUMENTS.c.version == version)
        return self._database.read(lambda connection: connection.execute(wanted).scalar())

    def passages(self, document_id: str, version: int) -> tuple[Passage, ...]:
        """The passages of a version, in order."""
        wanted = passages_of(self._tenant).where(
            PASSAGES.c.document_id == document_id, PASSAGES.c.version == version
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return tuple(read_passage(row) for row in sorted(rows, key=lambda row: int(row.number)))

    def generation(self) -> int:
        """Grows with every change."""
        return self._database.read(lambda connection: read_generation(connection, self._tenant))

    def lacking(self, model: str, *, limit: int = 64) -> tuple[tuple[int, Passage], ...]:
        """Passages, with their keys, of which the model has made no vector yet."""
        wanted = passages_of(self._tenant)
        has_one = select(VECTORS.c.passage_key).where(
            VECTORS.c.tenant == self._tenant,
            VECTORS.c.model == model,
            VECTORS.c.passage_key == PASSAGES.c.passage_key,
        )
        wanted = wanted.where(~has_one.exists()).order_by(PASSAGES.c.passage_key).limit(limit)
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return tuple((row.passage_key, read_passage(row)) for row in rows)

    def add_vectors(self, model: str, vectors: Mapping[int, Vector]) -> None:
        """Keep vectors by passage key; those that are there stay as they are."""

        def work(connection: Connection) -> None:
            self._lock(connection)
            if self._add_vectors(connection, {model: vectors}):
                self._move_on(connection)

        self._database.write(work)

    def set_threshold(self, model: str | None, threshold_micro: int | None) -> None:
        """Keep the calibrated score below which nothing is cited with this embedder; None: words alone."""
        name = WORDS_ALONE if model is None else model

        def work(connection: Connection) -> None:
            self._lock(connection)
            connection.execute(
                _FIRST_MODEL, {"tenant": self._tenant, "model": name, "threshold_micro": threshold_micro}
            )
            connection.execute(
                update(MODELS)
                .where(MODELS.c.tenant == self._tenant, MODELS.c.model == name)
                .values(threshold_micro=threshold_micro)
            )
            self._move_on(connection)

        self._database.write(work)

    def note_gap(self, question: str, *, at: datetime) -> None:
        """Count a redacted question for which nothing was found."""
        asked = " ".join(question.split())[:LONGEST_GAP]
        if asked:
            self._database.write(lambda connection: self._note_gap(connection, asked, to_micros(at)))

    def gaps(self, *, limit: int = 100) -> tuple[tuple[str, int], ...]:
        """Questions without a source and how often each came, most often first."""
        wanted = (
            select(GAPS.c.question, GAPS.c.times)
            .where(GAPS.c.tenant == self._tenant)
            .order_by(GAPS.c.times.desc(), GAPS.c.last_at.desc(), GAPS.c.question)
            .limit(limit)
        )
        rows = self._database.read(lambda connection: connection.execute(wanted).all())
        return tuple((row.question, row.times) for row in rows)

    def count_gaps(self) -> int:
        """How many different questions have no source."""
        wanted = select(func.count()).where(GAPS.c.tenant == self._tenant)
        return self._database.read(lambda connection: connection.execute(wanted).scalar_one())

    def _note_gap(self, connection: Connection, question: str, at: int) -> None:
        connection.execute(
            _NEW_GAP,
            {"tenant": self._tenant, "question": question, "times": 0, "first_at": at, "last_at": at},
        )
        connection.execute(
            update(GAPS)
            .where(GAPS.c.tenant == self._tenant, GAPS.c.question == question)
            .values(times=GAPS.c.times + 1, last_at=at)
        )
        kept = connection.execute(select(func.count()).where(GAPS.c.tenant == self._tenant)).scalar_one()
        if kept > MOST_GAPS:
            rarest = (
                select(GAPS.c.question)
                .where(GAPS.c.tenant == self._tenant, GAPS.c.question != question)
                .order_by(GAPS.c.times, GAPS.c.last_at)
                .limit(kept - MOST_GAPS)
            )
            connection.execute(delete(GAPS).where(GAPS.c.tenant == self._tenant, GAPS.c.question.in_(rarest)))

    def _lock(self, connection: Connection) -> None:
        """One writer of the tenant at a time, so that versions and generations have one order."""
        connection.execute(_FIRST_STATE, {"tenant": self._tenant, "generation": 0})
        connection.execute(
            select(STATES.c.generation).where(STATES.c.tenant == self._tenant).with_for_update()
        )

    def _move_on(self, connection: Connection) -> None:
        connection.execute(
            update(STATES).where(STATES.c.tenant == self._tenant).values(generation=STATES.c.generation + 1)
        )

    def _is(self, document_id: str) -> Any:
        return and_(DOCUMENTS.c.tenant == self._tenant, DOCUMENTS.c.document_id == document_id)

    def _latest(self, connection: Connection, document_id: str) -> Row[Any] | None:
        wanted = select(DOCUMENTS).where(self._is(document_id)).order_by(DOCUMENTS.c.version.desc()).limit(1)
        return connection.execute(wanted).first()

    def _end(self, connection: Connection, document_id: str, day: date) -> int:
        """End whatever would be in force on that day or later; how many versions that were."""
        text = day.isoformat()
        later = or_(DOCUMENTS.c.valid_until.is_(None), DOCUMENTS.c.valid_until > text)
        ended = update(DOCUMENTS).where(self._is(document_id), later).values(valid_until=text)
        return connection.execute(ended).rowcount

    def _row(self, document: NewDocument, version: int, start: date | None, at: datetime) -> dict[str, Any]:
        return {
            "tenant": self._tenant,
            "document_id": document.document_id,
            "version": version,
            "title": document.title,
            "kind": document.kind.value,
            "source": document.source,
            "content_hash": document.content_hash,
            "text": document.text,
            "passages": len(document.passages),
            "added_at": to_micros(at),
            "valid_from": write_day(start),
            "valid_until": write_day(document.valid_until),
            "review_by": write_day(document.review_by),
        }

    def _insert_passages(self, connection: Connection, rows: list[dict[str, Any]], version: int) -> list[int]:
        if not rows:
            return []
        adding = insert(PASSAGES).returning(PASSAGES.c.passage_key, sort_by_parameter_order=True)
        return list(connection.execute(adding, [row | {"version": version} for row in rows]).scalars())

    def _keys_of(self, connection: Connection, document_id: str, version: int) -> list[int]:
        wanted = (
            select(PASSAGES.c.passage_key)
            .where(
                PASSAGES.c.tenant == self._tenant,
                PASSAGES.c.document_id == document_id,
                PASSAGES.c.version == version,
            )
            .order_by(PASSAGES.c.number)
        )
        return list(connection.execute(wanted).scalars())

    def _add_vectors(self, connection: Connection, vectors: Mapping[str, Mapping[int, Vector]]) -> bool:
        added = False
        for model, of_keys in vectors.items():
            if not of_keys:
                continue
            connection.execute(
                _FIRST_MODEL, {"tenant": self._tenant, "model": model, "threshold_micro": None}
            )
            rows = [
                {"passage_key": key, "model": model, "tenant": self._tenant, "vector": vector}
                for key, vector in of_keys.items()
            ]
            added |= connection.execute(_NEW_VECTOR, rows).rowcount != 0
        return added

    def _tell(
        self,
        connection: Connection,
        document_id: str,
        name: AuditName,
        told: Mapping[str, Any],
        by: str,
        at: datetime,
    ) -> Head:
        body = {"document_id": document_id, "by": by, **told}
        return self._ledger.append(connection, self._tenant, f"knowledge:{document_id}", name, body, at=at)


def in_force(day: date) -> Any:
    """The versions in force on a day."""
    text = day.isoformat()
    return and_(
        or_(DOCUMENTS.c.valid_from.is_(None), DOCUMENTS.c.valid_from <= text),
        or_(DOCUMENTS.c.valid_until.is_(None), DOCUMENTS.c.valid_until > text),
    )


def passages_of(tenant: str) -> Any:
    """Every passage of a tenant, with its document's title."""
    return (
        select(PASSAGES, DOCUMENTS.c.title)
        .join(
            DOCUMENTS,
            and_(
                DOCUMENTS.c.tenant == PASSAGES.c.tenant,
                DOCUMENTS.c.document_id == PASSAGES.c.document_id,
                DOCUMENTS.c.version == PASSAGES.c.version,
            ),
        )
        .where(PASSAGES.c.tenant == tenant)
    )


def read_generation(connection: Connection, tenant: str) -> int:
    """The generation of a tenant's knowledge; 0 before the first change."""
    return connection.execute(select(STATES.c.generation).where(STATES.c.tenant == tenant)).scalar() or 0


def _pair(keys: Sequence[int], vectors: Mapping[str, Sequence[Vector]]) -> dict[str, dict[int, Vector]]:
    """Vectors by passage key. Raises ValueError where they are not one for each passage."""
    return {model: dict(zip(keys, some, strict=True)) for model, some in vectors.items()}
