"""Hours and parts of the day: what each word means for the minute."""

import pytest

from casewright.language.normalise import normalise
from casewright.language.quantities import read_quantities
from casewright.language.times import TimeOfDay
from casewright.language.tokens import tokenise


def minutes_of(text: str) -> list[int]:
    return [time.minute for time in read_quantities(tokenise(normalise(text).text)).times]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("rat 12 ta", [0]),
        ("rat 1 tay", [60]),
        ("rat 11 tay", [1380]),
        ("dupur 12 tay", [720]),
        ("dupur 1 tay", [780]),
        ("sokal 12 tay", [720]),
        ("bikal 5 tay", [1020]),
        ("2 in the morning", [120]),
        ("12 at night", [0]),
        ("at 0:30", [30]),
        ("at 24:00", [0]),
        ("at 23:59", [1439]),
        ("at 25:00", []),
        ("at 12:75", []),
        ("14:08:22", [848]),
        ("17 pm", []),
    ],
)
def test_hours_are_read_by_the_part_of_the_day(text: str, minutes: list[int]) -> None:
    assert minutes_of(text) == minutes


def test_a_part_of_the_day_in_another_sentence_reads_no_hour() -> None:
    assert minutes_of("sent at 2. tonight i need it") == [840, 120, 1410]


def test_the_nearest_part_of_the_day_reads_the_hour() -> None:
    assert minutes_of("sokal 9 tay ar rat 9 tay") == [540, 1260]


def test_the_same_time_twice_is_one() -> None:
    tokens = tokenise("at 2 pm, yes 2 pm")
    assert read_quantities(tokens).times == (TimeOfDay(840, 30),)
