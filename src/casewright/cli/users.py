"""`casewright users`: the people who may sign in. A password is asked for or read, never an argument."""

import sys
from typing import Annotated

import typer

from casewright.domain.principal import Role

app = typer.Typer(add_completion=False, no_args_is_help=True)
Tenant = Annotated[str | None, typer.Option(help="Whose accounts. [default: the installation's]")]


@app.callback()
def describe() -> None:
    """Add, list and disable the people who may sign in."""


@app.command("add")
def add_user(
    login: Annotated[str, typer.Argument(help="What they sign in with, such as a mail address.")],
    role: Annotated[Role, typer.Option(help="What they may do.")],
    customer: Annotated[str | None, typer.Option(help="The customer whose account this is.")] = None,
    tenant: Tenant = None,
) -> None:
    """Add an account. The password is asked for, or read from standard input: one line.

    Examples:

    casewright users add ana@example.com --role agent

    casewright users add boss@example.com --role admin < password.txt
    """
    from casewright.cli.installation import open_installation

    password = _read_password()
    with open_installation(tenant, may_be_new=True) as installation:
        installation.require_customer(customer)
        user = installation.gatehouse.book.add_user(installation.tenant, login, password, role, customer)
    typer.echo(f"Added {user.user_id}, role {user.role}.")


@app.command("list")
def list_users(
    tenant: Tenant = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines instead of a table.")] = False,
) -> None:
    """List the accounts, oldest first."""
    from rich.table import Table

    from casewright.cli.console import clean, make_console, write_json
    from casewright.cli.installation import open_installation

    with open_installation(tenant) as installation:
        users = installation.gatehouse.book.users(installation.tenant)
    rows = [
        {
            "user_id": user.user_id,
            "login": login,
            "role": user.role,
            "customer_id": user.customer_id,
            "is_disabled": user.is_disabled,
            "created_at": user.created_at.isoformat(timespec="seconds"),
        }
        for user, login in users
    ]
    if as_json:
        for row in rows:
            write_json(row)
        return
    table = Table("User", "Login", "Role", "Customer", "State", "Since", box=None, pad_edge=False)
    for row in rows:
        state = "disabled" if row["is_disabled"] else "active"
        cells = (row["user_id"], row["login"] or "erased", row["role"], row["customer_id"] or "", state)
        table.add_row(*(clean(cell) for cell in cells), str(row["created_at"]))
    make_console().print(table)


@app.command("disable")
def disable_user(
    user_id: Annotated[str, typer.Argument(help="The account, as `users list` names it.")],
    tenant: Tenant = None,
    enable: Annotated[bool, typer.Option("--enable", help="Let them sign in again instead.")] = False,
) -> None:
    """Disable an account: every session of it ends at once."""
    from casewright.cli.installation import open_installation

    with open_installation(tenant) as installation:
        installation.gatehouse.book.change_user(installation.tenant, user_id, is_disabled=not enable)
    typer.echo(f"{'Enabled' if enable else 'Disabled'} {user_id}.")


@app.command("password")
def set_password(
    user_id: Annotated[str, typer.Argument(help="The account, as `users list` names it.")],
    tenant: Tenant = None,
) -> None:
    """Set a new password, asked for or read from standard input: every session of the account ends."""
    from casewright.cli.installation import open_installation

    password = _read_password()
    with open_installation(tenant) as installation:
        installation.gatehouse.book.change_user(installation.tenant, user_id, password=password)
    typer.echo(f"Set the password of {user_id}.")


def _read_password() -> str:
    if sys.stdin.isatty():
        password: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return password
    return sys.stdin.readline().rstrip("\r\n")
