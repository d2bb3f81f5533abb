"""`casewright retention train` and `export`: a contact policy is learned, and set to another budget.

Invariant: training looks at customers of even id hash alone and judges on the others; export needs no
trainer.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casewright.cli.progress import track
from casewright.cli.retention_results import MOST_SEED, open_folder
from casewright.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from casewright.evaluation.retention.population import Population
    from casewright.learning.retention.export import Run
    from casewright.learning.retention.training_config import TrainingConfig

OUT = Path("bench/results/retention/train")


def train(
    data: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="A churn table. [default: the synthetic population]"),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(metavar="YAML", help="What differs from the documented defaults (train.yaml)."),
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=MOST_SEED, help="Of the learner: the same seed gives the same weights.")
    ] = 42,
    world_seed: Annotated[
        int,
        typer.Option(min=0, max=MOST_SEED, help="Of the synthetic population, and of the world that judges."),
    ] = 42,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where policy, run card and curves go.")] = OUT,
    budget_share: Annotated[
        float | None, typer.Option(min=0.01, help="Train for this share of the law's budget, such as 0.5.")
    ] = None,
    iterations: Annotated[int | None, typer.Option(min=1, help="Fewer, to see that it runs.")] = None,
    sees_hidden: Annotated[
        bool, typer.Option("--sees-hidden", help="A reference that cannot be served: no policy is written.")
    ] = False,
    show_config: Annotated[
        bool, typer.Option("--show-config", help="Print the documented defaults and end.")
    ] = False,
) -> None:
    """Train a contact policy by PPO under both limits, tune its two prices, and judge it on others.

    Examples: casewright retention train · casewright retention train --data churn.csv --out trained ·
    casewright retention train --show-config > mine.yaml
    """
    if show_config:
        typer.echo(_defaults(), nl=False)
        return
    need_torch()
    from dataclasses import replace

    from casewright.learning.retention.training_config import check_training_config, read_training_config

    settings = read_training_config(config)
    if budget_share is not None:
        settings = replace(settings, budget_share=budget_share)
    more: dict[str, Any] = {"sees_hidden": True} if sees_hidden else {}
    if iterations is not None:
        more["iterations"] = iterations
    settings = replace(settings, ppo=replace(settings.ppo, **more))
    check_training_config(settings)
    open_folder(out)
    population = _read_population(data, settings, world_seed)
    run = _run(population, settings, (seed, world_seed), "table" if data else "synthetic")
    from casewright.learning.retention.export import write_run

    written = write_run(out, run)
    _show(run)
    _warn(run)
    typer.echo(f"Wrote {', '.join(str(path) for path in written)}.", err=True)


def export(
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where the policy goes.")],
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A trained policy. [default: the shipped one]")
    ] = None,
    budget_share: Annotated[
        float,
        typer.Option(min=0.01, help="Of the budget that it was trained for; changes two numbers, no weight."),
    ] = 1.0,
) -> None:
    """Write a policy to serve, set to another budget without training; `casewright serve` reads it.

    Example: casewright retention export --policy trained/policy.npz --budget-share 0.5 --out half.npz
    """
    from casewright.adapters.retention.weights import prices_at, read_policy, write_policy

    if out.is_dir() or not out.parent.is_dir():
        what = (
            "is a folder; give a file" if out.is_dir() else f"there is no folder {out.parent}; make it first"
        )
        raise ConfigurationError(f"--out {out}: {what}")
    source = read_policy(policy)
    budget, complaint = prices_at(source, budget_share)
    facts = {
        **source.facts,
        "budget_price": budget,
        "complaint_price": complaint,
        "budget_per_customer": source.facts.get("budget_per_customer", 0.0) * budget_share,
        "prices_by_budget": [
            [share / budget_share, *prices] for share, *prices in source.facts["prices_by_budget"]
        ],
    }
    try:
        version = write_policy(out, source.layers, facts)
    except OSError as error:
        raise ConfigurationError(f"--out {out}: cannot be written: {error.strerror}") from None
    typer.echo(f"{version}: budget price {budget:.3f}, complaint price {complaint:.2f}")
    typer.echo(f"Wrote {out}; serve it with CASEWRIGHT_RETENTION_POLICY={out}.", err=True)


def _defaults() -> str:
    from importlib import resources

    return resources.files("casewright.learning.retention").joinpath("train.yaml").read_text("utf-8")


def need_torch() -> None:
    """Raises ConfigurationError with the command that installs what trains."""
    from importlib.util import find_spec

    if find_spec("torch") is None:
        raise ConfigurationError("training needs PyTorch: pip install torch==2.13.0 'casewright[learn]'")


def _read_population(data: Path | None, config: "TrainingConfig", seed: int) -> "Population":
    from casewright.evaluation.retention.churn_table import read_churn_population
    from casewright.evaluation.retention.population import draw_population

    return draw_population(config.customers, seed) if data is None else read_churn_population(data, seed)


def _run(population: "Population", config: "TrainingConfig", seeds: tuple[int, int], source: str) -> "Run":
    from casewright.evaluation.retention.world import build_world, read_law
    from casewright.learning.retention import training
    from casewright.learning.retention.export import Run, describe_population

    (seed, world_seed), law, aside = seeds, read_law(), population.is_kept_aside()
    customers = population.take(~aside)
    with track("Training", config.ppo.iterations) as tell:
        trained = training.train_policy(
            training.worlds_of(customers, law, config, seed),
            config,
            seed,
            lambda iteration, rollout, prices: tell(iteration + 1),
        )
    world = training.tuning_world(customers, law, config, seed)
    with track("Tuning prices", len(config.tuning.budgets)) as tell:
        frontier = training.tune_frontier(trained, world, config, seed, tell)
    judged = training.judge(
        trained, build_world(population, law, world_seed).take(aside), frontier[1.0], config, seed
    )
    return Run(trained, frontier, judged, config, seed, law, describe_population(population, source))


def _warn(run: "Run") -> None:
    """Say on standard error which limits did not hold on customers kept aside."""
    judged = run.judged
    for name, used in (("budget", judged.budget_used), ("complaint cap", judged.complaints_used)):
        if used > 1:
            typer.echo(
                f"Warning: customers kept aside used {used:.3f} times the {name}; more `headroom` under"
                " `tuning` leaves more of it unused.",
                err=True,
            )


def _show(run: "Run") -> None:
    from rich.table import Table

    from casewright.cli.console import make_console

    judged, (budget, complaint) = run.judged, run.frontier[1.0]
    table = Table("On customers kept aside", "", box=None)
    table.add_row("share of the full-information bound", f"{judged.share:.1%}")
    table.add_row("value per customer", f"{judged.value:.2f}")
    table.add_row("budget used", f"{judged.budget_used:.3f} ×")
    table.add_row("complaint cap used", f"{judged.complaints_used:.3f} ×")
    table.add_row("prices of budget and complaint", f"{budget:.3f} and {complaint:.2f}")
    table.add_row("training", f"{run.trained.cpu_s:.0f} CPU-s, {run.trained.steps:,} customer-weeks")
    make_console().print(table)
