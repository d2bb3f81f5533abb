"""Bombs: of the length that is asked for, the same for the same seed, and of every way and unit."""

import random

import pytest

from casewright.evaluation.request_bombs import (
    BOMBS,
    LONGEST,
    UNITS,
    draw_length,
    load_signal_lines,
    load_surfaces,
    load_words,
    make_bomb,
)


@pytest.mark.parametrize("name", BOMBS)
def test_every_way_makes_the_same_text_of_the_same_seed(name: str) -> None:
    first, again = (BOMBS[name](random.Random(7), 500) for _ in range(2))
    assert first == again
    assert first


def test_a_bomb_is_no_longer_than_allowed_and_every_way_comes_up() -> None:
    rng = random.Random(1)
    bombs = [make_bomb(rng, 300) for _ in range(400)]
    assert {name for name, _ in bombs} == set(BOMBS)
    assert max(len(text) for _, text in bombs) == 300


def test_lengths_are_mostly_short_and_sometimes_the_greatest() -> None:
    rng = random.Random(2)
    lengths = [draw_length(rng, LONGEST) for _ in range(1_000)]
    assert 50 < lengths.count(LONGEST) < 150
    assert sum(length < 200 for length in lengths) > 400


def test_units_hold_what_breaks_readers() -> None:
    units = {unit for family in UNITS.values() for unit in family}
    assert {"1", "1,", "pin ", " ", "a'", "@.", "\ud800", "\u200b", "\u202e", "{", "<a>", "😀", "আ"} <= units


def test_words_are_those_that_the_tables_are_about() -> None:
    assert {"pin", "taka", "ignore", "টাকা"} <= set(load_words())
    assert "sent" in load_surfaces()["send"]
    assert ("wrong", "recipient") in {line[:2] for line in load_signal_lines()}
