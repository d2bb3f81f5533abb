"""`casewright import clients`, `questions` and `reviews`: whole or not at all, refused rows in a side file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casewright.adapters.store.client_records import StoredClients
from casewright.adapters.store.engine import open_database
from casewright.cli.importing import app
from casewright.domain.errors import ConfigurationError, MalformedRequest


@pytest.fixture(autouse=True)
def home(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEWRIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", sqlite_url)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def names(url: str, tenant: str = "main") -> list[tuple[str, str]]:
    database = open_database(url)
    try:
        return list(StoredClients(database, tenant).names())
    finally:
        database.close()


def test_good_clients_go_in_and_the_others_to_a_side_file(home: Path, sqlite_url: str) -> None:
    (home / "c.csv").write_text("id,name,spend\na,Lumen,1\nb,Broken,lots\n", "utf-8")
    result = run("clients", "c.csv")
    assert result.exit_code == 1
    assert names(sqlite_url) == [("a", "Lumen")]
    assert json.loads((home / "c.csv.errors.jsonl").read_text("utf-8")) == {
        "file": "c.csv",
        "line": 3,
        "row": "client",
        "reason": "spend is not an amount",
    }


def test_clients_are_brought_up_to_date_and_replaced_when_asked(home: Path, sqlite_url: str) -> None:
    (home / "c.csv").write_text("id,name\na,Lumen\nb,Second\n", "utf-8")
    (home / "d.csv").write_text("id,name\na,Lumen Ltd\n", "utf-8")
    assert run("clients", "c.csv").exit_code == 0
    assert run("clients", "d.csv").exit_code == 0
    assert names(sqlite_url) == [("a", "Lumen Ltd"), ("b", "Second")]
    replaced = run("clients", "d.csv", "--replace")
    assert replaced.exit_code == 0
    assert "Removed, because the file does not have them: 1.\n" in replaced.output
    assert run("clients", "c.csv", "--tenant", "other").exit_code == 0
    assert names(sqlite_url) == [("a", "Lumen Ltd")]


def test_amount_without_a_currency_is_in_the_playbook_s_or_the_given_one(home: Path, sqlite_url: str) -> None:
    (home / "c.csv").write_text("id,name,spend\na,Lumen,1\n", "utf-8")
    run("clients", "c.csv")
    database = open_database(sqlite_url)
    client = StoredClients(database, "main").find("a")
    assert client is not None
    assert client.spend is not None
    assert client.spend.currency == "BDT"
    database.close()
    assert isinstance(run("clients", "c.csv", "--currency", "dollars").exception, ConfigurationError)


def test_file_without_a_good_row_changes_nothing(home: Path, sqlite_url: str) -> None:
    (home / "c.csv").write_text("id,name\n,Lumen\n", "utf-8")
    result = run("clients", "c.csv", "--replace")
    assert isinstance(result.exception, MalformedRequest)
    assert "c.csv.errors.jsonl" in result.exception.message
    assert names(sqlite_url) == []


def test_summary_names_columns_that_were_left_and_counts_what_is_unknown(home: Path) -> None:
    (home / "c.csv").write_text(
        "ID,Client,Sector,Total Spend YTD,Last met,Acct. Manager,Phone,Notes\n"
        "a,Lumen,FMCG,nan,-,R. Mane,1,x\nb,Second,FMCG,5,n/a,,2,y\n",
        "utf-8",
    )
    result = run("clients", "c.csv")
    assert result.exit_code == 0
    assert "Columns that were not understood, and left: Phone, Notes.\n" in result.output
    assert "Not known (empty, nan, n/a or -): spend of 1, last_meeting of 2, account_manager of 1." in (
        result.output
    )


def test_questions_are_written_as_json_lines(home: Path) -> None:
    (home / "q.csv").write_text("question,expected_tools\nWhy?,client_lookup;playbook_search\n", "utf-8")
    result = run("questions", "q.csv", "--out", "q.jsonl")
    assert result.exit_code == 0
    assert json.loads((home / "q.jsonl").read_text("utf-8")) == {
        "id": "2",
        "question": "Why?",
        "ground_truth": None,
        "expected_tools": ["client_lookup", "playbook_search"],
        "expected_contexts": None,
    }
    assert [path.name for path in home.iterdir() if path.suffix == ".part"] == []


def test_reviews_are_counted_once(home: Path) -> None:
    (home / "r.csv").write_text("user_input,crm_output,correctness\nWhy?,Because,true\n", "utf-8")
    assert "1 reviewed answer, quarantined" in run("reviews", "r.csv").output
    assert "0 reviewed answers, quarantined; 1 was there already" in run("reviews", "r.csv").output


def test_one_row_that_is_refused_is_one_row(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text('id,name,spend\n1,Alder Foods,"1,5"\n2,Birch Toys,100\n')
    told = run("clients", "c.csv").output
    assert "1 client." in told
    assert "1 row was refused" in told


def test_a_folder_is_told_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "handbook").mkdir()
    found = run("clients", "handbook").exception
    assert isinstance(found, ConfigurationError)
    assert found.message == "handbook is a folder; name a file"
