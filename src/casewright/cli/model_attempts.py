"""`casewright models attempts`: what text models were asked, what it cost, and how it ended."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.console import count_of

if TYPE_CHECKING:
    from casewright.adapters.gateway.attempt_store import KeptAttempt, Totals

MICROS = 1_000_000
_Days = Annotated[int, typer.Option(min=1, max=3_650, help="Sum up this many days.")]
_Last = Annotated[int | None, typer.Option(min=1, max=10_000, help="Show so many single calls instead.")]
_Purge = Annotated[bool, typer.Option("--purge", help="First remove what is older than the retention.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON lines instead of a table.")]


def show_attempts(days: _Days = 1, last: _Last = None, purge: _Purge = False, as_json: _Json = False) -> None:
    """Show the ledger of attempts at text: calls, tokens, cost and time by provider and outcome.

    Rows hold numbers and codes, and never text. They are kept for `text_attempts_days`.

    Examples:

    casewright models attempts --days 7

    casewright models attempts --last 20 --json
    """
    from casewright.adapters import clock
    from casewright.adapters.gateway.attempt_store import StoredAttempts
    from casewright.adapters.store.engine import open_database
    from casewright.cli.console import write_json
    from casewright.settings import find_database_url, load_settings

    settings = load_settings()
    database = open_database(find_database_url(settings))
    try:
        attempts = StoredAttempts(database, settings.tenant)
        if purge:
            removed = attempts.purge(clock.now() - timedelta(days=settings.text_attempts_days))
            typer.echo(f"Removed {count_of(removed, 'row')}.", err=True)
        newest = attempts.newest(last) if last is not None else ()
        totals = attempts.totals(clock.now() - timedelta(days=days)) if last is None else ()
    finally:
        database.close()
    rows = [_describe_call(kept) for kept in newest] or [_describe_totals(each) for each in totals]
    if as_json:
        for row in rows:
            write_json(row)
        return
    _print_table(rows)


def _describe_call(kept: "KeptAttempt") -> dict[str, object]:
    attempt = kept.attempt
    return {
        "at": kept.at.isoformat(timespec="seconds"),
        "provider": attempt.provider,
        "model": attempt.model,
        "version": attempt.version,
        "outcome": attempt.outcome.value,
        "tokens_in": attempt.tokens_in,
        "tokens_out": attempt.tokens_out,
        "cost": attempt.cost_micros / MICROS,
        "took_ms": attempt.took_ms,
    }


def _describe_totals(totals: "Totals") -> dict[str, object]:
    return {
        "provider": totals.provider,
        "model": totals.model,
        "outcome": totals.outcome,
        "calls": totals.calls,
        "tokens_in": totals.tokens_in,
        "tokens_out": totals.tokens_out,
        "cost": totals.cost_micros / MICROS,
        "mean_ms": round(totals.took_ms / totals.calls),
    }


def _print_table(rows: list[dict[str, object]]) -> None:
    from rich.table import Table

    from casewright.cli.console import clean, make_console

    if not rows:
        typer.echo("No attempts: no text model was asked in this time.")
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*(clean(str(value)) for value in row.values()))
    make_console().print(table)
