"""What several suites share: a service as a real process on a free loopback port, and empty databases.

A database for a test, up to date and empty: `sqlite_url`, `postgres_url`, or `database_url` for one test on
both; `database` is it, open. `new_postgres` and `new_sqlite` make any number. The PostgreSQL is a real server
of this test session (`LocalPostgres`), started when the first test asks; `durable_postgres` runs with fsync.

`redis_url` is an empty Redis, a real server of this test session (`LocalRedis`).

`shop_world` is the sample shop with tools over it, on a clock that stands still.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role, Scope
from casewright.evaluation.local_postgres import LocalPostgres
from casewright.evaluation.local_redis import LocalRedis

if TYPE_CHECKING:
    from casewright.adapters.store.engine import Database
    from casewright.domain.shop import Order
    from casewright.evaluation.action_subject import MemoryGateway
    from casewright.service.shop import Shop
    from casewright.settings import Settings
    from casewright.tools.answers import ToolTrace

STARTS_WITHIN_S = 30
ANNOUNCEMENT = "Serving on "


@dataclass
class Served:
    """One serving process: its address, and its log as it grows."""

    process: subprocess.Popen[str]
    url: str = ""
    lines: list[str] = field(default_factory=list)
    ready: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)
            if ANNOUNCEMENT in line:
                self.url = line.removeprefix(ANNOUNCEMENT).split("/ ")[0]
                self.ready.set()

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log lines of one event."""
        parsed = [json.loads(line) for line in self.lines if line.startswith("{")]
        return [line for line in parsed if line["event"] == name]


Serve = Callable[..., Served]


def wait_for_health(served: Served) -> None:
    """Until the service answers; an AssertionError with its log where it does not."""
    give_up_at = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < give_up_at and served.process.poll() is None:
        try:
            if httpx2.get(f"{served.url}/health", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"the service did not answer:\n{served.log}")


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Start `casewright serve` with settings given as names and values; stopped at the end of the session."""
    started: list[tuple[Served, threading.Thread]] = []

    def start(*arguments: str, **settings: object) -> Served:
        home: Path = tmp_path_factory.mktemp("home")
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("CASEWRIGHT_")
        }
        environment["CASEWRIGHT_EMBEDDER"] = "none"  # what ships is embedded behind every first start
        environment |= {f"CASEWRIGHT_{name.upper()}": str(value) for name, value in settings.items()}
        process = subprocess.Popen(
            [sys.executable, "-m", "casewright.main", "serve", "--port", "0", *arguments],
            env={**environment, "CASEWRIGHT_HOME": str(home), "PYTHONUTF8": "1"},
            cwd=home,
            stderr=subprocess.PIPE,
            text=True,
        )
        served = Served(process)
        thread = threading.Thread(target=served.follow, daemon=True)
        thread.start()
        started.append((served, thread))
        assert served.ready.wait(STARTS_WITHIN_S), f"the service did not start:\n{served.log}"
        wait_for_health(served)
        return served

    yield start
    for served, thread in started:
        served.process.send_signal(signal.SIGTERM)
        try:
            served.process.wait(20)
        except subprocess.TimeoutExpired:
            served.process.kill()
            served.process.wait()
        thread.join()
        assert served.process.stderr is not None
        served.process.stderr.close()


TEMPLATE = "template_casewright"
NewDatabase = Callable[[], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """A real server, without fsync."""
    with LocalPostgres() as server:
        prepare(server)
        yield server


@pytest.fixture(scope="session")
def durable_postgres() -> Iterator[LocalPostgres]:
    """A real server with fsync on."""
    with LocalPostgres(is_durable=True) as server:
        prepare(server)
        yield server


def prepare(server: LocalPostgres) -> None:
    """Make the migrated database that every test's own is a copy of."""
    from casewright.adapters.store.engine import open_database

    open_database(server.create_database(TEMPLATE)).close()


@pytest.fixture
def new_postgres(postgres: LocalPostgres) -> Iterator[NewDatabase]:
    """Make a database that is up to date and empty: its address."""
    yield from make_databases(postgres)


@pytest.fixture
def new_durable_postgres(durable_postgres: LocalPostgres) -> Iterator[NewDatabase]:
    """The same on the server with fsync."""
    yield from make_databases(durable_postgres)


NUMBERS = count(1)


def make_databases(server: LocalPostgres) -> Iterator[NewDatabase]:
    made: list[str] = []

    def make() -> str:
        made.append(f"test_{next(NUMBERS)}")
        return server.create_database(made[-1], TEMPLATE)

    yield make
    for name in made:
        server.drop_database(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from casewright.adapters.store.engine import open_database

    path = tmp_path_factory.mktemp("template") / "casewright.db"
    open_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> NewDatabase:
    """Make a file that is up to date and empty: its address."""
    numbers = count(1)

    def make() -> str:
        path = tmp_path / f"casewright-{next(numbers)}.db"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def sqlite_url(new_sqlite: NewDatabase) -> str:
    return new_sqlite()


@pytest.fixture
def postgres_url(new_postgres: NewDatabase) -> str:
    return new_postgres()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs on SQLite and on PostgreSQL."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def database(database_url: str) -> "Iterator[Database]":
    """The database, open; closed after the test."""
    from casewright.adapters.store.engine import open_database

    database = open_database(database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[LocalRedis]:
    """A real server of this test session."""
    with LocalRedis() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: LocalRedis) -> str:
    """Address of the server, emptied."""
    import redis

    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()
    return redis_server.url


DAY = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class ShopWorld:
    """The sample shop over a fresh database, with a payment gateway in memory and a clock that stands still."""

    shop: "Shop"
    gateway: "MemoryGateway"
    traces: "list[ToolTrace]"
    settings: "Settings"
    at: datetime = DAY

    def customer(self, number: int, session: str = "1") -> Principal:
        """Customer `number` of the sample shop, signed in."""
        scopes = SCOPES_OF_ROLE[Role.CUSTOMER]
        name = f"CUS-{1000 + number}"
        return Principal(f"usr_{number}", Role.CUSTOMER, "main", f"ses_{number}_{session}", scopes, name)

    def staff(self, role: Role, name: str = "1") -> Principal:
        """Somebody of the staff, who acts for nobody in particular."""
        return Principal(f"usr_{role}_{name}", role, "main", f"ses_{role}_{name}", SCOPES_OF_ROLE[role])

    def proposing(self, number: int) -> Principal:
        """A key that may read and propose for a customer, and never confirm: a model's."""
        scopes = frozenset({Scope.READ, Scope.PROPOSE})
        name = f"CUS-{1000 + number}"
        return Principal(f"key_{number}", Role.CUSTOMER, "main", f"key_{number}", scopes, name)

    def order(self, order_id: str) -> "Order":
        found = self.shop.records("main").order(order_id)
        assert found is not None
        return found

    def later(self, **duration: float) -> None:
        """Move the clock."""
        self.at += timedelta(**duration)


@contextmanager
def open_shop_world(url: str, home: Path) -> "Iterator[ShopWorld]":
    from casewright.adapters.importers.landing import land_shop
    from casewright.adapters.importers.sample import build_sample_shop
    from casewright.adapters.store.engine import open_database
    from casewright.evaluation.action_subject import MemoryGateway
    from casewright.service.shop import build_shop
    from casewright.settings import load_settings

    database = open_database(url)
    gateway: MemoryGateway = MemoryGateway()
    traces: list[ToolTrace] = []
    settings = load_settings(home=home)
    world: list[ShopWorld] = []
    shop = build_shop(
        settings,
        database,
        now=lambda: world[0].at if world else DAY,
        payments=gateway,
        record_trace=traces.append,
    )
    world.append(ShopWorld(shop, gateway, traces, settings))
    land_shop(database, shop.vault("main"), "main", build_sample_shop(DAY, customers=9), at=DAY)
    yield world[0]
    shop.close()
    database.close()


@pytest.fixture
def shop_world(sqlite_url: str, tmp_path: Path) -> "Iterator[ShopWorld]":
    """The sample shop, open; closed after the test."""
    with open_shop_world(sqlite_url, tmp_path / "home") as world:
        yield world


@pytest.fixture
def shop_world_on_both(database_url: str, tmp_path: Path) -> "Iterator[ShopWorld]":
    """The same, once on SQLite and once on PostgreSQL."""
    with open_shop_world(database_url, tmp_path / "home") as world:
        yield world
