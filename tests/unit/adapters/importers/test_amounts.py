"""Amounts as people write them: exact to the minor unit, in their own currency, or refused."""

import pytest

from casewright.adapters.importers.amounts import read_amount, read_heading_currency
from casewright.adapters.importers.values import BadValue
from casewright.domain.money import Money


def read(written: object, *, heading: str = "spend", given: object = None) -> Money:
    return read_amount(written, "spend", heading=heading, given=given, default="XXX")


@pytest.mark.parametrize(
    ("written", "minor", "currency"),
    [
        ("$400k", 40_000_000, "USD"),
        ("US$ 400K", 40_000_000, "USD"),
        ("BDT 1,20,000", 12_000_000, "BDT"),
        ("1,20,000/-", 12_000_000, "XXX"),
        ("Tk. 5,000", 500_000, "BDT"),
        ("5 000 taka", 500_000, "BDT"),
        ("1.2 lakh", 12_000_000, "XXX"),
        ("2.5 crore BDT", 2_500_000_000, "BDT"),
        ("1.205 million eur", 120_500_000, "EUR"),
        ("3 cr", 3_000_000_000, "XXX"),
        ("৳ ১,২০,০০০", 12_000_000, "BDT"),
        ("১.২ লাখ টাকা", 12_000_000, "BDT"),
        ("0.10", 10, "XXX"),
        (120_000, 12_000_000, "XXX"),
    ],
)
def test_amount_is_exact(written: object, minor: int, currency: str) -> None:
    assert read(written) == Money(minor, currency)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1.200", "more than two decimals"),
        ("1.200.000", "not an amount"),
        ("1,5", "not an amount"),
        ("about 400k", "not an amount"),
        ("400k+", "not an amount"),
        ("5 lakhish", "not an amount"),
        ("Rs 500", "not an amount"),
        ("5 mil", "not an amount"),
        ("100-200", "not an amount"),
        ("$5 EUR", "two currencies"),
        ("(500)", "not an amount"),
        ("-500", "not an amount"),
        ("4e5", "not an amount"),
        ("0.0001 lakh usd x", "not an amount"),
        ("9" * 65, "not an amount"),
        (True, "not an amount"),
    ],
)
def test_amount_that_is_not_plain_is_refused(written: object, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        read(written)


@pytest.mark.parametrize(
    ("heading", "code"),
    [("spend_ytd_bdt", "BDT"), ("Spend ($)", "USD"), ("Spend, Taka", "BDT"), ("Total spend", None)],
)
def test_heading_may_name_the_currency(heading: str, code: str | None) -> None:
    assert read_heading_currency(heading) == code
    assert read("5", heading=heading).currency == code or code is None


def test_column_heading_and_amount_agree_on_the_currency() -> None:
    assert read("5 BDT", heading="spend (BDT)", given="bdt") == Money(500, "BDT")
    with pytest.raises(BadValue, match="two currencies"):
        read(5, heading="spend (BDT)", given="USD")
