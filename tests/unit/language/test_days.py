"""Days and dates: the order of their parts, and what is not a day."""

import pytest

from casewright.language.days import DayMention
from casewright.language.normalise import normalise
from casewright.language.quantities import read_quantities
from casewright.language.tokens import tokenise


def days_of(text: str) -> tuple[DayMention, ...]:
    return read_quantities(tokenise(normalise(text).text)).days


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("05/04/2026", (2026, 4, 5)),
        ("5/4/26", (2026, 4, 5)),
        ("25-04-2026", (2026, 4, 25)),
        ("04-25-2026", (2026, 4, 25)),
        ("2026/04/25", (2026, 4, 25)),
        ("25 Apr 2026", (2026, 4, 25)),
        ("25th april, 2026", (2026, 4, 25)),
        ("২৫ এপ্রিল ২০২৬", (2026, 4, 25)),
    ],
)
def test_full_dates(text: str, value: tuple[int, int, int]) -> None:
    assert days_of(text) == (DayMention("date", value),)


@pytest.mark.parametrize(
    "text",
    ["45/04/2026", "2026-13-01", "99/99/9999", "1/2/3/4", "may i ask", "april", "in 2026", "day and night"],
)
def test_what_is_no_date(text: str) -> None:
    assert days_of(text) == ()


def test_the_same_day_twice_is_one() -> None:
    assert days_of("aj, ajke") == (DayMention("ago", 0),)


def test_order_of_days_is_kept() -> None:
    assert days_of("sombar na, mongolbar e") == (DayMention("weekday", 0), DayMention("weekday", 1))
