"""The one writer: works share a commit, keep their order, and a lost transaction is told to all of them."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from casewright.adapters.store.engine import open_database
from casewright.adapters.store.group_commit import LARGEST_GROUP, GroupCommitWriter
from casewright.domain.errors import Unavailable


class Watched:
    """An engine that counts its commits."""

    def __init__(self, path: Path) -> None:
        self.engine: Engine = create_engine(
            f"sqlite:///{path}",
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            connect_args={"check_same_thread": False, "isolation_level": None},
        )
        self.commits = 0
        event.listen(self.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        event.listen(self.engine, "commit", self._count)

    def _count(self, _: Connection) -> None:
        self.commits += 1


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "one.db")


@pytest.fixture
def writer(watched: Watched) -> Iterator[GroupCommitWriter]:
    writer = GroupCommitWriter(watched.engine)
    writer.write(
        lambda connection: connection.exec_driver_sql("CREATE TABLE t (n INTEGER PRIMARY KEY)").close()
    )
    yield writer
    writer.close()


def add(connection: Connection, number: int) -> None:
    connection.exec_driver_sql("INSERT INTO t (n) VALUES (?)", (number,))


def hold_back(writer: GroupCommitWriter, works: list[Thread]) -> None:
    """Let works wait while the writer is busy with another, so that they become one group."""
    is_busy, may_end = Event(), Event()

    def busy(_: Connection) -> None:
        is_busy.set()
        assert may_end.wait(60)

    first = Thread(target=writer.write, args=(busy,))
    first.start()
    assert is_busy.wait(60)
    for work in works:
        work.start()
    while writer._jobs.qsize() < len(works):
        Event().wait(0.005)
    may_end.set()
    for thread in (first, *works):
        thread.join(60)
        assert not thread.is_alive()


def numbers(writer: GroupCommitWriter) -> list[int]:
    return writer.write(lambda connection: list(connection.exec_driver_sql("SELECT n FROM t").scalars()))


def test_works_that_wait_share_one_commit(writer: GroupCommitWriter, watched: Watched) -> None:
    before = watched.commits
    hold_back(
        writer,
        [
            Thread(target=writer.write, args=(lambda connection, number=number: add(connection, number),))
            for number in range(20)
        ],
    )
    assert watched.commits == before + 2
    assert numbers(writer) == list(range(20))


def test_a_group_has_a_largest_size(writer: GroupCommitWriter, watched: Watched) -> None:
    before = watched.commits
    hold_back(
        writer,
        [
            Thread(target=writer.write, args=(lambda connection, number=number: add(connection, number),))
            for number in range(LARGEST_GROUP + 1)
        ],
    )
    assert watched.commits == before + 3


def test_a_failing_work_of_a_group_takes_only_its_own_rows_back(writer: GroupCommitWriter) -> None:
    class Refused(Exception):
        pass

    refused: list[Refused] = []

    def fail(connection: Connection) -> None:
        add(connection, 100)
        raise Refused

    def call() -> None:
        try:
            writer.write(fail)
        except Refused as error:
            refused.append(error)

    good = [
        Thread(target=writer.write, args=(lambda connection, number=number: add(connection, number),))
        for number in range(3)
    ]
    hold_back(writer, [good[0], Thread(target=call), good[1], good[2]])
    assert len(refused) == 1
    assert numbers(writer) == [0, 1, 2]


def test_a_lost_transaction_is_told_to_every_caller_of_the_group(writer: GroupCommitWriter) -> None:
    told: list[Unavailable] = []

    def lose(connection: Connection) -> None:
        connection.exec_driver_sql("ROLLBACK")

    def call(work: object) -> None:
        try:
            writer.write(work)  # type: ignore[arg-type]
        except Unavailable as error:
            told.append(error)

    works = [lambda connection: add(connection, 1), lose, lambda connection: add(connection, 2)]
    hold_back(writer, [Thread(target=call, args=(work,)) for work in works])
    assert len(told) == 3
    assert numbers(writer) == []


def test_a_work_may_not_start_a_write_of_its_own(writer: GroupCommitWriter) -> None:
    with pytest.raises(RuntimeError, match="its own connection"):
        writer.write(lambda _: writer.write(lambda connection: add(connection, 1)))


def test_what_was_handed_in_before_closing_is_finished_and_later_work_refused(watched: Watched) -> None:
    writer = GroupCommitWriter(watched.engine)
    writer.write(
        lambda connection: connection.exec_driver_sql("CREATE TABLE t (n INTEGER PRIMARY KEY)").close()
    )
    works = [
        Thread(target=writer.write, args=(lambda connection, number=number: add(connection, number),))
        for number in range(5)
    ]
    hold_back(writer, works)
    writer.close()
    writer.close()
    with pytest.raises(Unavailable, match="closed"):
        writer.write(lambda connection: add(connection, 9))
    again = GroupCommitWriter(watched.engine)
    assert numbers(again) == [0, 1, 2, 3, 4]
    again.close()


NORMAL, FULL = 1, 2


def ask_flushing(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA synchronous").scalar_one())


def test_a_group_waits_for_the_disk_where_one_of_its_works_does(writer: GroupCommitWriter) -> None:
    assert writer.write(ask_flushing) == FULL
    assert writer.write(ask_flushing, waits_for_disk=False) == NORMAL
    assert writer.write(ask_flushing) == FULL
    found: list[int] = []
    hold_back(
        writer,
        [
            Thread(target=lambda: found.append(writer.write(ask_flushing, waits_for_disk=False))),
            Thread(target=lambda: found.append(writer.write(ask_flushing))),
        ],
    )
    assert found == [FULL, FULL]


def test_what_did_not_wait_is_flushed_soon_and_before_the_end(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed = Event()
    real = os.fsync

    def note(handle: int) -> None:
        real(handle)
        flushed.set()

    monkeypatch.setattr(os, "fsync", note)
    database = open_database(sqlite_url)
    make = "CREATE TABLE t (n INTEGER PRIMARY KEY)"
    database.write(lambda connection: connection.exec_driver_sql(make).close(), waits_for_disk=False)
    assert flushed.wait(30)
    flushed.clear()
    database.write(lambda connection: add(connection, 1), waits_for_disk=False)
    database.close()
    assert flushed.is_set()
