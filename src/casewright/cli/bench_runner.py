"""`casewright bench runner`: what the runner of steps costs for each run.

Invariant: it works in a scratch folder of its own and opens nothing of this installation.
"""

from pathlib import Path
from typing import Annotated

import typer

from casewright.cli.bench_results import RESULTS, publish_measures, show_measures


def run_runner(
    quick: Annotated[bool, typer.Option("--quick", help="A few walks, to see that it runs.")] = False,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=f"Folder for the JSON. [default: {RESULTS}; a quick run writes none]"
        ),
    ] = None,
) -> None:
    """Measure a walk over a table of six steps, alone and with a journal row for each step.

    Example: casewright bench runner --quick
    """
    from casewright.evaluation.bench_runner import QUICK_RUNNER, RunnerSizes, run_runner_bench

    measures = run_runner_bench(QUICK_RUNNER if quick else RunnerSizes())
    show_measures(measures)
    publish_measures("runner", measures, quick=quick, results=results)
