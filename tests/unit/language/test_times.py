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


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("at 10:15 and 10:16 am", [615, 616]),
        ("between 2 and 3 pm", [840, 900]),
        ("between 11 and 1 pm", [660, 780]),
        ("2-3 pm", [840, 900]),
        ("dupur 2 theke 3 tar moddhe", [840, 900]),
        ("bela 11 tay", [660]),
        ("bela", []),
        ("2026-04-12 02:10", [130]),
        ("2026-04-12 12:10", [730]),
        ("12/04/2026 at 2:10 pm", [850]),
        ("সকাল দশটা পনেরো মিনিটে", [615]),
        ("around 5 shops", []),
        ("around 5 and then", [1020, 300]),
    ],
)
def test_hours_are_read_by_their_neighbours(text: str, minutes: list[int]) -> None:
    assert minutes_of(text) == minutes


def test_a_part_of_the_day_in_another_sentence_reads_no_hour() -> None:
    assert minutes_of("sent at 2. tonight i need it") == [840, 120, 1410]


def test_the_nearest_part_of_the_day_reads_the_hour() -> None:
    assert minutes_of("sokal 9 tay ar rat 9 tay") == [540, 1260]


def test_the_same_time_twice_is_one() -> None:
    tokens = tokenise("at 2 pm, yes 2 pm")
    assert read_quantities(tokens).times == (TimeOfDay(840, 30),)
