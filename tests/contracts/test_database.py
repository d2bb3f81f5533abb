"""The contract of Database: snapshots, transactions, and what its errors mean; on SQLite and on PostgreSQL."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from casewright.adapters.store.engine import Database, open_database
from casewright.domain.errors import CasewrightError, OutcomeUnknown, Unavailable

MAKE = text("CREATE TABLE notes (word TEXT PRIMARY KEY)")
ADD = text("INSERT INTO notes (word) VALUES (:word)")
COUNT = text("SELECT count(*) FROM notes")


@pytest.fixture
def notes(database: Database) -> Database:
    database.write(lambda connection: connection.execute(MAKE))
    return database


def add(word: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.execute(ADD, {"word": word})
        return word

    return work


def count(database: Database) -> int:
    return int(database.read(lambda connection: connection.execute(COUNT).scalar_one()))


def run_all(threads: list[Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_a_write_returns_what_its_work_returns_and_is_read_afterwards(notes: Database) -> None:
    assert notes.write(add("one")) == "one"
    assert count(notes) == 1


def test_a_work_that_raises_leaves_nothing_and_raises_the_same_to_its_caller(notes: Database) -> None:
    class Refused(Exception):
        pass

    def work(connection: Connection) -> None:
        add("one")(connection)
        raise Refused("no")

    with pytest.raises(Refused, match="no"):
        notes.write(work)
    assert count(notes) == 0


def test_a_violated_constraint_is_the_callers_and_ends_nothing_else(notes: Database) -> None:
    notes.write(add("one"))
    with pytest.raises(IntegrityError):
        notes.write(add("one"))
    notes.write(add("two"))
    assert count(notes) == 2


def test_an_error_shows_no_value_of_its_statement(notes: Database) -> None:
    notes.write(add("secret-word"))
    with pytest.raises(IntegrityError) as caught:
        notes.write(add("secret-word"))
    assert "[parameters" not in str(caught.value)


def test_a_read_cannot_write(notes: Database) -> None:
    with pytest.raises((DBAPIError, CasewrightError)):
        notes.read(add("one"))
    assert count(notes) == 0


def test_works_of_many_threads_are_all_kept_and_failing_ones_disturb_none(notes: Database) -> None:
    callers, each = 16, 12
    start, kept, failed = Barrier(callers), [], []

    def call(number: int) -> None:
        start.wait()
        for turn in range(each):
            # every third word is the same for all: one caller may have it
            word = f"shared {turn}" if turn % 3 == 0 else f"own {number} {turn}"
            try:
                kept.append(notes.write(add(word)))
            except IntegrityError:
                failed.append(word)

    run_all([Thread(target=call, args=(number,)) for number in range(callers)])
    shared = len(range(0, each, 3))
    assert len(failed) == shared * (callers - 1)
    assert count(notes) == len(kept) == shared + callers * (each - shared)


def test_readers_go_on_while_a_write_is_open(notes: Database) -> None:
    is_open, may_end = Event(), Event()

    def work(connection: Connection) -> None:
        add("one")(connection)
        is_open.set()
        assert may_end.wait(60)

    writer = Thread(target=notes.write, args=(work,))
    writer.start()
    assert is_open.wait(60)
    assert count(notes) == 0
    may_end.set()
    writer.join(60)
    assert count(notes) == 1


def test_two_processes_may_write_at_once(database_url: str, notes: Database) -> None:
    program = """
import sys
from sqlalchemy import text
from casewright.adapters.store.engine import open_database

database = open_database(sys.argv[1])
for number in range(40):
    word = f"{sys.argv[2]} {number}"
    database.write(lambda c: c.execute(text("INSERT INTO notes (word) VALUES (:word)"), {"word": word}))
database.close()
"""
    running = [
        subprocess.Popen([sys.executable, "-c", program, database_url, name], env=dict(os.environ))
        for name in ("a", "b")
    ]
    for number in range(40):
        notes.write(add(f"own {number}"))
    assert [process.wait(120) for process in running] == [0, 0]
    assert count(notes) == 120


def test_a_closed_database_is_unavailable(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    database.close()
    with pytest.raises(Unavailable):
        database.write(add("one"))


@pytest.fixture
def lonely(new_postgres: Callable[[], str]) -> Iterator[tuple[Database, str]]:
    url = new_postgres()
    database = open_database(url)
    database.write(lambda connection: connection.execute(MAKE))
    yield database, url
    database.close()


def cut(url: str) -> None:
    """Cut every connection to a PostgreSQL database, as when it starts again."""
    import psycopg

    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_connections_that_were_cut_while_idle_are_not_noticed(lonely: tuple[Database, str]) -> None:
    database, url = lonely
    count(database)
    cut(url)
    assert count(database) == 0
    cut(url)
    assert database.write(add("one")) == "one"


def test_a_connection_cut_before_the_commit_runs_the_work_again_and_keeps_it_once(
    lonely: tuple[Database, str],
) -> None:
    database, url = lonely
    tries = []

    def work(connection: Connection) -> None:
        tries.append(1)
        add("one")(connection)
        if len(tries) == 1:
            cut(url)
            connection.execute(COUNT)

    database.write(work)
    assert len(tries) == 2
    assert count(database) == 1


def test_a_connection_cut_during_the_commit_leaves_the_outcome_unknown(
    lonely: tuple[Database, str],
) -> None:
    database, url = lonely
    tries = []

    def work(connection: Connection) -> None:
        tries.append(1)
        add("one")(connection)

    event.listen(database.engine, "commit", lambda _: cut(url), once=True)
    with pytest.raises(OutcomeUnknown):
        database.write(work)
    assert len(tries) == 1
    assert count(database) == 0


def test_a_deadlock_is_run_again(notes: Database) -> None:
    if notes.dialect == "sqlite":
        return  # one writer meets nobody
    notes.write(add("a"))
    notes.write(add("b"))
    both = Barrier(2)
    tries = []

    def work(first: str, second: str) -> Callable[[Connection], None]:
        def run(connection: Connection) -> None:
            tries.append(first)
            lock = text("SELECT word FROM notes WHERE word = :word FOR UPDATE")
            connection.execute(lock, {"word": first})
            if len(tries) <= 2:
                both.wait(60)
            connection.execute(lock, {"word": second})

        return run

    run_all([Thread(target=notes.write, args=(work(*pair),)) for pair in (("a", "b"), ("b", "a"))])
    assert len(tries) > 2


def test_an_unreachable_server_is_unavailable_and_its_password_not_repeated() -> None:
    with pytest.raises(Unavailable) as caught:
        open_database("postgresql+psycopg://cw:hunter2-secret@127.0.0.1:1/casewright")
    assert "hunter2" not in caught.value.message


def test_a_full_disk_is_unavailable_and_later_writes_go_on(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    try:
        database.write(lambda connection: connection.execute(MAKE))
        pages = database.write(lambda connection: connection.exec_driver_sql("PRAGMA page_count").scalar())
        limit = f"PRAGMA max_page_count = {pages}"
        database.write(lambda connection: connection.exec_driver_sql(limit).close())
        with pytest.raises(Unavailable, match="SQLITE_FULL"):
            database.write(add("w" * 9_000_000))
        database.write(add("one"))
        assert count(database) == 1
    finally:
        database.close()
