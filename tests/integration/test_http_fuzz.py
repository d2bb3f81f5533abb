"""The OpenAPI document taken at its word by a fuzzer: what it allows is answered, what it forbids is refused."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.bootstrap import build_application
from casewright.settings import load_settings

FULL = os.environ.get("CASEWRIGHT_FULL") == "1"
EXAMPLES = 2000 if FULL else 60
BODIES = 5000 if FULL else 300
SECRET = "483921"
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
PHASES = [Phase.explicit, Phase.generate]


@pytest.fixture(scope="module")
def door() -> Any:
    configure_logging("error")
    return build_http_door(build_application(load_settings()))


def test_service_and_document_agree(serve: Any) -> None:
    served = serve(log_level="warning")
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{served.url}/openapi.json"]
    options = ["--max-examples", str(EXAMPLES), "--seed", "20260101", "--no-color", "--checks", "all"]
    run = subprocess.run(
        [*command, *options, "--mode", "all", "--suppress-health-check", "all"],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        cwd=tempfile.gettempdir(),
    )
    assert run.returncode == 0, run.stdout[-4000:]


def test_document_describes_every_route_of_the_api(client: Any) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {(path, method) for path, methods in paths.items() for method in methods} == {
        ("/analyze-ticket", "post"),
        ("/health", "get"),
        ("/healthz", "get"),
        ("/readyz", "get"),
        ("/metrics", "get"),
    }


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = ("transaction_id", "timestamp", "type", "amount", "counterparty", "status")
rows = st.dictionaries(
    st.sampled_from(NAMES), anything | st.sampled_from(("transfer", "failed", 500, "TXN-1"))
)
tickets = st.fixed_dictionaries(
    {"ticket_id": st.text(max_size=30), "complaint": st.text(min_size=1, max_size=300)},
    optional={
        "transaction_history": st.lists(rows | anything, max_size=6) | anything,
        "language": anything,
        "channel": anything,
        "user_type": anything,
        "metadata": anything,
    },
)


@pytest.fixture(scope="module")
def client(door: Any) -> Any:
    with TestClient(door, raise_server_exceptions=False) as client:
        yield client


@seed(20260102)
@settings(max_examples=BODIES, deadline=5_000, suppress_health_check=QUIET, phases=PHASES, database=None)
@given(ticket=tickets)
def test_no_ticket_makes_the_service_fail_or_hang(client: Any, ticket: dict[str, Any]) -> None:
    response = client.post("/analyze-ticket", content=json.dumps(ticket))
    assert response.status_code in (200, 422)
    verdict = json.loads(response.content)
    if response.status_code == 200:
        ids = [row.get("transaction_id") for row in rows_of(ticket)]
        assert verdict["ticket_id"] == ticket["ticket_id"]
        assert verdict["relevant_transaction_id"] in [*ids, None]


@seed(20260103)
@settings(max_examples=BODIES, deadline=5_000, suppress_health_check=QUIET, phases=PHASES, database=None)
@given(
    body=st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_no_bytes_make_the_service_fail_or_hang(client: Any, body: bytes) -> None:
    response = client.post("/analyze-ticket", content=body)
    assert response.status_code in (
        200,
        400,
        422,
    )  # Hypothesis knows strings of this project, tickets among them
    if response.status_code != 200:
        assert set(response.json()["error"]) == {"code", "message", "request_id"}


@seed(20260104)
@settings(max_examples=BODIES, deadline=5_000, suppress_health_check=QUIET, phases=PHASES, database=None)
@given(
    ticket=tickets,
    template=st.sampled_from(
        ("my OTP is {}", "PIN {}", "আমার ওটিপি {} ছিল", "pin ta holo {}", "password: {}")
    ),
)
def test_no_planted_secret_is_echoed(client: Any, ticket: dict[str, Any], template: str) -> None:
    ticket["complaint"] = f"{ticket['complaint'][:100]} {template.format(SECRET)}"
    response = client.post("/analyze-ticket", content=json.dumps({**ticket, "ticket_id": "T-1"}))
    assert response.status_code == 200
    assert SECRET not in response.text


def rows_of(ticket: dict[str, Any]) -> list[dict[str, Any]]:
    history = ticket.get("transaction_history")
    return [row for row in history if isinstance(row, dict)] if isinstance(history, list) else []
