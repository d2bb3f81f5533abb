"""A number of a rule is told as a rule, never as a client's."""

import pytest

from casewright.reflection.attribution import misattributed
from casewright.reflection.values import divide_values, known_keys

FACTS = known_keys("240,000 BDT\n;\n2026-05-12")
PASSAGES = known_keys("under 150k\n;\nmore than 90 days\n;\n2026-01-01")


def is_told_as_record(text: str) -> bool:
    held, missing = divide_values(text, FACTS | PASSAGES)
    assert not missing
    return misattributed(text, held, FACTS)


@pytest.mark.parametrize(
    "text",
    [
        "Their spend this year is 150k.",
        "They have spent 150,000 BDT so far.",
        "At 150k of spend, they are a small client.",
        "The last meeting was on 2026-01-01.",
        "You met them 90 days ago.",
    ],
)
def test_a_number_of_a_rule_is_no_number_of_a_client(text: str) -> None:
    assert is_told_as_record(text)


@pytest.mark.parametrize(
    "text",
    [
        "Their spend is above 150k.",
        "With a spend of 240k they are over the 150k line.",
        "A spend of exactly 150k is not under 150k.",
        "The spend, 240,000 BDT, passes the 150k threshold.",
        "If the last meeting is more than 90 days ago, begin again.",
        "The last meeting was on 12 May 2026.",
        "Wait 90 days.",
    ],
)
def test_a_rule_may_be_repeated_and_a_fact_told(text: str) -> None:
    assert not is_told_as_record(text)
