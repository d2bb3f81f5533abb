"""The shop of this installation, opened: database, journal, vaults, connectors and the tools over them.

One Shop serves a process: every part is safe to share between threads, and tenants are told apart by who
asks. Opening it reads keys and brings the database up to date; closing it finishes what was handed in. What
the tools may do is theirs to decide, not this module's.
"""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from casewright.bootstrap import load_desk, read_ruleset_source
from casewright.domain.action import GatewayCall
from casewright.domain.errors import Unavailable
from casewright.policy.locks import require_lock
from casewright.policy.ruleset import FactSchema, Ruleset, compile_ruleset
from casewright.ports.connectors import PaymentGateway, Transfer
from casewright.ports.knowledge import Retrieval
from casewright.ports.shop import ShopRecords
from casewright.ports.vault import Vault
from casewright.service.log_labels import label_for_log
from casewright.service.tool_catalogue import build_catalogue
from casewright.tools.answers import ToolTrace
from casewright.tools.catalogue import Catalogue
from casewright.tools.committing import ProposalDesk
from casewright.tools.equipment import Equipment
from casewright.tools.executor import ToolExecutor

if TYPE_CHECKING:
    from pydantic import SecretStr

    from casewright.adapters.journal.opening import JournalParts
    from casewright.adapters.journal.worker import FindConnector
    from casewright.adapters.store.engine import Database
    from casewright.settings import Settings

READ_THREADS = 8
"""For the independent reads of all calls together."""
TOOL_CALLED = "case:tool:called"


class RulesetShelf:
    """Compiled rulesets of the desks by tenant and day; each is compiled once and held."""

    def __init__(self, as_of: date | None) -> None:
        self._as_of = as_of
        self._held: dict[tuple[str, str, date], Ruleset] = {}
        self._gate = threading.Lock()

    def __call__(self, desk: str, tenant: str, at: datetime) -> Ruleset:
        """The ruleset in force. Raises PolicyError for a policy that is not the released one."""
        place = (desk, tenant, self._as_of or at.date())
        with self._gate:
            if place not in self._held:
                source = read_ruleset_source(desk)
                require_lock(source)
                schema = FactSchema.from_dataclass(load_desk(desk).facts_type)
                self._held[place] = compile_ruleset(source, schema, as_of=place[2], tenant=tenant)
            return self._held[place]


class NoPayments:
    """Stands where no payment service is configured: surely nothing moves."""

    def move(self, call: GatewayCall, *, key: str) -> Transfer:
        """Raises Unavailable."""
        raise _not_configured()

    def find(self, key: str) -> Transfer | None:
        """Raises Unavailable."""
        raise _not_configured()


def _not_configured() -> Unavailable:
    return Unavailable(
        "No payment service is configured; set CASEWRIGHT_PAYMENTS_URL, or start one: casewright sandbox",
        code="payments_not_configured",
    )


@dataclass(frozen=True, slots=True)
class Shop:
    """What the doors call."""

    database: "Database"
    tools: ToolExecutor
    proposals: ProposalDesk
    catalogue: Catalogue
    parts: "JournalParts"
    """The journal, its ledger and a worker that nobody has started."""
    records: Callable[[str], ShopRecords]
    vault: Callable[[str], Vault]
    now: Callable[[], datetime]
    close: Callable[[], None]
    """Finish what was handed in. The database is its opener's to close."""


def build_shop(
    settings: "Settings",
    database: "Database",
    *,
    now: Callable[[], datetime] | None = None,
    payments: PaymentGateway | None = None,
    connectors: "FindConnector | None" = None,
    worker_threads: int = 8,
    record_trace: Callable[[ToolTrace], None] | None = None,
    environment: Mapping[str, str] | None = None,
    knowledge: Callable[[str], Retrieval] | None = None,
) -> Shop:
    """The shop over an open database. `payments` replaces the configured service; `connectors` and
    `worker_threads` are for who runs the worker; `knowledge` is searched by tenant.

    Raises ConfigurationError for a key or an address that cannot be used.
    """
    from casewright.adapters import clock
    from casewright.adapters.journal.opening import load_ledger_key, open_journal

    moment = now or clock.now
    gateway, close_gateway = (payments, _nothing) if payments else _open_payments(environment)
    parts = open_journal(
        database,
        gateway,
        connectors or _find_none,
        home=settings.home,
        ledger_key=load_ledger_key(database, settings.home, given=_given(settings.ledger_key)),
        clock=moment,
        threads=worker_threads,
    )
    pool = ThreadPoolExecutor(READ_THREADS, thread_name_prefix="reads")
    equipment = _equip(settings, database, parts, pool, moment, record_trace or _log_trace, knowledge)

    def close() -> None:
        pool.shutdown(wait=True)
        parts.close()
        close_gateway()

    return Shop(
        database,
        ToolExecutor(equipment),
        ProposalDesk(equipment),
        equipment.catalogue,
        parts,
        equipment.shop,
        equipment.vault,
        moment,
        close,
    )


def _equip(
    settings: "Settings",
    database: "Database",
    parts: "JournalParts",
    pool: ThreadPoolExecutor,
    now: Callable[[], datetime],
    record_trace: Callable[[ToolTrace], None],
    knowledge: Callable[[str], Retrieval] | None,
) -> Equipment:
    """What the tools work with: each tenant's records and vault, rules, journal, proposals."""
    from casewright.adapters.evidence import StoredEvidenceFiles
    from casewright.adapters.ids import new_id, new_secret
    from casewright.adapters.store.cases import StoredCases
    from casewright.adapters.store.proposals import StoredProposals
    from casewright.adapters.store.shop_reads import StoredShop
    from casewright.adapters.vault import SealedVault, load_vault_key

    vault_key = load_vault_key(database, settings.home, given=_given(settings.vault_key))

    def vault(tenant: str) -> SealedVault:
        return SealedVault(database, tenant, vault_key)

    return Equipment(
        catalogue=build_catalogue(),
        shop=lambda tenant: StoredShop(database, tenant, vault(tenant).index),
        vault=vault,
        cases=lambda tenant: StoredCases(database, tenant),
        evidence=lambda tenant: StoredEvidenceFiles(database, settings.home, tenant),
        journal=parts.journal,
        proposals=StoredProposals(database),
        rules=RulesetShelf(settings.as_of),
        record=lambda tenant, case_id, name, document, at: parts.ledger.record(
            database, tenant, case_id, name, document, at=at
        ),
        now=now,
        timer=time.perf_counter,
        new_id=new_id,
        new_secret=new_secret,
        pool=pool,
        knowledge=knowledge,
        record_trace=record_trace,
    )


def _open_payments(environment: Mapping[str, str] | None) -> tuple[PaymentGateway, Callable[[], None]]:
    from casewright.adapters.connectors.link import ServiceLink, find_address
    from casewright.adapters.connectors.payments import HttpPayments
    from casewright.settings import read_environment

    address = find_address("payments", read_environment() if environment is None else environment)
    if address is None:
        return NoPayments(), _nothing
    link = ServiceLink(address)
    return HttpPayments(link), link.close


def _given(key: "SecretStr | None") -> str | None:
    return None if key is None else key.get_secret_value()


def _find_none(tenant: str, name: str) -> None:
    """No connector: the messages wait for a worker that has one."""


def _nothing() -> None:
    """Where there is nothing to close."""


def _log_trace(trace: ToolTrace) -> None:
    """One line of a tool's call; ids as labels, since a caller may send anything as an id."""
    from casewright.adapters.log import get_logger

    get_logger().info(
        TOOL_CALLED,
        tool=trace.tool,
        tenant=trace.tenant,
        subject=label_for_log(trace.subject_id),
        arguments={name: _label(value) for name, value in trace.arguments.items()},
        outcome=trace.outcome,
        reason_codes=list(trace.reason_codes),
        timings_us=dict(trace.timings_us),
        note=trace.note,
    )


def _label(value: object) -> object:
    if isinstance(value, str):
        return label_for_log(value)
    if isinstance(value, list):
        return [_label(item) for item in value]
    return value if isinstance(value, bool | int) or value is None else "[hidden]"
