from casewright.adapters.journal.bell import LocalBell, make_bell
from casewright.adapters.store.engine import open_database


def test_a_bell_that_was_rung_is_heard_once() -> None:
    bell = LocalBell()
    bell.ring()
    bell.ring()
    assert bell.wait(30)
    assert not bell.wait(0)


def test_a_closed_bell_keeps_nobody_waiting() -> None:
    bell = LocalBell()
    bell.close()
    assert bell.wait(30)


def test_sqlite_has_a_bell_within_the_process(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    assert isinstance(make_bell(database), LocalBell)
    database.close()
