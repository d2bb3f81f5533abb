"""Two serving processes over one database: the switch, the budget and each customer are shared; one is killed.

Real processes, on PostgreSQL; with CASEWRIGHT_FULL=1 each on SQLite too, and more rounds.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select

from casewright.adapters.journal.opening import open_ledger
from casewright.adapters.retention.store import StoredOutreach
from casewright.adapters.retention.tables import (
    RETENTION_CONTACTS,
    RETENTION_DECISIONS,
    RETENTION_PERIODS,
    RETENTION_SLICES,
)
from casewright.adapters.store.engine import Database
from casewright.domain.principal import Role, Scope
from casewright.service.premises import Premises
from casewright.settings import Settings

BUDGET = 10_000
BOTH = ["sqlite", "postgresql"]
FULL = os.environ.get("CASEWRIGHT_FULL") == "1"
ASKED_S = 60
STOPS_WITHIN_S = 60
PROGRAM = Path(__file__).with_name("retention_replica.py")
NOON = datetime.now(UTC).hour


@dataclass
class Replica:
    """One serving process."""

    process: "subprocess.Popen[str]"
    url: str


@dataclass
class Replicas:
    """Serving processes of one installation, and its database."""

    start: Callable[..., Replica]
    database: Database
    home: Path
    key: str

    def ask(self, served: Replica, body: dict[str, Any], key: str | None = None) -> httpx2.Response:
        headers = {"x-api-key": self.key} | ({"idempotency-key": key} if key else {})
        return httpx2.post(f"{served.url}/retain", json=body, headers=headers, timeout=ASKED_S)

    def read(self, statement: Any) -> Any:
        return self.database.read(lambda connection: connection.execute(statement).all())


def person(customer: str) -> dict[str, Any]:
    """Somebody at risk who may be contacted now: it is noon where they are."""
    ahead = 12 - NOON  # the same for the whole run: a body that is sent again is the same body
    return {
        "customer_id": customer,
        "churn_risk": 0.9,
        "tenure": 5,
        "plan": "monthly",
        "monthly_spend": 60,
        "contacts_7d": 0,
        "consent": True,
        "channel": "email",
        "timezone": f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT",
    }


@pytest.fixture
def replicas(database: Database, database_url: str, tmp_path: Path) -> Iterator[Replicas]:
    settings = Settings(home=tmp_path, database_url=database_url, embedder="none")  # type: ignore[arg-type]
    premises = Premises(settings)
    scopes = [Scope.READ, Scope.CONFIRM]
    issued = premises.gatehouse().book.add_key("main", "desk", Role.AGENT, scopes, days=1)
    premises.close()
    started: list[Replica] = []

    def start(**more: object) -> Replica:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")}
        given = {"home": tmp_path, "database_url": database_url, "log_level": "warning", **more}
        environment = clean | {f"CASEWRIGHT_{name.upper()}": str(value) for name, value in given.items()}
        process = subprocess.Popen(
            [sys.executable, str(PROGRAM)], env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        started.append(Replica(process, process.stdout.readline().strip()))
        assert started[-1].url, "the replica did not start"
        return started[-1]

    yield Replicas(start, database, tmp_path, issued.secret)
    for replica in started:
        if replica.process.poll() is None:
            replica.process.send_signal(signal.SIGTERM)
        replica.process.wait(STOPS_WITHIN_S)
        assert replica.process.stdout is not None
        replica.process.stdout.close()


def write_any_policy(path: Path) -> Path:
    """Untrained weights: what they propose does not matter here, only that they do."""
    import numpy as np

    from casewright.adapters.retention.weights import write_policy
    from casewright.domain.outreach import FOLLOW_UP_DAYS, OBSERVATION, OFFER_LEVELS

    draw = np.random.default_rng(3)
    actions = 1 + OFFER_LEVELS + len(FOLLOW_UP_DAYS)
    layers = (
        (draw.normal(size=(len(OBSERVATION), 8)).astype("float32"), np.zeros(8, dtype="float32")),
        (draw.normal(size=(8, actions)).astype("float32"), np.zeros(actions, dtype="float32")),
    )
    write_policy(path, layers, {"name": "any"})
    return path


@pytest.mark.parametrize("database_url", BOTH if FULL else ["postgresql"], indirect=True)
def test_replicas_share_the_switch_each_customer_and_the_budget(replicas: Replicas) -> None:
    policy = write_any_policy(replicas.home / "policy.npz")
    pair = [replicas.start(retention_policy=policy, retention_budget_minor=BUDGET) for _ in range(2)]
    ledger = open_ledger(replicas.home, b"k" * 32)
    switch = StoredOutreach(replicas.database, ledger, "main")
    require_switch_at_next_request(replicas, pair, switch)
    switch.set_switch(is_on=True, by="test", at=datetime.now(UTC))  # the baseline contacts whoever is at risk
    require_one_contact_each_within_the_budget(replicas, pair)
    ledger.close()


def require_switch_at_next_request(replicas: Replicas, pair: list[Replica], switch: StoredOutreach) -> None:
    def sources() -> list[tuple[str, str | None]]:
        answers = [replicas.ask(served, person("somebody")).json() for served in pair]
        return [(answer["policy"]["source"], answer["policy"]["reason"]) for answer in answers]

    assert sources() == [("learned", None)] * 2
    for _ in range(3):
        switch.set_switch(is_on=True, by="test", at=datetime.now(UTC))
        assert sources() == [("baseline", "kill_switch_on")] * 2
        switch.set_switch(is_on=False, by="test", at=datetime.now(UTC))
        assert sources() == [("learned", None)] * 2


def require_one_contact_each_within_the_budget(replicas: Replicas, pair: list[Replica]) -> None:
    asked = [
        (served, f"c{number // 4}", f"k{place}-{number}")
        for number in range(60)
        for place, served in enumerate(pair)
    ]

    def ask(each: tuple[Replica, str, str]) -> dict[str, Any]:
        served, customer, key = each
        response = replicas.ask(served, person(customer), key)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, asked))
    contacts = [answer for answer in answers if answer["decision"]["contact"]]
    contacted = [answer["customer_id"] for answer in contacts]
    assert len(contacted) == len(set(contacted))
    told = {reason["code"] for answer in answers for reason in answer["reasons"]}
    assert {"cooldown", "budget_exhausted"} <= told
    costs = [answer["reserved_minor"] for answer in contacts]
    assert sum(costs) <= BUDGET
    assert BUDGET - sum(costs) < 2 * max(costs)  # hardly anything is left over in slices
    kept = select(RETENTION_DECISIONS.c.customer_id).where(RETENTION_DECISIONS.c.offer_level.is_not(None))
    assert sorted(row[0] for row in replicas.read(kept)) == sorted(contacted)
    (held,) = replicas.read(select(RETENTION_PERIODS.c.reserved_minor))
    assert held[0] <= BUDGET


@pytest.mark.parametrize("database_url", BOTH if FULL else ["sqlite"], indirect=True)
def test_a_killed_replica_loses_no_decision_and_overspends_nothing(replicas: Replicas) -> None:
    budget = 60_000
    heard: dict[str, dict[str, Any]] = {}
    rounds = 4 if FULL else 1
    for turn in range(rounds):
        served = replicas.start(retention_budget_minor=str(budget))
        replicas.ask(served, person("warm"))

        def ask(number: int, served: Replica = served, turn: int = turn) -> None:
            key = f"k{turn}-{number}"
            if number == 25:
                served.process.send_signal(signal.SIGKILL)
            try:
                response = replicas.ask(served, person(f"p{turn}-{number}"), key)
            except httpx2.TransportError:
                return  # whether it was kept, nobody was told
            assert response.status_code == 200
            heard[key] = response.json()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(ask, range(60)))
        served.process.wait(30)
    assert heard
    served = replicas.start(retention_budget_minor=str(budget))
    for turn in range(rounds):
        for number in range(60):
            key = f"k{turn}-{number}"
            response = replicas.ask(served, person(f"p{turn}-{number}"), key)
            assert response.status_code == 200, response.text
            if key in heard:
                assert response.json() == heard[key]
                assert response.headers["idempotent-replayed"] == "true"
    decided = replicas.read(
        select(func.count(), func.count(func.distinct(RETENTION_DECISIONS.c.key))).select_from(
            RETENTION_DECISIONS
        )
    )
    assert decided[0][0] == decided[0][1] == rounds * 60
    contacted = replicas.read(
        select(RETENTION_DECISIONS.c.customer_id).where(RETENTION_DECISIONS.c.offer_level.is_not(None))
    )
    assert len(contacted) == len({row[0] for row in contacted})
    assert len(contacted) == len(replicas.read(select(RETENTION_CONTACTS.c.customer_id)))
    (spent,) = replicas.read(select(func.sum(RETENTION_DECISIONS.c.reserved_minor)))
    (held,) = replicas.read(select(RETENTION_PERIODS.c.reserved_minor))
    assert spent[0] <= held[0] <= budget
    assert replicas.read(select(RETENTION_SLICES.c.slice_id).where(RETENTION_SLICES.c.is_open))
