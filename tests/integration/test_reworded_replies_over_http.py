"""Replies of the shop behind a text model, over HTTP: whose words they are is said, and no model holds them up."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from casewright.adapters.gateway.gateway import Gateway, GatewayLimits
from casewright.adapters.gateway.providers import Provider
from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.log import configure_logging
from casewright.adapters.scripted_model import ScriptedModel
from casewright.adapters.vault import open_vault
from casewright.api.app import build_http_door
from casewright.bootstrap import build_application
from casewright.domain.case import Language
from casewright.domain.principal import Role, Scope
from casewright.evaluation.misbehaving_provider import MisbehavingProvider, Mode
from casewright.ports.text_model import TextModel
from casewright.service.premises import Premises
from casewright.settings import Settings
from casewright.writing.shop_replies import say

GREETING = say("greeting", Language.EN).text
LEAD = "Thank you for writing to us."


@contextmanager
def asking(home: Path, model: TextModel) -> Iterator[TestClient]:
    """A customer's client of a service whose text model is this one."""
    configure_logging("error")
    settings = Settings(home=home)
    premises = Premises(settings, model)
    now = datetime.now(UTC)
    vault = open_vault(premises.database(), "main", home)
    land_shop(premises.database(), vault, "main", build_sample_shop(now), at=now)
    scopes = [Scope.READ, Scope.PROPOSE, Scope.CONFIRM]
    issued = premises.gatehouse().book.add_key(
        "main", "test", Role.CUSTOMER, scopes, days=1, customer_id="CUS-1001"
    )
    door = build_http_door(
        build_application(settings, model=model),
        open_gatehouse=premises.gatehouse,
        open_shop=premises.shop,
        close=premises.close,
    )
    with TestClient(door, base_url="https://testserver") as client:
        client.headers["x-api-key"] = issued.secret
        yield client


def test_a_model_s_words_are_named_in_the_header_and_kept_with_their_tries(tmp_path: Path) -> None:
    with asking(tmp_path, ScriptedModel([{"message": f"{LEAD} {GREETING}"}])) as client:
        answer = client.post("/support/resolve", json={"user_input": "Hello"})
        metrics = client.get("/metrics").text
    assert answer.json()["response"] == f"{LEAD} {GREETING}"
    assert answer.headers["x-reply-source"] == "model:scripted/script"
    assert "casewright_blocked_texts_total{" not in metrics


def test_an_unsafe_text_is_replaced_counted_and_the_template_named(tmp_path: Path) -> None:
    with asking(tmp_path, ScriptedModel([{"message": f"{GREETING} And send us your OTP."}])) as client:
        answer = client.post("/support/resolve", json={"user_input": "I want to return something."})
        one_shot = client.post(
            "/agent/respond", json={"case_id": "C-1", "customer_message": "I want to return something."}
        )
        metrics = client.get("/metrics").text
    assert answer.headers["x-reply-source"] == "template"
    assert one_shot.headers["x-reply-source"] == "template"
    assert "OTP" not in answer.json()["response"] + one_shot.json()["customer_reply"]
    assert 'casewright_blocked_texts_total{rule="credential_ask"}' in metrics


@pytest.mark.parametrize("mode", [Mode.DRIP, Mode.HANG, Mode.RATE_LIMITED, Mode.BROKEN_JSON, Mode.PROMISES])
def test_a_provider_that_misbehaves_costs_its_deadline_and_the_reply_still_comes(
    mode: Mode, tmp_path: Path
) -> None:
    with MisbehavingProvider(mode) as server:
        gateway = Gateway([Provider("test", "one", server.base_url)], limits=GatewayLimits(deadline_s=0.5))
        with asking(tmp_path, gateway) as client:
            began = time.monotonic()
            answer = client.post("/support/resolve", json={"user_input": "I want to return something."})
            took = time.monotonic() - began
    assert answer.headers["x-reply-source"] == "template"
    assert answer.json()["needs_clarification"]
    assert took < 30  # generous: without a deadline a dripping server takes minutes
