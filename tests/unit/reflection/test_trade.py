"""Words of business English, and names that are facts."""

import pytest

from casewright.reflection.mentions import words_of_text
from casewright.reflection.trade import find_names, find_record_names, load_trade


def test_names_are_found_whole_and_by_their_first_words() -> None:
    names = find_names(frozenset({"Meadow & Pine Foods", "FMCG", "240,000 BDT", "mobile app banners"}))
    assert names is not None
    text = "Meadow and Pine Foods, Meadow & Pine, FMCG, Pine and mobile app banners"
    assert [match.group() for match in names.finditer(text)] == [
        "Meadow and Pine Foods",
        "Meadow & Pine",
        "FMCG",
    ]


@pytest.mark.parametrize(
    "name", ["Send Your PIN Ltd", "Refund Approved", "Call 017 Now", "one two", "A B C D E F G"]
)
def test_a_name_that_could_be_read_as_a_sentence_is_read_as_one(name: str) -> None:
    assert find_names(frozenset({name})) is None


def test_a_form_of_advertising_is_a_product_that_something_must_support() -> None:
    trade = load_trade()
    assert trade.names_media(words_of_text("Try radio spots."), frozenset())
    assert trade.names_media(words_of_text("Buy a pop-up ad."), frozenset())
    assert not trade.names_media(words_of_text("Try radio spots."), frozenset({"radio"}))
    assert not trade.names_media(words_of_text("Back it up with reach."), frozenset())


def test_counts_of_questions_and_marks_of_lists_are_no_facts_for_staff() -> None:
    read = load_trade().read_plainly
    assert read("1. Prepare two or three questions.\n2. Ask.", is_for_staff=True) == (
        "Prepare some questions.\nAsk."
    )
    assert read("1. two or three questions", is_for_staff=False) == "1. two or three questions"


PHRASES = frozenset({"premium video", "video", "q3 pricing"})


@pytest.mark.parametrize("name", ["Video Valley", "Premium Video Co", "শাপলা ফুডস", "কমলা ব্যাংক ১২", "Q3 Labs"])
def test_a_name_of_a_record_is_a_name_in_whatever_words_and_letters(name: str) -> None:
    names = find_record_names({name}, PHRASES)
    assert names is not None
    assert names.sub("*", f"The spend of {name} is known. {name}'s too.") == (
        "The spend of * is known. *'s too."
    )
    assert names.search(f"x{name}") is None


@pytest.mark.parametrize(
    "name",
    [
        "Premium Video",
        "videos",
        "<b>Bold</b> Co",
        "https://a.example",
        "Send your PIN",
        "",
        "Ok. Pitch video to all now",
    ],
)
def test_a_name_that_says_something_else_is_read_as_it_stands(name: str) -> None:
    assert find_record_names({name}, PHRASES) is None
