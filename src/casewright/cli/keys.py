"""`casewright keys`: API keys for programs. A key is shown once, when it is made; only its hash is kept."""

from typing import Annotated

import typer

from casewright.domain.principal import Role, Scope

app = typer.Typer(add_completion=False, no_args_is_help=True)
Tenant = Annotated[str | None, typer.Option(help="Whose keys. [default: the installation's]")]


@app.callback()
def describe() -> None:
    """Make, list and revoke API keys."""


@app.command("add")
def add_key(
    label: Annotated[str, typer.Argument(help="What it is for, such as chat-bot.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may do; give it once for each.")],
    role: Annotated[Role, typer.Option(help="Whom it stands for.")] = Role.AGENT,
    customer: Annotated[str | None, typer.Option(help="The one customer it acts for.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="How long it is good for.")] = 90,
    tenant: Tenant = None,
) -> None:
    """Make a key. Standard output gets the key alone, and it is never shown again.

    Examples:

    casewright keys add chat-bot --scope read --scope propose --scope on_behalf

    casewright keys add shop-page --role customer --customer c-1001 --scope read --days 1
    """
    from casewright.cli.installation import open_installation

    with open_installation(tenant, may_be_new=True) as installation:
        installation.require_customer(customer)
        issued = installation.gatehouse.book.add_key(
            installation.tenant, label, role, scope, days=days, customer_id=customer
        )
    typer.echo(issued.secret)
    until = issued.key.expires_at.isoformat(timespec="seconds")
    typer.echo(f"{issued.key.key_id} is good until {until}. It is not shown again.", err=True)


@app.command("list")
def list_keys(
    tenant: Tenant = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines instead of a table.")] = False,
) -> None:
    """List the keys, oldest first, without the keys themselves."""
    from rich.table import Table

    from casewright.adapters import clock
    from casewright.cli.console import clean, make_console, write_json
    from casewright.cli.installation import open_installation
    from casewright.service.access import is_key_valid

    with open_installation(tenant) as installation:
        keys = installation.gatehouse.book.keys(installation.tenant)
    now = clock.now()
    table = Table("Key", "For", "Role", "Scopes", "Customer", "State", "Until", box=None, pad_edge=False)
    for key in keys:
        state = "revoked" if key.revoked_at else "good" if is_key_valid(key, now) else "expired"
        until = key.expires_at.isoformat(timespec="seconds")
        if as_json:
            write_json(
                {
                    "key_id": key.key_id,
                    "label": key.label,
                    "role": key.role,
                    "scopes": sorted(key.scopes),
                    "customer_id": key.customer_id,
                    "state": state,
                    "expires_at": until,
                }
            )
        cells = (key.key_id, key.label, key.role, " ".join(sorted(key.scopes)), key.customer_id or "")
        table.add_row(*(clean(cell) for cell in cells), state, until)
    if not as_json:
        make_console().print(table)


@app.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="The key, as `keys list` names it.")],
    tenant: Tenant = None,
) -> None:
    """Revoke a key for good, at once."""
    from casewright.cli.installation import open_installation

    with open_installation(tenant) as installation:
        installation.gatehouse.book.revoke_key(installation.tenant, key_id)
    typer.echo(f"Revoked {key_id}.")
