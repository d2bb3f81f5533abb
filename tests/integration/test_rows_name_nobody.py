"""A day of a shop over HTTP, on both databases: no row and no log line holds what customers said of themselves."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select
from starlette.testclient import TestClient

from casewright.adapters import clock
from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.log import configure_logging
from casewright.adapters.store.engine import Database
from casewright.adapters.vault import open_vault
from casewright.api.app import build_http_door
from casewright.bootstrap import build_application
from casewright.domain.principal import SCOPES_OF_ROLE, Role
from casewright.service.premises import Premises
from casewright.settings import Settings

CUSTOMER = "CUS-1001"
NEW_ADDRESS = {"address1": "77 Lantern Quay", "city": "Otherwhere", "country": "USA", "zip": "90909"}
SAID = {
    "mail": "secret.mailbox.77@example.org",
    "phone": "+1 202 555 0199",
    "street": "77 Lantern Quay",
    "card": "4111 1111 1111 1111",
}
KEYS = itertools.count(1)


@dataclass
class Day:
    """The service, one customer's client, an agent's, and the person."""

    customer: TestClient
    agent: TestClient
    database: Database
    person: dict[str, list[str]]
    personal: set[str]
    log: StringIO


@pytest.fixture
def day(database_url: str, tmp_path: Path) -> Iterator[Day]:
    log = StringIO()
    configure_logging("info", log)
    settings = Settings(home=tmp_path, database_url=database_url)  # type: ignore[arg-type]
    premises = Premises(settings)
    vault = open_vault(premises.database(), "main", tmp_path)
    now = clock.now()
    land_shop(premises.database(), vault, "main", build_sample_shop(now, customers=12), at=now)
    door = build_http_door(
        build_application(settings), open_gatehouse=premises.gatehouse, open_shop=premises.shop
    )
    book = premises.gatehouse().book
    clients = []
    for role, customer in ((Role.CUSTOMER, CUSTOMER), (Role.AGENT, None)):
        issued = book.add_key("main", "day", role, SCOPES_OF_ROLE[role], days=1, customer_id=customer)
        clients.append(TestClient(door, headers={"x-api-key": issued.secret}))
    people = [dict(vault.export(f"CUS-{number}")) for number in range(1001, 1013)]
    personal = {value for person in people for values in person.values() for value in values}
    yield Day(clients[0], clients[1], premises.database(), people[0], personal, log)  # type: ignore[arg-type]
    premises.close()
    configure_logging("error")


def call(client: TestClient, tool: str, **arguments: Any) -> Any:
    headers = {"idempotency-key": f"key-{next(KEYS)}"}
    response = client.post(f"/tools/{tool}", json=arguments, headers=headers)
    assert response.status_code in (200, 202), response.text
    return response.json()


def confirm(client: TestClient, answer: Any) -> Any:
    proposal = answer["proposal"]
    response = client.post(
        f"/proposals/{proposal['proposal_id']}/commit", json={"confirmation": proposal["confirmation"]}
    )
    assert response.status_code == 200, response.text
    return response.json()


def live_through(day: Day) -> None:
    """What customers and agents do, with personal values wherever somebody could put them."""
    mine = day.customer
    for client in (day.customer, day.agent):
        call(client, "lookup_order", order_id="ORD-1001")
        call(client, "lookup_order", email=day.person["email"][0])
        call(client, "get_customer", customer_id=CUSTOMER)
    assert (
        confirm(mine, call(mine, "modify_address", order_id="ORD-1001", address=NEW_ADDRESS))["status"]
        == "done"
    )
    call(mine, "modify_customer_address", address=NEW_ADDRESS)
    call(mine, "create_escalation", reason="other", summary=f"Call {SAID['phone']} or {SAID['mail']}")
    call(mine, "create_return", order_id="ORD-1002", item_ids=["1"], reason="changed_mind")
    said = f"I am {day.person['name'][0]}, mail {SAID['mail']}, phone {SAID['phone']}, card {SAID['card']}."
    for text in (said, f"{said} Where is my order ORD-1001?", f"Send it to {SAID['street']}, please.", said):
        response = mine.post("/support/resolve", json={"user_input": text})
        assert response.status_code == 200, response.text
        again = {"user_input": said, "conversation_id": response.json()["conversation_id"]}
        assert mine.post("/support/resolve", json=again).status_code == 200
    case = {"case_id": "c-1", "customer_message": f"{said} Cancel my order ORD-1001, I no longer need it."}
    assert day.agent.post("/agent/respond", json={**case, "order_id": "ORD-1001"}).status_code == 200
    by_mail = {**case, "case_id": "c-2", "email": day.person["email"][0]}
    assert day.agent.post("/agent/respond", json=by_mail).status_code == 200


def test_a_day_leaves_no_personal_value_in_rows_or_logs(day: Day) -> None:
    live_through(day)
    telling = {value.casefold() for value in (*day.personal, *SAID.values()) if len(value) >= 5}
    telling |= {"secret.mailbox", "lantern quay", "5550199", "41111111"}
    found = sorted(
        {
            f"{table}.{column}: {one}"
            for table, column, text in cells(day.database)
            for one in telling
            if one in text.casefold()
        }
    )
    assert found == []
    log = day.log.getvalue().casefold()
    assert "case:tool:called" in log
    assert [one for one in telling if one in log] == []


def cells(database: Database) -> list[tuple[str, str, str]]:
    tables = MetaData()
    with database.engine.connect() as connection:
        tables.reflect(connection)

    def read(connection: Any) -> list[tuple[str, str, str]]:
        return [
            (table.name, name, value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))
            for table in tables.sorted_tables
            for row in connection.execute(select(table))
            for name, value in row._mapping.items()
        ]

    return database.read(read)
