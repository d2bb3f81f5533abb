"""What a mistyped word is taken for, and what is left alone."""

import pytest

from casewright.language.typos import TypoIndex

INDEX = TypoIndex(["transaction", "balance", "deducted", "payment", "order", "fail"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("trasaction", "transaction"),
        ("transcation", "transaction"),
        ("balence", "balance"),
        ("dedcuted", "deducted"),
        ("paymnet", "payment"),
    ],
)
def test_a_slip_or_two_is_mended(typed: str, meant: str) -> None:
    assert INDEX.nearest(typed) == meant


@pytest.mark.parametrize("typed", ["fial", "xrder", "completely", "pay", "b" * 40])
def test_short_words_other_first_letters_and_strangers_are_left_alone(typed: str) -> None:
    assert INDEX.nearest(typed) is None


def test_of_two_known_words_the_nearer_is_taken() -> None:
    assert TypoIndex(["failed", "faired"]).nearest("failde") == "failed"
