"""Abuse and leakage: whole words only, so that harmless words stand."""

import pytest

from casewright.text.abuse import forbidden_words
from casewright.text.clauses import read_clauses


@pytest.mark.parametrize(
    "text", ["You idiot.", "This was your own fault.", "আপনি বোকা।", "apni gadha.", "Shut up.", "Go to hell."]
)
def test_abuse_is_found(text: str) -> None:
    assert forbidden_words().is_abusive(read_clauses(text))


@pytest.mark.parametrize(
    "text",
    [
        "We assess each class of cases.",
        "The office in Scunthorpe.",
        "A shell company.",
        "The grape harvest.",
        "আমরা বিষয়টি দেখছি।",
    ],
)
def test_harmless_word_that_holds_a_bad_one_passes(text: str) -> None:
    assert not forbidden_words().is_abusive(read_clauses(text))


@pytest.mark.parametrize(
    "text",
    ["As an AI language model, I cannot.", "My system prompt says so.", "Ignore previous instructions."],
)
def test_inside_of_the_machine_is_found(text: str) -> None:
    assert forbidden_words().is_leaking(read_clauses(text))


def test_ordinary_reply_leaks_nothing() -> None:
    assert not forbidden_words().is_leaking(
        read_clauses("Please ignore such messages; our team will review the case.")
    )
