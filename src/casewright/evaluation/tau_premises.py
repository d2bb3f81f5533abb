"""A shop for the replay: imported into a fresh database, served as a real process, put back at will.

Everything stays on this machine and is gone at the end. The tenant is `tau2`, whose policy has the order's
life only. Payments go to a sandbox. Putting back restores the business rows and lets go of what actions had
taken once for all; keys, proposals and the ledger go on.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from casewright.adapters import clock
from casewright.adapters.connectors.sandbox.server import SandboxThread
from casewright.adapters.importers.landing import land_shop
from casewright.adapters.importers.tau_retail import read_tau_retail
from casewright.adapters.journal.tables import BUSINESS_KEYS, RESERVATIONS
from casewright.adapters.store.engine import Database, open_database
from casewright.adapters.store.shop_imports import CHILDREN_FIRST
from casewright.adapters.vault import open_vault
from casewright.domain.errors import ConfigurationError
from casewright.evaluation.bench_servers import HOST, serve_ours
from casewright.evaluation.tau_set import SHOP, TauSet

TENANT = "tau2"
IssueKeys = Callable[[Database, Path, Sequence[str]], Mapping[str, str]]
"""API keys by customer: from the database, the folder of its keys, and the customers' ids."""
_BUSY_S = 60


@dataclass(frozen=True, slots=True)
class TauPremises:
    """A running service with the set's shop."""

    url: str
    keys: Mapping[str, str]
    restore: Callable[[], None]


@contextmanager
def open_premises(tau: TauSet, issue_keys: IssueKeys) -> Iterator[TauPremises]:
    """Import, serve, and clear away. Raises ConfigurationError where a row of the shop cannot be imported."""
    with tempfile.TemporaryDirectory(prefix="casewright-tau-") as name:
        home = Path(name)
        live, template = home / "casewright.db", home / "template.db"
        keys = _import(tau, home, live, issue_keys)
        with closing(sqlite3.connect(live)) as source, closing(sqlite3.connect(template)) as target:
            source.backup(target)
        with (
            SandboxThread(home / "sandbox") as sandbox,
            serve_ours(home, tenant=TENANT, payments_url=f"{sandbox.url}/payments") as server,
        ):
            yield TauPremises(f"http://{HOST}:{server.port}", keys, lambda: _restore(live, template))


def _import(tau: TauSet, home: Path, live: Path, issue_keys: IssueKeys) -> Mapping[str, str]:
    shop, problems = read_tau_retail(tau.shop_text, SHOP)
    if problems:
        first = problems[0]
        raise ConfigurationError(
            f"{SHOP}, line {first.line}: {first.row}: {first.reason} ({len(problems)} such rows)"
        )
    database = open_database(f"sqlite:///{live}")
    try:
        land_shop(database, open_vault(database, TENANT, home), TENANT, shop, at=clock.now())
        return issue_keys(database, home, tau.session_users())
    finally:
        database.close()


def _restore(live: Path, template: Path) -> None:
    """Every business row as it was imported, in one transaction; nothing is held done for good any more."""
    with closing(sqlite3.connect(live, timeout=_BUSY_S, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("ATTACH DATABASE ? AS template", (str(template),))
        connection.execute("BEGIN IMMEDIATE")
        for table in (*CHILDREN_FIRST, BUSINESS_KEYS, RESERVATIONS):
            connection.execute(f"DELETE FROM main.{table.name}")  # noqa: S608  # nosec B608 - our own tables
            connection.execute(f"INSERT INTO main.{table.name} SELECT * FROM template.{table.name}")  # noqa: S608  # nosec B608
        connection.execute("COMMIT")
