"""BM25 in memory: what a posting adds, what a query adds up, and the bound that no passage passes."""

import random

import pytest

from casewright.adapters.knowledge.word_index import WordIndex, count_terms, saturate, upper_bound, weigh
from casewright.domain.knowledge import Passage

COUNTS = ({"tea": 2, "green": 1}, {"tea": 1, "black": 2}, {"rice": 3})


def test_words_of_title_headings_and_text_count() -> None:
    passage = Passage("d", 1, 0, "Tea time", "Green tea.", 0, 10, ("Drinks",))
    assert count_terms(passage) == {"tea": 2, "time": 1, "drinks": 1, "green": 1}


def test_scores_are_the_formula_s() -> None:
    found, bound = WordIndex(COUNTS).match({"tea": 1.0}, limit=5)
    # idf = ln(1 + 1.5 / 2.5); every passage has the mean length 3
    assert [(place, pytest.approx(score, abs=1e-4)) for place, score in found] == [
        (0, 0.4700 * 2 * 2.2 / (2 + 1.2)),
        (1, 0.4700 * 2.2 / 2.2),
    ]
    assert bound == pytest.approx(0.4700 * 2.2, abs=1e-4)


def test_rare_words_weigh_more_and_none_less_than_nothing() -> None:
    assert weigh(1, 100) > weigh(50, 100) > weigh(100, 100) > 0
    assert saturate(1, 3, 3.0) < saturate(10, 3, 3.0) < 2.2


def test_search_may_be_narrowed_and_cut() -> None:
    index = WordIndex(COUNTS)
    assert [
        place for place, _ in index.match({"tea": 1.0, "rice": 1.0}, limit=5, among=frozenset({1, 2}))[0]
    ] == [2, 1]
    assert len(index.match({"tea": 1.0, "rice": 1.0}, limit=1)[0]) == 1
    assert index.match({"quantum": 1.0}, limit=5)[0] == []
    assert WordIndex([]).match({"tea": 1.0}, limit=5)[0] == []


def test_no_passage_passes_the_bound() -> None:
    draw = random.Random(5)
    words = [f"w{number}" for number in range(30)]
    index = WordIndex([{word: draw.randint(1, 9) for word in draw.sample(words, 8)} for _ in range(60)])
    for _ in range(200):
        weights = {word: draw.uniform(0.1, 3) for word in draw.sample([*words, "absent"], 6)}
        found, bound = index.match(weights, limit=60)
        assert all(score <= bound for _, score in found)


def test_word_that_no_passage_has_counts_like_the_rarest_in_the_bound() -> None:
    assert upper_bound({"a": 1.0, "b": 1.0}, {"a": 1}, 10) == pytest.approx(2 * 2.2 * weigh(1, 10))
