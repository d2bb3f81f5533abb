"""`casewright retention simulate`, `baselines`, `arena`, `plots`: policies on customers kept aside.

Invariant: all policies meet the same customers and seeds; a rerun gives the same numbers.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casewright.cli import retention_results as results
from casewright.cli.progress import track
from casewright.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewright.evaluation.retention.arena import ArenaResult
    from casewright.evaluation.retention.policies import RetentionPolicy
    from casewright.learning.retention.roster import Grounds

Networks = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="NAME=FILE", help="A trained policy to compare; may be repeated."),
]
_BASELINE = "propensity threshold"
_STEPS = 9


def simulate(
    policy: Annotated[
        str, typer.Option(help="none, random, propensity, shipped, or the file of a trained policy.")
    ] = "shipped",
    data: results.Data = None,
    customers: results.Customers = results.CUSTOMERS,
    seed: results.Seed = 42,
    is_sampled: Annotated[
        bool, typer.Option("--sampled", help="Draw churn and complaints too, as a log would show them.")
    ] = False,
) -> None:
    """Run one budget period of one policy on customers kept aside.

    Example: casewright retention simulate --policy propensity --sampled
    """
    grounds = results.build_grounds_of(data, customers, seed)
    from casewright.evaluation.retention.policies import NoContact
    from casewright.evaluation.retention.rollout import run_period

    chosen, world = _choose(policy, grounds), grounds.world
    outcome = run_period(chosen, world, seed, is_sampled=is_sampled)
    none = run_period(NoContact(), world, seed, is_sampled=is_sampled)
    rows = {
        "customers": f"{len(world):,}",
        "value per customer": f"{outcome.value.mean():.2f}",
        "beyond no contact": f"{outcome.value.mean() - none.value.mean():.2f}",
        "contacts per customer": f"{outcome.contacts.mean():.3f}",
        "outlay over budget": f"{outcome.outlay.mean() / world.budget:.3f} ×",
        "complaints over cap": f"{outcome.complaints.mean() / world.complaint_cap:.3f} ×",
        "net revenue retention": f"{outcome.revenue_at_end.sum() / outcome.revenue_at_start.sum():.1%}",
    }
    _show(("One period", chosen.name), list(rows.items()))


def baselines(
    data: results.Data = None,
    customers: results.Customers = results.CUSTOMERS,
    seed: results.Seed = 42,
    seeds: results.Seeds = 5,
    out: results.Out = results.OUT,
    as_json: results.AsJson = False,
) -> None:
    """Tune every baseline on training customers, and judge it on those kept aside.

    Example: casewright retention baselines --customers 2000 --out tried
    """
    results.open_folder(out)
    grounds = results.build_grounds_of(data, customers, seed)
    result = _meet(grounds, [], seeds, _BASELINE)
    _publish("baselines", grounds, result, data, out, as_json)


def arena(
    policy: Networks = None,
    data: results.Data = None,
    customers: results.Customers = results.CUSTOMERS,
    seed: results.Seed = 42,
    seeds: results.Seeds = 5,
    learned_world: Annotated[
        bool,
        typer.Option(
            "--learned-world", help="Instead: train in the world that a trial taught, run in the true."
        ),
    ] = False,
    budget_share: Annotated[
        float | None,
        typer.Option(
            min=0.01, max=100, help="Of the law's budget: bound, baselines, limits and prices are for it."
        ),
    ] = None,
    out: results.Out = results.OUT,
    as_json: results.AsJson = False,
) -> None:
    """Compare trained policies with every baseline and with what is possible; the first is the champion.

    Without --policy the shipped one is the champion. Examples: casewright retention arena ·
    casewright retention arena --policy mine=trained/policy.npz --data churn.csv --out compared
    """
    results.open_folder(out)
    grounds = results.build_grounds_of(data, customers, seed)
    if learned_world:
        if budget_share is not None:
            raise ConfigurationError("--learned-world takes no --budget-share; leave one of them out")
        _publish("learned-world", grounds, _transfer(grounds, seeds), data, out, as_json)
        return
    from casewright.learning.retention.roster import network_policy

    named: list[tuple[str, Path | None]] = [_split(each) for each in policy or []]
    budget = None if budget_share is None else grounds.law.budget
    networks = [network_policy(name, path, budget) for name, path in named or [("PPO, shipped", None)]]
    result = _meet(grounds, networks, seeds, networks[0].name)
    _publish("arena", grounds, result, data, out, as_json, budget_share)


def plots(out: results.Out = results.OUT) -> None:
    """Draw the plots of the results in a folder anew.

    Example: casewright retention plots --out bench/results/retention
    """
    from casewright.evaluation.retention.arena_plots import PLOTS

    found = [name for name in PLOTS if (out / f"{name}.json").is_file()]
    if not found:
        wanted = ", ".join(f"{name}.json" for name in PLOTS)
        raise ConfigurationError(f"{out} holds none of {wanted}; run `casewright retention arena` first")
    for name in found:
        try:
            document = json.loads((out / f"{name}.json").read_text("utf-8"))
            results.draw_plots(name, out, document)
        except (ValueError, KeyError) as error:
            raise ConfigurationError(f"{out / name}.json is not as its command wrote it: {error!r}") from None


def _meet(
    grounds: "Grounds", networks: "Sequence[RetentionPolicy]", seeds: int, champion: str
) -> "ArenaResult":
    from casewright.evaluation.retention.arena import run_arena
    from casewright.learning.retention import roster

    done = []
    with track("Tuning baselines", _STEPS) as tell:

        def step(name: str) -> None:
            done.append(name)
            tell(len(done))

        trial, learned = roster.learn_from_trial(grounds)
        policies = [
            *networks,
            *roster.rule_baselines(grounds, step),
            *roster.learned_baselines(grounds, learned, trial, step),
            *roster.references(grounds, step),
        ]
    with track("Arena", len(policies)) as tell:
        return run_arena(policies, grounds.world, range(seeds), champion, tell)


def _transfer(grounds: "Grounds", seeds: int) -> "ArenaResult":
    from casewright.evaluation.retention.arena import run_arena
    from casewright.learning.retention.learned_training import train_in_learned_world
    from casewright.learning.retention.roster import learn_from_trial
    from casewright.learning.retention.training_config import read_training_config

    config = read_training_config()
    _, learned = learn_from_trial(grounds)
    with track("Training in the learned world", config.ppo.iterations) as tell:
        policies, _ = train_in_learned_world(
            grounds, learned, config, lambda iteration, rollout, prices: tell(iteration + 1)
        )
    return run_arena(policies, grounds.world, range(seeds), policies[0].name)


def _publish(
    name: str,
    grounds: "Grounds",
    result: "ArenaResult",
    data: Path | None,
    out: Path,
    as_json: bool,
    budget_share: float | None = None,
) -> None:
    from casewright.evaluation.retention.arena_report import (
        HEADS,
        arena_rows,
        describe_arena,
        markdown_table,
    )

    document: dict[str, Any] = {**results.facts_of(grounds, name, data), **result.as_document()}
    rows = arena_rows(result)
    if budget_share is not None:
        document["budget_share"] = budget_share
    results.write_results(name, out, document)
    if budget_share is None:
        results.rewrite_page(name, out, f"{describe_arena(result)}\n\n{markdown_table(HEADS, rows)}")
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    typer.echo(f"{describe_arena(result)}\n")
    _show(HEADS, rows)


def _choose(name: str, grounds: "Grounds") -> "RetentionPolicy":
    from casewright.evaluation.retention.baselines import tune_random, tune_threshold
    from casewright.evaluation.retention.policies import NoContact
    from casewright.learning.retention.roster import network_policy

    if name == "none":
        return NoContact()
    if name == "random":
        return tune_random(grounds.tuning, grounds.seed)
    if name == "propensity":
        return tune_threshold(_BASELINE, grounds.tuning, grounds.seed)
    return network_policy(name, None if name == "shipped" else Path(name))


def _split(named: str) -> tuple[str, Path]:
    name, found, path = named.partition("=")
    if not found or not name or not path:
        raise ConfigurationError(f"--policy {named!r}: give NAME=FILE, such as mine=trained/policy.npz")
    return name, Path(path)


def _show(heads: "Sequence[str]", rows: "Sequence[Sequence[str]]") -> None:
    from rich.table import Table

    from casewright.cli.console import make_console

    table = Table(box=None, padding=(0, 1, 0, 0))
    names = " ".join(row[0] for row in rows)
    for place, head in enumerate(heads):
        words = f"{head} {'' if place else names}".split()
        table.add_column(head, overflow="fold", min_width=max(map(len, words)))
    for row in rows:
        table.add_row(*map(_stacked, row))
    make_console().print(table, crop=False)


def _stacked(cell: str) -> str:
    """A number above its interval, so that the table fits on a screen."""
    number, found, rest = cell.partition(" [")
    bounds, _, unit = rest.partition("]")
    return f"{number}{unit}\n[{bounds.replace(' ', '')}]" if found else cell
