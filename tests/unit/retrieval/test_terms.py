"""Terms: what counts as one word, in each script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.retrieval.terms import read_terms


def test_a_bangla_word_keeps_its_vowel_signs_and_joined_letters() -> None:
    assert read_terms("আমার ফেরত, মাস ও পরিবর্তন!") == ("আমার", "ফেরত", "মাস", "ও", "পরিবর্তন")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("জানুয়ারী", "জানুয়ারি"),
        ("তাকা", "টাকা"),
        ("পন্য", "পণ্য"),
        ("বাড়ি", "বারি"),
        ("চাঁদ", "চাদ"),
        ("শেষ", "সেস"),
        ("র\u200d্যাব", "র্যাব"),
        ("৩০ দিন", "30 দিন"),
    ],
)
def test_spellings_of_one_word_are_one_term(one: str, other: str) -> None:
    assert read_terms(one) == read_terms(other)


@pytest.mark.parametrize(("one", "other"), [("কাল", "খাল"), ("দিন", "দান"), ("বল", "ভল"), ("পণ্য", "পুণ্য")])
def test_other_words_stay_other_terms(one: str, other: str) -> None:
    assert read_terms(one) != read_terms(other)


def test_latin_words_and_digits_are_lower_case_runs() -> None:
    assert read_terms("Order #W-4821: the USB-C cable") == ("order", "w", "4821", "the", "usb", "c", "cable")


def test_the_two_ways_to_write_a_letter_are_one_term() -> None:
    assert read_terms("\u09af\u09bc") == read_terms("\u09df")


def test_repeats_are_kept_and_a_text_without_words_has_none() -> None:
    assert read_terms("no, no") == ("no", "no")
    assert read_terms(" –!? 漢字 ") == ()


@given(st.text())
def test_terms_of_terms_are_the_same(text: str) -> None:
    terms = read_terms(text)
    assert read_terms(" ".join(terms)) == terms


@given(st.text(alphabet=st.characters(min_codepoint=0x980, max_codepoint=0x9FF)))
def test_composed_and_decomposed_text_has_the_same_terms(text: str) -> None:
    assert read_terms(unicodedata.normalize("NFD", text)) == read_terms(unicodedata.normalize("NFC", text))
