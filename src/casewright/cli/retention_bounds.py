"""`casewright retention bounds`: what could be earned from customers kept aside, by whoever knows how much.

Invariant: nothing is written; the same customers and seed give the same numbers.
"""

from rich.table import Table

from casewright.cli import retention_results as results
from casewright.cli.console import make_console


def bounds(
    data: results.Data = None,
    customers: results.Customers = results.CUSTOMERS,
    seed: results.Seed = 42,
) -> None:
    """Show the bound with everything known, and the one with only what can be observed.

    The second takes about half a minute for 4,000 customers. Example: casewright retention bounds
    --customers 2000
    """
    grounds = results.build_grounds_of(data, customers, seed)
    from casewright.evaluation.retention.observed_bound import observed_bound
    from casewright.evaluation.retention.programme import full_information_bound, nothing_said

    world = grounds.world
    least, full = nothing_said(world), full_information_bound(world)
    seen = observed_bound(grounds.aside, grounds.law, seed=seed)
    share = (seen.value - least) / (full.value - least)
    table = Table("What is known", "value per customer", "share", "price of outlay", "price of a complaint")
    table.add_row("nobody is contacted", f"{least:.2f}", "0.0 %", "", "")
    for name, bound, part in (("all that is observed", seen, share), ("everything", full, 1.0)):
        outlay, complaint = bound.prices
        table.add_row(name, f"{bound.value:.2f}", f"{part:.1%}", f"{outlay:.2f}", f"{complaint:.2f}")
    make_console().print(table)
