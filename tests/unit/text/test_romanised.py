"""Romanised Bangla by sound."""

import pytest

from casewright.language.normalise import normalise
from casewright.text.romanised import SoundIndex, bangla_key, sound_key


@pytest.mark.parametrize(
    ("latin", "bangla"),
    [("shondehojonok", "সন্দেহজনক"), ("pathanor", "পাঠানোর"), ("grohon", "গ্রহণ"), ("bhul", "ভুল"), ("vul", "ভুল"), ("jonno", "জন্য"), ("porichoy", "পরিচয়"),
     ("dhoirjo", "ধৈর্য"), ("rokkha", "রক্ষা")],
)  # fmt: skip
def test_latin_and_bangla_spelling_share_a_key(latin: str, bangla: str) -> None:
    assert sound_key(latin) == bangla_key(normalise(bangla).text)


def test_index_knows_a_word_with_and_without_ending() -> None:
    index = SoundIndex([normalise("লেনদেন").text])
    assert index.holds("lenden")
    assert index.holds("lendener")
    assert not index.holds("rahim")


def test_short_key_says_too_little() -> None:
    assert not SoundIndex(["না"]).holds("na")
