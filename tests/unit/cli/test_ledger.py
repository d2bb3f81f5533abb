"""`casewright ledger`: what it shows, how it ends, and what it says of bad input."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from casewright.adapters.journal.opening import load_ledger_key, open_ledger
from casewright.adapters.store.engine import open_database
from casewright.cli.app import run_command_line
from casewright.domain.audit import AuditName
from casewright.evaluation.action_subject import AT

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command on a ledger of two cases; gives exit code, output and complaints."""
    home = tmp_path / "home"
    monkeypatch.setenv("CASEWRIGHT_HOME", str(home))
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", sqlite_url)
    database = open_database(sqlite_url)
    ledger = open_ledger(home, load_ledger_key(database, home, given=None))
    for case, amount in (("case-1", 1999), ("case-1", 0), ("case-2", 5)):
        body = {"tool": "cancel_order", "outcome": "allow", "amount_minor": amount, "subject_id": "ann"}
        ledger.record(database, "main", case, AuditName.ACTION_DONE, body, at=AT)
    ledger.close()
    database.close()

    def call(*arguments: str) -> tuple[int, str, str]:
        code = 0
        try:
            run_command_line(["ledger", *arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def tamper(url: str, statement: str) -> None:
    database = open_database(url)
    database.write(lambda each: each.exec_driver_sql(statement))
    database.close()


def test_show_lists_what_was_done_in_order(run: Run) -> None:
    code, out, _ = run("show", "case-1")
    assert code == 0
    assert out.count("case:action:done") == 2
    assert "2026-03-01 12:00:00" in out
    assert "19.99" in out


def test_show_as_json_gives_whole_entries(run: Run) -> None:
    code, out, _ = run("show", "case-2", "--json")
    (entry,) = map(json.loads, out.splitlines())
    assert code == 0
    assert (entry["seq"], entry["body"]["amount_minor"]) == (1, 5)


def test_a_case_that_is_not_there_is_bad_input(run: Run) -> None:
    code, _, err = run("show", "case-9")
    assert code == 2
    assert "'case-9'" in err


def test_a_sound_ledger_ends_with_0(run: Run) -> None:
    code, out, _ = run("verify")
    assert code == 0
    assert out.startswith("Sound: 3 entries of 2 cases, 2 with a checkpoint")


def test_a_faulty_ledger_ends_with_1_and_names_each_fault(run: Run, sqlite_url: str) -> None:
    tamper(sqlite_url, "UPDATE ledger_entries SET at = 0 WHERE case_id = 'case-2'")
    tamper(sqlite_url, "DELETE FROM ledger_entries WHERE case_id = 'case-1' AND seq = 2")
    code, out, _ = run("verify")
    assert code == 1
    assert "altered: tenant main, case case-2, entry 1" in out
    assert "truncated: tenant main, case case-1, entry 2" in out
    code, out, _ = run("verify", "--json")
    assert code == 1
    assert {fault["kind"] for fault in json.loads(out)["faults"]} == {"altered", "truncated"}


def test_a_tail_that_was_cut_off_is_found_after_the_checkpoints_were_compacted(
    run: Run, sqlite_url: str
) -> None:
    code, out, _ = run("compact")
    assert (code, "1 line(s)" in out.rpartition(";")[2]) == (0, True)
    assert run("verify")[1].startswith("Sound: 3 entries of 2 cases, 2 with a checkpoint")
    tamper(sqlite_url, "DELETE FROM ledger_entries WHERE case_id = 'case-1' AND seq = 2")
    tamper(sqlite_url, "UPDATE ledger_heads SET entries = 1 WHERE case_id = 'case-1'")
    code, out, _ = run("verify")
    assert code == 1
    assert "truncated: tenant main, case case-1, entry 2" in out


def test_forged_checkpoints_are_not_compacted_away(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "home" / "checkpoints.jsonl"
    forged = path.read_text("ascii").replace('"case-1",2', '"case-1",1')
    path.write_text(forged, "ascii")
    code, _, err = run("compact")
    assert (code, "is not compacted" in err) == (2, True)
    assert path.read_text("ascii") == forged


def test_without_its_key_a_ledger_cannot_be_verified(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home" / "keys" / "ledger.key").unlink()
    code, _, err = run("verify")
    assert code == 2
    assert "CASEWRIGHT_LEDGER_KEY" in err


def test_another_key_is_suspected_where_nothing_fits(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEWRIGHT_LEDGER_KEY", bytes(range(1, 33)).hex())
    code, out, _ = run("verify")
    assert code == 1
    assert "is this the key" in out


def test_export_writes_every_entry_or_those_of_one_case(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    code, _, err = run("export", "--output", str(path))
    assert (code, "Wrote 3 entries" in err) == (0, True)
    assert [json.loads(line)["case_id"] for line in path.read_text().splitlines()] == [
        "case-1",
        "case-1",
        "case-2",
    ]
    _, out, _ = run("export", "--case", "case-2")
    assert len(out.splitlines()) == 1


def test_a_place_that_cannot_be_written_is_bad_input(run: Run, tmp_path: Path) -> None:
    code, _, err = run("export", "--output", str(tmp_path / "no" / "folder"))
    assert code == 2
    assert "cannot be written" in err
