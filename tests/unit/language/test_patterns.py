"""The pattern language, line by line."""

import random
import time
from itertools import product

import pytest

from casewright.language.patterns import Link, Pattern, PatternSet, Sentence, parse_pattern

BITS = {"send": 1, "wrong": 2, "number": 4, "receive": 8, "refund": 16}


def _sentence(*words: str) -> Sentence:
    """`send`, `receive-` (negated), `.` (a word of no concept)."""
    masks = [BITS.get(word.rstrip("-"), 0) for word in words]
    return Sentence.of(masks, [word.endswith("-") for word in words])


@pytest.mark.parametrize(
    ("line", "words", "expected"),
    [
        ("wrong ~1 number", ("wrong", ".", "number"), True),
        ("wrong ~1 number", ("number", ".", "wrong"), True),
        ("wrong ~1 number", ("wrong", ".", ".", "number"), False),
        ("send >2 number", ("send", ".", ".", "number"), True),
        ("send >2 number", ("number", "send"), False),
        ("send number", ("send", ".", ".", "number"), True),
        ("send & refund", ("refund", ".", ".", ".", ".", "send"), True),
        ("send !refund", ("send", "refund"), False),
        ("send !refund", ("send",), True),
        ("receive-", ("receive-",), True),
        ("receive-", ("receive",), False),
        ("receive+", ("receive-",), False),
        ("receive+", ("receive",), True),
        ("receive", ("receive-",), True),
        ("send|refund & wrong", ("wrong", "refund"), True),
        ("receive-|refund & send", ("send", "receive"), False),
        ("receive-|refund & send", ("send", "receive-"), True),
        ("send !receive-", ("send", "receive"), True),
        ("send !receive-", ("send", "receive-"), False),
        ("send >3 wrong >0 number", ("send", ".", "wrong", ".", "wrong", "number"), True),
    ],
)
def test_a_line_matches_what_it_says(line: str, words: tuple[str, ...], expected: bool) -> None:
    assert parse_pattern(line, BITS).matches(_sentence(*words)) is expected


def test_a_set_names_the_pattern_that_showed_each_signal() -> None:
    signals = PatternSet({"moved": ["refund", "send & number"], "lost": ["receive-"]}, BITS)
    found: dict[str, str] = {}
    signals.found_in(_sentence("send", "number"), found)
    assert found == {"moved": "send & number"}


def test_an_unknown_concept_is_named_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"signal moved: 'sned'.*'sned'"):
        PatternSet({"moved": ["sned"]}, BITS)


def test_a_line_that_wants_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="wants nothing"):
        parse_pattern("!send", BITS)


@pytest.mark.parametrize(
    "line",
    ["send & wrong & receive-", "send ~9 wrong ~9 number ~9 receive", "send >9 send >9 send >9 refund"],
)
def test_a_few_words_sent_ten_thousand_times_cost_no_more_than_their_number(line: str) -> None:
    words = (*("send", "wrong", "number") * 6_000, *"." * 12, "receive", "refund")
    sentence = _sentence(*words)
    started = time.process_time()
    assert not parse_pattern(line, BITS).matches(sentence)
    assert time.process_time() - started < 5.0


@pytest.mark.parametrize(
    "line", ["send ~2 wrong >1 number & refund-", "send & wrong number-", "send ~0 wrong ~1 send"]
)
def test_a_line_matches_where_some_choice_of_places_does(line: str) -> None:
    """Against a reading that tries every choice of places."""
    pattern = parse_pattern(line, BITS)
    rng = random.Random(20_260_301)
    words = ["send", "wrong", "number", "number-", "refund", "refund-", "."]
    for _ in range(400):
        sentence = _sentence(*rng.choices(words, k=rng.randrange(1, 8)))
        places = range(len(sentence.masks))
        found = any(
            _fits(pattern, choice, sentence) for choice in product(places, repeat=len(pattern.wanted))
        )
        assert pattern.matches(sentence) is found


def _fits(pattern: Pattern, choice: tuple[int, ...], sentence: Sentence) -> bool:
    for place, (atom, at) in enumerate(zip(pattern.wanted, choice, strict=True)):
        wanted = atom.either | (atom.negated if sentence.negated[at] else atom.affirmed)
        if not sentence.masks[at] & wanted:
            return False
        distance = at - choice[place - 1]
        if atom.link is Link.AFTER and not 1 <= distance <= atom.reach + 1:
            return False
        if atom.link is Link.NEAR and abs(distance) > atom.reach + 1:
            return False
    return True


def test_more_concepts_than_a_union_has_room_for_are_refused() -> None:
    with pytest.raises(ValueError, match="no more than 256 concepts"):
        PatternSet({"moved": ["send"]}, {"send": 1, "other": 1 << 256})
