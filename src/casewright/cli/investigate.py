"""`casewright investigate`: tickets in, verdicts out, as a table for people or JSON lines for machines."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casewright.bootstrap import Application
    from casewright.cli.tickets import Ticket
    from casewright.pipeline import CaseResult

app = typer.Typer(add_completion=False)


@app.command(no_args_is_help=True)
def investigate(
    source: Annotated[
        str, typer.Argument(metavar="FILE|-", help="JSON object, JSON array or JSON lines; - reads a pipe.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON verdict per line.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how the row was found, and each rule that fired.")
    ] = False,
) -> None:
    """Investigate tickets from a file or from standard input.

    Examples:

    casewright investigate ticket.json --explain

    cat tickets.jsonl | casewright investigate - --json
    """
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
