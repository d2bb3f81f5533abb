"""Ingest: files into the store by the hash of their content; what cannot be read is reported and stops nothing."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from toy_embedder import ToyEmbedder

from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.knowledge.ingest import (
    Choices,
    Ingested,
    Problem,
    Source,
    fill_vectors,
    find_sources,
    ingest,
    name_document,
)
from casewright.adapters.knowledge.store import StoredKnowledge
from casewright.adapters.store.engine import open_database
from casewright.domain.errors import ConfigurationError
from casewright.domain.knowledge import SourceKind

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def store(sqlite_url: str, tmp_path: Path) -> Iterator[StoredKnowledge]:
    database, ledger = open_database(sqlite_url), open_ledger(tmp_path, bytes(range(32)))
    yield StoredKnowledge(database, "main", ledger)
    database.close()
    ledger.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "handbook"
    (folder / "tea").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "config.md").write_text("hidden", "utf-8")
    (folder / "tea" / "green.md").write_text("# Green tea\n\nServed hot.", "utf-8")
    (folder / "rice.txt").write_text("Rice is white.", "utf-8")
    (folder / "plan.docx").write_bytes(b"PK")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4")
    (folder / "latin.txt").write_bytes(b"caf\xe9")
    return folder


def add(store: StoredKnowledge, *paths: Path, choices: Choices | None = None, days: int = 0) -> Ingested:
    sources, problems = find_sources(paths)
    done = ingest(
        store, sources, [ToyEmbedder()], by="ann", now=lambda: AT + timedelta(days=days), choices=choices
    )
    done.problems[:0] = problems
    return done


def test_folder_goes_in_and_what_cannot_be_read_is_named(store: StoredKnowledge, folder: Path) -> None:
    done = add(store, folder)
    assert (done.added, done.passages) == (2, 2)
    assert sorted(problem.source for problem in done.problems) == ["broken.pdf", "latin.txt", "plan.docx"]
    assert Problem("latin.txt", "it is not UTF-8 text (byte 3); save it as UTF-8") in done.problems
    titles = {document.document_id: document.title for document in store.documents()}
    assert titles == {"rice.txt": "Rice", "tea:green.md": "Green tea"}


def test_only_what_has_changed_is_read_again(store: StoredKnowledge, folder: Path) -> None:
    add(store, folder)
    (folder / "rice.txt").write_text("Rice is brown.", "utf-8")
    embedder = ToyEmbedder()
    sources, _ = find_sources([folder])
    done = ingest(store, sources, [embedder], by="ann", now=lambda: AT + timedelta(days=1))
    assert (done.added, done.replaced, done.unchanged) == (0, 1, 1)
    assert embedder.embedded == 1
    assert [(each.document_id, each.version) for each in store.documents()] == [
        ("rice.txt", 1),
        ("rice.txt", 2),
        ("tea:green.md", 1),
    ]


def test_choices_go_before_what_a_file_says(store: StoredKnowledge, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("---\ntitle: Own\nkind: faq\nreview_by: 2026-06-01\n---\nText.", "utf-8")
    add(store, page)
    (document,) = store.documents()
    assert (document.title, document.kind, document.review_by) == ("Own", SourceKind.FAQ, date(2026, 6, 1))
    done = add(
        store,
        page,
        choices=Choices(kind=SourceKind.PLAYBOOK, title="Given", review_by=date(2027, 6, 1)),
        days=1,
    )
    assert done.replaced == 1
    document = store.documents()[-1]
    assert (document.title, document.kind, document.review_by) == (
        "Given",
        SourceKind.PLAYBOOK,
        date(2027, 6, 1),
    )
    assert add(store, page, choices=Choices(kind=SourceKind.PLAYBOOK), days=2).unchanged == 1


def test_retired_document_comes_back_when_it_is_added_again(store: StoredKnowledge, folder: Path) -> None:
    add(store, folder)
    store.retire("rice.txt", by="ann", at=AT)
    assert add(store, folder, days=1).replaced == 1


def test_document_that_ends_before_it_begins_is_refused(store: StoredKnowledge, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Text.", "utf-8")
    done = add(store, page, choices=Choices(valid_from=date(2026, 2, 1), valid_until=date(2026, 2, 1)))
    assert "would end on 2026-02-01" in done.problems[0].reason
    assert store.documents() == ()


def test_links_and_second_files_of_one_name_are_reported(folder: Path, tmp_path: Path) -> None:
    os.symlink(folder / "rice.txt", folder / "again.txt")
    other = tmp_path / "rice.txt"
    other.write_text("Other rice.", "utf-8")
    _, problems = find_sources([folder, other])
    reasons = {problem.source: problem.reason for problem in problems}
    assert "link" in reasons["again.txt"]
    assert "same name" in reasons["rice.txt"]
    with pytest.raises(ConfigurationError, match="no such file"):
        find_sources([tmp_path / "nowhere"])


def test_file_that_goes_away_is_reported(store: StoredKnowledge, folder: Path) -> None:
    sources, _ = find_sources([folder])
    (folder / "rice.txt").unlink()
    done = ingest(store, sources, (), by="ann", now=lambda: AT)
    assert [problem.source for problem in done.problems if "cannot be opened" in problem.reason] == [
        "rice.txt"
    ]


def test_vectors_that_lack_are_made_later(store: StoredKnowledge, folder: Path) -> None:
    sources, _ = find_sources([folder])
    ingest(store, sources, (), by="ann", now=lambda: AT)
    told: list[tuple[str, int, int]] = []
    embedder = ToyEmbedder()
    assert fill_vectors(store, [embedder], lambda *each: told.append(each)) == 2
    assert fill_vectors(store, [embedder]) == 0
    assert told == [("Embedding", 2, 2)]
    assert fill_vectors(store, [ToyEmbedder("other@1")], stops=lambda: True) == 0


def test_name_becomes_an_id_that_fits_an_address_and_is_its_own() -> None:
    assert name_document("tea/green.md") == "tea:green.md"
    names = ["a/b.md", "a:b.md", "a%3Ab.md", "a%b.md"]
    assert len({name_document(name) for name in names}) == len(names)


def test_text_that_is_handed_in_is_read_as_it_says(store: StoredKnowledge) -> None:
    source = Source("tea", lambda: b"<p>Hot <b>tea</b></p>", ".html")
    ingest(store, [source], (), by="ann", now=lambda: AT)
    assert store.text("tea", 1) == "Hot tea"
