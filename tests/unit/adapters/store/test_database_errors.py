"""Which database errors mean that it is gone, and that their description repeats no value."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError

from casewright.adapters.store.database_errors import describe_vanished, is_to_be_repeated, is_vanished


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("secret text")
    error.sqlite_errorcode = code
    error.sqlite_errorname = "SQLITE_NAME"
    return error


@pytest.mark.parametrize("code", [sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE])
def test_a_locked_full_or_broken_file_has_vanished(code: int) -> None:
    assert is_vanished(OperationalError("SELECT 1", {}, sqlite_error(code)))


def test_a_wrong_statement_and_a_violated_constraint_are_their_authors() -> None:
    assert not is_vanished(OperationalError("SELEC", {}, sqlite_error(sqlite3.SQLITE_ERROR)))
    assert not is_vanished(IntegrityError("INSERT", {}, sqlite3.IntegrityError("UNIQUE")))
    assert not is_vanished(ProgrammingError("SELECT", {}, Exception("no such column")))


def test_a_dropped_connection_has_vanished_whatever_the_error() -> None:
    dropped = DBAPIError("SELECT 1", {}, Exception("gone"), connection_invalidated=True)
    assert is_vanished(dropped)


@pytest.mark.parametrize(("state", "again"), [("40001", True), ("40P01", True), ("23505", False)])
def test_only_deadlocks_and_serialisation_failures_are_repeated(state: str, again: bool) -> None:
    cause = Exception("conflict")
    cause.sqlstate = state  # type: ignore[attr-defined]
    assert is_to_be_repeated(OperationalError("UPDATE", {}, cause)) is again


def test_the_description_names_the_kind_and_no_value() -> None:
    error = OperationalError("INSERT", {"value": "secret text"}, sqlite_error(sqlite3.SQLITE_FULL))
    described = describe_vanished(error)
    assert described.code == "store_unavailable"
    assert "SQLITE_NAME" in described.message
    assert "secret" not in described.message
