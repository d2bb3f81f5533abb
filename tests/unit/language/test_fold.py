"""The spellings of romanised Bangla that are one word, and those that are not."""

import pytest

from casewright.language.fold import fold_banglish


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("vul", "bhul"),
        ("vul", "vhul"),
        ("korchi", "korsi"),
        ("pathaisi", "pathaichi"),
        ("khub", "kub"),
        ("taka", "taakaa"),
        ("shokal", "sokal"),
        ("hoyeche", "hoiese"),
        ("bikash", "bikaash"),
    ],
)
def test_spellings_of_one_word_fold_alike(left: str, right: str) -> None:
    assert fold_banglish(left) == fold_banglish(right)


@pytest.mark.parametrize(("left", "right"), [("taka", "teka"), ("vul", "ful"), ("nai", "noi")])
def test_different_words_stay_different(left: str, right: str) -> None:
    assert fold_banglish(left) != fold_banglish(right)
