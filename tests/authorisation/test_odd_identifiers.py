"""Identifiers that no database can hold, on every route and on both databases: a no, and never a failure."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from starlette.testclient import TestClient

from casewright.adapters.log import configure_logging
from casewright.api.app import build_http_door
from casewright.bootstrap import build_application
from casewright.domain.principal import Role, Scope
from casewright.service.premises import Premises
from casewright.settings import Settings

TABLE: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text("utf-8"))
ODD = ("\x00", "a\x00b", "\ud800", "' OR 1=1 --", "x" * 3000, "😀", "../../etc/passwd", "%00", "\n", " ")
NUMBERS = iter(range(1_000_000))


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    configure_logging("error")
    settings = Settings(home=tmp_path, database_url=database_url)  # type: ignore[arg-type]
    premises = Premises(settings)
    issued = premises.gatehouse().book.add_key("main", "all", Role.ADMIN, list(Scope), days=1)
    door = build_http_door(
        build_application(settings),
        open_gatehouse=premises.gatehouse,
        open_shop=premises.shop,
        open_copilot=premises.copilot,
        open_retention=premises.retention,
    )
    headers = {"x-api-key": issued.secret}
    yield TestClient(door, headers=headers, raise_server_exceptions=False)
    premises.close()


def send(client: TestClient, route: str, odd: str, only: str | None = None) -> Any:
    """The route with every identifier, and every text of its body or one field's, replaced by the odd one."""
    method, _, path = route.partition(" ")
    encoded = quote(odd.encode("utf-8", "surrogatepass"), safe="")
    while "{" in path:
        path = path[: path.index("{")] + encoded + path[path.index("}") + 1 :]
    headers = {"idempotency-key": f"key-{next(NUMBERS)}"}
    body = TABLE[route].get("body")
    if body is None:
        return client.request(method, path, headers=headers)
    changed = {name: replace(value, odd) if only in (None, name) else value for name, value in body.items()}
    headers["content-type"] = "application/json"
    return client.request(method, path, content=json.dumps(changed), headers=headers)


def replace(template: Any, odd: str) -> Any:
    if isinstance(template, dict):
        return {name: replace(value, odd) for name, value in template.items()}
    if isinstance(template, list):
        return [replace(value, odd) for value in template]
    return odd if isinstance(template, str) else template


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_odd_identifier_is_a_no_on_every_route(client: TestClient, odd: str) -> None:
    failed = []
    for route, row in TABLE.items():
        for only in (None, *(row.get("body") or ())):
            response = send(client, route, odd, only)
            if response.status_code >= 500:
                failed.append(f"{route} {only}: {response.status_code}")
    assert failed == []
