"""A shop with sample data, its support and a payment gateway in memory: what the suites of conversations share."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.sample import build_sample_shop
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.metadata import METADATA
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
from casewright.evaluation.action_subject import MemoryGateway
from casewright.service.conversations import TurnResult
from casewright.service.shop import Shop, build_shop
from casewright.service.support import SupportDoors, build_support
from casewright.settings import Settings
from casewright.tools.answers import ToolTrace

TENANT = "main"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - only where it exists: the suites write much and keep nothing
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
BUSINESS_TABLES = (
    "orders",
    "order_lines",
    "payments",
    "gift_card_entries",
    "refunds",
    "replacements",
    "labels",
    "escalations",
    "customers",
)
"""What an action may change; keys of calls, proposals and turns are kept for every message."""


@dataclass
class SupportHouse:
    """One shop. Customer n is CUS-100n of the sample, whose orders stand in its showcase."""

    home: Path
    database: Database
    shop: Shop
    doors: SupportDoors
    gateway: MemoryGateway
    traces: list[ToolTrace]
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def customer(self, number: int, subject: str | None = None) -> Principal:
        """A customer's session; a fresh one where no subject is given, so that no call limit is met."""
        subject = subject or f"u-{number}-{next(self.numbers)}"
        scopes = SCOPES_OF_ROLE[Role.CUSTOMER]
        return Principal(subject, Role.CUSTOMER, TENANT, f"s-{subject}", scopes, f"CUS-{1000 + number}")

    def staff(self, role: Role = Role.AGENT, subject: str = "staff-1") -> Principal:
        return Principal(subject, role, TENANT, f"s-{subject}", SCOPES_OF_ROLE[role])

    def talk(self, principal: Principal, *messages: str) -> list[TurnResult]:
        """The turns of one new conversation."""
        results: list[TurnResult] = []
        for message in messages:
            known = results[-1].conversation.conversation_id if results else None
            results.append(self.doors.support.take_turn(principal, message, known))
        return results

    def on(self, **changes: Any) -> "SupportHouse":
        """The same shop with other support (`detects`)."""
        doors = build_support(self.shop, **changes)
        return SupportHouse(
            self.home, self.database, self.shop, doors, self.gateway, self.traces, self.numbers
        )

    def business_rows(self) -> Mapping[str, list[tuple[Any, ...]]]:
        """Everything that an action could have changed."""
        tables = [METADATA.tables[name] for name in BUSINESS_TABLES]
        return self.database.read(
            lambda connection: {
                table.name: sorted(map(tuple, connection.execute(select(table)).all()), key=repr)
                for table in tables
            }
        )

    def everything_kept(self) -> str:
        """All rows of all tables but the vault's sealed values, as one text."""
        tables = [table for table in METADATA.sorted_tables if not table.name.startswith("vault")]
        return self.database.read(
            lambda connection: "\n".join(
                repr(tuple(row)) for table in tables for row in connection.execute(select(table))
            )
        )


class SupportHouses:
    """Makes houses from one planted folder, which is copied."""

    def __init__(self, template: Path, room: Path) -> None:
        self._template = template
        self._room = room
        self._numbers = count(1)
        with self._open(template) as house:
            vault = house.shop.vault(TENANT)
            land_shop(house.database, vault, TENANT, build_sample_shop(AT), at=AT)

    @contextmanager
    def open(self) -> Iterator[SupportHouse]:
        home = self._room / f"house-{next(self._numbers)}"
        shutil.copytree(self._template, home)
        with self._open(home) as house:
            yield house
        shutil.rmtree(home)

    @contextmanager
    def _open(self, home: Path) -> Iterator[SupportHouse]:
        database = open_database(f"sqlite:///{home}/casewright.db")
        gateway, traces = MemoryGateway(), []
        settings = Settings(home=home)
        shop = build_shop(settings, database, now=lambda: AT, payments=gateway, record_trace=traces.append)
        try:
            yield SupportHouse(home, database, shop, build_support(shop), gateway, traces)
        finally:
            shop.close()
            database.close()


@pytest.fixture(scope="session")
def support_houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SupportHouses]:
    room = Path(
        tempfile.mkdtemp(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else tmp_path_factory.getbasetemp())
    )
    yield SupportHouses(room / "planted", room)
    shutil.rmtree(room)


@pytest.fixture
def support_house(support_houses: SupportHouses) -> Iterator[SupportHouse]:
    """A house of the test's own."""
    with support_houses.open() as opened:
        yield opened
