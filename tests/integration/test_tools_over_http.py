"""Tools through a real serving process: the document and the service agree, and one key has one effect."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from casewright.adapters.connectors.sandbox.server import SandboxThread
from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.store.engine import open_database
from casewright.adapters.vault import open_vault
from casewright.domain.principal import SCOPES_OF_ROLE, Role
from casewright.service.gatehouse import open_gatehouse
from casewright.settings import load_settings

FULL = os.environ.get("CASEWRIGHT_FULL") == "1"
EXAMPLES = 200 if FULL else 8
HERE = Path(__file__).parent
OURS = "^/(tools|proposals|approvals)"


@dataclass
class ServedShop:
    """A serving process with the sample shop, a payment sandbox, and a key of customer CUS-1001."""

    url: str
    key: str
    sandbox: SandboxThread

    def post(self, path: str, body: object, key: str | None = None) -> httpx2.Response:
        headers = {"x-api-key": self.key} | ({} if key is None else {"idempotency-key": key})
        return httpx2.post(f"{self.url}{path}", json=body, headers=headers, timeout=60)


@pytest.fixture(scope="module")
def served_shop(serve: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedShop]:
    folder = tmp_path_factory.mktemp("shop")
    url, vault_key, ledger_key = (
        f"sqlite:///{folder}/casewright.db",
        secrets.token_hex(32),
        secrets.token_hex(32),
    )
    settings = load_settings(home=folder, database_url=url, vault_key=vault_key, ledger_key=ledger_key)
    database = open_database(url)
    now = datetime.now(UTC)
    vault = open_vault(database, "main", folder, given_key=vault_key)
    land_shop(database, vault, "main", build_sample_shop(now, customers=9), at=now)
    book = open_gatehouse(settings, database).book
    scopes = SCOPES_OF_ROLE[Role.CUSTOMER]
    issued = book.add_key("main", "test", Role.CUSTOMER, scopes, days=1, customer_id="CUS-1001")
    database.close()
    with SandboxThread(folder / "sandbox") as sandbox:
        served = serve(
            database_url=url,
            vault_key=vault_key,
            ledger_key=ledger_key,
            payments_url=f"{sandbox.url}/payments",
            log_level="warning",
        )
        yield ServedShop(served.url, issued.secret, sandbox)


def test_service_and_document_agree_for_a_customer(served_shop: ServedShop) -> None:
    command = [str(Path(sys.executable).with_name("schemathesis")), "run", f"{served_shop.url}/openapi.json"]
    options = ["--include-path-regex", OURS, "-H", f"X-API-Key: {served_shop.key}", "--mode", "all"]
    limits = ["--max-examples", str(EXAMPLES), "--seed", "20260101", "--no-color", "--checks", "all"]
    run = subprocess.run(
        [*command, *options, *limits, "--suppress-health-check", "all"],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
        cwd=tempfile.gettempdir(),
        env={**os.environ, "SCHEMATHESIS_HOOKS": "fresh_keys", "PYTHONPATH": str(HERE)},
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]


def test_64_commits_at_once_over_http_refund_once(served_shop: ServedShop) -> None:
    body = {"order_id": "ORD-1001", "reason": "no longer needed"}
    proposal = served_shop.post("/tools/cancel_order", body, "cancel-1001").json()["proposal"]
    path = f"/proposals/{proposal['proposal_id']}/commit"
    before = served_shop.sandbox.sandbox.journals["payments"].count()

    def commit(_: int) -> str:
        answer = served_shop.post(path, {"confirmation": proposal["confirmation"]}).json()
        return str(
            answer["error"]["code"] if "error" in answer else answer["reason_codes"] or answer["status"]
        )

    with ThreadPoolExecutor(64) as threads:
        outcomes = list(threads.map(commit, range(64)))
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "in_progress", "['confirmation_consumed']"}
    assert served_shop.sandbox.sandbox.journals["payments"].count() == before + 1
    replayed = served_shop.post("/tools/cancel_order", body, "cancel-1001")
    assert (replayed.status_code, replayed.json()["status"]) == (200, "done")


def test_reader_of_another_tenant_finds_nothing(served_shop: ServedShop) -> None:
    stranger = served_shop.key.replace("cw_main_", "cw_other_")
    answer = httpx2.post(
        f"{served_shop.url}/tools/list_orders", json={}, headers={"x-api-key": stranger}, timeout=60
    )
    assert answer.status_code == 401
