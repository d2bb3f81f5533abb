import pytest

from casewright.desks.sales.figures import read_figures


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("healthcare client at 120k", [(12_000_000, None)]),
        ("under 150k", [(14_999_999, None)]),
        ("above 300k", [(30_000_001, None)]),
        ("at least 150,000", [(15_000_000, None)]),
        ("no more than 300k", [(30_000_000, None)]),
        ("between 150k and 300k", [(15_000_000, None), (30_000_000, None)]),
        ("150-300k", [(15_000_000, None), (30_000_000, None)]),
        ("$80,000", [(8_000_000, "USD")]),
        ("350k USD", [(35_000_000, "USD")]),
        ("৳120k", [(12_000_000, "BDT")]),
        ("tk 2 lakh", [(20_000_000, "BDT")]),
        ("২ লাখ", [(20_000_000, None)]),
        ("at 150 k", [(15_000_000, None)]),
        ("1.2m a year", [(120_000_000, None)]),
        ("JPY 200k", [(20_000_000, "JPY")]),
        ("Q3 2026 pricing", []),
        ("C-104 spend", []),
        ("15% off", []),
        ("in 2026", []),
    ],
)
def test_amounts(text: str, amounts: list[tuple[int, str | None]]) -> None:
    assert [(one.minor, one.currency) for one in read_figures(text).spends] == amounts


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("we have not met for 120 days", 120),
        ("last met three months ago", 93),
        ("not seen in 2 weeks", 14),
        ("a meeting tomorrow", None),
        ("spend of 120k", None),
    ],
)
def test_age_of_a_meeting(text: str, days: int | None) -> None:
    assert read_figures(text).days_since_meeting == days
