"""Opening a database: what addresses are accepted, and how each database is set up."""

from pathlib import Path

import pytest

from casewright.adapters.store.engine import open_database
from casewright.domain.errors import ConfigurationError, Unavailable


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("mysql://cw:hunter2@db/x", "not supported"),
        ("casewright.db", "is no address"),
        ("", "is no address"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(url: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        open_database(url)
    assert "hunter2" not in caught.value.message


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", "utf-8")
    with pytest.raises(ConfigurationError, match="taken cannot be made"):
        open_database(f"sqlite:///{tmp_path}/taken/casewright.db")


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "casewright.db"
    path.write_text(
        "a letter to my aunt, which is much longer than any header of any database is" * 20, "utf-8"
    )
    with pytest.raises(Unavailable, match="SQLITE_NOTADB"):
        open_database(f"sqlite:///{path}")
    assert path.read_text("utf-8").startswith("a letter")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 15_000)],
)
def test_sqlite_is_durable_strict_and_patient(sqlite_url: str, pragma: str, value: object) -> None:
    database = open_database(sqlite_url)
    try:
        statement = f"PRAGMA {pragma}"
        assert database.dialect == "sqlite"
        assert database.write(lambda connection: connection.exec_driver_sql(statement).scalar()) == value
        assert database.read(lambda connection: connection.exec_driver_sql(statement).scalar()) == value
    finally:
        database.close()


def test_postgresql_commits_durably_whatever_address_it_was_opened_by(postgres_url: str) -> None:
    database = open_database(postgres_url.replace("postgresql+psycopg", "postgresql"))
    try:
        assert database.dialect == "postgresql"
        show = "SHOW transaction_isolation"
        assert (
            database.read(lambda connection: connection.exec_driver_sql(show).scalar()) == "repeatable read"
        )
        assert (
            database.write(lambda connection: connection.exec_driver_sql(show).scalar()) == "read committed"
        )
    finally:
        database.close()
