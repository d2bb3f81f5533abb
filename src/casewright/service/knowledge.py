"""Knowledge of this installation: what the doors add, search and list, and what ships with it.

The clauses of all desks and a small sample knowledge base are indexed when a tenant's knowledge is first
asked for: in the background, words first, then vectors; until then a search works on what is there. Who may
write is asked here; a question without a source is redacted and kept for the gap report. No decision reads a
passage.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from casewright.adapters.knowledge.store import INSTALLATION
from casewright.bootstrap import desk_names, read_ruleset_source
from casewright.domain.errors import CasewrightError, Conflict, MeaninglessRequest, NotPermitted, Unavailable
from casewright.domain.knowledge import Document, Query, Retrieved, SourceKind
from casewright.domain.principal import Principal, Role
from casewright.ports.knowledge import Embedder, PassageIndex, Retrieval
from casewright.retrieval.retriever import Embedders, Retriever
from casewright.service.knowledge_metrics import KnowledgeNumbers
from casewright.text.redaction import redact

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from casewright.adapters.journal.ledger import Ledger
    from casewright.adapters.knowledge.ingest import Choices, Ingested, Report, Source
    from casewright.adapters.knowledge.store import StoredKnowledge
    from casewright.adapters.knowledge.verification import Verification
    from casewright.adapters.store.engine import Database
    from casewright.settings import Settings

WRITERS = frozenset({Role.SUPERVISOR, Role.ADMIN})
COUNTED_EVERY = timedelta(hours=1)
_MOST_NAMED = 20
CLAUSES = "policy."
"""How the files begin that hold clauses: `policy.md`, and `policy.bn.md` in Bangla."""
NAME_TAKEN = "the name is a desk's policy's; change the policy instead"
_RESERVED = tuple(f"{desk}:{CLAUSES}" for desk in desk_names())


class NotingRetrieval:
    """A search that keeps the questions for which nothing was found, once everything is there to be found."""

    def __init__(
        self,
        search: Retrieval,
        store: "StoredKnowledge",
        now: Callable[[], datetime],
        is_ready: Callable[[], bool],
    ) -> None:
        self._search = search
        self._store = store
        self._now = now
        self._is_ready = is_ready

    def search(self, query: Query) -> Retrieved:
        """The best passages; a question without any is noted, redacted."""
        found = self._search.search(query)
        if found.is_abstaining and self._is_ready():
            try:
                self._store.note_gap(redact(query.text).text, at=self._now())
            except Unavailable:
                return found  # the answer is the same without the note
        return found


@dataclass
class _Tenant:
    """What is open of a tenant."""

    store: "StoredKnowledge"
    index: Callable[[], PassageIndex]
    retrieval: Retrieval
    preparing: threading.Thread | None = None
    has_shipped: bool = False
    """What ships is indexed by its words."""
    is_prepared: bool = False
    calibrated: int = -1
    """The generation of the index when its thresholds were measured."""


class Knowledge:
    """The knowledge of every tenant. Safe to share between threads; close it before the database."""

    def __init__(
        self,
        settings: "Settings",
        database: "Database",
        ledger: "Ledger",
        embedders: Embedders,
        now: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._database = database
        self._ledger = ledger
        self._embedders = embedders
        self._now = now
        self._tenants: dict[str, _Tenant] = {}
        self._gate = threading.Lock()
        self._is_closing = threading.Event()
        self.numbers: KnowledgeNumbers | None = None
        """Of the installation's own tenant, as they were last counted."""
        self._counted_at = now()
        self._counting: threading.Thread | None = None
        self._may_count = threading.Lock()

    def store(self, tenant: str) -> "StoredKnowledge":
        """Documents and passages."""
        return self._open(tenant).store

    def retrieval(self, tenant: str) -> Retrieval:
        """Search; the shipped documents are indexed behind the first call."""
        opened = self._open(tenant)
        self.prepare_behind(tenant)
        self.count_behind()
        return opened.retrieval

    def index(self, tenant: str) -> Callable[[], PassageIndex]:
        """What is searched, as it stands."""
        return self._open(tenant).index

    @property
    def embedders(self) -> tuple[Embedder, ...]:
        """Each embedder that makes vectors, once."""
        both = (self._embedders.english, self._embedders.multilingual)
        return tuple({each.model: each for each in both if each is not None}.values())

    def add(
        self,
        tenant: str,
        sources: "Sequence[Source]",
        by: str,
        *,
        choices: "Choices | None" = None,
        report: "Report | None" = None,
    ) -> "Ingested":
        """Put sources into the store, with their vectors; under a name of a desk's policy nothing is put."""
        from casewright.adapters.knowledge.ingest import Problem, ingest, name_document

        taken = [each for each in sources if name_document(each.name).startswith(_RESERVED)]
        names = {each.name for each in taken}
        ingested = ingest(
            self.store(tenant),
            [each for each in sources if each.name not in names],
            self.embedders,
            by=by,
            now=self._now,
            choices=choices,
            report=report,
        )
        ingested.problems += [Problem(each.name, NAME_TAKEN) for each in taken]
        if ingested.passages:
            self.calibrate(tenant)
        self.count(tenant)
        return ingested

    def calibrate(self, tenant: str) -> None:
        """Measure the thresholds below which nothing is cited, where the store has changed since."""
        from casewright.retrieval.calibration import calibrate

        opened = self._open(tenant)
        index = opened.index()
        if opened.calibrated == index.generation:
            return
        for model, threshold in calibrate(index, self._embedders, self.today()).items():
            if index.threshold_micro(model) != threshold:
                opened.store.set_threshold(model, threshold)
        opened.calibrated = opened.index().generation

    def retire(self, tenant: str, document_id: str, by: str) -> bool:
        """End a document today. False where there is none in force. Raises Conflict for a desk's policy."""
        if document_id.startswith(_RESERVED):
            raise Conflict(
                "The clauses of a desk follow its policy: they are not retired.", code="name_taken"
            )
        is_retired = self.store(tenant).retire(document_id, by=by, at=self._now())
        self.count(tenant)
        return is_retired

    def count(self, tenant: str) -> None:
        """Count what is known and what is stale, for the metrics; stale sources are also logged."""
        if tenant != self._settings.tenant:
            return
        from casewright.adapters.log import get_logger

        self._counted_at = self._now()
        store = self.store(tenant)
        documents, stale = store.documents(as_of=self.today()), self.stale(tenant)
        self.numbers = KnowledgeNumbers(len(documents), len(stale), store.count_gaps())
        if stale:
            names = [document.document_id for document in stale[:_MOST_NAMED]]
            get_logger().warning("stale sources", tenant=tenant, count=len(stale), documents=names)

    def count_behind(self) -> None:
        """The same in the background, where the last count is older than an hour. Never waits."""
        if self._now() - self._counted_at <= COUNTED_EVERY or self._is_closing.is_set():
            return
        if self._may_count.acquire(blocking=False):
            try:
                counting = threading.Thread(target=self._count_quietly, name="counting", daemon=True)
                counting.start()
            except RuntimeError:  # the machine gives no more threads
                self._may_count.release()
            else:
                self._counting = counting

    def search(
        self,
        tenant: str,
        text: str,
        *,
        as_of: date | None = None,
        kinds: frozenset[SourceKind] = frozenset(),
        limit: int = 5,
    ) -> Retrieved:
        """The best passages for a question, which is redacted before anything reads it.

        Raises MeaninglessRequest for a question without words.
        """
        asked = redact(clean_text(text)).text
        if not any(character.isalnum() for character in asked):
            raise MeaninglessRequest("The query holds no words; write what you look for.", code="empty_query")
        return self.retrieval(tenant).search(Query(asked, as_of or self.today(), kinds, limit))

    def verify(self, tenant: str) -> "Verification":
        """Whether everything is whole, and what is stale."""
        from casewright.adapters.knowledge.verification import verify

        return verify(self._database, tenant, self.today())

    def stale(self, tenant: str) -> tuple[Document, ...]:
        """Sources in force whose day of review has come."""
        from casewright.adapters.knowledge.verification import list_stale

        return list_stale(self.store(tenant).documents(as_of=self.today()), self.today())

    def today(self) -> date:
        """The day, in UTC."""
        return self._now().date()

    def prepare(self, tenant: str, report: "Report | None" = None) -> None:
        """Index what ships with the product and make the vectors that lack. One process at a time does so."""
        from casewright.adapters.knowledge.ingest import fill_vectors

        self.add_shipped(tenant)
        self.count(tenant)
        with _alone(self._settings.home / "knowledge.lock") as is_alone:
            if is_alone:
                fill_vectors(self.store(tenant), self.embedders, report, stops=self._is_closing.is_set)
                self.calibrate(tenant)
        self._open(tenant).is_prepared = True
        self.count(tenant)

    def prepare_behind(self, tenant: str) -> None:
        """The same in the background, once for each process."""
        opened = self._open(tenant)
        with self._gate:
            if opened.is_prepared or opened.preparing is not None:
                return
            opened.preparing = threading.Thread(
                target=self._prepare_quietly, args=(tenant,), name="knowledge", daemon=True
            )
            opened.preparing.start()

    def wait(self, tenant: str) -> None:
        """Until what runs in the background has ended."""
        for running in (self._open(tenant).preparing, self._counting):
            if running is not None:
                running.join()

    def add_shipped(self, tenant: str) -> None:
        """The clauses of the desks and the sample documents that are not there yet; without vectors."""
        from casewright.adapters.knowledge.ingest import ingest, name_document

        store = self.store(tenant)
        known = {document.document_id: document for document in store.documents()}
        for source, choices in shipped_sources(with_samples=self._settings.sample_knowledge):
            before = known.get(name_document(source.name))
            if before is not None and _is_settled(before, source):
                continue
            ingest(store, [source], (), by=INSTALLATION, now=self._now, choices=choices)
        self._open(tenant).has_shipped = True

    def close(self) -> None:
        """Let what runs in the background come to its end, and write the checkpoints that wait."""
        self._is_closing.set()
        for opened in list(self._tenants.values()):
            if opened.preparing is not None:
                opened.preparing.join()
        if (counting := self._counting) is not None:
            counting.join()
        self._ledger.close()

    def _count_quietly(self) -> None:
        from casewright.adapters.log import get_logger

        try:
            self.count(self._settings.tenant)
        except CasewrightError as error:
            get_logger().warning("knowledge not counted", code=error.code)
        finally:
            self._may_count.release()

    def _prepare_quietly(self, tenant: str) -> None:
        from casewright.adapters.log import get_logger

        try:
            self.prepare(tenant)
        except CasewrightError as error:
            get_logger().warning("knowledge not prepared", tenant=tenant, code=error.code)
        except OSError as error:
            get_logger().warning("knowledge not prepared", tenant=tenant, code=type(error).__name__)

    def _open(self, tenant: str) -> _Tenant:
        from casewright.adapters.knowledge.opening import open_index
        from casewright.adapters.knowledge.store import StoredKnowledge

        with self._gate:
            opened = self._tenants.get(tenant)
            if opened is None:
                store = StoredKnowledge(self._database, tenant, self._ledger)
                index = open_index(self._database, tenant, self.today, self._settings.home)
                search = Retriever(index, self._embedders)
                noting = NotingRetrieval(search, store, self._now, lambda: self._tenants[tenant].has_shipped)
                opened = _Tenant(store, index, noting)
                self._tenants[tenant] = opened
            return opened


def open_knowledge(
    settings: "Settings", database: "Database", *, now: Callable[[], datetime] | None = None
) -> Knowledge:
    """The knowledge over an open database. Raises ConfigurationError for an embedder that is not there."""
    from casewright.adapters import clock
    from casewright.adapters.embedders.opening import open_embedders
    from casewright.adapters.journal.opening import load_ledger_key, open_ledger

    given = settings.ledger_key.get_secret_value() if settings.ledger_key else None
    key = settings.embedder_key.get_secret_value() if settings.embedder_key else None
    embedders = open_embedders(settings.embedder, settings.home, key=key, threads=settings.embedding_threads)
    ledger = open_ledger(settings.home, load_ledger_key(database, settings.home, given=given))
    return Knowledge(settings, database, ledger, embedders, now or clock.now)


def clean_text(text: str) -> str:
    """A text that can be kept: without NUL and halves of characters."""
    return text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")


def require_staff(principal: Principal) -> None:
    """Raises NotPermitted for whoever may not look into what is known."""
    if not principal.is_staff:
        raise NotPermitted("Only staff may look into what is known.")


def require_writer(principal: Principal) -> None:
    """Raises NotPermitted for whoever may not change what is known."""
    if principal.role not in WRITERS:
        raise NotPermitted("Only supervisors and admins may change what is known.")


def shipped_sources(*, with_samples: bool) -> "Iterator[tuple[Source, Choices]]":
    """What ships: each desk's policy, and the documents of the sample knowledge base and of the desks."""
    from casewright.adapters.knowledge.ingest import Choices, Source

    for desk in desk_names():
        for name, text in sorted(read_ruleset_source(desk).files.items()):
            if name.startswith(CLAUSES) and name.endswith(".md"):
                yield Source(f"{desk}/{name}", partial(text.encode, "utf-8")), Choices(kind=SourceKind.POLICY)
    if not with_samples:
        return
    for desk in desk_names():
        playbook = resources.files(f"casewright.desks.{desk}").joinpath("samples", "playbook")
        yield from _files_in(playbook, f"{desk}/playbook", Choices(kind=SourceKind.PLAYBOOK))
    samples = resources.files("casewright.adapters.knowledge").joinpath("samples")
    yield from _files_in(samples, "samples", Choices())


def _files_in(folder: "Traversable", name: str, choices: "Choices") -> "Iterator[tuple[Source, Choices]]":
    from casewright.adapters.knowledge.ingest import Source
    from casewright.adapters.knowledge.readers.formats import READERS

    if folder.is_dir():
        for entry in sorted(folder.iterdir(), key=lambda each: each.name):
            if entry.name.endswith(tuple(READERS)):
                yield Source(f"{name}/{entry.name}", entry.read_bytes), choices


def _is_settled(before: Document, source: "Source") -> bool:
    """Whether a shipped document is there as it ships, or was retired by somebody, which stays so."""
    import hashlib

    same = before.content_hash == f"sha256:{hashlib.sha256(source.load()).hexdigest()}"
    return same or (before.kind is not SourceKind.POLICY and before.valid_until is not None)


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether no other process holds this lock; it is let go at the end, however the process ends."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
