"""The arena in words: tables in Markdown.

Invariant: table and JSON are made from one result; nothing is computed here.
"""

from collections.abc import Sequence

from casewright.evaluation.retention.arena import ArenaResult
from casewright.evaluation.retention.intervals import Interval

HEADS = (
    "policy",
    "share of the bound",
    "behind the champion",
    "value per customer",
    "net revenue retention",
    "ROI",
    "budget used",
    "complaints used",
    "contacts",
)


def arena_rows(result: ArenaResult) -> list[tuple[str, ...]]:
    """A row for each policy, in the order of `HEADS`; intervals are 95 %."""
    return [
        (
            each.name,
            percent(each.share),
            "" if each.behind_best is None else percent(each.behind_best),
            number(each.incremental),
            percent(each.net_revenue_retention),
            number(each.return_on_outlay),
            number(each.budget_used) + " ×",
            number(each.complaints_used) + " ×",
            f"{each.contacts:.2f}",
        )
        for each in result.scored
    ]


def markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose first column is words and whose others are numbers."""
    lines = ["| " + " | ".join(heads) + " |", "|---" + "|---:" * (len(heads) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def describe_arena(result: ArenaResult) -> str:
    """What the table needs to be read."""
    return (
        f"{result.customers:,} customers kept aside, seeds {', '.join(map(str, result.seeds))}. "
        f"Nobody contacted: {result.nothing_said:.2f} a customer; most that is possible: {result.bound:.2f}. "
        "In brackets: 95 % intervals over customers; differences are paired."
    )


def percent(interval: Interval) -> str:
    """In per cent, with its interval."""
    low, high = 100 * interval.low, 100 * interval.high
    return f"{100 * interval.mean:.1f} % [{low:.1f}, {high:.1f}]"


def number(interval: Interval) -> str:
    """With its interval."""
    return f"{interval.mean:.2f} [{interval.low:.2f}, {interval.high:.2f}]"
