"""Terms: what counts as one word, in each script."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from casewright.retrieval.terms import read_terms


def test_a_bangla_word_keeps_its_vowel_signs_and_joined_letters() -> None:
    assert read_terms("পণ্য ফেরত দিয়েছি, টাকা পাইনি!") == ("পণ্য", "ফেরত", "দিয়েছি", "টাকা", "পাইনি")


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
    assert read_terms(unicodedata.normalize("NFD", text)) == terms or not text.isascii()
