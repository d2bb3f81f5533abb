"""Ingest: files and folders of them into the store, each document whole, by the hash of its content.

Invariants: a file that has not changed is neither read nor embedded again; one that cannot be read stops
nothing and is reported with its reason; links are not followed. A document is named after its path below the
folder that was added, so that the same folder added again replaces what has changed and nothing else. What
is gone from a folder stays in force until somebody retires it.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from casewright.adapters.knowledge.readers.formats import MAX_BYTES, read_source, reader_of
from casewright.adapters.knowledge.readers.source import ReadSource, Unreadable
from casewright.adapters.knowledge.store import StoredKnowledge
from casewright.domain.errors import ConfigurationError
from casewright.domain.knowledge import Document, Passage, SourceKind
from casewright.ports.knowledge import Embedder, NewDocument, Stored, Vector
from casewright.retrieval.chunking import cut, embedded_text

BATCH = 32
LONGEST_ID = 200
_SEPARATOR = ":"

Report = Callable[[str, int, int], None]
"""What is being done, how many are done, of how many."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What whoever adds documents says about them; it goes before what a file says about itself."""

    kind: SourceKind | None = None
    title: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or a text that was handed in. `name` has `/` between its parts."""

    name: str
    load: Callable[[], bytes] = field(repr=False)
    read_as: str = ""
    """An ending, such as `.md`, where that of the name does not tell how to read it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read, and why."""

    source: str
    reason: str


@dataclass
class Ingested:
    """What became of the sources."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    passages: int = 0
    """In what was added or replaced."""
    problems: list[Problem] = field(default_factory=list)


def name_document(name: str) -> str:
    """The id of a document: its path, with `:` between the parts, so that it fits into an address."""
    path = name.replace("%", "%25").replace(_SEPARATOR, "%3A").strip("/")
    return path.replace("/", _SEPARATOR)


def find_sources(paths: Iterable[Path]) -> tuple[list[Source], list[Problem]]:
    """The files of these paths in order, and what among them no reader takes.

    Raises ConfigurationError for a path that is not there.
    """
    sources: dict[str, Source] = {}
    problems: list[Problem] = []
    for path in paths:
        if not path.exists():
            raise ConfigurationError(f"{path}: there is no such file or folder")
        for name, file in [(path.name, path)] if path.is_file() else _walk(path):
            try:
                if file.is_symlink() and file != path:
                    raise Unreadable("it is a link; name what it points to")
                reader_of(name)
                if len(name_document(name)) > LONGEST_ID:
                    raise Unreadable(f"its path is longer than {LONGEST_ID} characters")
                if name in sources:
                    raise Unreadable("another file of the same name was added with it")
                sources[name] = Source(name, _loader(file))
            except Unreadable as error:
                problems.append(Problem(name, str(error)))
    return list(sources.values()), problems


def ingest(
    store: StoredKnowledge,
    sources: Sequence[Source],
    embedders: Sequence[Embedder],
    *,
    by: str,
    now: Callable[[], datetime],
    choices: Choices | None = None,
    report: Report | None = None,
) -> Ingested:
    """Put every source into the store. Raises Unavailable where database or embedder do not answer."""
    wanted, tell = choices or Choices(), report or _tell_nobody
    known = {document.document_id: document for document in store.documents()}
    done = Ingested()
    for number, source in enumerate(sources, start=1):
        try:
            _ingest_one(store, source, embedders, wanted, known, done, by, now)
        except Unreadable as error:
            done.problems.append(Problem(source.name, str(error)))
        tell("Reading", number, len(sources))
    return done


def fill_vectors(
    store: StoredKnowledge,
    embedders: Sequence[Embedder],
    report: Report | None = None,
    *,
    stops: Callable[[], bool] = lambda: False,
) -> int:
    """Make the vectors that passages lack, batch by batch, until it is told to stop; how many."""
    made = 0
    tell = report or _tell_nobody
    for embedder in embedders:
        while not stops() and (lacking := store.lacking(embedder.model, limit=BATCH)):
            vectors = embedder.embed_passages([embedded_text(passage) for _, passage in lacking])
            keys = [key for key, _ in lacking]
            store.add_vectors(embedder.model, dict(zip(keys, vectors, strict=True)))
            made += len(keys)
            tell("Embedding", made, made + (BATCH if len(lacking) == BATCH else 0))
    return made


def _ingest_one(
    store: StoredKnowledge,
    source: Source,
    embedders: Sequence[Embedder],
    choices: Choices,
    known: dict[str, Document],
    done: Ingested,
    by: str,
    now: Callable[[], datetime],
) -> None:
    data = source.load()
    content_hash = f"sha256:{hashlib.sha256(data).hexdigest()}"
    document_id = name_document(source.name)
    at = now()
    if _is_known(known.get(document_id), content_hash, choices, at.date()):
        done.unchanged += 1
        return
    document = build_document(
        source.name, content_hash, read_source(source.read_as or source.name, data), choices
    )
    became = store.put(document, embed(document.passages, embedders), by=by, at=at)
    if became is Stored.UNCHANGED:
        done.unchanged += 1
        return
    done.added += became is Stored.ADDED
    done.replaced += became is Stored.REPLACED
    done.passages += len(document.passages)


def build_document(name: str, content_hash: str, read: ReadSource, choices: Choices) -> NewDocument:
    """What is stored of a source."""
    said = read.statements
    document_id = name_document(name)
    title = choices.title or said.title or _title_of(name)
    valid_from = choices.valid_from or said.valid_from
    valid_until = choices.valid_until or said.valid_until
    if valid_from is not None and valid_until is not None and valid_until <= valid_from:
        raise Unreadable(f"it would end on {valid_until}, not after it begins on {valid_from}")
    return NewDocument(
        document_id=document_id,
        title=title,
        kind=choices.kind or said.kind or SourceKind.GUIDE,
        source=name,
        content_hash=content_hash,
        text=read.text,
        passages=cut(document_id, title, read.text, read.blocks),
        valid_from=valid_from,
        valid_until=valid_until,
        review_by=choices.review_by or said.review_by,
    )


def embed(passages: Sequence[Passage], embedders: Sequence[Embedder]) -> dict[str, list[Vector]]:
    """One vector for each passage by each embedder."""
    made: dict[str, list[Vector]] = {}
    texts = [embedded_text(passage) for passage in passages]
    for embedder in embedders:
        vectors: list[Vector] = []
        for start in range(0, len(texts), BATCH):
            vectors += embedder.embed_passages(texts[start : start + BATCH])
        made[embedder.model] = vectors
    return made


def _is_known(latest: Document | None, content_hash: str, choices: Choices, today: date) -> bool:
    """Whether the last version has this content, is not over, and says what was chosen."""
    if latest is None or latest.content_hash != content_hash:
        return False
    if latest.valid_until is not None and latest.valid_until <= today:
        return False
    return all(
        chosen is None or chosen == kept
        for chosen, kept in (
            (choices.kind, latest.kind),
            (choices.title, latest.title),
            (choices.valid_from, latest.valid_from),
            (choices.valid_until, latest.valid_until),
            (choices.review_by, latest.review_by),
        )
    )


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files below a folder by name, without hidden ones; links to folders are not entered."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                file = Path(place) / name
                yield file.relative_to(folder).as_posix(), file


def _loader(file: Path) -> Callable[[], bytes]:
    def load() -> bytes:
        try:
            if file.stat().st_size > MAX_BYTES:
                raise Unreadable(f"it is larger than {MAX_BYTES // 1024 // 1024} MiB; split it")
            return file.read_bytes()
        except OSError as error:
            raise Unreadable(f"it cannot be opened: {error.strerror}") from None

    return load


def _title_of(name: str) -> str:
    stem = PurePosixPath(name).stem.replace("_", " ").replace("-", " ").strip()
    return stem[:1].upper() + stem[1:] or name


def _tell_nobody(what: str, done: int, total: int) -> None:
    """Where nobody watches."""
