"""`casewright policy replay`: the decisions of a stored answer, made again and compared."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from casewright.adapters import clock
from casewright.adapters.importers.sample_clients import build_sample_clients
from casewright.adapters.store.case_tables import CASES
from casewright.adapters.store.cases import StoredCases
from casewright.adapters.store.client_records import StoredClients
from casewright.adapters.store.engine import open_database
from casewright.adapters.store.metadata import write_json
from casewright.cli.ask import app as asking
from casewright.cli.policy import app
from casewright.domain.errors import NotFound


@pytest.fixture
def case_id(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CASEWRIGHT_AS_OF", "2026-07-01")
    monkeypatch.setenv("CASEWRIGHT_EMBEDDER", "none")
    database = open_database(sqlite_url)
    samples = build_sample_clients(date(2026, 7, 1), currency="BDT")
    StoredClients(database, "main").put(samples, at=clock.now())
    database.close()
    asked = CliRunner().invoke(asking, ["--json", "What should I pitch to Voltberry Devices?"])
    return str(json.loads(asked.stdout)["case_id"])


def replay(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["replay", *arguments])


def test_stored_answer_is_decided_again_and_is_the_same(case_id: str) -> None:
    told = replay(case_id)
    assert told.exit_code == 0
    assert "Decision 1, by sales@" in told.stdout
    assert "the same." in told.stdout
    assert ": none\n" in told.stdout
    assert ": unknown\n" not in told.stdout
    document = json.loads(replay(case_id, "--json").stdout)
    assert (document["case_id"], document["is_same"]) == (case_id, True)
    assert document["decisions"][0]["reasons"]
    assert isinstance(replay("case_0").exception, NotFound)


def test_decision_that_was_another_is_named_and_ends_with_1(case_id: str, sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    case = StoredCases(database, "main").find(case_id)
    assert case is not None
    assert case.decision is not None
    outcome = case.decision["decisions"][0]["outcome"]
    name = next(name for name, value in outcome.items() if isinstance(value, bool))
    outcome[name] = not outcome[name]
    tampered = update(CASES).where(CASES.c.case_id == case_id).values(decision=write_json(case.decision))
    database.write(lambda connection: connection.execute(tampered))
    database.close()
    told = replay(case_id)
    assert told.exit_code == 1
    assert f"- {name} was" in told.stdout
