"""Our side of the exactly-once bench: refunds through the journal, from as many threads as the peer's.

    python -m casewright.evaluation.bench_actions_ours URL HOME ACTIONS CALLERS POOL

Everything that a refund is in production but the gateway's own time: key, business key, reservation, order
at its version, two entries of the ledger, payment, outbox, checkpoints. Prints one JSON object: seconds, and
how many orders were refunded. `verify` in place of ACTIONS fills a ledger of CALLERS cases and verifies it.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from casewright.adapters.clock import now
from casewright.adapters.journal.chain import GENESIS, Head, seal, write_body
from casewright.adapters.journal.opening import open_journal, open_ledger
from casewright.adapters.journal.tables import LEDGER_ENTRIES, LEDGER_HEADS, OUTBOX
from casewright.adapters.journal.verification import verify_ledger
from casewright.adapters.store.engine import Database, open_database
from casewright.domain.action import ActionState
from casewright.domain.audit import AuditName
from casewright.evaluation.action_subject import (
    AT,
    TENANT,
    MemoryGateway,
    make_order,
    make_request,
    plan_address,
    plan_cancel,
    plant_shop,
)

KEY = bytes(range(32))
ENTRIES_PER_CASE = 5
_CASES_AT_ONCE = 2000


def _main() -> None:
    url, home, actions = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    callers, pool = map(int, sys.argv[4:6])
    database = open_database(url, pool_size=pool)
    if actions == "verify":
        result = measure_verification(database, home, cases=callers)
    else:
        result = measure_actions(database, home, int(actions), callers)
    database.close()
    sys.stdout.write(json.dumps(result) + "\n")


def measure_actions(database: Database, home: Path, actions: int, callers: int) -> dict[str, Any]:
    """Refund as many orders, then change as many addresses of others, which calls no gateway."""
    plant_shop(database, range(2 * (actions + callers)))
    parts = open_journal(
        database, MemoryGateway(), lambda tenant, name: None, home=home, ledger_key=KEY, clock=now
    )
    refunds = [make_request(plan_cancel(make_order(number)), number) for number in range(actions + callers)]
    moves = [
        make_request(plan_address(make_order(number)), number, tool="modify_address")
        for number in range(actions + callers, 2 * (actions + callers))
    ]
    took = []
    with ThreadPoolExecutor(callers) as threads:
        for requests in (refunds, moves):
            list(threads.map(parts.journal.execute, requests[actions:]))
            started = time.perf_counter()
            results = list(threads.map(parts.journal.execute, requests[:actions]))
            took.append(time.perf_counter() - started)
            if any(result.state is not ActionState.DONE for result in results):
                raise AssertionError("an action of the bench was not done")
    parts.close()
    done = database.read(
        lambda each: each.execute(
            select(func.count()).select_from(OUTBOX).where(OUTBOX.c.kind == "order_cancelled")
        ).scalar_one()
    )
    return {"took_s": took[0], "took_without_gateway_s": took[1], "done": done}


def measure_verification(database: Database, home: Path, cases: int) -> dict[str, Any]:
    """Fill a ledger, then verify it on one process and on two."""
    _fill(database, home, cases)
    took = {}
    for processes in (1, 2):
        found = verify_ledger(database, KEY, home, processes=processes, timer=time.perf_counter)
        if not found.is_sound or found.entries != cases * ENTRIES_PER_CASE:
            raise AssertionError("the ledger of the bench is not sound")
        took[str(processes)] = found.took_s
    return {"entries": cases * ENTRIES_PER_CASE, "took_s": took}


def _fill(database: Database, home: Path, cases: int) -> None:
    ledger = open_ledger(home, KEY)
    plan = plan_cancel(make_order(1))
    body = write_body(
        {
            "action_id": "act_" + "0" * 24,
            "arguments_digest": "a" * 64,
            "decision": dict(plan.decision.outcome),
            "effects": [[each.kind, each.target, each.amount_minor, each.currency] for each in plan.effects],
            "ruleset_id": f"{plan.decision.ruleset_id}{'0' * 63}",
            "subject_id": "c1",
            "tool": "cancel_order",
            "transfers": [{"part": "1", "state": "done", "reference": "tr_1", "amount_minor": 1999}],
        }
    )
    for first in range(0, cases, _CASES_AT_ONCE):
        entries, heads = [], []
        for number in range(first, min(cases, first + _CASES_AT_ONCE)):
            head = Head(TENANT, f"case-{number}", 0, GENESIS)
            for step in range(ENTRIES_PER_CASE):
                at = int(AT.timestamp()) * 1_000_000 + step
                entry = seal(KEY, head, at, AuditName.ACTION_DONE.value, body)
                head = Head(TENANT, head.case_id, entry.seq, entry.mac)
                entries.append(
                    {
                        name: getattr(entry, name)
                        for name in ("tenant", "case_id", "seq", "at", "name", "body", "mac")
                    }
                )
            heads.append(head)
        database.write(lambda each, rows=entries, tips=heads: _insert(each, rows, tips))  # type: ignore[misc]
        ledger.note(*heads)
    ledger.close()


def _insert(connection: Connection, entries: list[dict[str, Any]], heads: list[Head]) -> None:
    connection.execute(insert(LEDGER_ENTRIES), entries)
    rows = [
        {"tenant": each.tenant, "case_id": each.case_id, "entries": each.entries, "mac": each.mac}
        for each in heads
    ]
    connection.execute(insert(LEDGER_HEADS), rows)


if __name__ == "__main__":
    _main()
