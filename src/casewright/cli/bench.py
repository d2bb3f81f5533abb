"""`casewright bench`: the benches of the evaluation package, from an installed wheel too.

Invariant: a missed bar is shown, and is no failure; a quick run writes no results unless told where.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.bench_actions import run_exactly_once
from casewright.cli.bench_copilot import run_copilot
from casewright.cli.bench_knowledge import run_knowledge
from casewright.cli.bench_results import DOCS, RESULTS, show_measures
from casewright.cli.bench_retain import run_retain
from casewright.cli.bench_retention_training import run_retention_training
from casewright.cli.bench_runner import run_runner
from casewright.cli.bench_store import run_store
from casewright.cli.bench_tau_retail import run_tau_retail
from casewright.cli.bench_text import run_local_model, run_text_models

if TYPE_CHECKING:
    from casewright.evaluation.bench import BenchSubject
    from casewright.evaluation.bench_measures import Measure

app = typer.Typer(add_completion=False)
app.command("exactly-once")(run_exactly_once)
app.command("store")(run_store)
app.command("runner")(run_runner)
app.command("copilot")(run_copilot)
app.command("knowledge")(run_knowledge)
app.command("retain")(run_retain)
app.command("retention-training")(run_retention_training)
app.command("tau-retail")(run_tau_retail)
app.command("text-models")(run_text_models)
app.command("local-model")(run_local_model)
DESK = "disputes"


@app.callback(invoke_without_command=True)
def run_bench(
    context: typer.Context,
    quick: Annotated[
        bool, typer.Option("--quick", help="A little of everything, to see that it runs.")
    ] = False,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=f"Folder for the JSON. [default: {RESULTS}; a quick run writes none]"
        ),
    ] = None,
    docs: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=f"Page whose table is rewritten. [default: {DOCS}, with the default --results]",
        ),
    ] = None,
    install_size: Annotated[
        bool,
        typer.Option("--install-size", help="Measure a fresh installation too; asks the package registry."),
    ] = False,
) -> None:
    """Measure latency, throughput, start-up and memory; everything stays on this machine.

    Examples: casewright bench · casewright bench --quick · casewright bench store
    """
    if context.invoked_subcommand is not None:
        return
    from casewright.domain.errors import Unavailable
    from casewright.evaluation.bench import QUICK, BenchSizes
    from casewright.evaluation.bench import run_bench as measure

    subject = _build_subject()
    measures: list[Measure] = []
    try:
        if install_size:
            measures += _measure_installation()
        sizes = QUICK if quick else BenchSizes()
        measures = [*measure(subject, sizes, lambda step: typer.echo(f"… {step}", err=True)), *measures]
    except Unavailable as error:
        typer.echo(f"casewright: {error.message}", err=True)
        raise typer.Exit(2) from None
    show_measures(measures)
    folder = results or (None if quick else RESULTS)
    if folder is not None:
        is_published = not quick and results is None and DOCS.is_file()
        _publish(measures, subject, folder, docs or (DOCS if is_published else None), quick=quick)


def _build_subject() -> "BenchSubject":
    """The desk as this installation runs it, without a text model."""
    from casewright.bootstrap import build_application, load_desk, read_ruleset_source
    from casewright.evaluation.bench import BenchSubject
    from casewright.policy.ruleset import FactSchema
    from casewright.settings import load_settings

    application = build_application(load_settings().model_copy(update={"text_models": ()}))
    return BenchSubject(
        application.analyze_ticket,
        application.respond,
        application.road.ruleset,
        read_ruleset_source(DESK),
        FactSchema.from_dataclass(load_desk(DESK).facts_type),
    )


def _measure_installation() -> "list[Measure]":
    from casewright.evaluation.bench_install import measure_installation

    measures, largest = measure_installation(Path.cwd())
    for name, size in largest:
        typer.echo(f"{size:8.1f} MB  {name}", err=True)
    return measures


def _publish(
    measures: "list[Measure]", subject: "BenchSubject", folder: Path, docs: Path | None, *, quick: bool
) -> None:
    from importlib.metadata import version

    from casewright.adapters.clock import today
    from casewright.evaluation.bench_measures import (
        build_document,
        build_table,
        describe_machine,
        rewrite_table,
        write_results,
    )

    facts: dict[str, object] = {
        "desk": DESK,
        "measured_on": today().isoformat(),
        "is_quick": quick,
        "version": version("casewright"),
        "ruleset": subject.ruleset.id,
    }
    typer.echo(f"Wrote {write_results(folder, DESK, build_document(measures, facts))}.", err=True)
    if docs is not None:
        machine = ", ".join(f"{name} {value}" for name, value in describe_machine().items())
        note = f"Measured on {facts['measured_on']} ({machine}) under `{subject.ruleset.id}`."
        rewrite_table(docs, f"{note}\n\n{build_table(measures)}")
        typer.echo(f"Rewrote the table of {docs}.", err=True)
