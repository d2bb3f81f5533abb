"""`casewright evaluate`: a desk, in process or at any address, measured on labelled cases."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casewright.cli.evaluate_answers import evaluate_answers

if TYPE_CHECKING:
    from casewright.evaluation.http_check import ProbeResult
    from casewright.evaluation.labelled_cases import Ask, Report, Tally

app = typer.Typer(add_completion=False, no_args_is_help=True)
SHOWN_MISSES = 20


@app.callback()
def describe() -> None:
    """Measure a desk, or any service, on labelled cases."""


app.command("answers")(evaluate_answers)


@app.command("disputes")
def evaluate_disputes(
    cases: Annotated[
        Path, typer.Option(help="JSON list of cases: id, input, expected, and accept where more is right.")
    ],
    url: Annotated[
        str | None, typer.Option(help="Base address of a service; without it, this installation in process.")
    ] = None,
    api_key: Annotated[
        str | None, typer.Option(envvar="EVALUATE_API_KEY", help="Key that the service asks for.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Measure the disputes desk: fields and whole cases right, per field and language, status codes, latency.

    Examples:

    casewright evaluate disputes --cases cases.json

    casewright evaluate disputes --cases cases.json --url http://127.0.0.1:8080 --json
    """
    from casewright.cli.console import write_json
    from casewright.evaluation.labelled_cases import evaluate_cases, load_cases

    labelled = load_cases(cases)
    probes: list[ProbeResult] = []
    if url is None:
        report = evaluate_cases(labelled, _ask_in_process())
    else:
        from casewright.evaluation.http_check import HttpService

        with HttpService(url, api_key) as service:
            report = evaluate_cases(labelled, service.ask)
            probes = service.probe()
    if as_json:
        write_json(_build_document(report, probes))
    else:
        _show(report, probes)
    if any(not result.is_right for result in probes):
        raise typer.Exit(1)


def _ask_in_process() -> "Ask":
    import time
    from collections.abc import Mapping

    from casewright.bootstrap import build_application
    from casewright.domain.errors import TerminalError
    from casewright.evaluation.labelled_cases import Answer
    from casewright.service.error_map import build_domain_error
    from casewright.service.warm_up import warm_up
    from casewright.settings import load_settings

    application = build_application(load_settings())
    warm_up(application)

    def ask(document: Mapping[str, Any]) -> Answer:
        started = time.perf_counter()
        try:
            status, body = 200, application.respond(application.analyze_ticket(document))
        except TerminalError as error:
            status, body = build_domain_error(error, "")
        return Answer(status, body, time.perf_counter() - started)

    return ask


def _build_document(report: "Report", probes: "list[ProbeResult]") -> dict[str, Any]:
    return {
        "total": _build_tally(report.total),
        "by_field": {name: _build_tally(tally) for name, tally in report.by_field.items()},
        "by_language": {name: _build_tally(tally) for name, tally in report.by_language.items()},
        "statuses": {str(status): count for status, count in sorted(report.statuses.items())},
        "latency_ms": {f"p{percent}": round(report.latency_ms(percent), 3) for percent in (50, 95, 99)},
        "misses": [
            {"case": miss.case_id, "field": miss.field, "expected": miss.expected, "found": miss.found}
            for miss in report.misses
        ],
        "probes": [
            {
                "probe": result.probe.name,
                "expected": result.probe.status,
                "found": result.status,
                "is_right": result.is_right,
            }
            for result in probes
        ],
    }


def _build_tally(tally: "Tally") -> dict[str, int]:
    return {
        "fields_right": tally.fields_right,
        "fields": tally.fields,
        "cases_right": tally.cases_right,
        "cases": tally.cases,
    }


def _show(report: "Report", probes: "list[ProbeResult]") -> None:
    from rich.table import Table

    from casewright.cli.console import clean, make_console

    console = make_console()
    table = Table("", box=None, pad_edge=False)
    table.add_column("Fields right", justify="right")
    table.add_column("Whole cases right", justify="right")
    table.add_row("all", _share(report.total.fields_right, report.total.fields), _cases(report.total))
    for name, tally in sorted(report.by_language.items()):
        table.add_row(f"language {clean(name)}", _share(tally.fields_right, tally.fields), _cases(tally))
    for name, tally in report.by_field.items():
        table.add_row(clean(name), _share(tally.fields_right, tally.fields), "")
    console.print(table)
    latency = ", ".join(f"p{percent} {report.latency_ms(percent):.2f} ms" for percent in (50, 95, 99))
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(report.statuses.items()))
    console.print(f"Latency {latency}. Statuses {statuses}.")
    for miss in report.misses[:SHOWN_MISSES]:
        console.print(
            clean(f"wrong: {miss.case_id} {miss.field}: expected {miss.expected}, found {miss.found}")
        )
    if len(report.misses) > SHOWN_MISSES:
        console.print(f"… and {len(report.misses) - SHOWN_MISSES} more (--json lists all).")
    for result in probes:
        mark = "as it should be" if result.is_right else f"WRONG, expected {result.probe.status}"
        console.print(f"{result.probe.name}: {result.status}, {mark}")


def _share(right: int, total: int) -> str:
    return f"{right}/{total} = {100 * right / total:.1f} %" if total else "none"


def _cases(tally: "Tally") -> str:
    return _share(tally.cases_right, tally.cases)
