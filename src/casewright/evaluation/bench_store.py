"""The bench of the store: is a case found as fast among a million as among ten thousand, on each database?

It fills a scratch database with cases, measures, fills it further and measures again, through the objects
that a service uses. Every number is from durable databases: SQLite with synchronous FULL, PostgreSQL with
fsync. Ids are scattered, so that neighbours in time are not neighbours in the index.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

from casewright.adapters.store.cases import StoredCases, insert_cases
from casewright.adapters.store.engine import Database, open_database
from casewright.domain.errors import Unavailable
from casewright.evaluation.bench_measures import Measure, middle
from casewright.evaluation.http_load import quantile
from casewright.evaluation.local_postgres import LocalPostgres
from casewright.ports.cases import CaseState, StoredCase

TENANT = "main"
AT_ONCE = 5_000
SEED = 20_260_301
_OPENED = datetime(2026, 1, 1, tzinfo=UTC)
_STATES = tuple(CaseState)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StoreSizes:
    """How much is done. `QUICK_STORE` shows that everything runs; its numbers say little."""

    cases: tuple[int, ...] = (10_000, 1_000_000)
    rounds: int = 5
    look_ups: int = 3_000
    saves: int = 200
    callers: int = 64
    saves_at_once: int = 6_400


QUICK_STORE = StoreSizes(cases=(200, 2_000), rounds=2, look_ups=100, saves=10, callers=8, saves_at_once=80)


def run_store_bench(
    sizes: StoreSizes, say: Say = lambda _: None, folder: Path | None = None
) -> tuple[list[Measure], list[str]]:
    """The measures of SQLite and PostgreSQL, and what could not be measured and why.

    The scratch files lie in `folder`, or where the system keeps temporary files, and go at the end.
    """
    measures: list[Measure] = []
    with tempfile.TemporaryDirectory(prefix="casewright-bench-", dir=folder) as scratch:
        measures += measure_database("SQLite", f"sqlite:///{scratch}/casewright.db", sizes, say)
    with ExitStack() as stack:
        try:
            server = stack.enter_context(LocalPostgres(is_durable=True))
        except Unavailable as error:
            return measures, [f"PostgreSQL: {error.message}"]
        measures += measure_database("PostgreSQL", server.create_database("bench"), sizes, say)
    return measures, []


def measure_database(group: str, url: str, sizes: StoreSizes, say: Say) -> list[Measure]:
    """Look-ups at every size, and durable writes at the last. The database must be empty."""
    database = open_database(url)
    try:
        stored, medians = 0, []
        measures = []
        for count in sizes.cases:
            say(f"{group}: {count:,} cases")
            _fill(database, stored, count)
            stored = count
            looked_up = _measure_look_ups(group, database, count, sizes)
            medians.append(looked_up[0].value)
            measures += looked_up
        flat = medians[-1] / medians[0]
        name = f"look-up p50, {sizes.cases[-1]:,} cases to {sizes.cases[0]:,}"
        measures.append(Measure(group, name, flat, "×", at_most=2))
        say(f"{group}: durable writes")
        return [*measures, *_measure_saves(group, database, sizes)]
    finally:
        database.close()


def make_case(number: int) -> StoredCase:
    """The case of that number, the same in every run."""
    opened = _OPENED + timedelta(seconds=number)
    return StoredCase(
        case_id=make_case_id(number),
        desk="returns" if number % 3 else "orders",
        subject="create_return",
        state=_STATES[number % len(_STATES)],
        opened_at=opened,
        changed_at=opened,
        customer_id=f"customer_{number % 250_000}",
        decision=_make_decision(number),
    )


def make_case_id(number: int) -> str:
    """Scattered: the ids of two numbers have nothing in common."""
    return f"case_{blake2b(number.to_bytes(8, 'big'), digest_size=12).hexdigest()}"


def _make_decision(number: int) -> Mapping[str, Any]:
    """A document as long as a desk's decision with its facts is."""
    return {
        "schema_version": 1,
        "ruleset": "returns@2026-01-01+sha256:0123456789abcdef",
        "facts": {
            "reason": "damaged",
            "category": "electronics",
            "is_delivered": True,
            "is_final_sale": False,
            "days_since_delivery": number % 60,
            "has_evidence": number % 2 == 0,
            "amount_minor": 1_000 + number % 90_000,
            "refunds_in_30_days": number % 3,
            "has_fraud_signal": False,
        },
        "outcome": {"outcome": "approve_refund", "needs_approval": False},
        "fired": [
            {"table": "eligibility", "row": f"E{row}", "reason": "damaged_with_evidence", "clause": "RET-2.1"}
            for row in range(4)
        ],
    }


def _fill(database: Database, first: int, count: int) -> None:
    for start in range(first, count, AT_ONCE):
        cases = [make_case(number) for number in range(start, min(start + AT_ONCE, count))]
        database.write(partial(insert_cases, tenant=TENANT, cases=cases))


def _measure_look_ups(group: str, database: Database, count: int, sizes: StoreSizes) -> list[Measure]:
    """One caller, one look-up after the other, of cases drawn evenly from all of them."""
    cases = StoredCases(database, TENANT)
    draw = random.Random(SEED)
    p50, p99 = [], []
    for round_number in range(sizes.rounds + 1):
        took = [
            _time(lambda case_id: _expect(cases.find(case_id)), case_id)
            for case_id in _draw_ids(draw, count, sizes.look_ups)
        ]
        if round_number:  # the first round warms up
            p50.append(quantile(took, 50) * 1000)
            p99.append(quantile(took, 99) * 1000)
    return [
        middle(group, f"look-up p50, {count:,} cases", p50, "ms", at_most=5),
        middle(group, f"look-up p99, {count:,} cases", p99, "ms"),
    ]


def _draw_ids(draw: random.Random, count: int, wanted: int) -> Iterator[str]:
    for _ in range(wanted):
        yield make_case_id(draw.randrange(count))


def _measure_saves(group: str, database: Database, sizes: StoreSizes) -> list[Measure]:
    """One case saved durably: alone, and by many callers at once."""
    cases = StoredCases(database, TENANT)
    start = max(sizes.cases)
    alone = [_time(cases.save, make_case(start + number)) for number in range(sizes.saves)]
    many = [replace(make_case(number), state=CaseState.CLOSED) for number in range(sizes.saves_at_once)]
    with ThreadPoolExecutor(sizes.callers) as callers:
        began = time.perf_counter()
        list(callers.map(cases.save, many))
        rate = len(many) / (time.perf_counter() - began)
    return [
        Measure(group, "durable save p50, one caller", quantile(alone, 50) * 1000, "ms"),
        Measure(group, f"durable saves, {sizes.callers} callers", rate, "saves/s"),
    ]


def _time(work: Callable[[Any], None], argument: object) -> float:
    started = time.perf_counter()
    work(argument)
    return time.perf_counter() - started


def _expect(case: StoredCase | None) -> None:
    if case is None:
        raise AssertionError("a stored case was not found")
