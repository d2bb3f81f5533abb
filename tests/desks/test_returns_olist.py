"""The returns desk on a small, invented shop in the form of the Olist files, at dates inside its own period.

`expectations.csv` was written by hand from the clauses: the decision and the amount in cents for each request.
"""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casewright.adapters.importers.olist import read_olist
from casewright.bootstrap import load_ruleset
from casewright.desks.returns.facts import ReturnReason
from casewright.desks.returns.planning import check_eligibility
from casewright.desks.returns.requests import CheckEligibility, ReturnFound
from casewright.domain.shop import Customer, Order

FOLDER = Path(__file__).parent / "olist_returns"


@pytest.fixture(scope="module")
def shop() -> tuple[dict[str, Customer], dict[str, Order]]:
    imported, problems = read_olist(FOLDER)
    assert problems == ()
    customers = {one.customer.customer_id: one.customer for one in imported.customers}
    return customers, {one.order.order_id: one.order for one in imported.orders}


def _read_expectations() -> list[dict[str, str]]:
    with (FOLDER / "expectations.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_decision_and_amount_is_the_expected_one(
    shop: tuple[dict[str, Customer], dict[str, Order]],
) -> None:
    customers, orders = shop
    rows = _read_expectations()
    wrong = []
    for row in rows:
        as_of = datetime.strptime(row["as_of"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        found = ReturnFound(
            orders.get(row["order_id"]), customers[row["buyer"]], has_evidence=row["evidence"] == "yes"
        )
        reason = ReturnReason(row["reason"]) if row["reason"] else None
        request = CheckEligibility(row["order_id"], tuple(row["items"].split()), reason)
        checked = check_eligibility(request, found, load_ruleset("returns", as_of.date()), as_of)
        if (checked.outcome, checked.amount_minor) != (row["outcome"], int(row["amount"])):
            wrong.append((row, checked.outcome, checked.amount_minor, checked.reasons))
    assert wrong == []
    assert len(rows) >= 45
    outcomes = {row["outcome"] for row in rows}
    assert len(outcomes) == 6
