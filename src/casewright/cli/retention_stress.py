"""`casewright retention stress`: cohorts and policies under seven kinds of shift.

Invariant: prices, plan and estimates come from training customers; cohorts are drawn from those kept aside.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casewright.cli import retention_results as results
from casewright.cli.progress import track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewright.evaluation.retention.stress import PolicyUnderShift, ShiftResult


def stress(
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A trained policy. [default: the shipped one]")
    ] = None,
    data: results.Data = None,
    customers: results.Customers = results.CUSTOMERS,
    seed: results.Seed = 42,
    cohorts: Annotated[int, typer.Option(min=20, help="Shielded cohorts without a shift.")] = 1_600,
    shifted: Annotated[int, typer.Option(min=20, help="Shielded cohorts of each shift.")] = 220,
    opened: Annotated[int, typer.Option(min=20, help="Of each, cohorts that are run open, too.")] = 100,
    size: Annotated[int, typer.Option(min=100, help="Customers in a cohort.")] = 5_000,
    out: results.Out = results.OUT,
    as_json: results.AsJson = False,
) -> None:
    """Run cohorts with everything drawn, open and shielded, under each shift; and every policy in
    expectation.

    Example: casewright retention stress --cohorts 40 --shifted 20 --opened 20 --out tried
    """
    results.open_folder(out)
    grounds = results.build_grounds_of(data, customers, seed)
    from casewright.evaluation.retention.shifts import SHIFTS
    from casewright.evaluation.retention.stress import BATCH, as_rows, stress_cohorts, stress_policies
    from casewright.learning.retention import stress_roster

    typer.echo("Learning from a trial, and tuning what the shield needs.", err=True)
    trial, learned = stress_roster.learn_from_trial(grounds)
    entry = stress_roster.enter_shielded(grounds, learned, policy, size)
    counts = {"none": cohorts, **{shift.name: shifted for shift in SHIFTS}}
    total = sum(-(-count // BATCH) * BATCH for count in counts.values())
    with track("Cohorts", total) as tell:
        found = stress_cohorts(entry.opened, entry.steered, entry.setting, counts, opened, tell)
    typer.echo("Tuning baselines.", err=True)
    policies = stress_roster.policies_under_stress(grounds, learned, trial, policy)
    with track("Policies under shifts", len(policies) * (1 + len(SHIFTS))) as tell:
        rows = stress_policies(policies, grounds.world, 0, tell)
    typer.echo("Poisoning a trial.", err=True)
    poisoned = stress_roster.poison_learning(grounds, trial, learned)
    document: dict[str, Any] = {
        **results.facts_of(grounds, "stress", data),
        "cohort_size": size,
        "shifts": as_rows(found),
        "policies": [asdict(row) for row in rows],
        "poisoned_learning": poisoned,
    }
    results.write_results("stress", out, document)
    text = "\n\n".join([_describe_cohorts(found, size), _describe_policies(rows), _describe_poison(poisoned)])
    results.rewrite_page("stress", out, text)
    typer.echo(json.dumps(document, ensure_ascii=False) if as_json else text)


def _describe_cohorts(found: "Sequence[ShiftResult]", size: int) -> str:
    from casewright.evaluation.retention.arena_report import markdown_table, percent

    heads = (
        "shift",
        "open: value",
        "open: broken",
        "shielded: value",
        "shielded: broken",
        "worst budget",
        "worst complaints",
        "mean use",
    )
    rows = [
        (
            f"{each.shift}: {each.words}",
            percent(each.open.share),
            f"{each.open.broken} of {each.open.cohorts}",
            percent(each.shielded.share),
            f"{each.shielded.broken} of {each.shielded.cohorts:,}",
            f"{each.shielded.most_budget:.3f} ×",
            f"{each.shielded.most_complaints:.3f} ×",
            f"{each.shielded.mean_budget:.2f}, {each.shielded.mean_complaints:.2f}",
        )
        for each in found
    ]
    broken = sum(each.shielded.broken for each in found)
    count = sum(each.shielded.cohorts for each in found)
    return (
        f"{count:,} shielded cohorts of {size:,} customers, {broken} broke a limit. Without a shift the "
        f"shield costs {percent(found[0].cost)} of the bound, against the open policy at prices that just "
        f"keep both limits on average over the same customers.\n\n{markdown_table(heads, rows)}"
    )


def _describe_policies(rows: "Sequence[PolicyUnderShift]") -> str:
    from casewright.evaluation.retention.arena_report import markdown_table

    shifts = list(dict.fromkeys(row.shift for row in rows))
    names = list(dict.fromkeys(row.policy for row in rows))
    cell = {
        (row.policy, row.shift): (
            f"{100 * row.share:.1f} % ({row.budget_used:.2f}, {row.complaints_used:.2f})"
        )
        for row in rows
    }
    table = markdown_table(
        ("policy", *shifts), [(name, *(cell[name, shift] for shift in shifts)) for name in names]
    )
    return (
        "All policies without a shield, in expectation: share of the unshifted bound; in brackets budget and "
        f"complaints used, realised over allowed.\n\n{table}"
    )


def _describe_poison(poisoned: dict[str, float]) -> str:
    shown = {name: f"{100 * value:.1f} %" for name, value in poisoned.items()}
    return (
        f"Poisoned learning: {shown['hostile_share']} of the trial's sources lie. The programme in the "
        f"learned world is worth {shown['clean']} of the bound when it learns from the clean trial, "
        f"{shown['poisoned']} from the poisoned one, and {shown['quarantined']} after quarantine, which held "
        f"back {shown['held_back']} of the rows; it then does the same as before about "
        f"{shown['same_decisions']} of customers in the first week."
    )
