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
from casewright.domain.principal import SCOPES_OF_ROLE, Role
from casewright.settings import load_settings

FULL = os.environ.get("CASEWRIGHT_FULL") == "1"
EXAMPLES = 2000 if FULL else 60
KEYED_EXAMPLES = 100 if FULL else 5
KEYED_RUNS = [("customer", "sqlite_url"), ("admin", "postgres_url")]
if FULL:
    KEYED_RUNS += [("admin", "sqlite_url"), ("customer", "postgres_url")]
STATELESS = "^/(analyze-ticket|health|healthz|readyz|metrics)$"
BODIES = 5000 if FULL else 300
SECRET = "483921"
REFUSALS = """
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429]
"""
"""How what the document forbids may be answered: a text that is too long may be a body that is too large."""
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
PHASES = [Phase.explicit, Phase.generate]


@pytest.fixture(scope="module")
def door() -> Any:
    configure_logging("error")
    return build_http_door(build_application(load_settings()))


def run_schemathesis(url: str, examples: int, *options: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "schemathesis.toml"
        config.write_text(REFUSALS, encoding="ascii")
        program = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(config)]
        run_command([*program, "run", f"{url}/openapi.json"], examples, *options)


def run_command(command: list[str], examples: int, *options: str) -> None:
    size = ["--max-examples", str(examples), "--seed", "20260101", "--no-color", "--checks", "all"]
    run = subprocess.run(
        [*command, *size, "--mode", "all", "--suppress-health-check", "all", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        cwd=tempfile.gettempdir(),
    )
    assert run.returncode == 0, run.stdout[-4000:]


def test_service_and_document_agree(serve: Any) -> None:
    served = serve(log_level="warning")
    run_schemathesis(served.url, EXAMPLES, "--include-path-regex", STATELESS)


@pytest.mark.parametrize(("role", "kept_in"), KEYED_RUNS)
def test_service_and_document_agree_for_whoever_has_a_key(
    serve: Any, role: str, kept_in: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """An idempotency key used again with other arguments is refused by design; no schema can say so."""
    database_url = request.getfixturevalue(kept_in)
    key = prepare_shop(tmp_path, database_url, role)
    keys = {
        f"{name}_key": (tmp_path / "keys" / f"{name}.key").read_text().strip() for name in ("vault", "ledger")
    }
    served = serve(log_level="warning", database_url=database_url, **keys)
    header = ["-H", f"X-API-Key: {key}", "--exclude-checks", "positive_data_acceptance"]
    run_schemathesis(served.url, KEYED_EXAMPLES, *header)
    assert "exception" not in served.log


def prepare_shop(home: Path, database_url: str, role: str) -> str:
    """A sample shop, and a key with everything that its role may do."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")}
    environment |= {"CASEWRIGHT_HOME": str(home), "CASEWRIGHT_DATABASE_URL": database_url}
    who = ["--role", role] + (["--customer", "CUS-1001"] if role == "customer" else [])
    scopes = [word for scope in SCOPES_OF_ROLE[Role(role)] for word in ("--scope", scope.value)]
    for arguments in (["demo-data"], ["keys", "add", "fuzz", *who, *scopes]):
        made = subprocess.run(
            [sys.executable, "-m", "casewright.main", *arguments],
            env=environment,
            cwd=home,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    return made.stdout.strip()


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
