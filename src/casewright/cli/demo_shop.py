"""The shop's part of the demo: a sample shop in a temporary folder, a sandbox that moves no real money, and
the orders and returns desks at work on it, through the same tools that HTTP callers use.

Nothing stays behind, and nothing of this installation is touched. What is printed is what happened.
"""

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.rule import Rule

from casewright.cli.console import say_beside
from casewright.domain.money import format_minor
from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role

if TYPE_CHECKING:
    from casewright.adapters.store.engine import Database
    from casewright.service.shop import Shop
    from casewright.settings import Settings
    from casewright.tools.answers import ToolAnswer

TENANT = "main"


@dataclass(frozen=True, slots=True)
class Opened:
    """The open shop of the demo, and what belongs to it."""

    shop: "Shop"
    database: "Database"
    home: Path


def show_shop_demo(console: Console, settings: "Settings") -> bool:
    """Play the scenes; whether everything came out as a sound shop must leave it."""
    with _open_shop(settings) as opened:
        shop = opened.shop
        console.print(Rule("A shop: orders and returns", align="left", style="dim"))
        console.print("Money moves in a sandbox here; every step is proposed, confirmed, and done once.\n")
        done = [
            _show_cancellation(console, shop),
            _show_exchange(console, shop),
            _show_approval(console, shop),
            _show_refusal(console, shop),
        ]
        return _show_ledger(console, opened) and all(done)


def _show_cancellation(console: Console, shop: "Shop") -> bool:
    customer = _customer("CUS-1001")
    _scene(console, "A pending order is cancelled", "CUS-1001: cancel ORD-1001, I no longer need it")
    proposed = _call(
        shop, customer, "cancel_order", {"order_id": "ORD-1001", "reason": "no longer needed"}, "demo-1"
    )
    _show_proposal(console, proposed)
    done = _confirm(shop, customer, proposed)
    _show_end(console, done)
    again = _confirm(shop, customer, proposed)
    say_beside(console, "again", f"the same confirmation a second time: {_words(again)}")
    return done.status.value == "done" and "confirmation_consumed" in again.reason_codes


def _show_exchange(console: Console, shop: "Shop") -> bool:
    customer = _customer("CUS-1001")
    _scene(console, "A delivered item is exchanged", "CUS-1001: the shoes of ORD-1002 in another size")
    order = shop.records(TENANT).order("ORD-1002")
    if order is None:
        return False
    for line in order.lines:
        product = shop.records(TENANT).product(line.product_id)
        others = product.variants if product else ()
        for other in others:
            if other.is_available and other.variant_id != line.variant_id:
                arguments = {
                    "order_id": order.order_id,
                    "item_ids": [line.line_id],
                    "new_variant_ids": [other.variant_id],
                    "method_id": order.payments[0].method_id,
                    "reason": "changed_mind",
                }
                proposed = _call(shop, customer, "create_exchange", arguments, "demo-2")
                _show_proposal(console, proposed)
                done = _confirm(shop, customer, proposed)
                _show_end(console, done)
                return done.status.value == "done"
    return False


def _show_approval(console: Console, shop: "Shop") -> bool:
    customer = _customer("CUS-1002")
    _scene(console, "A refund needs a person's approval", "CUS-1002: the laptop of ORD-1003 came back")
    order = shop.records(TENANT).order("ORD-1003")
    if order is None:
        return False
    items = {"order_id": order.order_id, "item_ids": [order.lines[0].line_id], "reason": "not_as_described"}
    proposed = _call(shop, customer, "create_return", items, "demo-3")
    _show_proposal(console, proposed)
    if proposed.proposal is None or proposed.proposal.approval is None:
        return False
    early = shop.proposals.commit(customer, proposed.proposal.proposal_id, proposed.confirmation or "none")
    say_beside(console, "too early", f"confirmed before it is approved: {_words(early)}")
    needed = proposed.proposal.approval.needed
    approver = Principal(f"staff-{needed.value}", needed, TENANT, "demo-staff", SCOPES_OF_ROLE[needed])
    shop.proposals.decide(approver, proposed.proposal.proposal_id, grants=True, note="Checked the photos.")
    say_beside(console, "approved", f"by {approver.subject_id}, whose band covers the amount")
    shown = shop.proposals.show(customer, proposed.proposal.proposal_id)
    done = _confirm(shop, customer, shown)
    _show_end(console, done)
    return done.status.value == "done"


def _show_refusal(console: Console, shop: "Shop") -> bool:
    customer = _customer("CUS-1003")
    _scene(console, "A no, with its clause", "CUS-1003: take back the fruit basket of ORD-1005")
    order = shop.records(TENANT).order("ORD-1005")
    if order is None:
        return False
    items = {"order_id": order.order_id, "item_ids": [order.lines[0].line_id], "reason": "changed_mind"}
    answer = _call(shop, customer, "create_return", items, "demo-4")
    say_beside(console, "refused", _words(answer))
    clauses = _clause_texts(shop, answer.clauses)
    for clause, text in clauses.items():
        say_beside(console, clause, text)
    stranger = _call(shop, _customer("CUS-1001"), "create_return", items, "demo-5")
    say_beside(console, "somebody else's", f"the same order asked for by CUS-1001: {_words(stranger)}")
    return answer.status.value == "refused" and bool(clauses)


def _show_ledger(console: Console, opened: Opened) -> bool:
    from casewright.adapters.journal.opening import load_ledger_key
    from casewright.adapters.journal.verification import verify_ledger

    done = opened.shop.parts.worker.run_once()
    opened.shop.parts.ledger.close()  # its last checkpoints stand in the file before anybody looks
    key = load_ledger_key(opened.database, opened.home, given=None)
    found = verify_ledger(opened.database, key, opened.home, processes=1, timer=time.perf_counter)
    _scene(console, "The record", "every step above stands in a chain that nobody can change unseen")
    say_beside(console, "outbox", f"{done.delivered} messages delivered, {done.dead} dead letters")
    verdict = "sound" if found.is_sound else f"{len(found.faults)} faults"
    say_beside(console, "ledger", f"{found.entries} entries in {found.cases} cases, verified: {verdict}")
    console.print()
    return found.is_sound


@contextmanager
def _open_shop(settings: "Settings") -> Iterator[Opened]:
    from casewright.adapters.clock import now
    from casewright.adapters.connectors.sandbox.server import SandboxThread
    from casewright.adapters.importers.landing import land_shop
    from casewright.adapters.importers.sample import build_sample_shop
    from casewright.adapters.store.engine import open_database
    from casewright.adapters.vault import open_vault
    from casewright.service.deliveries import Deliveries
    from casewright.service.shop import build_shop

    with (
        tempfile.TemporaryDirectory(prefix="casewright-demo-") as folder,
        SandboxThread(Path(folder)) as sandbox,
    ):
        home = Path(folder)
        own = settings.model_copy(update={"home": home, "vault_key": None, "ledger_key": None})
        database = open_database(f"sqlite:///{home / 'casewright.db'}")
        environment = {
            f"CASEWRIGHT_{name.upper()}_URL": f"{sandbox.url}/{name}"
            for name in ("payments", "courier", "mail")
        }
        try:
            deliveries = Deliveries(own, database, environment)
            shop = build_shop(
                own, database, connectors=deliveries, environment=environment, record_trace=_keep_quiet
            )
            at: datetime = now()
            vault = open_vault(database, TENANT, home)
            land_shop(database, vault, TENANT, build_sample_shop(at, seed=7, customers=12), at=at)
            try:
                yield Opened(shop, database, home)
            finally:
                shop.close()
                deliveries.close()
        finally:
            database.close()


def _keep_quiet(_trace: object) -> None:
    """The demo prints what happens; its calls are not logged as well."""


def _customer(customer_id: str) -> Principal:
    return Principal(
        f"user-{customer_id}",
        Role.CUSTOMER,
        TENANT,
        f"demo-{customer_id}",
        SCOPES_OF_ROLE[Role.CUSTOMER],
        customer_id,
    )


def _call(shop: "Shop", who: Principal, tool: str, arguments: Mapping[str, Any], key: str) -> "ToolAnswer":
    return shop.tools.call(who, tool, dict(arguments), key=key)


def _confirm(shop: "Shop", who: Principal, proposed: "ToolAnswer") -> "ToolAnswer":
    if proposed.proposal is None:
        return proposed
    return shop.proposals.commit(who, proposed.proposal.proposal_id, proposed.confirmation)


def _clause_texts(shop: "Shop", clauses: tuple[str, ...]) -> dict[str, str]:
    from casewright.bootstrap import load_ruleset

    known = load_ruleset("returns", shop.now().date()).clauses
    return {name: known[name].text for name in clauses if name in known}


def _scene(console: Console, title: str, asked: str) -> None:
    console.print()
    console.print(title, style="bold")
    say_beside(console, "asked", asked)


def _show_proposal(console: Console, answer: "ToolAnswer") -> None:
    if answer.proposal is None:
        say_beside(console, "answer", _words(answer))
        return
    say_beside(console, "proposed", f"{answer.tool}; nothing has moved yet ({', '.join(answer.clauses)})")
    for effect in answer.effects:
        amount = "" if effect.amount_minor is None else f" [{format_minor(effect.amount_minor)}]"
        say_beside(console, "", f"{effect.summary}{amount}")
    if answer.proposal.approval is not None:
        say_beside(console, "waits", f"for approval: {answer.proposal.approval.needed.value} or above")


def _show_end(console: Console, answer: "ToolAnswer") -> None:
    say_beside(console, "confirmed", f"{_words(answer)}; action {answer.action_id}")


def _words(answer: "ToolAnswer") -> str:
    reasons = f" ({', '.join(answer.reason_codes)})" if answer.reason_codes else ""
    return f"{answer.status.value}{reasons}"
