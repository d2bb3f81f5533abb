"""`casewright bench retention-training`: how fast the contact policy learns, and a peer's loop beside it.

Invariant: everything runs in this process on one thread, and is told in processor time.
"""

from pathlib import Path
from typing import Annotated

import typer

from casewright.cli.bench_results import RESULTS, publish_measures, show_measures

FOLDER, PAGE = RESULTS / "retention", Path("docs/retention-training.md")


def run_retention_training(
    quick: Annotated[bool, typer.Option("--quick", help="A little, to see that it runs.")] = False,
    seed: Annotated[int, typer.Option(help="Of population, worlds and weights.")] = 42,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=f"Folder for the JSON. [default: {FOLDER}; a quick run writes none]"
        ),
    ] = None,
) -> None:
    """Train with both limits, and beside it without limits, by ours and by Stable-Baselines3's PPO.

    Example: casewright bench retention-training --quick
    """
    from casewright.cli.retention_train import need_torch

    need_torch()
    from casewright.learning.retention.bench_training import QUICK_TRAINING, TrainingSizes, run_training_bench

    sizes = QUICK_TRAINING if quick else TrainingSizes()
    measures = run_training_bench(sizes, seed, lambda step: typer.echo(f"… {step}", err=True))
    show_measures(measures)
    publish_measures(
        "retention-training",
        measures,
        quick=quick,
        results=results,
        docs=PAGE,
        home=FOLDER,
        more={"seed": seed},
    )
