"""Knowledge of an installation: what ships is there, questions without a source are kept redacted, writers are few."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casewright.adapters.knowledge.ingest import Choices, Source
from casewright.adapters.store.engine import Database, open_database
from casewright.domain.errors import Conflict, MeaninglessRequest, NotPermitted, Unavailable
from casewright.domain.knowledge import Query, Retrieved, SourceKind
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
from casewright.service.knowledge import (
    Knowledge,
    NotingRetrieval,
    clean_text,
    open_knowledge,
    require_staff,
    require_writer,
    shipped_sources,
)
from casewright.settings import Settings

AT = datetime(2026, 3, 10, 12, tzinfo=UTC)


class Clock:
    at = AT

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = open_database(sqlite_url)
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def knowledge(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Knowledge]:
    knowledge = open_knowledge(Settings(home=tmp_path, embedder="none"), database, now=clock)
    yield knowledge
    knowledge.close()


def principal(role: Role) -> Principal:
    return Principal("u", role, "main", "s", SCOPES_OF_ROLE[role])


def test_what_ships_can_all_be_read_and_is_put_once(knowledge: Knowledge) -> None:
    knowledge.add_shipped("main")
    before = knowledge.store("main").generation()
    names = {source.name.replace("/", ":") for source, _ in shipped_sources(with_samples=True)}
    assert {document.document_id for document in knowledge.store("main").documents()} == names
    assert {f"{desk}:policy.md" for desk in ("disputes", "orders", "returns", "sales")} <= names
    knowledge.add_shipped("main")
    assert knowledge.store("main").generation() == before


def test_samples_may_be_left_out() -> None:
    assert all(choices.kind is SourceKind.POLICY for _, choices in shipped_sources(with_samples=False))


def test_sample_that_was_retired_stays_so(knowledge: Knowledge, clock: Clock) -> None:
    knowledge.add_shipped("main")
    assert knowledge.retire("main", "samples:warranty.md", "ann")
    clock.at += timedelta(days=1)
    knowledge.add_shipped("main")
    in_force = {document.document_id for document in knowledge.store("main").documents(as_of=clock.at.date())}
    assert "samples:warranty.md" not in in_force


def test_policy_of_a_desk_is_neither_replaced_nor_retired(knowledge: Knowledge) -> None:
    knowledge.add_shipped("main")
    ingested = knowledge.add("main", [Source("returns/policy.md", lambda: b"**RET-2.1** Everything.")], "ann")
    assert [problem.source for problem in ingested.problems] == ["returns/policy.md"]
    with pytest.raises(Conflict):
        knowledge.retire("main", "returns:policy.md", "ann")
    assert knowledge.store("main").passages("returns:policy.md", 2) == ()


def test_first_search_has_what_ships_indexed_behind_it(knowledge: Knowledge) -> None:
    knowledge.search("main", "anything")
    knowledge.wait("main")
    found = knowledge.search("main", "may a pending order be cancelled?").found
    assert found[0].passage.clause == "ORD-2.1"
    assert knowledge.numbers is not None
    assert knowledge.numbers.documents == len(knowledge.store("main").documents())


def test_many_first_searches_at_once_prepare_once(knowledge: Knowledge) -> None:
    threads = [threading.Thread(target=knowledge.search, args=("main", "tea")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    knowledge.wait("main")
    assert all(document.version == 1 for document in knowledge.store("main").documents())


class Nothing:
    def search(self, query: Query) -> Retrieved:
        return Retrieved()


def test_question_without_a_source_is_kept_redacted(knowledge: Knowledge) -> None:
    store = knowledge.store("main")
    retrieval = NotingRetrieval(Nothing(), store, lambda: AT, lambda: True)
    text = "My PIN is 1234, where do quarks live? Write to ann@example.com"
    retrieval.search(Query(text, AT.date()))
    ((question, times),) = store.gaps()
    assert times == 1
    assert "1234" not in question
    assert "ann@example.com" not in question
    assert "quarks" in question


def test_nothing_is_missed_before_everything_is_there(knowledge: Knowledge) -> None:
    store = knowledge.store("main")
    NotingRetrieval(Nothing(), store, lambda: AT, lambda: False).search(Query("tea", AT.date()))
    assert store.gaps() == ()


def test_search_answers_also_where_the_note_cannot_be_kept() -> None:
    class Full:
        def note_gap(self, question: str, *, at: datetime) -> None:
            raise Unavailable("the disk is full")

    retrieval = NotingRetrieval(Nothing(), Full(), lambda: AT, lambda: True)  # type: ignore[arg-type]
    assert retrieval.search(Query("tea", AT.date())).is_abstaining


def test_stale_sources_are_counted_when_their_day_has_come(knowledge: Knowledge, clock: Clock) -> None:
    review = (AT + timedelta(days=2)).date()
    knowledge.add("main", [Source("tea.txt", lambda: b"Tea.")], "ann", choices=Choices(review_by=review))
    assert knowledge.numbers is not None
    assert knowledge.numbers.stale == 0
    clock.at += timedelta(days=2)
    knowledge.retrieval("main")
    knowledge.wait("main")
    assert knowledge.numbers.stale == 1
    assert [document.document_id for document in knowledge.stale("main")] == ["tea.txt"]


def test_what_was_counted_over_an_hour_ago_is_counted_anew_behind_and_once(
    knowledge: Knowledge, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = (AT + timedelta(days=2)).date()
    knowledge.add("main", [Source("tea.txt", lambda: b"Tea.")], "ann", choices=Choices(review_by=review))
    may_count, count, counted = threading.Event(), knowledge.count, []

    def count_later(tenant: str) -> None:
        may_count.wait(30)
        counted.append(tenant)
        count(tenant)

    monkeypatch.setattr(knowledge, "count", count_later)
    knowledge.count_behind()
    clock.at += timedelta(days=2)
    for _ in range(3):
        knowledge.count_behind()
    assert knowledge.numbers is not None
    assert knowledge.numbers.stale == 0
    may_count.set()
    knowledge.wait("main")
    assert (counted, knowledge.numbers.stale) == (["main"], 1)


def test_a_count_that_fails_is_tried_again(
    knowledge: Knowledge, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def fail(tenant: str) -> None:
        tried.append(tenant)
        raise Unavailable("the database is gone")

    monkeypatch.setattr(knowledge, "count", fail)
    clock.at += timedelta(hours=2)
    for _ in range(2):
        knowledge.count_behind()
        knowledge.wait("main")
    assert tried == ["main", "main"]


@pytest.mark.parametrize("text", ["", " ?!", "\x00"])
def test_a_search_without_words_is_refused(knowledge: Knowledge, text: str) -> None:
    with pytest.raises(MeaninglessRequest, match="no words"):
        knowledge.search("main", text)


def test_a_search_may_be_as_of_a_day(knowledge: Knowledge, clock: Clock) -> None:
    knowledge.add("main", [Source("tea.txt", lambda: b"Tea costs five.")], "ann")
    clock.at += timedelta(days=10)
    knowledge.add("main", [Source("tea.txt", lambda: b"Tea costs six.")], "ann")
    (old,) = knowledge.search("main", "tea costs", as_of=AT.date(), kinds=frozenset({SourceKind.GUIDE})).found
    assert (old.passage.text, old.citation.version) == ("Tea costs five.", 1)


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.AGENT])
def test_customers_and_agents_write_nothing(role: Role) -> None:
    with pytest.raises(NotPermitted):
        require_writer(principal(role))


def test_supervisors_and_admins_write_and_staff_reads() -> None:
    for role in (Role.SUPERVISOR, Role.ADMIN):
        require_writer(principal(role))
    for role in (Role.AGENT, Role.SUPERVISOR, Role.ADMIN):
        require_staff(principal(role))
    with pytest.raises(NotPermitted):
        require_staff(principal(Role.CUSTOMER))


def test_text_is_cleaned_of_what_no_store_keeps() -> None:
    assert clean_text("a\x00b\ud800c") == "a b?c"
