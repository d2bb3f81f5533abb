"""`casewright bench store`: how fast the business database finds and keeps cases, few and many.

Invariant: it works on scratch databases of its own and never opens the one of this installation.
"""

from pathlib import Path
from typing import Annotated

import typer

from casewright.cli.bench_results import RESULTS, publish_measures, show_measures


def run_store(
    quick: Annotated[bool, typer.Option("--quick", help="A few cases, to see that it runs.")] = False,
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
            help="Folder for the scratch file of SQLite. [default: the system's for such files]",
        ),
    ] = None,
) -> None:
    """Measure look-ups and durable saves of cases on SQLite and PostgreSQL, with 10,000 and 1,000,000 stored.

    Example: casewright bench store --quick
    """
    from casewright.evaluation.bench_store import QUICK_STORE, StoreSizes, run_store_bench

    sizes = QUICK_STORE if quick else StoreSizes()
    measures, missing = run_store_bench(sizes, lambda step: typer.echo(f"… {step}", err=True), scratch)
    show_measures(measures)
    for line in missing:
        typer.echo(f"Not measured: {line}", err=True)
    publish_measures("store", measures, quick=quick, results=results)
