from datetime import date

import pytest

from casewright.desks.sales.periods import Period, is_period, read_periods
from casewright.desks.sales.vocabulary import split_words
from casewright.language.normalise import normalise

AS_OF = date(2026, 11, 21)
FIRST, LAST = "2026-07", "2026-09"


def read(text: str, as_of: date = AS_OF) -> tuple[Period, ...]:
    return read_periods(" ".join(word for word, _, _ in split_words(normalise(text).text)), as_of)


@pytest.mark.parametrize(
    "text",
    [
        "Q3 ",
        " Q 3 ",
        " Q.3 ",
        " q-3 2026 ",
        " 3Q26 ",
        " 2026Q3 ",
        " Q3FY26 ",
        " Q3'26 ",
        " qu3 ",
        " kyu three ",
        " Q III 2026 ",
        " 3rd qtr ",
        " third-quarter ",
        "\n    quarter three ",
        " quarter 3 of 2026 ",
        " July to Sept 2026 ",
        " jul-sep ",
        " 1 July 2026 ",
        " 2026-08-15 ",
        " 15/08/2026 ",
        " 09/2026 ",
        "\n    sept 26 ",
        " summer ",
        " next summer ",
        " H2 2026 ",
        " second half ",
        " June to October ",
        " all of 2026 ",
        " from May 2026 to February 2027 ",
        "\n    ২০২৬ সালের তৃতীয় প্রান্তিকের ",
        " কিউ৩ ২০২৬ ",
        " আগস্ট ",
        " tritiyo prantik",
    ],
)
def test_a_time_that_may_lie_in_the_closed_period_is_found(text: str) -> None:
    assert any(one.may_touch(FIRST, LAST) for one in read(text))


@pytest.mark.parametrize(
    "text",
    [
        "Q2 2026 ",
        " 2Q26 ",
        " Q3 2025 ",
        " Q3'25 ",
        " August 2025 ",
        " next year ",
        " next quarter ",
        " this month ",
        " October to December 2026 ",
        "\n    Q4 ",
        " 2027 ",
        " 2026-06-30 ",
        " winter ",
        " may I know ",
        " a quarter of the market ",
        " 150k",
    ],
)
def test_a_time_outside_it_is_none(text: str) -> None:
    assert not any(one.may_touch(FIRST, LAST) for one in read(text))


@pytest.mark.parametrize(
    ("day", "touches"),
    [
        (date(2026, 5, 31), True),
        (date(2026, 6, 30), True),
        (date(2026, 7, 1), False),
        (date(2025, 5, 1), False),
    ],
)
def test_the_next_quarter_depends_on_the_day(day: date, touches: bool) -> None:
    assert any(one.may_touch(FIRST, LAST) for one in read("next quarter", day)) is touches


def test_a_period_is_remembered_as_a_word() -> None:
    for text in ("Q3 2026", "august", "2027"):
        (period,) = read(text)
        assert Period.from_code(period.to_code()) == period


def test_a_name_that_is_a_time_alone_is_a_time() -> None:
    assert is_period("q3")
    assert is_period("q 3")
    assert is_period("august")
    assert not is_period("q3 labs")
    assert not is_period("aurum trust")
