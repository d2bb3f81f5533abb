"""The peer of the exactly-once bench: the same refund as a durable workflow of DBOS.

    python -m casewright.evaluation.bench_actions_peer URL SYSTEM_URL ACTIONS CALLERS POOL

The least that keeps the same promise: the workflow's id is the idempotency key; one transaction claims a
business key and reads the order, one step calls the gateway, one transaction writes order, payment, ledger
row and outbox row. No chain, no digest. On SQLite it gets the write-ahead log, which it does not choose by
itself. Prints one JSON object: seconds, and how many orders were refunded.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

REFUND_MINOR = 1999


def _main() -> None:
    url, system_url = sys.argv[1:3]
    actions, callers, pool = map(int, sys.argv[3:6])
    sys.stdout.write(json.dumps(measure(url, system_url, actions, callers, pool)) + "\n")


def measure(url: str, system_url: str, actions: int, callers: int, pool: int) -> dict[str, Any]:
    """Refund as many orders from as many threads."""
    import sqlalchemy as sa

    engine: Any = import_module("dbos")

    if url.startswith("sqlite"):
        for each in (url, system_url):
            _prepare_file(sa, each)
    engine.DBOS(
        config={
            "name": "bench",
            "system_database_url": system_url,
            "sys_db_pool_size": pool,
            "log_level": "ERROR",
            "console_log_level": "ERROR",
        }
    )
    options = {"pool_size": pool, "max_overflow": 0, "pool_timeout": 600}
    source = engine.SQLAlchemyDatasource.create(url, engine_kwargs=options)
    tables = _make_tables(sa, source.engine, actions + callers)
    refund = _make_workflow(sa, engine.DBOS, source, tables)
    engine.DBOS.launch()

    def call(number: int) -> None:
        with engine.SetWorkflowID(f"key-{number}"):
            refund(number)

    with ThreadPoolExecutor(callers) as threads:
        list(threads.map(call, range(actions, actions + callers)))
        started = time.perf_counter()
        list(threads.map(call, range(actions)))
        took = time.perf_counter() - started
    with source.engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(tables["payments"])
        done = connection.execute(count).scalar_one()
    engine.DBOS.destroy()
    return {"took_s": took, "done": done}


def _prepare_file(sa: Any, url: str) -> None:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    engine.dispose()


def _make_tables(sa: Any, engine: Any, orders: int) -> dict[str, Any]:
    metadata = sa.MetaData()
    tables = {
        "orders": sa.Table(
            "peer_orders",
            metadata,
            sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("status", sa.Text, nullable=False),
            sa.Column("version", sa.Integer, nullable=False),
        ),
        "keys": sa.Table("peer_keys", metadata, sa.Column("business_key", sa.Text, primary_key=True)),
    }
    for name in ("payments", "ledger", "outbox"):
        tables[name] = sa.Table(
            f"peer_{name}",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("number", sa.Integer, nullable=False),
            sa.Column("body", sa.Text, nullable=False),
        )
    metadata.create_all(engine)
    with engine.begin() as connection:
        rows = [{"number": number, "status": "pending", "version": 1} for number in range(orders)]
        connection.execute(sa.insert(tables["orders"]), rows)
    return tables


def _make_workflow(sa: Any, dbos: Any, source: Any, tables: dict[str, Any]) -> Any:
    orders = tables["orders"]
    transfers: dict[str, int] = {}

    @source.transaction()
    def claim(number: int) -> int:
        session = source.sql_session()
        session.execute(sa.insert(tables["keys"]).values(business_key=f"cancel:{number}"))
        return int(session.execute(sa.select(orders.c.version).where(orders.c.number == number)).scalar_one())

    @dbos.step()
    def move(key: str) -> str:
        transfers.setdefault(key, REFUND_MINOR)
        return f"tr_{key}"

    @source.transaction()
    def settle(number: int, version: int, reference: str) -> None:
        session = source.sql_session()
        session.execute(
            sa.update(orders)
            .where(orders.c.number == number, orders.c.version == version)
            .values(status="cancelled", version=version + 1)
        )
        body = json.dumps({"reference": reference, "amount_minor": REFUND_MINOR})
        for name in ("payments", "ledger", "outbox"):
            session.execute(sa.insert(tables[name]).values(number=number, body=body))

    @dbos.workflow()
    def refund(number: int) -> str:
        version = claim(number)
        reference = move(f"key-{number}:1")
        settle(number, version, reference)
        return str(reference)

    return refund


if __name__ == "__main__":
    _main()
