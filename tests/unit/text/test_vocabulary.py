"""Vocabulary: ordinary words and their forms; names are unknown."""

import pytest

from casewright.text.vocabulary import fold_spelling, vocabulary


@pytest.mark.parametrize(
    "word",
    ["transaction", "refunds", "reviewing", "escalated", "unblocked", "organisation", "apologise", "টাকা", "লেনদেনটির", "গ্রাহকদের", "জরুরী", "জরুরি",
     "করেছিলেন", "amader", "diben"],
)  # fmt: skip
def test_ordinary_word_is_known(word: str) -> None:
    assert vocabulary().is_ordinary(word)


@pytest.mark.parametrize(
    "word",
    [
        "rahim",
        "farhana",
        "samsung",
        "james",
        "রহিম",
        "রহিমের",
        "ফারহানাকে",
        "হারুন",
        "স্যামসাং",
        "bataiye",
        "passvvord",
    ],
)
def test_name_or_foreign_word_is_unknown(word: str) -> None:
    assert not vocabulary().is_ordinary(word)


def test_spellings_that_writers_interchange_fold_together() -> None:
    assert fold_spelling("জরুরী") == fold_spelling("জরুরি")
    assert fold_spelling("অপারেশন্স") == fold_spelling("অপারেশনস")
