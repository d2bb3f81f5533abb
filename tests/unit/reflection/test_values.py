"""Numbers, dates and ids are the same where they mean the same, and different where they do not."""

import pytest

from casewright.reflection.values import divide_values, known_keys, read_values

FACTS = known_keys("120,000 USD\n;\n2026-03-15\n;\nCL-102\n;\n20%\n;\n90 days\n;\n2026 Q3\n;\n10:30")


@pytest.mark.parametrize(
    "text",
    [
        "about 120k",
        "120,000",
        "1,20,000",
        "120 000",
        "120000.00",
        "$120,000",
        "US$120K",
        "120 thousand dollars",
        "0.12 million",
        "1.2 lakh",
        "1 lakh 20 thousand",
        "one hundred and twenty thousand",
        "১২০,০০০",
        "১ লাখ ২০ হাজার",
        "१२००००",
        "15 March 2026",
        "March 15th, 2026",
        "15/03/2026",
        "15.03.2026",
        "15 Mar",
        "March 2026",
        "in 2026",
        "১৫ মার্চ ২০২৬",
        "CL-102",
        "cl102",
        "20 percent",
        "20 %",
        "twenty per cent",
        "২০ শতাংশ",
        "a 90-day window",
        "ninety days",
        "Q3 2026",
        "at 10:30",
    ],
)
def test_the_same_value_is_known_in_any_form(text: str) -> None:
    held, missing = divide_values(text, FACTS)
    assert held
    assert missing == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("about 121k", "number"),
        ("119,999", "number"),
        ("120 million", "number"),
        ("120", "number"),
        ("twelve thousand", "number"),
        ("€120,000", "currency"),
        ("120,000 taka", "currency"),
        ("16 March 2026", "date"),
        ("March 2025", "date"),
        ("2025", "number"),
        ("03/15/26 and 2027-03-15", "date"),
        ("CL-103", "id"),
        ("XCL-102", "id"),
        ("20", "number"),
        ("90%", "percentage"),
        ("Q2 2026", "date"),
        ("10:31", "time"),
        ("double", "claim"),
        ("3x", "claim"),
        ("half of it", "claim"),
    ],
)
def test_another_value_is_not_known(text: str, kind: str) -> None:
    assert kind in {value.kind for value in divide_values(text, FACTS)[1]}


def test_a_date_that_can_be_read_in_two_ways_is_known_only_where_both_are() -> None:
    assert divide_values("03/04/2026", known_keys("2026-04-03"))[1]
    assert not divide_values("03/04/2026", known_keys("2026-04-03 and 2026-03-04"))[1]


def test_both_ends_of_a_range_have_its_scale() -> None:
    assert [value.keys for value in read_values("150-300k")] == [("n:150000",), ("n:300000",)]
    assert [value.keys for value in read_values("10 to 20 percent")] == [("p:10",), ("p:20",)]


@pytest.mark.parametrize("text", ["one client", "first, second and third", "B2B", "we may go", "at once"])
def test_a_word_that_counts_nothing_is_no_value(text: str) -> None:
    assert [value for value in read_values(text) if value.kind != "number" or value.keys != ("n:1",)] == []


def test_a_value_knows_its_place_in_the_text() -> None:
    text = "Spend: $1,২০,000 (CL-7)."
    assert [text[value.start : value.end] for value in read_values(text) if value.kind != "currency"] == [
        "$1,২০,000",
        "CL-7",
    ]


@pytest.mark.parametrize("text", ["1" * 5_000, "a-" * 4_000, "1,000," * 1_500, "1 " * 4_000, "of 5 " * 1_500])
def test_no_text_takes_long_or_breaks_it(text: str) -> None:
    read_values(text)
