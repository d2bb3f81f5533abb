"""Fusion: one number out of two, each of which can vanish."""

from hypothesis import given
from hypothesis import strategies as st

from casewright.retrieval.fusion import Candidate, WindowScores, fuse


def test_words_count_two_fifths_and_meaning_three_each_between_its_bounds() -> None:
    # words 3 of 4; cosine 0.6 half way between an ordinary 0.2 and 1: 0.4 * 0.75 + 0.6 * 0.5
    assert fuse([WindowScores({7: 3.0}, 4.0, {7: 0.6})], ordinary=0.2) == (
        Candidate(7, 600_000, 750_000, 600_000),
    )


def test_in_the_parts_of_a_long_query_words_count_three_fifths() -> None:
    part = WindowScores({7: 3.0}, 4.0, {7: 0.6})
    assert fuse([part, part], ordinary=0.2)[0].score_micro == 650_000


def test_where_no_word_is_shared_meaning_alone_ranks() -> None:
    found = fuse([WindowScores({}, 9.0, {1: 0.3, 2: 0.5})])
    assert [(each.key, each.score_micro, each.lexical_micro) for each in found] == [
        (2, 300_000, 0),
        (1, 180_000, 0),
    ]


def test_without_vectors_words_alone_rank_at_full_weight() -> None:
    assert fuse([WindowScores({1: 1.0, 2: 3.0}, 4.0)]) == (
        Candidate(2, 750_000, 750_000),
        Candidate(1, 250_000, 250_000),
    )


def test_a_cosine_below_the_ordinary_counts_nothing_and_takes_nothing_away() -> None:
    (found,) = fuse([WindowScores({1: 1.0}, 1.0, {1: 0.7})], ordinary=0.8)
    assert (found.score_micro, found.dense_micro) == (400_000, 700_000)


def test_words_never_count_more_than_their_bound() -> None:
    (found,) = fuse([WindowScores({1: 9.0}, 4.0)])
    assert found.score_micro == 1_000_000


def test_of_equals_the_lower_key_comes_first() -> None:
    assert [each.key for each in fuse([WindowScores({5: 1.0, 3: 1.0, 4: 1.0}, 2.0)])] == [3, 4, 5]


def test_a_long_query_scores_the_mean_of_its_five_best_parts() -> None:
    parts = [WindowScores({1: score}, 1.0) for score in (0.9, 0.1, 0.8, 0.7, 0.6, 0.5, 0.2)]
    (found,) = fuse(parts)
    assert (found.score_micro, found.lexical_micro) == (700_000, 900_000)


def test_nothing_to_match_scores_nothing() -> None:
    assert fuse([WindowScores({}, 0.0)]) == ()
    assert fuse([WindowScores({}, 0.0, {1: 0.5})])[0].lexical_micro == 0


@given(
    st.dictionaries(st.integers(0, 50), st.floats(0, 40)),
    st.floats(0.1, 40),
    st.dictionaries(st.integers(0, 50), st.floats(-1, 1)),
    st.floats(-0.2, 0.9),
)
def test_scores_lie_between_nothing_and_one(
    words: dict[int, float], bound: float, cosines: dict[int, float], ordinary: float
) -> None:
    found = fuse([WindowScores(words, bound, cosines)], ordinary)
    assert {each.key for each in found} == words.keys() | cosines.keys()
    assert all(0 <= each.score_micro <= 1_000_000 for each in found)
    assert [each.score_micro for each in found] == sorted((each.score_micro for each in found), reverse=True)
