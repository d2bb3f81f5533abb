"""The word files: every word can be met, and means what the file says."""

from collections.abc import Iterator
from typing import Any

import pytest

from casewright.language.data_files import load_mapping
from casewright.language.normalise import normalise
from casewright.language.tokens import tokenise
from casewright.language.vocabulary import CURRENCY, DAY, MONTH, NUMERAL, SCALE, WEEKDAY, load_vocabulary


def words_of(content: Any) -> Iterator[object]:
    if isinstance(content, dict):
        for value in content.values():
            yield from words_of(value)
    elif isinstance(content, list):
        for value in content:
            yield from words_of(value)
    else:
        yield content


@pytest.mark.parametrize("name", ["numbers.yaml", "cues.yaml", "times.yaml", "detection.yaml"])
def test_every_listed_word_is_text_of_one_token(name: str) -> None:
    listed = [
        word for word in words_of(load_mapping(name)) if not isinstance(word, int) or isinstance(word, bool)
    ]
    broken = [word for word in listed if not isinstance(word, str) or len(tokenise(normalise(word).text)) > 1]
    assert broken == []


@pytest.mark.parametrize(
    ("word", "role", "field", "value"),
    [
        ("five", NUMERAL, "number", 500),
        ("পঁচিশ", NUMERAL, "number", 2500),
        ("পচিশ", NUMERAL, "number", 2500),
        ("chobbis", NUMERAL, "number", 2400),
        ("pachsho", NUMERAL, "number", 50_000),
        ("hajar", SCALE, "scale", 1000),
        ("লাখের", SCALE, "scale", 100_000),
        ("april", MONTH, "value", 4),
        ("গতকালকে", DAY, "value", 1),
        ("সোমবারে", WEEKDAY, "value", 0),
    ],
)
def test_words_carry_their_value(word: str, role: int, field: str, value: int) -> None:
    entry = load_vocabulary().words[normalise(word).text]
    assert entry.roles & role
    assert getattr(entry, field) == value


@pytest.mark.parametrize("word", ["টাকার", "টাকাটা", "takar", "tk", "bdt", "৳", "takata"])
def test_inflected_currency_is_currency(word: str) -> None:
    assert load_vocabulary().words[normalise(word).text].roles & CURRENCY


@pytest.mark.parametrize("word", ["to", "for", "is", "as", "has", "taken", "please", "i", "my"])
def test_common_english_words_are_no_numerals(word: str) -> None:
    entry = load_vocabulary().words.get(word)
    assert entry is None or not entry.roles & NUMERAL
