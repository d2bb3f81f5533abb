"""`casewright demo-data`: our own sample shop and clients, made from a seed, into this installation."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.console import count_of

if TYPE_CHECKING:
    from datetime import date

    from casewright.settings import Settings

app = typer.Typer(add_completion=False)


@app.command("demo-data")
def demo_data(
    seed: Annotated[int, typer.Option(help="Draws the shop; the same seed and day, the same shop.")] = 7,
    customers: Annotated[int, typer.Option(min=9, max=100_000, help="How many customers.")] = 60,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day the shop stands at. [default: today]"),
    ] = None,
    tenant: Annotated[
        str | None, typer.Option(help="Whose shop this becomes. [default: the installation's]")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the tenant's shop, if nothing was done in it yet.")
    ] = False,
) -> None:
    """Make a sample shop with orders in every status, and clients to pitch to.

    Everybody in it is invented. Orders ORD-1001 to ORD-1018 are the same in every sample shop.

    Examples:

    casewright demo-data

    casewright demo-data --seed 11 --customers 500 --as-of 2026-07-01 --tenant trial
    """
    from datetime import UTC

    from casewright.adapters import clock
    from casewright.adapters.importers.sample import build_sample_shop
    from casewright.cli.importing import land
    from casewright.settings import load_settings

    settings = load_settings(tenant=tenant)
    day = as_of.date() if as_of is not None else settings.as_of or clock.today()
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    shop = build_sample_shop(noon, seed=seed, customers=customers)
    land(shop, settings.tenant, at=noon, may_replace=replace)
    _add_sales(settings, day, noon)


def _add_sales(settings: "Settings", day: "date", at: datetime) -> None:
    """Sample clients, and what ships of knowledge, so that `casewright ask` has something to go by."""
    from casewright.adapters.importers.sample_clients import build_sample_clients
    from casewright.adapters.store.client_records import StoredClients
    from casewright.cli.importing_sales import read_currency
    from casewright.service.premises import Premises

    premises = Premises(settings)
    try:
        clients = build_sample_clients(day, currency=read_currency(None))
        kept = StoredClients(premises.database(), settings.tenant).put(clients, at=at)
        premises.knowledge().add_shipped(settings.tenant)
    finally:
        premises.close()
    typer.echo(f"Tenant {settings.tenant}: {count_of(kept, 'client')} of the sales desk.", err=True)
