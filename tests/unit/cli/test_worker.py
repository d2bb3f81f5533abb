"""`casewright worker`: one round, the dead letters, and their way back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from casewright.adapters import clock
from casewright.adapters.journal.opening import load_ledger_key, open_journal
from casewright.adapters.store.engine import open_database
from casewright.cli.app import run_command_line
from casewright.evaluation.action_subject import (
    MemoryGateway,
    make_order,
    make_request,
    plan_address,
    plant_shop,
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command on an outbox of one message; gives exit code, output and complaints."""
    home = tmp_path / "home"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CASEWRIGHT_HOME", str(home))
    monkeypatch.setenv("CASEWRIGHT_DATABASE_URL", sqlite_url)
    for name in ("PAYMENTS", "COURIER", "MAIL"):
        monkeypatch.delenv(f"CASEWRIGHT_{name}_URL", raising=False)
    database = open_database(sqlite_url)
    key = load_ledger_key(database, home, given=None)
    plant_shop(database, range(1, 2))
    parts = open_journal(
        database, MemoryGateway(), lambda tenant, name: None, home=home, ledger_key=key, clock=clock.now
    )
    parts.journal.execute(make_request(plan_address(make_order(1)), 1))
    parts.close()
    database.close()

    def call(*arguments: str) -> tuple[int, str, str]:
        code = 0
        try:
            run_command_line(["worker", *arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def test_one_round_says_what_was_done_and_what_waits(run: Run) -> None:
    code, out, _ = run("--once")
    assert code == 0
    assert "0 delivered, 1 put off, 0 dead" in out
    assert "1 waiting, 0 dead letters" in out


def test_dead_letters_are_listed_and_can_be_queued_again(run: Run, sqlite_url: str) -> None:
    assert run("--dead")[1] == "No dead letters.\n"
    database = open_database(sqlite_url)
    database.write(lambda each: each.exec_driver_sql("UPDATE outbox SET connector = 'pigeon'"))
    outbox_id = database.read(lambda each: each.exec_driver_sql("SELECT outbox_id FROM outbox").scalar())
    database.close()
    assert "1 dead" in run("--once")[1]
    listed = run("--dead")[1]
    assert "pigeon" in listed
    assert "connector_unknown" in listed
    assert run("--revive", str(outbox_id)) == (0, f"{outbox_id} waits for delivery again.\n", "")
    assert run("--dead")[1] == "No dead letters.\n"


def test_what_is_no_dead_letter_cannot_be_queued_again(run: Run) -> None:
    code, _, err = run("--revive", "nothing")
    assert code == 2
    assert "--dead" in err


def test_open_actions_are_listed_with_their_trouble(run: Run, sqlite_url: str) -> None:
    assert run("--open")[1] == "No open actions.\n"
    database = open_database(sqlite_url)
    database.write(
        lambda each: each.exec_driver_sql(
            "UPDATE actions SET due_at = 1, state = 'unknown', trouble = 'amount_differs', tries = 3"
        )
    )
    database.close()
    listed = run("--open")[1]
    assert "unknown" in listed
    assert "amount_differs" in listed
