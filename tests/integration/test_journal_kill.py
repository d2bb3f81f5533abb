"""Killed anywhere (SIGKILL), the journal loses nothing and does nothing twice, on SQLite and on PostgreSQL.

Real processes, a real gateway in a process of its own with a journal of its own, a PostgreSQL with fsync. The
places are all those that the journal's probe is told, and the gaps between the statements that go to the
database. Afterwards the gateway's journal, the orders, the outbox and the ledger must agree.
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from casewright.adapters.journal.ledger import read_entries
from casewright.adapters.journal.tables import ACTIONS, OUTBOX, RESERVATIONS
from casewright.adapters.journal.verification import verify_ledger
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.shop_reads import StoredShop
from casewright.domain.shop import OrderStatus
from casewright.evaluation.action_subject import TENANT, plant_shop

KEY = bytes(range(32))
FULL = bool(os.environ.get("CASEWRIGHT_FULL"))
SEED = 20260301
PLACES = (
    "t1.key_claimed",
    "t1.business_keys_claimed",
    "t1.reserved",
    "t1.ground_checked",
    "t1.ledger_written",
    "t1.committed",
    "t2.before_call",
    "t2.after_call",
    "t2.before_progress",
    "t2.progress_kept",
    "t2.parked",
    "t3.before",
    "t3.result_stored",
    "t3.change_applied",
    "t3.ledger_written",
    "t3.outbox_queued",
    "t3.released",
    "t3.committed",
    "whole.key_claimed",
    "whole.business_keys_claimed",
    "whole.reserved",
    "whole.change_applied",
    "whole.ledger_written",
    "whole.outbox_queued",
    "whole.released",
    "whole.committed",
    "outbox.leased",
    "outbox.before_delivery",
    "outbox.delivered",
    "outbox.marked",
    "outbox.committed",
)
TWICE = ("t2.before_call", "t2.after_call", "outbox.before_delivery", "outbox.delivered", "outbox.marked")
"""Places that one round passes twice: every other kill is at the second time."""
STATEMENTS = {"sqlite": 84, "postgresql": 36}
"""So many belong to one round; SQLite counts begins, savepoints and commits too."""
FEW = 9
"""Statements of a quick run, on each database; it has every named place once."""


@dataclass
class Sandbox:
    process: subprocess.Popen[str]
    url: str

    def effects(self, service: str) -> list[dict[str, Any]]:
        """The service's own journal."""
        found: list[dict[str, Any]] = []
        while True:
            after = found[-1]["seq"] if found else 0
            answer = httpx2.get(f"{self.url}/{service}/journal", params={"after": after}, timeout=60).json()
            if not answer["effects"]:
                return found
            found += answer["effects"]


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """`casewright sandbox` in a process of its own."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "casewright.main",
            "sandbox",
            "--port",
            "0",
            "--data",
            str(tmp_path / "sandbox"),
        ],
        env={name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    line = process.stderr.readline()
    match = re.search(r"http://[\d.]+:\d+", line)
    assert match, line
    sandbox = Sandbox(process, match.group())
    for _ in range(600):
        try:
            httpx2.get(f"{sandbox.url}/payments/journal", timeout=5)
            break
        except httpx2.TransportError:
            time.sleep(0.05)
    yield sandbox
    process.terminate()
    process.wait(30)
    process.stderr.close()


class Victims:
    """The parent that forks them."""

    def __init__(self, url: str, home: Path, sandbox: Sandbox) -> None:
        script = Path(__file__).with_name("journal_victims.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script), url, str(home), sandbox.url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def send(self, **command: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return dict(json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


def list_kills(dialect: str) -> list[tuple[str, int]]:
    """Places and at which passing: every place six times and every statement once, or each place once."""
    draw = random.Random(SEED)
    named = [(place, 1 + turn % 2 if place in TWICE else 1) for place in PLACES for turn in range(6)]
    statements = [(f"statement:{number}", 1) for number in range(1, STATEMENTS[dialect] + 1)]
    if FULL:
        return named + statements
    return [(place, 1) for place in PLACES] + draw.sample(statements, FEW)


@pytest.fixture(params=["sqlite", "postgresql"])
def kill_url(request: pytest.FixtureRequest) -> str:
    name = "new_sqlite" if request.param == "sqlite" else "new_durable_postgres"
    return str(request.getfixturevalue(name)())


def test_killed_anywhere_everything_has_happened_exactly_once(
    kill_url: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    kills = list_kills(kill_url.partition(":")[0].partition("+")[0])
    rounds = len(kills)
    database = open_database(kill_url)
    plant_shop(database, range(rounds * 2))
    database.close()
    victims = Victims(kill_url, home, sandbox)
    hits: Counter[str] = Counter()
    for number, (place, hit) in enumerate(kills):
        answer = victims.send(number=number, round=number * 2, die_at=place, hit=hit)
        assert answer == {"signal": 9}, f"{place}: {answer}"
        hits[place.partition(":")[0]] += 1
        answer = victims.send(number=number, round=number * 2, worker_first=number % 2 == 0)
        assert [state for _, state in answer["results"]] == ["done", "done"], f"{place}: {answer}"
    victims.close()
    if FULL:
        assert sum(hits.values()) >= 200
        assert all(hits[place] >= 5 for place in PLACES)
    database = open_database(kill_url)
    check(database, sandbox, home, rounds)
    database.close()


def test_killed_again_while_making_good_it_still_happens_exactly_once(
    kill_url: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    first = ["t1.committed", "t2.after_call", "t2.progress_kept", "t3.released", "outbox.delivered"]
    second = ["t2.before_call", "t2.after_call", "t3.change_applied", "t3.committed", "outbox.marked"]
    pairs = [(one, two) for one in first for two in second]
    if not FULL:
        pairs = random.Random(SEED).sample(pairs, 4)
    home = tmp_path / "home"
    database = open_database(kill_url)
    plant_shop(database, range(len(pairs) * 2))
    database.close()
    victims = Victims(kill_url, home, sandbox)
    for number, (one, two) in enumerate(pairs):
        assert victims.send(number=number, round=number * 3, die_at=one) == {"signal": 9}
        again = victims.send(number=number, round=number * 3 + 1, die_at=two, worker_first=number % 2 == 0)
        assert again == {"signal": 9} or [state for _, state in again["results"]] == ["done", "done"]
        answer = victims.send(number=number, round=number * 3 + 1)
        assert [state for _, state in answer["results"]] == ["done", "done"], f"{one}, {two}: {answer}"
    victims.close()
    database = open_database(kill_url)
    check(database, sandbox, home, len(pairs))
    database.close()


def check(database: Database, sandbox: Sandbox, home: Path, rounds: int) -> None:
    """Gateway, courier, mail, orders, gift cards, outbox and ledger agree: nothing lost, nothing doubled."""
    shop = StoredShop(database, TENANT, lambda kind, value: value)
    actions = database.read(lambda each: each.execute(select(ACTIONS)).all())
    assert len(actions) == rounds * 2
    assert {row.state for row in actions} == {"done"}
    assert not database.read(lambda each: each.execute(select(RESERVATIONS)).all())
    expected: Counter[str] = Counter()
    for row in actions:
        number = int(row.case_id.removeprefix("case-"))
        order = shop.order(f"o{number}")
        assert order is not None
        assert order.version == 2, row.case_id
        entries = database.read(lambda each, case=row.case_id: read_entries(each, TENANT, case))
        names = Counter(entry.name for entry in entries)
        assert names["case:action:done"] == 1, row.case_id
        assert names["case:delivery:done"] == 1, row.case_id
        if number % 2 == 0:
            assert (order.status, order.refunded_minor) == (OrderStatus.CANCELLED, 1999)
            assert names["case:action:started"] == 1
            customer = shop.customer(f"c{number}")
            assert customer is not None
            assert customer.methods[1].balance_minor == 900
            done = next(json.loads(entry.body) for entry in entries if entry.name == "case:action:done")
            told = {each["key"]: each["amount_minor"] for each in done["transfers"]}
            assert told == {f"{row.action_id}:1": 999, f"{row.action_id}:2": 1000}
            expected.update(told)
        else:
            assert (order.status, order.address_token) == (OrderStatus.PENDING, "address_b")
    effects = sandbox.effects("payments")
    assert {each["key"]: each["request"]["amount_minor"] for each in effects} == dict(expected)
    assert len(effects) == rounds * 2
    messages = database.read(lambda each: each.execute(select(OUTBOX)).all())
    assert {row.state for row in messages} == {"delivered"}
    delivered = sandbox.effects("mail") + sandbox.effects("courier")
    assert Counter(each["key"] for each in delivered) == Counter(row.outbox_id for row in messages)
    assert len(messages) == rounds * 2
    report = verify_ledger(database, KEY, home, processes=1, timer=time.perf_counter)
    assert report.faults == ()
    assert report.cases == rounds * 2 == report.checkpoints
