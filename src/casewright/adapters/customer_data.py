"""Everything that is held of one customer: handed out whole, or erased.

An erasure destroys what says who somebody is: values of the vault, blind indexes, words of conversations,
pictures, the account. What a shop must keep of its trade (orders, payments, refunds, the ledger) stays, with
tokens that open nothing. Invariant: rows go in one transaction; files after it, and again when it is run
again. It does not ask who may: the command line and the routes do.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select, update

from casewright.adapters import clock
from casewright.adapters.accounts.tables import API_KEYS, SESSIONS, USERS
from casewright.adapters.evidence import StoredEvidenceFiles
from casewright.adapters.journal.chain import Head
from casewright.adapters.journal.ledger import Ledger
from casewright.adapters.retention.customers import erase_outreach_in, export_outreach_in
from casewright.adapters.store.case_tables import CASES
from casewright.adapters.store.conversation_tables import CONVERSATIONS, TURNS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_reads import StoredShop
from casewright.adapters.store.shop_tables import CUSTOMERS, ESCALATIONS, EVIDENCE
from casewright.adapters.store.times import from_micros
from casewright.adapters.vault import SealedVault
from casewright.domain.audit import AuditName

EXPORT_VERSION = 1
_EVERY_ORDER = 1_000_000
_TIMES = ("at", "created_at", "opened_at", "changed_at", "due_at", "closed_at")


@dataclass(frozen=True, slots=True)
class Erasure:
    """How much was erased."""

    values: int
    conversations: int
    files: int
    accounts: int
    outreach: int = 0
    """Facts and decisions of the retention desk."""


class CustomerData:
    """The data of one tenant's customers."""

    def __init__(
        self,
        database: Database,
        tenant: str,
        vault: SealedVault,
        evidence: StoredEvidenceFiles,
        ledger: Ledger,
        *,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._database = database
        self._tenant = tenant
        self._vault = vault
        self._evidence = evidence
        self._ledger = ledger
        self._now = now
        self._shop = StoredShop(database, tenant, vault.index)

    def export(self, customer_id: str, *, requested_by: str) -> dict[str, Any] | None:
        """Everything held of a customer, as one document; None where nothing is. The ledger says so."""
        customer = self._shop.customer(customer_id)
        orders = self._shop.orders_of(customer_id, limit=_EVERY_ORDER)

        def work(connection: Connection) -> dict[str, Any]:
            return {
                "personal": self._vault.export_in(connection, customer_id),
                "account": _read(connection, self._of(USERS, customer_id), "user_id", "role", "created_at"),
                "conversations": self._read_conversations(connection, customer_id),
                "cases": _read(
                    connection,
                    self._of(CASES, customer_id),
                    "case_id",
                    "desk",
                    "subject",
                    "state",
                    "opened_at",
                ),
                "escalations": _read(
                    connection,
                    self._of(ESCALATIONS, customer_id),
                    "escalation_id",
                    "reason",
                    "summary",
                    "at",
                    "resolution",
                ),
                "outreach": export_outreach_in(connection, self._tenant, customer_id),
                "evidence": _read(
                    connection, self._of(EVIDENCE, customer_id), "evidence_id", "order_id", "media_type", "at"
                ),
            }

        held = self._database.read(work)
        if customer is None and not orders and not any(held.values()):
            return None
        shop = {
            "customer": asdict(customer) if customer is not None else None,
            "orders": [asdict(order) for order in orders],
        }
        entry = {"customer_id": customer_id, "requested_by": requested_by}
        self._ledger.record(
            self._database,
            self._tenant,
            chain_of(customer_id),
            AuditName.CUSTOMER_EXPORTED,
            entry,
            at=self._now(),
        )
        tokens = sorted(_find_tokens(shop))
        shown = _show_values(shop, self._vault.resolve(tokens))
        return {"schema_version": EXPORT_VERSION, "customer_id": customer_id, **shown, **held}

    def erase(self, customer_id: str, *, requested_by: str) -> Erasure:
        """Destroy what says who a customer is; vault and ledger keep when, by whom, and how much."""

        def work(connection: Connection) -> tuple[int, int, int, int, Head]:
            values = self._vault.erase_in(connection, customer_id, requested_by=requested_by)
            connection.execute(
                update(CUSTOMERS)
                .where(CUSTOMERS.c.tenant == self._tenant, CUSTOMERS.c.customer_id == customer_id)
                .values(email_index=None, phone_last4_index=None)
            )
            for table, column in ((CASES, "subject"), (ESCALATIONS, "summary")):
                connection.execute(
                    update(table)
                    .where(table.c.tenant == self._tenant, table.c.customer_id == customer_id)
                    .values({column: ""})
                )
            talks = self._erase_conversations(connection, customer_id)
            accounts = self._close_accounts(connection, customer_id)
            outreach = erase_outreach_in(connection, self._tenant, customer_id, at=self._now())
            entry = {
                "customer_id": customer_id,
                "requested_by": requested_by,
                "values": values,
                "conversations": talks,
                "accounts": accounts,
                "outreach": outreach,
            }
            head = self._ledger.append(
                connection,
                self._tenant,
                chain_of(customer_id),
                AuditName.CUSTOMER_ERASED,
                entry,
                at=self._now(),
            )
            return values, talks, accounts, outreach, head

        values, conversations, accounts, outreach, head = self._database.write(work)
        self._ledger.note(head)
        return Erasure(values, conversations, self._evidence.erase(customer_id), accounts, outreach)

    def _of(self, table: Any, customer_id: str) -> Select[Any]:
        return select(table).where(table.c.tenant == self._tenant, table.c.customer_id == customer_id)

    def _read_conversations(self, connection: Connection, customer_id: str) -> list[dict[str, Any]]:
        found = _read(
            connection, self._of(CONVERSATIONS, customer_id), "conversation_id", "state", "opened_at"
        )
        for conversation in found:
            turns = (
                select(TURNS)
                .where(
                    TURNS.c.tenant == self._tenant,
                    TURNS.c.conversation_id == conversation["conversation_id"],
                )
                .order_by(TURNS.c.number)
            )
            conversation["turns"] = _read(connection, turns, "speaker", "text", "at")
        return found

    def _erase_conversations(self, connection: Connection, customer_id: str) -> int:
        ids = select(CONVERSATIONS.c.conversation_id).where(
            CONVERSATIONS.c.tenant == self._tenant, CONVERSATIONS.c.customer_id == customer_id
        )
        connection.execute(
            delete(TURNS).where(TURNS.c.tenant == self._tenant, TURNS.c.conversation_id.in_(ids))
        )
        gone = delete(CONVERSATIONS).where(
            CONVERSATIONS.c.tenant == self._tenant, CONVERSATIONS.c.customer_id == customer_id
        )
        return connection.execute(gone).rowcount

    def _close_accounts(self, connection: Connection, customer_id: str) -> int:
        """Nobody signs in any more; the login name went with the vault, and here goes its blind index."""
        users = select(USERS.c.user_id).where(
            USERS.c.tenant == self._tenant, USERS.c.customer_id == customer_id
        )
        connection.execute(
            delete(SESSIONS).where(SESSIONS.c.tenant == self._tenant, SESSIONS.c.user_id.in_(users))
        )
        connection.execute(
            delete(API_KEYS).where(API_KEYS.c.tenant == self._tenant, API_KEYS.c.customer_id == customer_id)
        )
        closed = (
            update(USERS)
            .where(USERS.c.tenant == self._tenant, USERS.c.customer_id == customer_id)
            .values(is_disabled=True, login_index=USERS.c.user_id, password_hash="")
        )
        return connection.execute(closed).rowcount


def chain_of(customer_id: str) -> str:
    """The ledger's chain about a customer's data: `casewright ledger show` takes it as a case."""
    return f"customer:{customer_id}"


def _read(connection: Connection, statement: Select[Any], *columns: str) -> list[dict[str, Any]]:
    return [_describe(row, columns) for row in connection.execute(statement)]


def _describe(row: Row[Any], columns: tuple[str, ...]) -> dict[str, Any]:
    values = row._mapping
    return {
        name: from_micros(values[name]) if name in _TIMES and values[name] is not None else values[name]
        for name in columns
    }


def _find_tokens(document: Any) -> set[str]:
    """The values of every field whose name ends in `_token`."""
    if isinstance(document, Mapping):
        own = {
            value
            for name, value in document.items()
            if str(name).endswith("_token") and isinstance(value, str)
        }
        return own.union(*map(_find_tokens, document.values()))
    if isinstance(document, list | tuple):
        return set().union(*map(_find_tokens, document))
    return set()


def _show_values(document: Any, values: Mapping[str, str]) -> Any:
    """The document with each token's value in its place, under a name without `_token`."""
    if isinstance(document, Mapping):
        return {
            str(name).removesuffix("_token"): values.get(value)
            if str(name).endswith("_token") and isinstance(value, str)
            else _show_values(value, values)
            for name, value in document.items()
        }
    if isinstance(document, list | tuple):
        return [_show_values(item, values) for item in document]
    return document
