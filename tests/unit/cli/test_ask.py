"""`casewright ask`: one question or many, for people and for machines, on the database of the installation."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casewright.adapters import clock
from casewright.adapters.importers.sample_clients import build_sample_clients
from casewright.adapters.store.client_records import StoredClients
from casewright.adapters.store.engine import open_database
from casewright.adapters.store.tenants import has_rows
from casewright.cli.ask import app
from casewright.domain.errors import MeaninglessRequest, NotFound

PITCH = "What should I pitch to Voltberry Devices?"


@pytest.fixture(autouse=True)
def home(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("CASEWRIGHT_AS_OF", "2026-07-01")
    monkeypatch.setenv("CASEWRIGHT_EMBEDDER", "none")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def clients(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    samples = build_sample_clients(date(2026, 7, 1), currency="BDT")
    StoredClients(database, "main").put(samples, at=clock.now())
    database.close()


def run(*arguments: str, lines: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=lines)


@pytest.mark.usefixtures("clients")
def test_answer_for_people_says_why_and_what_it_rests_on() -> None:
    result = run(PITCH)
    assert result.exit_code == 0
    assert "Voltberry Devices" in result.stdout
    assert "Why: " in result.stdout
    assert "[Client record CL-111]" in result.stdout
    assert "recommendation; text: template; case case_" in result.stderr


@pytest.mark.usefixtures("clients")
def test_answer_for_machines_is_one_document_and_its_conversation_goes_on() -> None:
    document = json.loads(run("--json", PITCH).stdout)
    assert document["kind"] == "recommendation"
    kept = document["conversation_id"]
    again = json.loads(run("--json", "--conversation", kept, "When did we last meet them?").stdout)
    assert again["conversation_id"] == kept
    assert "Voltberry Devices" in again["message"]
    assert isinstance(run("--conversation", "conv_0", PITCH).exception, NotFound)


@pytest.mark.usefixtures("clients")
def test_events_are_lines_of_json_that_end_with_the_answer() -> None:
    events = [json.loads(line) for line in run("--json", "--stream", PITCH).stdout.splitlines()]
    kinds = [event["event"] for event in events]
    assert kinds == sorted(kinds, key=["step", "sentence", "answer"].index)
    assert events[-1]["message"]
    steps = run("--stream", PITCH)
    assert "… decide" in steps.stderr


@pytest.mark.usefixtures("clients")
def test_lines_are_one_conversation_until_its_end() -> None:
    result = run("--json", lines=f"{PITCH}\n\nWhen did we last meet them?\nexit\nnever read\n")
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(documents) == 2
    assert len({document["conversation_id"] for document in documents}) == 1


def test_where_there_are_no_clients_it_says_how_to_get_some() -> None:
    result = run(PITCH)
    assert result.exit_code == 0
    assert "casewright demo-data" in result.stderr


def test_an_empty_question_is_told_without_a_trace() -> None:
    assert isinstance(run(" ").exception, MeaninglessRequest)


@pytest.mark.usefixtures("clients")
def test_tenant_that_has_nothing_is_refused_and_nothing_is_kept(sqlite_url: str) -> None:
    refused = run("--tenant", "nosuch", PITCH).exception
    assert isinstance(refused, NotFound)
    assert "--tenant nosuch: there is nothing of such a tenant here" in refused.message
    database = open_database(sqlite_url)
    assert not has_rows(database, "nosuch")
    database.close()
    assert run("--tenant", "main", PITCH).exit_code == 0
