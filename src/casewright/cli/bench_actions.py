"""`casewright bench exactly-once`: actions a second through the journal, beside a durable workflow engine.

Invariant: it works on scratch databases of its own and never opens the one of this installation.
"""

from pathlib import Path
from typing import Annotated

import typer

from casewright.cli.bench_results import RESULTS, publish_measures, show_measures


def run_exactly_once(
    quick: Annotated[bool, typer.Option("--quick", help="A few actions, to see that it runs.")] = False,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=f"Folder for the JSON. [default: {RESULTS}; a quick run writes none]"
        ),
    ] = None,
    scratch: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the scratch files of SQLite. [default: the system's for such files]",
        ),
    ] = None,
) -> None:
    """Measure refunds that happen exactly once on SQLite and PostgreSQL, side by side with DBOS.

    DBOS is the peer where it is installed: pip install 'casewright[bench-dbos]'.

    Example: casewright bench exactly-once --quick
    """
    from casewright.domain.errors import Unavailable
    from casewright.evaluation.bench_actions import QUICK_ACTIONS, ActionSizes, run_action_bench

    sizes = QUICK_ACTIONS if quick else ActionSizes()
    try:
        measures, missing = run_action_bench(sizes, lambda step: typer.echo(f"… {step}", err=True), scratch)
    except Unavailable as error:
        typer.echo(f"casewright: {error.message}", err=True)
        raise typer.Exit(2) from None
    show_measures(measures)
    for line in missing:
        typer.echo(f"Not measured: {line}", err=True)
    publish_measures("exactly-once", measures, quick=quick, results=results)
