"""The copilot through a real serving process: whole and streamed, its limits, and an end without a hang."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest

from casewright.adapters import clock
from casewright.adapters.importers.sample_clients import build_sample_clients
from casewright.adapters.store.client_records import StoredClients
from casewright.adapters.store.engine import open_database
from casewright.domain.principal import SCOPES_OF_ROLE, Role
from casewright.service.gatehouse import open_gatehouse
from casewright.service.premises import Premises
from casewright.settings import load_settings

FULL = os.environ.get("CASEWRIGHT_FULL") == "1"
EXAMPLES = 100 if FULL else 5
WAITS_S = 60
DAY = date(2026, 7, 1)
PITCH = "What should I pitch to Voltberry Devices?"


@dataclass
class Desk:
    """A serving process with the sample clients, and keys of the staff and of nobody's."""

    served: Any
    agent: str
    other: str
    customer: str
    settings: dict[str, object]

    @property
    def url(self) -> str:
        return str(self.served.url)

    def ask(self, key: str, **body: object) -> httpx2.Response:
        return httpx2.post(
            f"{self.url}/copilot/ask",
            json={"question": PITCH, **body},
            headers={"x-api-key": key},
            timeout=WAITS_S,
        )


def start(serve: Any, folder: Path, **more: object) -> Desk:
    url, vault_key, ledger_key = (
        f"sqlite:///{folder}/casewright.db",
        secrets.token_hex(32),
        secrets.token_hex(32),
    )
    settings = load_settings(
        home=folder, database_url=url, vault_key=vault_key, ledger_key=ledger_key, embedder="none", as_of=DAY
    )
    premises = Premises(settings)
    premises.knowledge().add_shipped("main")  # all of it, so that no answer is given while it is being read
    premises.close()
    database = open_database(url)
    StoredClients(database, "main").put(build_sample_clients(DAY, currency="BDT"), at=clock.now())
    book = open_gatehouse(settings, database).book
    keys = [
        book.add_key("main", name, role, SCOPES_OF_ROLE[role], days=1).secret
        for name, role in (("a", Role.AGENT), ("b", Role.SUPERVISOR))
    ]
    customer = book.add_key(
        "main", "c", Role.CUSTOMER, SCOPES_OF_ROLE[Role.CUSTOMER], days=1, customer_id="CUS-1"
    ).secret
    database.close()
    chosen: dict[str, object] = {
        "database_url": url,
        "vault_key": vault_key,
        "ledger_key": ledger_key,
        "as_of": DAY,
        "embedder": "none",
        "log_level": "warning",
        **more,
    }
    return Desk(serve(**chosen), keys[0], keys[1], customer, chosen)


@pytest.fixture(scope="module")
def desk(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    return start(serve, tmp_path_factory.mktemp("copilot"))


def read_events(text: str) -> list[tuple[str, Any]]:
    events = []
    for block in text.split("\n\n"):
        lines = dict(
            line.split(": ", 1) for line in block.split("\n") if ": " in line and not line.startswith(":")
        )
        if lines:
            events.append((lines["event"], json.loads(lines["data"])))
    return events


def test_answer_names_its_request_and_goes_on_with_its_conversation(desk: Desk) -> None:
    first = desk.ask(desk.agent)
    assert first.status_code == 200
    document = first.json()
    assert document["request_id"] == first.headers["x-request-id"]
    assert (document["kind"], document["source"]) == ("recommendation", "template")
    again = desk.ask(
        desk.agent, question="And when did we last meet them?", conversation_id=document["conversation_id"]
    )
    assert "Voltberry Devices" in again.json()["message"]
    path = f"{desk.url}/copilot/conversations/{document['conversation_id']}"
    own = httpx2.get(path, headers={"x-api-key": desk.agent}, timeout=WAITS_S)
    assert [turn["number"] for turn in own.json()["turns"]] == [1, 2]
    others = httpx2.get(path, headers={"x-api-key": desk.other}, timeout=WAITS_S)
    assert (others.status_code, others.json()["error"]["code"]) == (404, "conversation_not_found")
    assert httpx2.delete(path, headers={"x-api-key": desk.agent}, timeout=WAITS_S).status_code == 204
    assert httpx2.get(path, headers={"x-api-key": desk.agent}, timeout=WAITS_S).status_code == 404


@pytest.mark.parametrize("way", ["body", "header"])
def test_stream_ends_with_the_answer_that_a_plain_call_gives(desk: Desk, way: str) -> None:
    headers = {"x-api-key": desk.agent} | ({"accept": "text/event-stream"} if way == "header" else {})
    body = {"question": PITCH} | ({"stream": True} if way == "body" else {})
    response = httpx2.post(f"{desk.url}/copilot/ask", json=body, headers=headers, timeout=WAITS_S)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["cache-control"] == "no-store"
    events = read_events(response.text)
    kinds = [kind for kind, _ in events]
    assert kinds == sorted(kinds, key=["step", "sentence", "answer"].index)
    plain = desk.ask(desk.agent).json()
    own = {"conversation_id", "case_id", "request_id"}
    assert {k: v for k, v in events[-1][1].items() if k not in own} == {
        k: v for k, v in plain.items() if k not in own
    }
    assert set(events[-1][1]) == set(plain)


def test_errors_of_a_stream_are_ordinary_ones_until_it_has_begun(desk: Desk) -> None:
    missing = desk.ask(desk.agent, conversation_id="conv_0", stream=True)
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "conversation_not_found")
    long = desk.ask(desk.agent, question="a" * 2_001, stream=True)
    assert (long.status_code, long.json()["error"]["code"]) == (413, "question_too_long")


def test_customers_nobody_and_bad_bodies_are_refused(desk: Desk) -> None:
    assert desk.ask(desk.customer).json()["error"]["code"] == "not_permitted"
    assert desk.ask("wrong").status_code == 401
    assert desk.ask(desk.agent, question=" ").status_code == 422
    assert desk.ask(desk.agent, wrong=1).status_code == 422
    cache = httpx2.get(f"{desk.url}/copilot/cache", headers={"x-api-key": desk.customer}, timeout=WAITS_S)
    assert cache.status_code == 403


def test_caches_show_what_they_did_here_and_among_the_metrics(desk: Desk) -> None:
    for _ in range(3):
        desk.ask(desk.agent)
    answer = httpx2.get(
        f"{desk.url}/copilot/cache", headers={"x-api-key": desk.other}, timeout=WAITS_S
    ).json()
    caches = {cache["name"]: cache for cache in answer["caches"]}
    assert caches["client"]["hits"] >= 2
    assert 0 < caches["client"]["hit_rate"] <= 1
    metrics = httpx2.get(f"{desk.url}/metrics", timeout=WAITS_S).text
    assert 'casewright_lookups_total{cache="client",outcome="hits"}' in metrics
    assert "casewright_copilot_answers_total{" in metrics


def test_fifty_callers_at_once_are_all_answered(desk: Desk) -> None:
    with ThreadPoolExecutor(50) as threads:
        answers = list(threads.map(lambda number: desk.ask(desk.agent, stream=number % 2 == 0), range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert all('"kind":"recommendation"' in answer.text for answer in answers)


def test_callers_that_hang_up_cost_nothing(desk: Desk) -> None:
    host, port = desk.url.removeprefix("http://").split(":")
    body = json.dumps({"question": PITCH, "stream": True}).encode()
    head = (
        f"POST /copilot/ask HTTP/1.1\r\nhost: x\r\nx-api-key: {desk.agent}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    ).encode()
    for number in range(60):
        with socket.create_connection((host, int(port)), timeout=WAITS_S) as connection:
            connection.sendall(head + body)
            if number % 2:
                connection.recv(64)
    assert desk.ask(desk.agent).status_code == 200


def test_the_service_ends_while_streams_are_open(serve: Any, tmp_path: Path) -> None:
    desk = start(serve, tmp_path)
    assert desk.ask(desk.agent).status_code == 200
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(desk.ask, desk.agent, stream=True) for _ in range(40)]
        asked[0].result(WAITS_S)
        desk.served.process.send_signal(signal.SIGTERM)
        desk.served.process.wait(WAITS_S)
        answers = [one.exception(WAITS_S) or one.result() for one in asked]
    assert all(isinstance(one, httpx2.TransportError) or one.status_code == 200 for one in answers)
    assert desk.served.process.returncode in (0, -signal.SIGTERM)


def test_what_one_process_has_looked_up_another_one_knows(serve: Any, tmp_path: Path, redis_url: str) -> None:
    first = start(serve, tmp_path, redis_url=redis_url)
    second = replace(first, served=serve(**first.settings))

    def count_shared() -> int:
        keys = {"x-api-key": second.agent}
        shown = httpx2.get(f"{second.url}/copilot/cache", headers=keys, timeout=WAITS_S).json()
        return sum(cache["shared_hits"] for cache in shown["caches"])

    clients = build_sample_clients(DAY, currency="BDT")
    for client in clients:  # a link that once answers too late is left alone for a while
        question = f"What should I pitch to {client.name}?"
        answers = [desk.ask(desk.agent, question=question).json()["message"] for desk in (first, second)]
        assert answers[0] == answers[1]
        if count_shared():
            return
        time.sleep(0.5)
    raise AssertionError("nothing was shared")


def test_service_and_document_agree_for_staff(desk: Desk) -> None:
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{desk.url}/openapi.json"]
    options = ["--include-path-regex", "^/copilot", "-H", f"X-API-Key: {desk.agent}", "--mode", "all"]
    limits = ["--max-examples", str(EXAMPLES), "--seed", "20260101", "--no-color", "--checks", "all"]
    run = subprocess.run(
        [*command, *options, *limits, "--suppress-health-check", "all"],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        cwd=tempfile.gettempdir(),
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
