"""A whole service in this process, with twin customers and one client for everybody who may ask.

Everything of a customer's is named after one letter: A is the owner's, B another customer's, Z nobody's. So
`ORD-{X}1` with another letter is the same request about another's order, or about one that does not exist.
"""

import itertools
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from casewright.adapters import clock
from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.shop import (
    ImportedCustomer,
    ImportedOrder,
    ImportedShop,
    Person,
    write_address,
)
from casewright.adapters.log import configure_logging
from casewright.adapters.store.cases import StoredCases
from casewright.adapters.vault import open_vault
from casewright.api.app import HttpDoor, build_http_door
from casewright.bootstrap import build_application
from casewright.domain.principal import Role, Scope
from casewright.domain.shop import (
    Category,
    Customer,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Product,
    Variant,
)
from casewright.ports.cases import CaseState, StoredCase
from casewright.service.premises import Premises
from casewright.settings import Settings

ORIGIN = "https://testserver"
PASSWORD = "four words make sense"
OWN, OTHERS, ABSENT = "A", "B", "Z"
STAFF = ("agent", "supervisor", "admin")
ACTORS = ("owner", "other", *STAFF, "stranger", "proposer", "anonymous")
ORDERS = {1: OrderStatus.PENDING, 2: OrderStatus.DELIVERED, 3: OrderStatus.SHIPPED}
WORDS = {"A": "Ana", "B": "Ben", "Z": "Zoe"}


@dataclass
class House:
    """The service, who asks, and the drawn ids of what they made, by place and letter."""

    door: HttpDoor
    clients: dict[str, TestClient]
    drawn: dict[str, dict[str, str]]
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def send(self, actor: str, method: str, path: str, body: Any = None, *, is_keyed: bool = False) -> Any:
        headers = {"idempotency-key": f"key-{next(self.numbers)}"} if is_keyed else {}
        return self.clients[actor].request(method, path, json=body, headers=headers)

    def sign_in(self, actor: str) -> None:
        """Sign in whoever signs in; the others stay as they are."""
        if actor in ("proposer", "anonymous"):
            return
        client = self.clients[actor]
        tenant = "other" if actor == "stranger" else "main"
        signed = client.post("/session", json={"login": actor, "password": PASSWORD, "tenant": tenant})
        assert signed.status_code == 201, signed.text
        client.headers["x-csrf-token"] = signed.json()["csrf_token"]

    def refresh(self, place: str) -> None:
        """Make what may have been used up anew, for both customers."""
        for letter, actor in ((OWN, "owner"), (OTHERS, "other")):
            made = _MAKERS[place](self, actor, letter)
            self.drawn[place][letter] = made
            kind, mark, digits = re.split(r"([_-])(?=[0-9a-f]+$)", made)
            self.drawn[place][ABSENT] = f"{kind}{mark}{'0' * len(digits)}"


def _make_proposal(house: House, actor: str, letter: str) -> str:
    body = {"order_id": f"ORD-{letter}1", "reason": "no longer needed"}
    response = house.send(actor, "POST", "/tools/cancel_order", body, is_keyed=True)
    assert response.status_code == 202, response.text
    return str(response.json()["proposal"]["proposal_id"])


def _make_conversation(house: House, actor: str, _: str) -> str:
    response = house.send(actor, "POST", "/support/resolve", {"user_input": "Hello, I have a question."})
    assert response.status_code == 200, response.text
    return str(response.json()["conversation_id"])


def _make_escalation(house: House, actor: str, letter: str) -> str:
    body = {
        "reason": "other",
        "summary": f"Wants a person {next(house.numbers)}.",
        "order_id": f"ORD-{letter}1",
    }
    response = house.send(actor, "POST", "/tools/create_escalation", body, is_keyed=True)
    assert response.status_code == 200, response.text
    return str(response.json()["effects"][0]["target"])


def _make_document(house: House, _: str, letter: str) -> str:
    """A is of this tenant, B of another one."""
    body = {"name": f"document-{next(house.numbers):08x}", "text": "Tea is served at four."}
    writer = "admin" if letter == OWN else "stranger"
    response = house.send(writer, "POST", "/knowledge/documents", body)
    assert response.status_code == 201, response.text
    return str(response.json()["document"]["document_id"])


_MAKERS: dict[str, Callable[[House, str, str], str]] = {
    "document": _make_document,
    "proposal": _make_proposal,
    "conversation": _make_conversation,
    "escalation": _make_escalation,
}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    configure_logging("error")
    home = tmp_path_factory.mktemp("authorisation")
    settings = Settings(home=home, api_keys=(), embedder="none")
    premises = Premises(settings)
    now = clock.now()
    for tenant in ("main", "other"):
        vault = open_vault(premises.database(), tenant, home)
        land_shop(premises.database(), vault, tenant, _build_shop(now, tenant), at=now)
        for letter in _letters_of(tenant):
            case = StoredCase(f"case-{letter}", "orders", "status", CaseState.OPEN, now, now, f"CUS-{letter}")
            StoredCases(premises.database(), tenant).save(case)
    door = build_http_door(
        build_application(settings),
        open_gatehouse=premises.gatehouse,
        open_shop=premises.shop,
        open_copilot=premises.copilot,
        open_retention=premises.retention,
        open_knowledge=premises.knowledge,
    )
    clients = {actor: TestClient(door, base_url=ORIGIN, headers={"origin": ORIGIN}) for actor in ACTORS}
    _add_accounts(premises, clients["proposer"])
    house = House(door, clients, _draw_accounts(premises) | {place: {} for place in _MAKERS})
    for actor in ACTORS:
        house.sign_in(actor)
    yield house
    premises.close()


def _add_accounts(premises: Premises, proposer: TestClient) -> None:
    book = premises.gatehouse().book
    issued = book.add_key("main", "model", Role.AGENT, [Scope.PROPOSE], days=1)
    proposer.headers["x-api-key"] = issued.secret
    book.add_user("other", "stranger", PASSWORD, Role.ADMIN)
    for actor in STAFF:
        book.add_user("main", actor, PASSWORD, Role(actor))
    for actor, letter in (("owner", OWN), ("other", OTHERS)):
        book.add_user("main", actor, PASSWORD, Role.CUSTOMER, f"CUS-{letter}")


def _draw_accounts(premises: Premises) -> dict[str, dict[str, str]]:
    """Accounts and keys by letter: A of this tenant, B of another one, Z nobody's."""
    book = premises.gatehouse().book
    drawn: dict[str, dict[str, str]] = {"user": {}, "key": {}}
    for letter, tenant in ((OWN, "main"), (OTHERS, "other")):
        drawn["user"][letter] = book.add_user(tenant, "spare", PASSWORD, Role.AGENT).user_id
        drawn["key"][letter] = book.add_key(tenant, "spare", Role.AGENT, [Scope.READ], days=1).key.key_id
    for place in drawn:
        drawn[place][ABSENT] = f"{drawn[place][OWN][:4]}{secrets.token_hex(12)}"
    return drawn


def _build_shop(now: datetime, tenant: str) -> ImportedShop:
    """Twins A and B; the other tenant has customers of its own, under other names."""
    letters = _letters_of(tenant)
    variants = tuple(
        Variant(f"VAR-{number}", "PRD-1", 2000, options={"colour": colour})
        for number, colour in enumerate(("red", "blue"), 1)
    )
    product = Product("PRD-1", "Plain mug", Category.GENERAL, variants=variants)
    orders = [
        ImportedOrder(_build_order(now, letter, number, status), _address(letter))
        for letter in letters
        for number, status in ORDERS.items()
    ]
    return ImportedShop(tuple(map(_build_customer, letters)), (product,), tuple(orders))


def _letters_of(tenant: str) -> tuple[str, str]:
    return (OWN, OTHERS) if tenant == "main" else ("S", "T")


def _build_customer(letter: str) -> ImportedCustomer:
    methods = (
        PaymentMethod(f"card-{letter}", MethodKind.CARD, "card ending 1111"),
        PaymentMethod(f"gift-{letter}", MethodKind.GIFT_CARD, "gift card", 9000),
    )
    number = 1 + "ABZST".index(letter)
    person = Person(
        WORDS.get(letter, letter * 3),
        f"{letter.lower()}@example.com",
        f"+1202555010{number}",
        _address(letter),
    )
    return ImportedCustomer(Customer(f"CUS-{letter}", methods), person)


def _build_order(now: datetime, letter: str, number: int, status: OrderStatus) -> Order:
    is_sent = status is not OrderStatus.PENDING
    return Order(
        order_id=f"ORD-{letter}{number}",
        customer_id=f"CUS-{letter}",
        status=status,
        lines=(OrderLine("1", "VAR-1", "PRD-1", "Plain mug", 2000, {"colour": "red"}),),
        payments=(PaymentRow(PaymentKind.PAYMENT, f"card-{letter}", 2500),),
        shipping_minor=500,
        placed_at=now - timedelta(days=6),
        shipped_at=now - timedelta(days=5) if is_sent else None,
        promised_at=now - timedelta(days=4),
        delivered_at=now - timedelta(days=2) if status is OrderStatus.DELIVERED else None,
    )


def _address(letter: str) -> str:
    return write_address(
        {"address1": f"{letter} Street 1", "city": "Town", "country": "Land", "zip": "00001"}
    )
