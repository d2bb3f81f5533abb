"""`casewright investigate`: tickets in, verdicts out, as a table for people or JSON lines for machines."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.batch import BatchOptions, investigate_batch

if TYPE_CHECKING:
    from casewright.bootstrap import Application
    from casewright.cli.tickets import Ticket
    from casewright.pipeline import CaseResult

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def investigate(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-", help="JSON object, JSON array, JSON lines or Parquet; - reads a pipe."
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON verdict per line.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the row was found, and each rule that fired.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="Batch: processes that decide. [default: 1]")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Batch: verdicts as JSON lines or Parquet, by the name's ending."),
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Batch: refused lines. [default: OUTPUT.errors.jsonl]"),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Batch: continue the run that was writing --output.")
    ] = False,
) -> None:
    """Investigate tickets from a file or from standard input.

    Any batch option, a Parquet file, or JSON lines of 1 MiB and more make it a batch: bounded memory,
    verdicts in the order of the input, refused lines in a side file with line number and reason. A batch
    that was stopped or killed continues with --resume.

    Exit codes: 0 all decided; 2 bad input. A batch that went through with some lines refused ends with 1.

    Examples:

    casewright investigate ticket.json --explain

    cat tickets.jsonl | casewright investigate - --json

    casewright investigate tickets.jsonl --workers 4 --output verdicts.jsonl
    """
    batch = BatchOptions(workers, output, errors, resume)
    if not batch.apply_to(source, is_explained=explain):
        _investigate_few(source, as_json=as_json, explain=explain)
    elif explain:
        typer.echo("casewright: --explain is for single tickets; leave it out of a batch.", err=True)
        raise typer.Exit(2)
    else:
        investigate_batch(source, batch)


def _investigate_few(source: str, *, as_json: bool, explain: bool) -> None:
    from casewright.bootstrap import build_application
    from casewright.cli.tickets import read_tickets
    from casewright.settings import load_settings

    tickets = read_tickets(source)
    application = build_application(load_settings())
    results: list[CaseResult] = []
    refused = 0
    for ticket in tickets:
        result = _analyze(application, ticket)
        if result is None:
            refused += 1
        elif as_json:
            _write(application, result, explain)
        else:
            results.append(result)
    if results:
        _show(application, results, explain)
    if refused:
        typer.echo(f"casewright: {refused} of {len(tickets)} tickets could not be investigated.", err=True)
        raise typer.Exit(2)


def _analyze(application: "Application", ticket: "Ticket") -> "CaseResult | None":
    from casewright.domain.errors import TerminalError

    problem = ticket.problem
    if not problem:
        try:
            return application.analyze_ticket(ticket.document)
        except TerminalError as error:
            problem = error.message
    typer.echo(f"casewright: {ticket.place}: {problem}", err=True)
    return None


def _write(application: "Application", result: "CaseResult", explain: bool) -> None:
    from casewright.cli.console import write_json
    from casewright.cli.evidence import build_trace

    answer = application.respond(result)
    write_json({**answer, "explanation": build_trace(application, result)} if explain else answer)


def _show(application: "Application", results: "list[CaseResult]", explain: bool) -> None:
    from casewright.cli.console import make_console
    from casewright.cli.evidence import show_case, show_table

    console = make_console()
    if explain or len(results) == 1:
        for result in results:
            show_case(console, application, result, explain=explain)
    else:
        show_table(console, application, results)
