"""Migrations: they agree with the tables in code, run once among many starts, and refuse a newer database."""

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

import casewright.adapters
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.metadata import METADATA
from casewright.adapters.store.migrating import MIGRATIONS, VERSION_TABLE, list_revisions
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.local_postgres import LocalPostgres


def load_every_table() -> None:
    for module in pkgutil.walk_packages(casewright.adapters.__path__, "casewright.adapters."):
        if module.name.endswith("tables"):
            importlib.import_module(module.name)


def describe(connection: Connection) -> dict[str, Any]:
    """Everything that a schema is, by name of table, in a form that compares."""
    schema = inspect(connection)
    described = {}
    for table in schema.get_table_names():
        if table == VERSION_TABLE:
            continue
        described[table] = {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in schema.get_columns(table)
            },
            "key": schema.get_pk_constraint(table)["constrained_columns"],
            "foreign": sorted(
                (key["name"], key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in schema.get_foreign_keys(table)
            ),
            "unique": sorted(
                (unique["name"], unique["column_names"]) for unique in schema.get_unique_constraints(table)
            ),
            "checks": sorted(
                (check["name"], check["sqltext"]) for check in schema.get_check_constraints(table)
            ),
            "indexes": sorted(
                (index["name"], index["column_names"], bool(index["unique"]))
                for index in schema.get_indexes(table)
            ),
        }
    return described


def test_migrations_and_tables_agree(database: Database) -> None:
    load_every_table()
    migrated = database.read(describe)

    def make_again(connection: Connection) -> dict[str, Any]:
        METADATA.drop_all(connection)
        METADATA.create_all(connection)
        return describe(connection)

    from_tables = database.write(make_again)
    assert sorted(migrated) == sorted(from_tables)
    for table, described in from_tables.items():
        assert migrated[table] == described, table


def test_the_database_is_at_the_last_revision(database: Database) -> None:
    version = database.read(
        lambda c: c.execute(text("SELECT version_num FROM casewright_version")).scalar_one()
    )
    assert version == list_revisions()[-1]


def test_revisions_are_one_line_named_after_their_files() -> None:
    from alembic.script import ScriptDirectory

    revisions = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    names = [Path(revision.path).stem for revision in reversed(revisions)]
    assert [revision.revision for revision in reversed(revisions)] == names == list_revisions()
    assert [revision.down_revision for revision in reversed(revisions)] == [None, *names[:-1]]


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A database in which nothing is yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/new/folder/casewright.db"
        return
    server: LocalPostgres = request.getfixturevalue("postgres")
    yield server.create_database("fresh")
    server.drop_database("fresh")


def test_processes_that_start_at_once_on_a_fresh_database_all_succeed(fresh_url: str) -> None:
    program = """
import sys
from casewright.adapters.store.engine import open_database
sys.stdin.read()
open_database(sys.argv[1]).close()
"""
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", program, fresh_url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(os.environ),
            text=True,
        )
        for _ in range(4)
    ]
    for process in starting:
        assert process.stdin is not None
        process.stdin.close()
    for process in starting:
        assert process.stderr is not None
        complaint = process.stderr.read()
        assert process.wait(120) == 0, complaint
        process.stderr.close()
    database = open_database(fresh_url)
    assert "orders" in database.read(lambda connection: inspect(connection).get_table_names())
    database.close()


def test_a_database_of_a_newer_version_is_refused_and_untouched(
    database: Database, database_url: str
) -> None:
    newer = text("UPDATE casewright_version SET version_num = '9999_future'")
    database.write(lambda connection: connection.execute(newer))
    with pytest.raises(ConfigurationError, match="9999_future"):
        open_database(database_url)
    tables = database.read(lambda connection: inspect(connection).get_table_names())
    assert "orders" in tables


def test_rows_survive_a_second_start(database: Database, database_url: str) -> None:
    row = {"tenant": "main", "product_id": "p1", "name": "Mug", "name_words": " mug", "category": "general"}
    products = METADATA.tables["products"]
    database.write(lambda connection: connection.execute(products.insert(), {**row, "is_final_sale": False}))
    again = open_database(database_url)
    assert again.read(lambda connection: connection.execute(products.select()).one().name) == "Mug"
    again.close()


def test_a_revision_that_fails_leaves_nothing(fresh_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    made = []

    def fail_late(*arguments: object, **options: object) -> None:
        made.append(arguments)
        raise RuntimeError("the power went")

    monkeypatch.setattr(op, "create_index", fail_late)
    with pytest.raises(RuntimeError):
        open_database(fresh_url)
    assert made
    monkeypatch.undo()
    database = open_database(fresh_url)
    assert "orders" in database.read(lambda connection: inspect(connection).get_table_names())
    database.close()
