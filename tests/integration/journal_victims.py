"""The parent of the journal's crash tests: forks processes that work with the journal and may be killed at it.

    python journal_victims.py DATABASE_URL HOME SANDBOX_URL

Reads one command a line, `{"number": 7, "die_at": "t3.released", "hit": 1, "worker_first": true}`, forks a child
that carries out the work of that number and kills itself (SIGKILL) at that place, waits for it, and answers with
`{"signal": 9}` or what the child has reported. A place is a name that the journal's probe is told, or
`statement:N`, before the Nth statement or commit that goes to the database. Without `die_at` the child comes an
hour later, when every lease has lapsed: the caller tries again with the same keys, and a worker does the rest.
"""

import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from casewright.adapters.connectors.delivery import HttpDelivery
from casewright.adapters.connectors.link import ServiceAddress, ServiceLink
from casewright.adapters.connectors.payments import HttpPayments
from casewright.adapters.journal.leases import pass_by
from casewright.adapters.journal.opening import catch_up, open_journal
from casewright.adapters.store.engine import open_database
from casewright.domain.action import GatewayCall, GiftCardEntry
from casewright.domain.errors import OutcomeUnknown
from casewright.evaluation.action_subject import AT, make_order, make_request, plan_address, plan_cancel
from casewright.ports.connectors import Transfer
from casewright.ports.journal import ActionRequest

KEY = bytes(range(32))
LATER = timedelta(hours=1)


def requests_of(number: int) -> list[ActionRequest]:
    """An order is cancelled in two calls of the gateway, with a charge to a gift card; another gets an address."""
    cancelled, moved = number * 2, number * 2 + 1
    plan = plan_cancel(make_order(cancelled), parts=2)
    change = replace(plan.change, gift_cards=(GiftCardEntry(f"gift_{cancelled}", -100),))
    return [
        make_request(replace(plan, change=change), cancelled),
        make_request(plan_address(make_order(moved)), moved, tool="modify_address"),
    ]


class LosesFirstAnswer:
    """A gateway of which the first answer never arrives."""

    def __init__(self, gateway: HttpPayments) -> None:
        self._gateway = gateway
        self._is_lost = False

    def move(self, call: GatewayCall, *, key: str) -> Transfer:
        transfer = self._gateway.move(call, key=key)
        if not self._is_lost:
            self._is_lost = True
            raise OutcomeUnknown("no answer")
        return transfer

    def find(self, key: str) -> Transfer | None:
        return self._gateway.find(key)


def make_probe(die_at: str, hit: int) -> Callable[[str], None]:
    left = [hit]
    gate = threading.Lock()

    def probe(place: str) -> None:
        if place == die_at:
            with gate:
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

    return probe


class StatementCount:
    """Counts what goes to the database once it is armed, and dies before the Nth statement or commit.

    SQLite tells of every statement itself; on PostgreSQL SQLAlchemy does.
    """

    def __init__(self, number: int, *, is_sqlite: bool) -> None:
        self._left = number
        self._gate = threading.Lock()
        self.is_armed = False
        if is_sqlite:
            event.listen(Engine, "connect", lambda raw, _record: raw.set_trace_callback(self._count))
        else:
            event.listen(Engine, "before_cursor_execute", self._count)
            event.listen(Engine, "commit", self._count)

    def _count(self, *_arguments: Any) -> None:
        with self._gate:
            self._left -= self.is_armed
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def work(command: dict[str, Any], url: str, home: Path, links: list[ServiceLink]) -> dict[str, Any]:
    """What a child does."""
    die_at = command.get("die_at", "")
    is_later = not die_at
    number = int(die_at.partition(":")[2]) if die_at.startswith("statement:") else 0
    statements = StatementCount(number, is_sqlite=url.startswith("sqlite")) if number else None
    database = open_database(url, pool_size=2)
    payments: Any = HttpPayments(links[0])
    parts = open_journal(
        database,
        LosesFirstAnswer(payments) if die_at == "t2.parked" else payments,
        lambda tenant, name: HttpDelivery(links[1 if name == "courier" else 2], resolve),
        home=home,
        ledger_key=KEY,
        clock=lambda: AT + LATER * (command["round"] + 1) if is_later else AT + LATER * command["round"],
        threads=1,
        at=make_probe(die_at, command.get("hit", 1)) if die_at else pass_by,
    )
    if statements is not None:
        statements.is_armed = True
    results = []
    if command.get("worker_first"):
        parts.worker.run_once()
    for request in requests_of(command["number"]):
        result = parts.journal.execute(request)
        results.append([result.key_outcome.value, result.state.value])
    parts.worker.run_once()
    if is_later:
        catch_up(database, parts.ledger, home, KEY)
    parts.close()
    database.close()
    return {"results": results}


def resolve(tokens: Any) -> dict[str, str]:
    return {token: f"value of {token}" for token in tokens}


def run_child(command: dict[str, Any], url: str, home: Path, links: list[ServiceLink]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            os.write(writing, json.dumps(work(command, url, home, links)).encode())
        except BaseException as error:  # noqa: BLE001  whatever it was, the parent is told
            os.write(writing, json.dumps({"error": repr(error)}).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return {"signal": os.WTERMSIG(status)}
    return dict(json.loads(said))


def main() -> None:
    url, home, sandbox = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    names = ("payments", "courier", "mail")
    links = [ServiceLink(ServiceAddress(name, f"{sandbox}/{name}", timeout_s=60)) for name in names]
    gc.freeze()
    for line in sys.stdin:
        answer = run_child(json.loads(line), url, home, links)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
