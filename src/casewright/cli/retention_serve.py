"""`casewright retention customers | budget | kill-switch | outcomes | log`: running outreach.

Invariant: the kill switch and the budget are rows of the database, so every replica obeys at its next
request; the ledger keeps who changed them. A file that cannot be taken whole ends with 1 and names its lines.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casewright.adapters.journal.ledger import Ledger
    from casewright.cli.installation import Installation

Tenant = Annotated[str | None, typer.Option(help="Whose. [default: the installation's]")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="CSV with a header.", exists=True, dir_okay=False)]
MOST_SHOWN = 20
MOST_BUDGET = 10**13
"""In major units."""
_SHARE = 100

customers = typer.Typer(add_completion=False, no_args_is_help=True, help="Customers of the retention desk.")
budget = typer.Typer(add_completion=False, no_args_is_help=True, help="The budget of the period.")
kill_switch = typer.Typer(add_completion=False, no_args_is_help=True, help="The desk's kill switch.")
outcomes = typer.Typer(add_completion=False, no_args_is_help=True, help="What came of decisions.")
log = typer.Typer(add_completion=False, no_args_is_help=True, help="The log of decisions, for learning.")


@customers.callback()
@budget.callback()
@kill_switch.callback()
@outcomes.callback()
@log.callback()
def _describe() -> None:
    """A group, also while it has one command only."""


@customers.command("import")
def import_customers(
    file: File,
    tenant: Tenant = None,
    consent: Annotated[
        bool, typer.Option("--consent", help="All of them agreed to offers, where the file does not say.")
    ] = False,
    channel: Annotated[
        str | None, typer.Option(help="sms, email, app or call, where the file does not say.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(help="IANA name such as Asia/Dhaka, where the file does not say.")
    ] = None,
) -> None:
    """Import customers: an id and any facts that `POST /retain` takes; other columns feed the risk model.

    The public churn table is read as it is. Without consent, channel and time zone nobody is contacted.

    Example: casewright retention customers import customers.csv --consent --channel email
    """
    from casewright.adapters import clock
    from casewright.adapters.retention.customers import put_customers
    from casewright.desks.retention.quiet_hours import find_zone
    from casewright.service.retention_fields import FIELDS, read_fields
    from casewright.service.retention_files import NO_ZONE, read_customers

    given = {"consent": consent or None, "channel": channel, "timezone": timezone}
    problems: list[str] = []
    defaults = read_fields(FIELDS, given, problems)
    if timezone is not None and not problems and find_zone(timezone) is None:
        problems.append(f"timezone: {NO_ZONE}")
    _refuse(problems)
    found = read_customers(file, defaults)
    with _open(tenant) as (installation, _):
        count = put_customers(installation.database, installation.tenant, found.rows, at=clock.now())
    typer.echo(f"Tenant {installation.tenant}: {count:,} customers.", err=True)
    if found.others:
        more = f" and {len(found.others) - MOST_SHOWN:,} more" if len(found.others) > MOST_SHOWN else ""
        typer.echo(f"For the risk model only: {', '.join(found.others[:MOST_SHOWN])}{more}.", err=True)
    _end(found.problems)


@budget.command("show")
def show_budget(tenant: Tenant = None) -> None:
    """Show this period's budget: set, held by processes and decisions, free; and complaints.

    Example: casewright retention budget show
    """
    from casewright.adapters import clock
    from casewright.adapters.retention.budget import PeriodBudgets
    from casewright.service.retention_opening import read_rules

    with _open(tenant) as (installation, ledger):
        rules = read_rules(installation.settings)
        fresh = rules.period_of(clock.now())
        budgets = PeriodBudgets(installation.database, ledger, installation.tenant)
        state = budgets.period(fresh.period) or fresh
    typer.echo(f"tenant      {installation.tenant}")
    typer.echo(f"period      from {state.period.isoformat()}, {rules.period_days} days")
    typer.echo(f"budget      {_money(state.budget_minor)}")
    typer.echo(f"reserved    {_money(state.reserved_minor)}")
    typer.echo(f"free        {_money(state.free_minor)}")
    typer.echo(f"complaints  {state.complaints:,} of {state.complaint_cap:,}")
    risked = (state.complaint_reserved_micros, state.complaint_limit_micros)
    typer.echo("risked      {:.2f} expected complaints of {:.2f}".format(*(each / 1e6 for each in risked)))


@budget.command("set")
def set_budget(
    amount: Annotated[float, typer.Argument(help="Major units, such as 20000.")],
    complaint_cap: Annotated[
        int | None, typer.Option(help="Complaints that may come. [default: as it is]", min=0, max=1_000_000)
    ] = None,
    tenant: Tenant = None,
) -> None:
    """Set this period's budget. What processes hold is recalled, so that a lower one holds at once.

    Example: casewright retention budget set 10000
    """
    from dataclasses import replace

    from casewright.adapters import clock
    from casewright.adapters.retention.budget import PeriodBudgets, complaint_limit_micros
    from casewright.domain.errors import ConfigurationError
    from casewright.service.retention_opening import COMPLAINT_CHANCE, read_rules

    if amount != 0 and not 1 / _SHARE <= amount <= MOST_BUDGET:
        raise ConfigurationError(
            f"AMOUNT: is 0, or lies between 0.01 and {MOST_BUDGET:,} (major units, such as 20000)"
        )
    at = clock.now()
    with _open(tenant) as (installation, ledger):
        fresh = read_rules(installation.settings).period_of(at)
        budgets = PeriodBudgets(installation.database, ledger, installation.tenant)
        wanted = replace(budgets.period(fresh.period) or fresh, budget_minor=round(amount * _SHARE))
        if complaint_cap is not None:
            limit = complaint_limit_micros(complaint_cap, COMPLAINT_CHANCE)
            wanted = replace(wanted, complaint_cap=complaint_cap, complaint_limit_micros=limit)
        state = budgets.set_budget(wanted, by=_who(), at=at)
    typer.echo(
        f"Tenant {installation.tenant}, period from {state.period.isoformat()}:"
        f" budget {_money(state.budget_minor)},"
        f" {_money(state.reserved_minor)} spent or reserved; at most {state.complaint_cap:,} complaints."
    )


@kill_switch.command("on")
def switch_on(tenant: Tenant = None) -> None:
    """Stop learned policies: from the next request on, in every replica, the baseline proposes."""
    _turn(tenant, is_on=True)


@kill_switch.command("off")
def switch_off(tenant: Tenant = None) -> None:
    """Let learned policies propose again. CASEWRIGHT_FORCE_BASELINE, where it is set, still stops them."""
    _turn(tenant, is_on=False)


@kill_switch.command("show")
def show_switch(tenant: Tenant = None) -> None:
    """Show how the switch stands, and who turned it last."""
    from casewright.adapters.retention.store import StoredOutreach
    from casewright.adapters.store.times import from_micros

    with _open(tenant) as (installation, ledger):
        row = StoredOutreach(installation.database, ledger, installation.tenant).switch()
        is_forced = installation.settings.force_baseline
    whose = f"Tenant {installation.tenant}: "
    if row is None:
        typer.echo(f"{whose}off; nobody has ever turned it")
    else:
        at = from_micros(row["changed_at"]).isoformat(timespec="seconds")
        typer.echo(f"{whose}{'on' if row['is_on'] else 'off'}; turned by {row['changed_by']} at {at}")
    if is_forced:
        typer.echo("CASEWRIGHT_FORCE_BASELINE is set: the baseline proposes whatever the switch says")


@outcomes.command("import")
def import_outcomes(file: File, tenant: Tenant = None) -> None:
    """Import what came of decisions; quarantined until it is released.

    Columns: decision_id, and any of accepted, complained, churned, unsubscribed (yes or no), revenue_minor.

    Example: casewright retention outcomes import outcomes.csv
    """
    from casewright.adapters import clock
    from casewright.adapters.retention.store_outcomes import StoredOutcomes
    from casewright.domain.errors import Conflict, NotFound
    from casewright.service.retention_files import read_outcomes

    found = read_outcomes(file)
    problems = list(found.problems)
    count = known = 0
    with _open(tenant) as (installation, ledger):
        stored = StoredOutcomes(installation.database, ledger, installation.tenant)
        for decision_id, report in found.rows:
            try:
                kept = stored.report(decision_id, report, source=f"file:{file.name}", at=clock.now())
                count += kept.is_news
                known += not kept.is_news
            except (NotFound, Conflict) as error:
                problems.append(f"{decision_id[:64]}: {error.message}")
    typer.echo(f"Tenant {installation.tenant}: {count:,} outcomes, quarantined.", err=True)
    if known:
        typer.echo(f"Known already: {known:,} outcomes, left as they were.", err=True)
    _end(tuple(problems))


@outcomes.command("release")
def release_outcomes(
    source: Annotated[
        str | None,
        typer.Option(help="Only what this key, person or file (file:NAME) has reported. [default: all]"),
    ] = None,
    tenant: Tenant = None,
) -> None:
    """Let exports show what was reported: somebody has looked at it.

    Example: casewright retention outcomes release --source file:outcomes.csv
    """
    from casewright.adapters import clock
    from casewright.adapters.retention.store_outcomes import StoredOutcomes
    from casewright.domain.errors import NotFound

    with _open(tenant) as (installation, ledger):
        stored = StoredOutcomes(installation.database, ledger, installation.tenant)
        count = stored.release(source=source, at=clock.now())
        sources = () if count or source is None else stored.sources()
    if not count and source is not None and source not in sources:
        raise NotFound(
            f"--source: tenant {installation.tenant} has no outcomes of {source!r}; sources:"
            f" {', '.join(sources[:MOST_SHOWN]) or 'none'}",
            code="source_not_found",
        )
    typer.echo(f"Tenant {installation.tenant}, released: {count:,} outcomes.")
    if not count:
        typer.echo("Nothing was quarantined: all that was reported is released already.", err=True)


@log.command("export")
def export_log(
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Ends with .jsonl, .csv or .parquet. [default: JSON lines on the screen]"
        ),
    ] = None,
    quarantined: Annotated[
        bool, typer.Option("--quarantined", help="Show outcomes that nobody has released yet, too.")
    ] = False,
    contacts: Annotated[
        bool,
        typer.Option(
            "--contacts", help="Only contacts whose outcome is known, as `train-accept` reads them."
        ),
    ] = False,
    tenant: Tenant = None,
) -> None:
    """Write every live decision: state, probabilities, draw, versions, arm, and its outcome.

    Examples: casewright retention log export --out decisions.parquet
    casewright retention log export --contacts --out contacts.csv
    """
    import sys

    from casewright.adapters.retention.log_export import (
        COLUMNS,
        CONTACT_COLUMNS,
        each_contact,
        each_logged,
        write_lines,
        write_log,
    )

    with _open(tenant) as (installation, _):
        rows = each_logged(installation.database, installation.tenant, has_quarantined=quarantined)
        rows = each_contact(rows) if contacts else rows
        columns = CONTACT_COLUMNS if contacts else COLUMNS
        count = write_lines(rows, sys.stdout) if out is None else write_log(rows, out, columns)
    typer.echo(
        f"Tenant {installation.tenant}: {count:,} {'contacts' if contacts else 'decisions'}.", err=True
    )


def _turn(tenant: str | None, *, is_on: bool) -> None:
    from casewright.adapters import clock
    from casewright.adapters.retention.store import StoredOutreach

    with _open(tenant) as (installation, ledger):
        stored = StoredOutreach(installation.database, ledger, installation.tenant)
        stored.set_switch(is_on=is_on, by=_who(), at=clock.now())
    who = "on: the baseline proposes" if is_on else "off: learned policies may propose"
    typer.echo(f"Tenant {installation.tenant}: the kill switch is {who} from the next request on.")


@contextmanager
def _open(tenant: str | None) -> "Iterator[tuple[Installation, Ledger]]":
    """The installation and its ledger; closed at the end. Raises NotFound for a tenant that has nothing."""
    from casewright.adapters.journal.opening import load_ledger_key, open_ledger
    from casewright.cli.installation import open_installation

    with open_installation(tenant) as installation:
        settings = installation.settings
        given = settings.ledger_key.get_secret_value() if settings.ledger_key else None
        ledger = open_ledger(
            settings.home, load_ledger_key(installation.database, settings.home, given=given)
        )
        try:
            yield installation, ledger
        finally:
            ledger.close()


def _who() -> str:
    """Whom the ledger names: the account of this machine that runs the command."""
    try:
        return f"command line: {getpass.getuser()}"
    except (KeyError, OSError):
        return "command line"


def _money(minor: int) -> str:
    return f"{minor / _SHARE:,.2f}"


def _refuse(problems: list[str]) -> None:
    from casewright.domain.errors import ConfigurationError

    if problems:
        raise ConfigurationError("; ".join(f"--{each}" for each in problems))


def _end(problems: tuple[str, ...]) -> None:
    for each in problems[:MOST_SHOWN]:
        typer.echo(each, err=True)
    if len(problems) > MOST_SHOWN:
        typer.echo(f"and {len(problems) - MOST_SHOWN:,} more", err=True)
    if problems:
        raise typer.Exit(1)
