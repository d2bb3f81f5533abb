"""`casewright import`: a shop's records from an Olist-style folder or a τ²-bench retail `db.json`.

Invariant: an import is in the database as a whole or not at all; refused rows go to a side file with line
and reason, never with a personal value. The progress bar (only on a terminal) and the summary go to standard
error.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.console import count_of
from casewright.cli.importing_sales import import_clients, import_questions, import_reviews
from casewright.cli.side_files import refused, write_problems

if TYPE_CHECKING:
    from datetime import datetime

    from casewright.adapters.importers.shop import ImportedShop, Problem

    Report = Callable[[str, int, int], None]

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.command("clients", no_args_is_help=True)(import_clients)
app.command("questions", no_args_is_help=True)(import_questions)
app.command("reviews", no_args_is_help=True)(import_reviews)
REFUSED, BAD_INPUT, INTERRUPTED = 1, 2, 130
TAU_TENANT = "tau2"

Replace = Annotated[
    bool, typer.Option("--replace", help="Replace the tenant's shop, if nothing was done in it yet.")
]
Errors = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Refused rows. [default: NAME.errors.jsonl in this folder]"),
]


@app.callback()
def describe() -> None:
    """Import a shop, clients, questions or reviewed answers.

    Exit codes: 0 everything went in; 1 some rows were refused; 2 nothing went in.
    """


@app.command("olist", no_args_is_help=True)
def import_olist(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder with the CSV files.")],
    tenant: Annotated[str, typer.Option(help="Whose shop this becomes.")],
    replace: Replace = False,
    errors: Errors = None,
) -> None:
    """Import CSV files of orders, items, customers and payments, named as in the public Olist data set.

    An order with a bad row anywhere is refused whole. Categories come from olist_products_dataset.csv, where
    it is there. Nothing half imported: it all goes in at once, or not at all.

    Example:

    casewright import olist shop/ --tenant olist
    """
    from casewright.adapters.importers.olist import read_olist

    with _show_progress() as report:
        _import(lambda: read_olist(folder, report=report), folder, tenant, replace, errors, report)


@app.command("tau-retail", no_args_is_help=True)
def import_tau_retail(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The db.json.")],
    tenant: Annotated[str, typer.Option(help="Whose shop this becomes.")] = TAU_TENANT,
    replace: Replace = False,
    errors: Errors = None,
) -> None:
    """Import the retail shop of τ²-bench.

    Its records have no dates, so the policies of the tenant tau2 ask for none.

    Example:

    casewright import tau-retail db.json --tenant tau2
    """
    from casewright.adapters.importers.records import read_file
    from casewright.adapters.importers.tau_retail import read_tau_retail

    with _show_progress() as report:
        _import(
            lambda: read_tau_retail(read_file(file), file.name, report=report),
            file,
            tenant,
            replace,
            errors,
            report,
        )


def _import(
    read: "Callable[[], tuple[ImportedShop, tuple[Problem, ...]]]",
    source: Path,
    tenant: str,
    may_replace: bool,
    errors: Path | None,
    report: "Report",
) -> None:
    from casewright.adapters import clock
    from casewright.domain.errors import MalformedRequest
    from casewright.settings import load_settings

    load_settings(tenant=tenant)  # a name that cannot be is said before anything is read
    try:
        shop, problems = read()
        side_file = errors or Path(f"{source.resolve().name}.errors.jsonl")
        write_problems(side_file, problems)
        if not shop.orders:
            where = f"; {refused(problems)}, see {side_file}" if problems else ""
            raise MalformedRequest(f"{source} holds no order that can be imported{where}")
        land(shop, tenant, at=clock.now(), may_replace=may_replace, report=report)
    except KeyboardInterrupt:
        typer.echo(
            "casewright: stopped; an import is there as a whole or not at all: run it again.", err=True
        )
        raise typer.Exit(INTERRUPTED) from None
    if problems:
        typer.echo(f"{refused(problems)} (line and reason of each: {side_file}).", err=True)
        raise typer.Exit(REFUSED)


def land(
    shop: "ImportedShop", tenant: str, *, at: "datetime", may_replace: bool, report: "Report | None" = None
) -> None:
    """Put the shop into the business database as the tenant's, and say how much that was."""
    from casewright.adapters.importers.landing import land_shop
    from casewright.adapters.store.engine import open_database
    from casewright.adapters.vault import open_vault
    from casewright.settings import find_database_url, load_settings

    settings = load_settings(tenant=tenant)
    database = open_database(find_database_url(settings))
    try:
        given_key = settings.vault_key and settings.vault_key.get_secret_value()
        vault = open_vault(database, settings.tenant, settings.home, given_key=given_key or None)
        landed = land_shop(
            database,
            vault,
            settings.tenant,
            shop,
            at=at,
            may_replace=may_replace,
            report=report or (lambda *_: None),
        )
    finally:
        database.close()
    typer.echo(
        f"Tenant {settings.tenant}: {count_of(landed.customers, 'customer')}, "
        f"{count_of(landed.products, 'product')}, {count_of(landed.orders, 'order')}.",
        err=True,
    )


@contextmanager
def _show_progress() -> "Iterator[Report]":
    """A bar on standard error for each thing that is read or written, where that is a terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True)) as bar:

        def report(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bar.add_task(name, total=total)
            bar.update(tasks[name], completed=done, total=total)

        yield report
