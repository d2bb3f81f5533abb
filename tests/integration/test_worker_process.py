"""`casewright worker` as a process: it delivers to real services while it runs, and ends when it is told to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from casewright.adapters import clock
from casewright.adapters.connectors.sandbox.server import SandboxThread
from casewright.adapters.journal.opening import load_ledger_key, open_journal
from casewright.adapters.key_files import load_key
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.vault import SealedVault
from casewright.evaluation.action_subject import (
    MemoryGateway,
    make_order,
    make_request,
    plan_address,
    plant_shop,
)

WITHIN_S = 60


def wait_until_delivered(database: Database, count: int) -> None:
    query = text("SELECT count(*) FROM outbox WHERE state = 'delivered'")
    give_up_at = time.monotonic() + WITHIN_S
    while time.monotonic() < give_up_at:
        if database.read(lambda each: each.execute(query).scalar_one()) == count:
            return
        time.sleep(0.05)
    raise AssertionError("nothing was delivered")


def test_messages_arrive_with_their_personal_values_while_it_runs(database_url: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    database = open_database(database_url)
    plant_shop(database, range(1, 3))
    token = SealedVault(database, "main", load_key("vault", home)).put("c1", "address", "12 Lake Road")
    key = load_ledger_key(database, home, given=None)
    parts = open_journal(
        database, MemoryGateway(), lambda tenant, name: None, home=home, ledger_key=key, clock=clock.now
    )
    with SandboxThread(tmp_path / "sandbox") as sandbox:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")
        }
        environment |= {
            "CASEWRIGHT_HOME": str(home),
            "CASEWRIGHT_DATABASE_URL": database_url,
            "CASEWRIGHT_COURIER_URL": f"{sandbox.url}/courier",
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "casewright.main", "worker"],
            env=environment,
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert worker.stderr is not None
        assert "Working" in worker.stderr.readline()
        for number in (1, 2):
            parts.journal.execute(make_request(plan_address(make_order(number), token), number))
            wait_until_delivered(database, number)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(WITHIN_S) == 0
        worker.stderr.close()
        entries = sandbox.sandbox.journals["courier"].entries()
    assert [entry.document["payload"]["address"] for entry in entries] == ["12 Lake Road"] * 2
    assert all(entry.requests == 1 for entry in entries)
    parts.close()
    database.close()


@pytest.mark.parametrize("arguments", [["ledger", "verify"], ["worker", "--once"]])
def test_a_database_that_is_away_is_said_without_a_trace(arguments: list[str], tmp_path: Path) -> None:
    address = "postgresql+psycopg://nobody@/none?host=/nowhere"
    done = subprocess.run(
        [sys.executable, "-m", "casewright.main", *arguments],
        env={**os.environ, "CASEWRIGHT_HOME": str(tmp_path), "CASEWRIGHT_DATABASE_URL": address},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "the database does not answer" in done.stderr
    assert "Traceback" not in done.stderr
