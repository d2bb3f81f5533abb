"""Words to concepts: exact, with any ending, folded, negated by their ending, mistyped, and in phrases."""

import time
import tracemalloc

import pytest

from casewright.language.lexicon import Lexicon, load_lexicon
from casewright.language.normalise import normalise
from casewright.language.tokens import tokenise

LEXICON = Lexicon(
    {
        "send": {"en": "send sent transfer*", "bn": "পাঠা*", "bl": "patha*"},
        "receive": {"en": "receive*", "bn": "পাই* আস*", "bl": "pai* ash*"},
        "cash_in": {"en": "cash_in", "bl": "joma_di*"},
        "machine": {"en": "_"},
    },
    ordinary_words=["transform"],
)


def _read(text: str) -> list[tuple[set[str], bool]]:
    tokens = tokenise(normalise(text).text)
    masks, negatives = LEXICON.read(tokens)
    return [
        ({name for name, bit in LEXICON.bits.items() if mask & bit}, negative)
        for mask, negative in zip(masks, negatives, strict=True)
    ]


@pytest.mark.parametrize("word", ["sent", "transferred", "পাঠালাম", "pathaisi", "pathaichi", "trasnferred"])
def test_a_word_is_found_in_any_script_and_spelling(word: str) -> None:
    assert _read(word) == [({"send"}, False)]


@pytest.mark.parametrize("word", ["পাইনি", "আসেনি", "paini", "asheni", "ashenai"])
def test_a_negative_ending_negates_the_word(word: str) -> None:
    assert _read(word) == [({"receive"}, True)]


def test_a_phrase_marks_its_first_word() -> None:
    assert _read("cash in") == [({"cash_in"}, False), (set(), False)]
    assert _read("jomaa disi")[0] == ({"cash_in"}, False)


def test_an_ordinary_word_is_never_taken_for_a_typo() -> None:
    assert _read("transform") == [(set(), False)]


def test_words_joined_by_an_underscore_say_nothing() -> None:
    assert _read("send_money") == [(set(), False), ({"machine"}, False), (set(), False)]


def test_the_packaged_lexicon_loads_and_names_the_grammar_that_readers_need() -> None:
    bits = load_lexicon().bits
    assert {
        "negate_forward",
        "negate_backward",
        "edge",
        "customer_voice",
        "about",
        "over",
        "intended",
    } <= bits.keys()


def test_of_an_endless_word_the_beginning_is_read_soon_and_nothing_is_kept() -> None:
    words = [f"transfer{'ab' * 20_000}{number}" for number in range(200)]
    assert _read(words[0]) == [({"send"}, False), (set(), False)]
    tracemalloc.start()
    try:
        started = time.process_time()
        for word in words:
            _read(word)
        assert time.process_time() - started < 20.0
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()
