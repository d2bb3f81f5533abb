"""`casewright bench`: the benches of the evaluation package, from an installed wheel too."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def run_bench(
    output: Annotated[Path, typer.Option(help="Folder that the results are written to.")] = Path(
        "bench/results"
    ),
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the work: less exact.")] = False,
) -> None:
    """Measure latency, throughput, start-up and memory.

    Example: casewright bench --quick
    """
    from casewright.evaluation.bench import run

    run(output=output, quick=quick)
