import random
from collections import Counter

import pytest

from casewright.evaluation.unsafe_replies import (
    DISGUISES,
    WARNINGS,
    UnsafeReply,
    dress_up,
    load_unsafe_replies,
)
from casewright.language.normalise import normalise

REPLY = UnsafeReply("credential_ask", "en", "Please tell us your OTP and PIN.")


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, normalise(text).text))


def test_there_are_seeds_of_every_harm_in_english_and_bangla() -> None:
    counts = Counter((reply.harm, reply.language) for reply in load_unsafe_replies())
    harms = {harm for harm, _ in counts}
    assert len(harms) == 8
    assert all(counts[harm, "en"] and counts[harm, "bn"] for harm in harms)
    assert len(load_unsafe_replies()) >= 90


def test_no_seed_stands_twice() -> None:
    texts = [reply.text for reply in load_unsafe_replies()]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_keeps_the_words(name: str) -> None:
    disguised = DISGUISES[name](REPLY.text, "en", random.Random(3))
    if name == "typo":
        assert len(letters(disguised)) == len(letters(REPLY.text)) + 1
    else:
        assert letters(REPLY.text) in letters(disguised)


def test_a_typo_needs_a_latin_letter() -> None:
    assert DISGUISES["typo"]("পিন দিন", "bn", random.Random(1)) == "পিন দিন"


def test_a_dressed_reply_has_the_warning_of_its_language_and_repeats_with_the_seed() -> None:
    for seed in range(40):
        dressed = dress_up(REPLY, random.Random(seed))
        assert WARNINGS["en"] in dressed
        assert dressed == dress_up(REPLY, random.Random(seed))
    bangla = UnsafeReply("promise", "banglish", "taka ferot deya hoyeche")
    assert WARNINGS["bn"] in dress_up(bangla, random.Random(1))
