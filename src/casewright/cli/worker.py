"""`casewright worker`: deliver what waits in the outbox, and end what others have left half done.

Any number may run at once. A dead letter, which trying again did not help, stays visible here.
"""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from casewright.adapters.journal.opening import JournalParts
    from casewright.adapters.journal.worker import WorkDone
    from casewright.adapters.store.engine import Database

app = typer.Typer(add_completion=False)


@app.command()
def worker(
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due now, say what was done, and end.")
    ] = False,
    open_actions: Annotated[
        bool, typer.Option("--open", help="List the actions that have not ended, and why, and end.")
    ] = False,
    dead: Annotated[bool, typer.Option("--dead", help="List the dead letters, and end.")] = False,
    revive: Annotated[
        str | None, typer.Option(metavar="ID", help="Queue a dead letter again under its old key, and end.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Calls that may wait side by side.")] = 8,
) -> None:
    """Deliver the outbox and end open actions, until stopped.

    Where payments, courier and mail are comes from CASEWRIGHT_PAYMENTS_URL, CASEWRIGHT_COURIER_URL and
    CASEWRIGHT_MAIL_URL; `casewright sandbox` serves all three to try things on.

    Examples:

    casewright worker

    casewright worker --once
    """
    from casewright.adapters.store.engine import open_database
    from casewright.settings import find_database_url, load_settings

    database = open_database(find_database_url(load_settings()))
    try:
        if open_actions:
            _list_open(database)
        elif dead:
            _list_dead(database)
        elif revive is not None:
            _revive(database, revive)
        else:
            _work(database, once=once, threads=threads)
    finally:
        database.close()


def _work(database: "Database", *, once: bool, threads: int) -> None:
    from casewright.adapters.journal.opening import catch_up, load_ledger_key
    from casewright.service.deliveries import Deliveries
    from casewright.service.shop import build_shop
    from casewright.settings import load_settings, read_environment

    settings = load_settings()
    given = settings.ledger_key.get_secret_value() if settings.ledger_key else None
    key = load_ledger_key(database, settings.home, given=given)
    deliveries = Deliveries(settings, database, read_environment())
    shop = build_shop(settings, database, connectors=deliveries, worker_threads=threads)
    try:
        catch_up(database, shop.parts.ledger, settings.home, key)
        if once:
            _tell(shop.parts.worker.run_once(), database)
        else:
            _run_until_stopped(shop.parts)
    finally:
        shop.close()
        deliveries.close()


def _run_until_stopped(parts: "JournalParts") -> None:
    import signal
    import threading

    stop = threading.Event()

    def end(_signal: int, _frame: Any) -> None:
        stop.set()
        parts.bell.ring()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    typer.echo("Working; Ctrl-C stops.", err=True)
    parts.worker.run(stop, lambda trouble: typer.echo(f"casewright: {trouble}", err=True))


def _tell(done: "WorkDone", database: "Database") -> None:
    from casewright.adapters.journal.outbox import count_messages

    left = database.read(count_messages)
    typer.echo(
        f"Actions: {done.settled} ended, {done.open} still open. Messages: {done.delivered} delivered,"
        f" {done.put_off} put off, {done.dead} dead. In the outbox: {left.get('queued', 0)} waiting,"
        f" {left.get('dead', 0)} dead letters."
    )


def _list_open(database: "Database") -> None:
    from rich.table import Table

    from casewright.adapters.journal.action_reads import list_open_actions
    from casewright.cli.console import clean, make_console

    actions = database.read(list_open_actions)
    if not actions:
        typer.echo("No open actions.")
        return
    table = Table("Id", "Tenant", "Tool", "State", "Tries", "Why", "Since (UTC)", box=None)
    for action in actions:
        table.add_row(
            clean(action.action_id),
            clean(action.tenant),
            clean(action.tool),
            action.state.value,
            str(action.tries),
            clean(action.trouble or "on its way"),
            action.claimed_at.strftime("%Y-%m-%d %H:%M:%S"),
        )
    make_console().print(table)


def _list_dead(database: "Database") -> None:
    from rich.table import Table

    from casewright.adapters.journal.outbox import list_dead_letters
    from casewright.cli.console import clean, make_console

    letters = database.read(list_dead_letters)
    if not letters:
        typer.echo("No dead letters.")
        return
    table = Table("Id", "Tenant", "To", "Kind", "Tries", "Why", "Since (UTC)", box=None)
    for letter in letters:
        table.add_row(
            clean(letter.outbox_id),
            clean(letter.tenant),
            clean(letter.connector),
            clean(letter.kind),
            str(letter.tries),
            clean(letter.trouble),
            letter.died_at.strftime("%Y-%m-%d %H:%M:%S"),
        )
    make_console().print(table)


def _revive(database: "Database", outbox_id: str) -> None:
    from casewright.adapters.clock import now
    from casewright.adapters.journal.outbox import revive
    from casewright.domain.errors import ConfigurationError

    moment = now()
    if not database.write(lambda each: revive(each, outbox_id, moment)):
        raise ConfigurationError(f"{outbox_id} is no dead letter; `casewright worker --dead` lists them")
    typer.echo(f"{outbox_id} waits for delivery again.")
