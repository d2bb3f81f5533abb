"""The whole returns table: seven reasons, four categories, six ages, with and without evidence.

`returns_table.csv` was written by hand from the clauses: an item of 40.00, shipping of 5.00, both paid. A cell
says the outcome and what goes back in cents. No code under test has written any of it.
"""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.returns.facts import ReturnReason
from casewright.desks.returns.planning import (
    check_eligibility,
    compute_refund,
    plan_create_exchange,
    plan_create_return,
    plan_issue_refund,
)
from casewright.desks.returns.requests import (
    CheckEligibility,
    CreateExchange,
    CreateReturn,
    IssueRefund,
    ReturnFound,
)
from casewright.domain.shop import (
    Category,
    Customer,
    MethodKind,
    Order,
    OrderLine,
    OrderStatus,
    PaymentKind,
    PaymentMethod,
    PaymentRow,
    Variant,
)

AS_OF = datetime(2026, 6, 30, 15, 0, tzinfo=UTC)
RULESET = load_ruleset("returns", date(2026, 6, 30))
CARD = PaymentMethod("card-1", MethodKind.CARD)
CUSTOMER = Customer("ada", (CARD,))
WORDS = {
    "deny": "deny",
    "ask": "request_info",
    "return": "approve_return_and_refund",
    "refund": "approve_refund",
}


def _read_table() -> list[tuple[str, str, bool, int | None, str, int]]:
    cells = []
    with (Path(__file__).parent / "returns_table.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for column, cell in list(row.items())[3:]:
                day = None if column == "not delivered" else int(column.removeprefix("day "))
                word, _, amount = cell.partition(" ")
                cells.append(
                    (
                        row["reason"],
                        row["category"],
                        row["evidence"] == "yes",
                        day,
                        WORDS[word],
                        int(amount or 0),
                    )
                )
    return cells


TABLE = _read_table()


def make_order(category: str, day: int | None, *, is_final_sale: bool = False) -> Order:
    line = OrderLine(
        "line-1", "v-1", "p-1", "Thing", 4000, category=Category(category), is_final_sale=is_final_sale
    )
    delivered = None if day is None else AS_OF - timedelta(days=day)
    return Order(
        "o-1",
        "ada",
        OrderStatus.SHIPPED if day is None else OrderStatus.DELIVERED,
        (line,),
        (PaymentRow(PaymentKind.PAYMENT, "card-1", 4500),),
        shipping_minor=500,
        placed_at=AS_OF - timedelta(days=60),
        promised_at=AS_OF - timedelta(days=40),
        delivered_at=delivered,
    )


def test_the_table_holds_every_case_once() -> None:
    assert len(TABLE) == 7 * 4 * 6 * 2
    assert len({cell[:4] for cell in TABLE}) == len(TABLE)
    assert {cell[0] for cell in TABLE} == set(ReturnReason)
    assert {cell[1] for cell in TABLE} == set(Category)


@pytest.mark.parametrize(("reason", "category", "has_evidence", "day", "outcome", "amount"), TABLE)
def test_every_cell_has_its_outcome_and_its_amount(
    reason: str, category: str, has_evidence: bool, day: int | None, outcome: str, amount: int
) -> None:
    found = ReturnFound(make_order(category, day), CUSTOMER, has_evidence=has_evidence)
    request = CheckEligibility("o-1", ("line-1",), ReturnReason(reason))
    checked = check_eligibility(request, found, RULESET, AS_OF)
    assert (checked.outcome, checked.amount_minor) == (outcome, amount)
    assert compute_refund(request, found, RULESET, AS_OF) == checked
    assert bool(checked.reasons) == (outcome in ("deny", "request_info"))


@pytest.mark.parametrize(("reason", "category", "has_evidence", "day", "outcome", "amount"), TABLE)
def test_the_tools_allow_what_the_table_approves_and_nothing_else(
    reason: str, category: str, has_evidence: bool, day: int | None, outcome: str, amount: int
) -> None:
    found = ReturnFound(
        make_order(category, day),
        CUSTOMER,
        has_evidence=has_evidence,
        variants={"v-2": Variant("v-2", "p-1", 4000)},
    )
    why = ReturnReason(reason)
    returned = plan_create_return(CreateReturn("o-1", ("line-1",), why), found, RULESET, AS_OF)
    refunded = plan_issue_refund(IssueRefund("o-1", ("line-1",), why), found, RULESET, AS_OF)
    exchanged = plan_create_exchange(
        CreateExchange("o-1", ("line-1",), ("v-2",), reason=why), found, RULESET, AS_OF
    )
    assert returned.is_allowed == (outcome == "approve_return_and_refund")
    assert refunded.is_allowed == (outcome == "approve_refund")
    assert exchanged.is_allowed == (outcome == "approve_return_and_refund")
    if returned.is_allowed:
        assert returned.amount_minor == amount
    if refunded.is_allowed:
        assert refunded.amount_minor == sum(row.amount_minor for row in refunded.change.payments) == amount


@pytest.mark.parametrize(("reason", "category", "has_evidence", "day", "outcome", "amount"), TABLE)
def test_final_sale_is_treated_like_what_does_not_come_back(
    reason: str, category: str, has_evidence: bool, day: int | None, outcome: str, amount: int
) -> None:
    found = ReturnFound(make_order(category, day, is_final_sale=True), CUSTOMER, has_evidence=has_evidence)
    request = CheckEligibility("o-1", ("line-1",), ReturnReason(reason))
    checked = check_eligibility(request, found, RULESET, AS_OF)
    comes_back = not (reason == "missing_item" or (reason == "late_delivery" and day is None))
    assert checked.outcome == ("deny" if comes_back else outcome)
    assert checked.amount_minor == (0 if comes_back else amount)
    assert ("final_sale" in checked.reasons) == comes_back


@pytest.mark.parametrize(
    ("category", "age", "is_in_time"),
    [
        ("general", timedelta(days=30), True),
        ("general", timedelta(days=30, hours=23, minutes=59), True),
        ("general", timedelta(days=31), False),
        ("electronics", timedelta(days=15, hours=23, minutes=59), True),
        ("electronics", timedelta(days=16), False),
        ("general", timedelta(0), True),
    ],
)
def test_the_last_day_of_the_window_is_in_time(category: str, age: timedelta, is_in_time: bool) -> None:
    found = ReturnFound(make_order(category, 0), CUSTOMER)
    request = CheckEligibility("o-1", ("line-1",), ReturnReason.CHANGED_MIND)
    checked = check_eligibility(request, found, RULESET, AS_OF + age)
    assert checked.outcome == ("approve_return_and_refund" if is_in_time else "deny")


BROKEN = [
    ("changed_mind", "general", False, 31, ("outside_return_window",)),
    ("defective", "general", False, 31, ("outside_return_window", "evidence_missing")),
    ("damaged", "general", False, 31, ("evidence_missing",)),
    ("damaged", "perishable", False, 31, ("non_returnable_category", "evidence_missing")),
    ("wrong_item", "perishable", False, 40, ("outside_return_window", "non_returnable_category", "evidence_missing")),
    ("damaged", "general", True, None, ("not_delivered_yet",)),
    ("damaged", "personal_care", False, None, ("not_delivered_yet", "non_returnable_category", "evidence_missing")),
    ("late_delivery", "personal_care", False, 31, ("outside_return_window", "non_returnable_category")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "category", "has_evidence", "day", "reasons"), BROKEN)
def test_all_broken_rules_are_named(
    reason: str, category: str, has_evidence: bool, day: int | None, reasons: tuple[str, ...]
) -> None:
    found = ReturnFound(make_order(category, day), CUSTOMER, has_evidence=has_evidence)
    request = CheckEligibility("o-1", ("line-1",), ReturnReason(reason))
    assert check_eligibility(request, found, RULESET, AS_OF).reasons == reasons
