"""`casewright ledger`: what was done in a case, whether the record is whole, and a copy of it for others.

Exit codes: 0 sound, 1 faults (each is named), 2 bad input. It changes nothing but the length of the
checkpoint file, when it is told to.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from casewright.adapters.journal.chain import Entry, Fault
    from casewright.adapters.journal.verification import Verification
    from casewright.adapters.store.engine import Database
    from casewright.settings import Settings

app = typer.Typer(add_completion=False, no_args_is_help=True)
FAULTY = 1
MOST_FAULTS_SHOWN = 1000

_Tenant = Annotated[str | None, typer.Option(help="Whose cases. [default: the installation's]")]
_Json = Annotated[bool, typer.Option("--json", help="JSON lines instead of a table.")]


@app.callback()
def describe() -> None:
    """Show, verify and export the ledger: everything that was done, sealed in a chain per case."""


@app.command()
def show(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id.")],
    tenant: _Tenant = None,
    as_json: _Json = False,
) -> None:
    """Show what was done in one case, in order.

    Example: casewright ledger show case-1001
    """
    from casewright.adapters.journal.ledger import read_entries
    from casewright.domain.errors import ConfigurationError

    settings, database = _open(tenant)
    try:
        entries = database.read(lambda each: read_entries(each, settings.tenant, case))
    finally:
        database.close()
    if not entries:
        raise ConfigurationError(
            f"the ledger of tenant {settings.tenant} has no case {case!r};"
            " `casewright ledger export` lists them all"
        )
    if as_json:
        _print_lines(entries)
    else:
        _print_entries(entries)


@app.command()
def verify(
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that check side by side.")] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Check every chain, head and checkpoint of every tenant; ends with 1 and names each fault.

    Example: casewright ledger verify
    """
    import time

    from casewright.adapters.journal.opening import load_ledger_key
    from casewright.adapters.journal.verification import verify_ledger

    settings, database = _open(None)
    try:
        given = settings.ledger_key.get_secret_value() if settings.ledger_key else None
        key = load_ledger_key(database, settings.home, given=given)
        found = verify_ledger(database, key, settings.home, processes=processes, timer=time.perf_counter)
    finally:
        database.close()
    if as_json:
        _print_verification(found)
    else:
        _tell_verification(found)
    if not found.is_sound:
        raise typer.Exit(FAULTY)


@app.command()
def export(
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to. [default: standard output]"),
    ] = None,
    tenant: _Tenant = None,
    case: Annotated[str | None, typer.Option(help="One case only.")] = None,
) -> None:
    """Write a tenant's ledger as JSON lines, one entry each, in the order of case and place.

    Example: casewright ledger export --output ledger.jsonl
    """
    from casewright.adapters.journal.ledger import each_entry
    from casewright.domain.errors import ConfigurationError
    from casewright.service.documents import encode_json

    settings, database = _open(tenant)
    written = 0
    try:
        entries = each_entry(database, settings.tenant, case)
        if output is None:
            for entry in entries:
                typer.echo(encode_json(_document(entry)).decode())
            return
        with output.open("wb") as file:
            for entry in entries:
                file.write(encode_json(_document(entry)) + b"\n")
                written += 1
    except OSError as error:
        raise ConfigurationError(f"{output} cannot be written: {error.strerror}") from error
    finally:
        database.close()
    typer.echo(f"Wrote {written} entries to {output}.", err=True)


@app.command()
def compact() -> None:
    """Shorten the checkpoint file to the newest head of each case; safe at any time, also while others write.

    Example: casewright ledger compact
    """
    from casewright.adapters.ids import new_id
    from casewright.adapters.journal.checkpoint_compaction import compact_checkpoints
    from casewright.adapters.journal.checkpoints import CHECKPOINT_FILE, make_signing_key
    from casewright.adapters.journal.opening import load_ledger_key

    settings, database = _open(None)
    try:
        given = settings.ledger_key.get_secret_value() if settings.ledger_key else None
        key = make_signing_key(load_ledger_key(database, settings.home, given=given))
    finally:
        database.close()
    done = compact_checkpoints(settings.home / CHECKPOINT_FILE, key, writer_id=new_id("wr"))
    typer.echo(
        f"{CHECKPOINT_FILE}: {done.lines_before} line(s), {done.bytes_before} bytes before;"
        f" {done.lines_after} line(s), {done.bytes_after} bytes now."
    )


def _open(tenant: str | None) -> "tuple[Settings, Database]":
    from casewright.adapters.store.engine import open_database
    from casewright.cli.installation import require_tenant
    from casewright.domain.errors import CasewrightError
    from casewright.settings import find_database_url, load_settings

    settings = load_settings(tenant=tenant)
    database = open_database(find_database_url(settings))
    try:
        require_tenant(database, tenant)
    except CasewrightError:
        database.close()
        raise
    return settings, database


def _document(entry: "Entry") -> dict[str, Any]:
    import json

    return {
        "tenant": entry.tenant,
        "case_id": entry.case_id,
        "seq": entry.seq,
        "at": entry.at,
        "name": entry.name,
        "body": json.loads(entry.body),
        "mac": entry.mac,
    }


def _print_lines(entries: "tuple[Entry, ...]") -> None:
    from casewright.cli.console import write_json

    for entry in entries:
        write_json(_document(entry))


def _print_entries(entries: "tuple[Entry, ...]") -> None:
    import json

    from rich.table import Table

    from casewright.adapters.store.times import from_micros
    from casewright.cli.console import clean, make_console

    table = Table("", "When (UTC)", "What", "Tool", "How", "Amount", "By", box=None)
    for entry in entries:
        body = json.loads(entry.body)
        how = ", ".join(body.get("reasons") or ()) or body.get("outcome") or body.get("kind") or ""
        names = ("approved_by", "confirmed_by", "subject_id", "by")
        by = next((body[name] for name in names if body.get(name)), "")
        amount = body.get("amount_minor")
        table.add_row(
            str(entry.seq),
            from_micros(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
            clean(entry.name),
            clean(body.get("tool") or body.get("connector") or ""),
            clean(how),
            f"{amount / 100:.2f}" if amount else "",
            clean(by),
        )
    make_console().print(table)


def _print_verification(found: "Verification") -> None:
    from casewright.cli.console import write_json

    write_json(
        {
            "is_sound": found.is_sound,
            "entries": found.entries,
            "cases": found.cases,
            "checkpoints": found.checkpoints,
            "torn_lines": found.torn_lines,
            "took_ms": round(found.took_s * 1000),
            "processes": found.processes,
            "faults": [
                {
                    "kind": fault.kind.value,
                    "tenant": fault.tenant,
                    "case_id": fault.case_id,
                    "seq": fault.seq,
                    "detail": fault.detail,
                }
                for fault in found.faults
            ],
        }
    )


def _tell_verification(found: "Verification") -> None:
    for fault in found.faults[:MOST_FAULTS_SHOWN]:
        typer.echo(_sentence(fault))
    if len(found.faults) > MOST_FAULTS_SHOWN:
        typer.echo(f"… and {len(found.faults) - MOST_FAULTS_SHOWN} more; --json lists them all.")
    speed = found.entries / found.took_s if found.took_s else 0
    typer.echo(
        f"{'Sound' if found.is_sound else f'{len(found.faults)} fault(s)'}: {found.entries} entries of"
        f" {found.cases} cases, {found.checkpoints} with a checkpoint;"
        f" {found.took_s:.2f} s on {found.processes} process(es), {speed:,.0f} entries/s."
    )
    if found.entries and len(found.faults) >= found.entries:
        typer.echo("Hardly any entry fits: is this the key (CASEWRIGHT_LEDGER_KEY) of this ledger?")


def _sentence(fault: "Fault") -> str:
    from casewright.cli.console import clean

    place = f"tenant {clean(fault.tenant)}, case {clean(fault.case_id)}" if fault.case_id else "checkpoints"
    number = f", entry {fault.seq}" if fault.seq is not None else ""
    return f"{fault.kind.value}: {place}{number}: {clean(fault.detail)}"
