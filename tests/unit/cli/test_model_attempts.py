"""The ledger of attempts on the terminal."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casewright.adapters import clock
from casewright.adapters.gateway.attempt_store import KeptAttempt, StoredAttempts
from casewright.adapters.store.engine import open_database
from casewright.cli.models import app
from casewright.ports.text_model import Attempt, AttemptOutcome

GOOD = Attempt("groq", "llama", AttemptOutcome.ANSWERED, 100, 20, 1_500_000, 300, "llama-3.3")


@pytest.fixture
def runner(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", sqlite_url)
    return CliRunner()


def keep(url: str, *days_ago: int) -> None:
    database = open_database(url)
    rows = [KeptAttempt(clock.now() - timedelta(days=days, minutes=1), GOOD) for days in days_ago]
    StoredAttempts(database, "main").add(rows)
    database.close()


def test_calls_are_summed_up_by_provider_and_outcome(runner: CliRunner, sqlite_url: str) -> None:
    keep(sqlite_url, 0, 0, 3)
    rows = runner.invoke(app, ["attempts", "--days", "1", "--json"]).stdout.splitlines()
    assert [json.loads(row) for row in rows] == [
        {
            "provider": "groq",
            "model": "llama",
            "outcome": "answered",
            "calls": 2,
            "tokens_in": 200,
            "tokens_out": 40,
            "cost": 3.0,
            "mean_ms": 300,
        }
    ]
    assert "groq" in runner.invoke(app, ["attempts"]).stdout


def test_single_calls_are_shown_with_the_version_of_their_model(runner: CliRunner, sqlite_url: str) -> None:
    keep(sqlite_url, 0, 3)
    row = json.loads(runner.invoke(app, ["attempts", "--last", "1", "--json"]).stdout)
    assert (row["version"], row["cost"], row["took_ms"]) == ("llama-3.3", 1.5, 300)


def test_what_is_older_than_the_retention_goes_when_asked(runner: CliRunner, sqlite_url: str) -> None:
    keep(sqlite_url, 0, 91)
    done = runner.invoke(app, ["attempts", "--purge", "--last", "10", "--json"])
    assert "Removed 1 row." in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_an_empty_ledger_says_so(runner: CliRunner) -> None:
    done = runner.invoke(app, ["attempts"])
    assert done.exit_code == 0
    assert "No attempts" in done.stdout
