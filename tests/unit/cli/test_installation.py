"""Tenants of the command line: one that has nothing is said to, by every command that reads."""

from pathlib import Path

import pytest

from casewright.adapters import clock
from casewright.adapters.importers.sample_clients import build_sample_clients
from casewright.adapters.store.client_records import StoredClients
from casewright.adapters.store.engine import open_database
from casewright.cli.app import run_command_line


@pytest.fixture(autouse=True)
def home(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CASEWRIGHT_EMBEDDER", "none")
    database = open_database(sqlite_url)
    clients = build_sample_clients(clock.today(), currency="BDT")
    StoredClients(database, "main").put(clients, at=clock.now())
    database.close()
    return tmp_path


def ended(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ending:
        run_command_line(list(arguments))
    return int(ending.value.code or 0)


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "What is the weather?"),
        ("customer", "export", "c-1"),
        ("keys", "list"),
        ("knowledge", "list"),
        ("knowledge", "search", "spend"),
        ("ledger", "export"),
        ("policy", "replay", "case_1"),
        ("users", "list"),
    ],
)
def test_command_that_reads_refuses_a_tenant_that_has_nothing(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(*command, "--tenant", "nosuch") == 2
    told = capsys.readouterr()
    assert "--tenant nosuch: there is nothing of such a tenant here" in told.err
    assert told.out == ""


def test_command_that_makes_the_first_row_of_a_tenant_is_let() -> None:
    assert ended("keys", "list", "--tenant", "main") == 0
    assert ended("keys", "add", "bot", "--scope", "read", "--tenant", "fresh") == 0
    assert ended("keys", "list", "--tenant", "fresh") == 0
