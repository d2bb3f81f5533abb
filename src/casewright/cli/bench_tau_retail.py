"""`casewright bench tau-retail`: a τ²-bench retail set, replayed through our tools over HTTP.

Invariant: it works on a scratch database, a scratch service and a scratch payment sandbox, all on this
machine; a miss is named and ends with exit code 1.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casewright.adapters.store.engine import Database
    from casewright.evaluation.tau_retail import TauReport

MISSED = 1
_SHOWN = 200


def run_tau_retail(
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="Folder with db.json and the sets beside it.")
    ],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the whole report there.")
    ] = None,
) -> None:
    """Replay intended writes and calls to refuse; compare every final state in cents.

    Reads db.json, gold_writes_*.json and refusals_*.json. Exits 1 on any miss, and names each.

    Example: casewright bench tau-retail --data tau_retail --json report.json
    """
    from casewright.domain.errors import Unavailable
    from casewright.evaluation.tau_calls import TauCaller
    from casewright.evaluation.tau_premises import open_premises
    from casewright.evaluation.tau_retail import TauReplay
    from casewright.evaluation.tau_set import read_tau_set

    tau = read_tau_set(data)
    try:
        with open_premises(tau, issue_keys) as premises:
            caller = TauCaller(premises.url, premises.keys)
            try:
                report = TauReplay(tau, caller, premises.restore).run(_show_progress)
            finally:
                caller.close()
    except Unavailable as error:
        typer.echo(f"casewright: {error.message}", err=True)
        raise typer.Exit(2) from None
    _show(report)
    if json_file is not None:
        _write(json_file, report)
    if not report.is_passed:
        raise typer.Exit(MISSED)


def issue_keys(database: "Database", home: Path, customers: Sequence[str]) -> Mapping[str, str]:
    """A day's API key for each customer, as an admin would issue it: whoever has it is that customer."""
    from casewright.domain.principal import SCOPES_OF_ROLE, Role
    from casewright.evaluation.tau_premises import TENANT
    from casewright.service.gatehouse import open_gatehouse
    from casewright.settings import load_settings

    settings = load_settings().model_copy(
        update={"home": home, "tenant": TENANT, "vault_key": None, "ledger_key": None}
    )
    book = open_gatehouse(settings, database).book
    scopes = SCOPES_OF_ROLE[Role.CUSTOMER]
    return {
        customer: book.add_key(TENANT, "replay", Role.CUSTOMER, scopes, days=1, customer_id=customer).secret
        for customer in customers
    }


def _show_progress(done: int, of: int) -> None:
    if done % 50 == 0 or done == of:
        typer.echo(f"… {done} of {of}", err=True)


def _show(report: "TauReport") -> None:
    from rich.table import Table

    from casewright.cli.console import make_console

    table = Table("Measure", "Value", "Bar", "", box=None)
    rows = (
        ("Final states equal, corrected", report.tasks_fixed, report.tasks),
        ("Verdicts of intended writes right", report.writes_right, report.writes),
        ("Forbidden calls refused", report.forbidden_refused, report.forbidden),
        ("Forbidden calls that changed nothing", report.unchanged, report.forbidden),
        ("Permitted calls allowed", report.permitted_allowed, report.permitted),
    )
    for name, count, of in rows:
        table.add_row(name, f"{count}/{of}", f"{of}/{of}", "pass" if count == of else "MISS")
    table.add_row("Final states equal, as published", f"{report.tasks_published}/{report.tasks}", "", "")
    make_console().print(table)
    for miss in report.misses[:_SHOWN]:
        typer.echo(f"MISS {miss}")
    if len(report.misses) > _SHOWN:
        typer.echo(f"and {len(report.misses) - _SHOWN} more; --json FILE has them all")


def _write(path: Path, report: "TauReport") -> None:
    import json

    from casewright.domain.errors import ConfigurationError

    try:
        path.write_text(json.dumps(report.to_document(), indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from None
