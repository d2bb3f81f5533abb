"""The pattern language, line by line."""

import pytest

from casewright.language.patterns import PatternSet, Sentence, parse_pattern

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
