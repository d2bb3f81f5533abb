"""`casewright customer`: what is held of one customer, handed out or erased at the customer's request."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casewright.adapters.customer_data import CustomerData

app = typer.Typer(add_completion=False, no_args_is_help=True)
Id = Annotated[str, typer.Argument(help="The customer's id.")]
Tenant = Annotated[str | None, typer.Option(help="Whose customer. [default: the installation's]")]


@app.callback()
def describe() -> None:
    """Export or erase what is held of one customer."""


@app.command("export")
def export_customer(
    customer_id: Id,
    output: Annotated[
        Path | None,
        typer.Option(help="A new file for it, readable by its owner alone. [default: standard output]"),
    ] = None,
    tenant: Tenant = None,
) -> None:
    """Write everything that is held of a customer as one JSON document.

    Example: casewright customer export c-1001 --output c-1001.json
    """
    from casewright.domain.errors import ConfigurationError, NotFound
    from casewright.service.documents import encode_json

    with _open_data(tenant) as data:
        document = data.export(customer_id, requested_by="command line")
    if document is None:
        raise NotFound(f"Nothing is held of a customer {customer_id!r}.")
    if output is None:
        sys.stdout.buffer.write(encode_json(document) + b"\n")
        return
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigurationError(f"{output} cannot be made: {error.strerror}") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(encode_json(document) + b"\n")


@app.command("erase")
def erase_customer(
    customer_id: Id,
    tenant: Tenant = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Erase a customer's personal data for good. Orders and payments stay, and name nobody any more.

    Example: casewright customer erase c-1001
    """
    if not yes:
        typer.confirm(f"Erase the personal data of {customer_id} for good?", abort=True, err=True)
    with _open_data(tenant) as data:
        erased = data.erase(customer_id, requested_by="command line")
    if not (erased.values or erased.conversations or erased.files or erased.accounts or erased.outreach):
        typer.echo(
            f"Nothing is held of a customer {customer_id!r}: it was erased before, or the id is wrong."
        )
        return
    typer.echo(
        f"Erased of {customer_id}: {erased.values} values, {erased.conversations} conversations, "
        f"{erased.files} files, {erased.accounts} accounts"
        f"{f', {erased.outreach} rows of outreach' if erased.outreach else ''}."
    )


@contextmanager
def _open_data(tenant: str | None) -> "Iterator[CustomerData]":
    from casewright.adapters.customer_data import CustomerData
    from casewright.adapters.evidence import StoredEvidenceFiles
    from casewright.adapters.journal.opening import load_ledger_key, open_ledger
    from casewright.adapters.vault import open_vault
    from casewright.cli.installation import open_installation

    with open_installation(tenant) as installation:
        settings = installation.settings
        given_key = settings.vault_key.get_secret_value() if settings.vault_key else None
        vault = open_vault(installation.database, settings.tenant, settings.home, given_key=given_key)
        evidence = StoredEvidenceFiles(installation.database, settings.home, settings.tenant)
        given_ledger_key = settings.ledger_key.get_secret_value() if settings.ledger_key else None
        ledger_key = load_ledger_key(installation.database, settings.home, given=given_ledger_key)
        ledger = open_ledger(settings.home, ledger_key)
        try:
            yield CustomerData(installation.database, settings.tenant, vault, evidence, ledger)
        finally:
            ledger.close()
