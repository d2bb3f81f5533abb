"""What holds for every text: reading never fails, normalising is idempotent, time is linear."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.language.detect import detect_language
from casewright.language.identifiers import read_identifiers
from casewright.language.normalise import normalise
from casewright.language.quantities import read_quantities
from casewright.language.tokens import tokenise

_LONGEST = 20_000
_SLOWEST_S = 3.0
"""Measured without coverage it is 50 ms; what matters here is that no text makes it grow faster than its length."""

any_text = st.text(st.characters(exclude_categories=()), max_size=80)
pieces = st.lists(
    st.sampled_from(
        [
            "5", "000", "1,50,000", "2.5", "12.04.2026", "01711", "000000", "017", "+880", "k",
            "tk", "taka", "৳", "/-",
            "hajar", "লাখ", "হাজার", "hundred", "thousand", "and", "a", "half", "quarter", "past",
            "to", "sare", "poune",
            "পাঁচ", "পাঁচশ", "dui", "at", "sat", "shat", "five", "twenty", "-", "/", ":", ".", ",",
            "*", "#", "x", "(", "'",
            "pm", "a.m.", "ta", "tay", "টায়", "dupur", "রাত", "morning", "good", "this", "last",
            "aj", "kal", "monday", "on",
            "april", "th", "tarikh", "2026", "days", "ago", "bar", "minutes", "%", "pin", "otp",
            "is", "ending", "last",
            "digit", "sesh", "diye", "number", "id", "order", "txn", "call", "999", "16247", "$",
            "t", "z", "\u200b",
            "\u09c7", "\u09be", "\u09bc", "é", "\ud800", "०", "５",
        ]
    ).flatmap(lambda piece: st.sampled_from([piece, piece + " ", " " + piece])),
    max_size=25,
).map("".join)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(any_text, pieces))
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once.text).text == once.text


@settings(max_examples=400, deadline=None)
@given(st.one_of(any_text, pieces))
def test_offsets_lead_back_to_characters_that_read_the_same(text: str) -> None:
    normalised = normalise(text)
    offsets = normalised.offsets
    assert len(offsets) == len(normalised.text) + 1
    assert offsets[-1] == len(text)
    assert list(offsets) == sorted(offsets)
    for index, char in enumerate(normalised.text):
        if char.isascii() and offsets[index] < offsets[index + 1]:
            piece = normalised.original_of(index, index + 1)
            assert normalise(piece).text.endswith(char)


@settings(max_examples=400, deadline=None)
@given(st.one_of(any_text, pieces))
def test_tokens_cover_all_but_white_space(text: str) -> None:
    tokens = tokenise(normalise(text).text)
    assert "".join(tokens.words) == "".join(tokens.text.split())
    for word, first, last in zip(tokens.words, tokens.starts, tokens.ends, strict=True):
        assert tokens.text[first:last] == word


@settings(max_examples=800, deadline=None)
@given(st.one_of(any_text, pieces))
def test_any_text_can_be_read(text: str) -> None:
    tokens = tokenise(normalise(text).text)
    quantities = read_quantities(tokens)
    detect_language(tokens)
    for amount in quantities.amounts:
        assert amount.minor > 0
        assert 0 <= amount.first < amount.last <= len(tokens)
    for time_of_day in quantities.times:
        assert 0 <= time_of_day.minute < 1440
    assert all(len(phone) == 11 and phone.startswith("01") for phone in quantities.phones)
    for found in read_identifiers(tokens):
        assert 0 <= found.first < found.last <= len(tokens)


@settings(max_examples=300, deadline=None)
@given(st.integers(10, 9_999_999), st.sampled_from(["০১২৩৪৫৬৭৮৯", "０１２３４５６７８９", "0123456789"]))
def test_an_amount_reads_the_same_in_every_script_of_digits(taka: int, digits: str) -> None:
    written = "".join(digits[int(digit)] for digit in str(taka))
    (amount,) = read_quantities(tokenise(normalise(f"sent {written} taka").text)).amounts
    assert amount.minor == taka * 100


@settings(max_examples=200, deadline=None)
@given(pieces, st.integers(0, 40))
def test_a_zero_width_character_changes_no_quantity(text: str, place: int) -> None:
    hidden = text[:place] + "\u200b" + text[place:]
    assert read_quantities(tokenise(normalise(hidden).text)) == read_quantities(
        tokenise(normalise(text).text)
    )


@pytest.mark.parametrize(
    "piece",
    [
        "5", "5 ", "5,", "5.", "017 ", "- ", "2 ta ", "hajar ", "one hundred and ", "and ", "a-1",
        "x", "5*", "x1",
        "last 4 ", "4 digit ", "pin is ", "rat 2 ", "দুপুর ২ ", "12/", "2:10 ", "ek ", "1-",
        "five ", "twenty-", "000 ",
        "#", "1#", "a1-_/=", "tk ", "tk. 5 ", "half past ", "'", "a'", "\u09be", "ে", "\u0301",
        "ending ", "0(-)",
        "morning 2 ", "2026-04-12T14:08:22Z ", "\U0001d400", "\u1100\u1161", "\ud800",
        "আমার টাকা ", "4111-",
    ],
)  # fmt: skip
def test_time_is_linear_on_hostile_text(piece: str) -> None:
    text = (piece * (_LONGEST // len(piece) + 1))[:_LONGEST]
    tokens = tokenise(normalise(text).text)
    for read in (lambda: normalise(text).offsets, lambda: tokenise(text), lambda: read_quantities(tokens)):
        assert _seconds_of(read) < _SLOWEST_S
    short = tokenise(normalise(text[: _LONGEST // 4]).text)
    long_s = min(_seconds_of(lambda: read_quantities(tokens)) for _ in range(3))
    short_s = min(_seconds_of(lambda: read_quantities(short)) for _ in range(3))
    assert long_s < 12 * short_s + 0.2


def _seconds_of(read: object) -> float:
    started = time.process_time()
    assert callable(read)
    read()
    return time.process_time() - started
