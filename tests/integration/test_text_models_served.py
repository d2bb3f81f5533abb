"""A service with a chain of text models: its counters, its ledger of attempts, and budgets shared in Redis."""

import threading
import time
from typing import Any

import httpx2
import pytest
from pydantic import BaseModel

from casewright.adapters.gateway.attempt_store import StoredAttempts
from casewright.adapters.gateway.budget import BudgetLimits
from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.gateway.providers import Provider, ProviderKind
from casewright.adapters.redis_link import open_redis_link
from casewright.adapters.scripted_model import ScriptedEngine
from casewright.adapters.store.engine import open_database
from casewright.evaluation.local_redis import LocalRedis
from casewright.evaluation.misbehaving_provider import MisbehavingProvider, Mode
from casewright.ports.text_model import AttemptOutcome, Message, Role

KEY = "sk-planted-key-5512"
TICKET = {"ticket_id": "TKT-1", "complaint": "I sent 300 taka to a wrong number."}
WAITS_S = 30


class Texts(BaseModel):
    reply: str


def share(link: Any, **limits: int) -> Gateway:
    """The gateway of one process; those with one link have one budget."""
    provider = Provider(
        "p",
        "m",
        kind=ProviderKind.SCRIPTED,
        engine=ScriptedEngine([{"reply": "Hello."}]),
        limits=BudgetLimits(**limits),
    )
    return Gateway([provider], limits=GatewayLimits(deadline_s=30, cache_entries=0), redis=link)


def outcome(gateway: Gateway) -> AttemptOutcome:
    written = gateway.write((Message(Role.USER, "A case."),), Texts, prompt_version="t.v1")
    return written.trace.attempts[0].outcome


def test_two_processes_share_the_requests_of_a_minute(redis_url: str) -> None:
    one, other = (share(open_redis_link(redis_url, timeout_s=30), requests_per_minute=3) for _ in range(2))
    found = [outcome(gateway) for gateway in (one, other, one, other, one)]
    assert found == [AttemptOutcome.ANSWERED] * 3 + [AttemptOutcome.SKIPPED_BUDGET] * 2


def test_while_redis_is_away_texts_are_written_all_the_same() -> None:
    with LocalRedis() as server:
        link = open_redis_link(server.url, timeout_s=30)
        gateway = share(link, requests_per_minute=3)
        assert outcome(gateway) is AttemptOutcome.ANSWERED
        server.stop()
        found = [outcome(gateway) for _ in range(3)]
    assert found == [AttemptOutcome.ANSWERED] * 2 + [AttemptOutcome.SKIPPED_BUDGET]
    assert not link.is_there


def test_what_was_asked_is_counted_and_kept(
    serve: Any, sqlite_url: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with MisbehavingProvider(Mode.SERVER_ERROR) as provider:
        served = serve(
            text_models=f"anthropic:m-1@{provider.base_url}", database_url=sqlite_url, redis_url=redis_url
        )
        answer = httpx2.post(f"{served.url}/analyze-ticket", json=TICKET, timeout=WAITS_S)
        assert answer.status_code == 200
        assert answer.json()["customer_reply"]
        counted = httpx2.get(f"{served.url}/metrics").text
        ready = httpx2.get(f"{served.url}/readyz").json()
    assert 'outcome="server_error",provider="anthropic"} 1.0' in counted
    assert 'casewright_text_provider_up{model="m-1",provider="anthropic"} 1.0' in counted
    assert 'casewright_redis_up{use="budgets"} 1.0' in counted
    assert ready["dependencies"]["text"]["left_alone"] == "none"
    assert KEY not in counted + served.log
    rows = wait_for_rows(sqlite_url)
    assert [(row.attempt.provider, row.attempt.model) for row in rows] == [("anthropic", "m-1")]
    assert rows[0].attempt.took_ms >= 0


def wait_for_rows(url: str) -> Any:
    """The ledger is written behind the answers."""
    give_up_at = time.monotonic() + WAITS_S
    while time.monotonic() < give_up_at:
        database = open_database(url)
        rows = StoredAttempts(database, "main").newest(10)
        database.close()
        if rows:
            return rows
        threading.Event().wait(0.05)
    raise AssertionError("no row was kept")
