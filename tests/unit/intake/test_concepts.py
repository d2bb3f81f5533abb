"""Concepts: words looked up whole, per language, through the right fold."""

import tracemalloc

import pytest

from casewright.intake.concepts import (
    BACKWARDS,
    BREAK,
    HINDI,
    LINE,
    PLAIN,
    SHORT,
    Vocabulary,
    fold_spelling,
)


@pytest.fixture
def vocabulary() -> Vocabulary:
    made = Vocabulary(
        {
            "IGNORE": {"en": "ignore", "bn": "উপেক্ষা", "banglish": "upekkha"},
            "RULE": {"en": "instructions", "bn": "নির্দেশ*"},
        },
        mended=["IGNORE", "RULE"],
        unmended=["ignored"],
    )
    made.assign_letters()
    return made


def test_one_letter_stands_for_a_concept_in_every_language(vocabulary: Vocabulary) -> None:
    letters = set(map(vocabulary.letter, ("ignore", "উপেক্ষা", "upekkha")))
    assert letters == set(vocabulary.letters_of(["IGNORE"]))
    assert len(letters) == 1


def test_a_spelling_that_people_mix_up_is_the_same_word(vocabulary: Vocabulary) -> None:
    assert vocabulary.letter("উপেকশা") == PLAIN
    assert vocabulary.letter("upekha") == vocabulary.letter("upekkha")
    assert fold_spelling("নির্দেষ") == fold_spelling("নির্দেশ")


def test_a_stem_carries_its_endings(vocabulary: Vocabulary) -> None:
    assert vocabulary.letter("নির্দেশগুলো") == vocabulary.letter("নির্দেশ") != PLAIN


def test_one_slip_of_the_fingers_is_mended_and_an_ordinary_word_is_not(vocabulary: Vocabulary) -> None:
    assert vocabulary.letter("ignroe") == vocabulary.letter("ignore")
    assert vocabulary.letter("instrutions") == vocabulary.letter("instructions")
    assert vocabulary.letter("ignored") == PLAIN


def test_no_word_is_found_inside_another(vocabulary: Vocabulary) -> None:
    assert vocabulary.letter("ignorecase") == PLAIN
    assert vocabulary.letter("অনির্দেশ") == PLAIN


@pytest.mark.parametrize(
    ("word", "letter"),
    [
        (".", BREAK),
        ("।", BREAK),
        ("\n", LINE),
        ("bank", PLAIN),
        ("x", SHORT),
        ("6e", SHORT),
        ("न", HINDI),
        ("erongi", BACKWARDS),
        ("vtaber", BACKWARDS),
    ],
)
def test_signs_and_disguises_have_letters_of_their_own(
    vocabulary: Vocabulary, word: str, letter: str
) -> None:
    assert vocabulary.letter(word) == letter


def test_words_run_together_are_parted(vocabulary: Vocabulary) -> None:
    assert vocabulary.part("ignoreinstructions").split() == ["ignore", "instructions"]


def test_each_letter_names_its_concepts(vocabulary: Vocabulary) -> None:
    assert vocabulary.concepts_by_letter[vocabulary.letter("ignore")] == {"IGNORE"}


def test_endless_words_are_not_kept(vocabulary: Vocabulary) -> None:
    tracemalloc.start()
    try:
        letters = {vocabulary.letter(f"{'ignore' * 3_000}{number}") for number in range(200)}
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
    assert letters == {PLAIN}
