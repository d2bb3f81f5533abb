"""`casewright retention ope`: what logs say of a policy, beside what is true.

Invariant: the policies come from files or from the package; the logs from the simulator, by seed.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli import retention_results as results
from casewright.cli.progress import track

if TYPE_CHECKING:
    from casewright.evaluation.retention.off_policy_check import CheckedEstimates

_OTHER_PRICES = 1.15
_AT_RANDOM = 0.3
_SEEDS_APART = 100_000


def ope(
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The policy that logs. [default: the shipped one]")
    ] = None,
    data: results.Data = None,
    customers: results.Customers = results.CUSTOMERS,
    seed: results.Seed = 42,
    rows: Annotated[int, typer.Option(min=100, help="Customers in a log of one decision.")] = 20_000,
    runs: Annotated[int, typer.Option(min=1, help="Logs of one decision, for coverage.")] = 200,
    period_rows: Annotated[int, typer.Option(min=100, help="Customers in a log of whole periods.")] = 4_000,
    period_runs: Annotated[int, typer.Option(min=1, help="Logs of whole periods, for coverage.")] = 40,
    out: results.Out = results.OUT,
    as_json: results.AsJson = False,
) -> None:
    """Estimate another policy from logs by IPS, SNIPS, DM and DR, once and step by step, beside the truth.

    The judged policy is the logging one at prices 15 % higher: a challenger. Example: casewright retention
    ope --runs 20 --period-runs 2 --out tried
    """
    results.open_folder(out)
    grounds = results.build_grounds_of(data, customers, seed)
    from casewright.evaluation.retention.decision_log import Softened
    from casewright.evaluation.retention.off_policy_check import check_one_decision, check_sequential
    from casewright.learning.retention.roster import network_policy

    champion = network_policy("champion", policy)
    budget, complaint = champion.prices
    challenger = champion.at_prices((budget * _OTHER_PRICES, complaint * _OTHER_PRICES))
    logged = Softened(champion, _AT_RANDOM)
    first = seed * _SEEDS_APART
    world, once_seeds, along_seeds = (
        grounds.world,
        range(first, first + runs),
        range(first, first + period_runs),
    )
    with track("Logs of one decision", runs) as tell:
        once = check_one_decision(logged, challenger, world, rows=rows, seeds=once_seeds, tell=tell)
    with track("Logs of whole periods", period_runs) as tell:
        along = check_sequential(champion, challenger, world, rows=period_rows, seeds=along_seeds, tell=tell)
    document = {
        **results.facts_of(grounds, "ope", data),
        "one_decision": once.as_document(),
        "sequential": along.as_document(),
    }
    results.write_results("ope", out, document)
    text = "\n\n".join(_describe(each) for each in (once, along))
    results.rewrite_page("ope", out, text)
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else text)


def _describe(checked: "CheckedEstimates") -> str:
    from casewright.evaluation.retention.arena_report import markdown_table, number

    heads = ("estimator", "one log", "ESS", "bias", "mean error", "intervals that cover")
    rows = [
        (
            estimate.method,
            number(estimate.interval),
            f"{estimate.effective_sample_size:,.0f}",
            f"{100 * cover.bias:+.2f} %",
            f"{100 * cover.mean_error:.2f} %",
            f"{100 * cover.covered:.1f} % of {cover.runs}",
        )
        for estimate, cover in zip(checked.estimates, checked.coverage, strict=True)
    ]
    return (
        f"{checked.title}: {checked.rows:,} customers a log; truth {checked.truth:.2f} per customer.\n\n"
        f"{markdown_table(heads, rows)}\n\n"
        f"Bootstrap interval of the last row's log: {number(checked.bootstrap)}. Paired difference of "
        f"challenger and log, doubly robust: {number(checked.paired)}; truth {checked.true_difference:.2f}."
    )
