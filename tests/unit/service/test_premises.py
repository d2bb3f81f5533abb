"""Premises: opened when first asked for, once, and by whoever asks first."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from casewright.adapters.gateway.attempt_store import StoredAttempts
from casewright.adapters.gateway.gateway import Gateway
from casewright.adapters.gateway.providers import Provider, ProviderKind
from casewright.adapters.scripted_model import ScriptedEngine
from casewright.adapters.store.engine import open_database
from casewright.domain.errors import ConfigurationError
from casewright.ports.text_model import AttemptOutcome, Message, Role
from casewright.service.copilot import Copilot
from casewright.service.premises import Premises
from casewright.settings import load_settings
from casewright.writing.prompts import TextField, texts_output


@pytest.fixture
def premises(tmp_path: Path, sqlite_url: str) -> Iterator[Premises]:
    opened = Premises(load_settings(home=tmp_path / "home", database_url=sqlite_url))
    yield opened
    opened.close()


def test_nothing_is_opened_before_it_is_asked_for(tmp_path: Path) -> None:
    home = tmp_path / "home"
    Premises(load_settings(home=home)).close()
    assert not home.exists()


def test_many_first_requests_open_one_shop_and_one_gatehouse(premises: Premises) -> None:
    with ThreadPoolExecutor(16) as threads:
        shops = list(threads.map(lambda _: premises.shop(), range(16)))
        gatehouses = list(threads.map(lambda _: premises.gatehouse(), range(16)))
    assert all(shop is shops[0] for shop in shops)
    assert all(gatehouse is gatehouses[0] for gatehouse in gatehouses)
    assert shops[0].database is premises.database()


def test_what_cannot_be_opened_is_said_to_everybody_who_asks(tmp_path: Path, sqlite_url: str) -> None:
    home = tmp_path / "home"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "vault.key").write_text("short")
    premises = Premises(load_settings(home=home, database_url=sqlite_url))
    for _ in range(2):
        with pytest.raises(ConfigurationError):
            premises.shop()
    premises.close()


def test_attempts_at_text_are_kept_and_open_the_database_when_there_is_one(
    tmp_path: Path, sqlite_url: str
) -> None:
    premises = Premises(load_settings(home=tmp_path / "home", database_url=sqlite_url))
    engine = ScriptedEngine([{"reply": "Hello."}])
    gateway = Gateway([Provider("p", "m", kind=ProviderKind.SCRIPTED, engine=engine)])
    premises.keep_attempts(gateway)
    premises.keep_attempts(None)
    output = texts_output((TextField("reply", "To the customer.", 100),))
    gateway.write((Message(Role.USER, "A case."),), output, prompt_version="t.v1")
    premises.close()
    database = open_database(sqlite_url)
    kept = StoredAttempts(database, "main").newest(10)
    database.close()
    assert [(row.attempt.provider, row.attempt.outcome) for row in kept] == [("p", AttemptOutcome.ANSWERED)]


def test_closing_twice_is_closing(premises: Premises) -> None:
    premises.shop()
    premises.close()
    premises.close()


def test_what_is_prepared_is_the_knowledge_and_the_copilot_once_there_is_a_database(
    premises: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed = threading.Event()
    monkeypatch.setattr(Copilot, "warm_up", lambda _, tenant: tenant == "main" and warmed.set())
    premises.prepare()
    assert warmed.wait(60)
    documents, deadline = premises.knowledge().store("main").documents, time.monotonic() + 60
    while not documents() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert documents()


def test_a_look_at_what_was_counted_has_it_counted_anew_behind(
    premises: Premises, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert premises.peek_knowledge() is None
    asked: list[str] = []
    knowledge = premises.knowledge()
    monkeypatch.setattr(knowledge, "count_behind", lambda: asked.append("once"))
    premises.peek_knowledge()
    assert asked == ["once"]
