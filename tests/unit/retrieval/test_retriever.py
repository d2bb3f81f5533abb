"""Retriever: which embedder is asked, what is found, and when nothing is cited."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from passage_list import PassageList, make_vector

from casewright.domain.errors import Unavailable
from casewright.domain.knowledge import Query
from casewright.ports.knowledge import Vector
from casewright.retrieval import abstention
from casewright.retrieval.queries import read_query
from casewright.retrieval.retriever import Embedders, Retriever, rank

DAY = date(2026, 5, 1)
EAST, NORTH, BOTH = make_vector(1, 0), make_vector(0, 1), make_vector(0.6, 0.8)


class Known:
    """An embedder with a vector for each query; unrelated texts stand across."""

    dimensions = 2

    def __init__(self, model: str, queries: Mapping[str, Vector]) -> None:
        self.model = model
        self._queries = queries
        self.asked: list[str] = []

    def embed_query(self, text: str) -> Vector:
        self.asked.append(text)
        return self._queries.get(text, EAST)

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        return [NORTH for _ in texts]


class Gone(Known):
    """An embedder whose server does not answer."""

    def embed_query(self, text: str) -> Vector:
        raise Unavailable("gone")


@pytest.fixture(autouse=True)
def measured_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abstention, "_MEASURED", {})


def search(index: PassageList, embedders: Embedders, text: str, limit: int = 5) -> list[str]:
    retrieved = Retriever(lambda: index, embedders).search(Query(text, DAY, limit=limit))
    return [found.passage.text for found in retrieved.found]


def test_meaning_finds_what_shares_no_word() -> None:
    index = PassageList(["Money goes back in five days.", "Bring your own cup."], {"m": [BOTH, NORTH]})
    english = Known("m", {"reimbursement": EAST})
    assert search(index, Embedders(english), "reimbursement") == ["Money goes back in five days."]


def test_words_and_meaning_together_rank() -> None:
    index = PassageList(
        ["refund of tea", "refund of tea", "coffee"], {"m": [NORTH, BOTH, make_vector(0.2, 0.98)]}
    )
    _, ranked = rank(index, Embedders(Known("m", {})), Query("refund tea", DAY))
    assert [each.key for each in ranked] == [1, 0, 2]


def test_without_an_embedder_words_find_and_no_model_is_named() -> None:
    index = PassageList(["refund of tea", "coffee beans"])
    retrieved = Retriever(lambda: index, Embedders()).search(Query("How is tea refunded? tea!", DAY))
    assert [found.passage.text for found in retrieved.found] == ["refund of tea"]
    assert (retrieved.model, retrieved.generation) == (None, 3)
    assert retrieved.found[0].dense_micro is None


def test_a_model_whose_vectors_the_index_lacks_is_not_asked() -> None:
    index = PassageList(["refund of tea"], {"other": [EAST]})
    gone = Gone("m", {})
    assert search(index, Embedders(gone, gone), "tea") == ["refund of tea"]


def test_where_the_server_is_gone_words_find_and_no_model_is_named() -> None:
    index = PassageList(["refund of tea", "coffee beans"], {"m": [EAST, EAST]})
    retrieved = Retriever(lambda: index, Embedders(Gone("m", {}))).search(Query("tea", DAY))
    assert [found.passage.text for found in retrieved.found] == ["refund of tea"]
    assert retrieved.model is None


def test_a_ranking_by_meaning_says_that_the_server_is_gone() -> None:
    index = PassageList(["refund of tea"], {"m": [EAST]})
    with pytest.raises(Unavailable):
        rank(index, Embedders(Gone("m", {})), Query("tea", DAY))


@pytest.mark.parametrize(
    ("text", "bangla_micro", "models", "expected"),
    [
        ("How do I get a refund?", 0, "EM", "E"),
        ("টাকা ফেরত কীভাবে পাব?", 0, "EM", "M"),
        ("amar taka ferot pai nai", 0, "EM", "M"),
        ("How do I get a refund?", 400_000, "EM", "M"),
        ("How do I get a refund?", 400_000, "E", "E"),
        ("টাকা ফেরত কীভাবে পাব?", 0, "E", None),
        ("How do I get a refund?", 0, "M", "M"),
    ],
)
def test_the_model_is_chosen_by_the_language_of_query_and_passages(
    text: str, bangla_micro: int, models: str, expected: str | None
) -> None:
    index = PassageList(["x"], {model: [EAST] for model in models}, bangla_micro=bangla_micro)
    chosen = Embedders(Known("E", {}), Known("M", {})).choose(read_query(text), index)
    assert (chosen.model if chosen else None) == expected


def test_nothing_below_the_threshold_is_cited() -> None:
    texts, vectors = ["refund of tea", "refund of coffee"], {"m": [BOTH, NORTH]}
    english = Known("m", {})
    # words 1/2 of the bound and meaning 0.6 for the first; words alone for the second
    assert search(
        PassageList(texts, vectors, thresholds={"m": 300_000}), Embedders(english), "refund tea"
    ) == ["refund of tea"]
    found = Retriever(
        lambda: PassageList(texts, vectors, thresholds={"m": 990_000}), Embedders(english)
    ).search(Query("refund tea", DAY))
    assert found.is_abstaining


def test_an_index_that_was_never_calibrated_abstains_below_the_usual_threshold() -> None:
    index = PassageList(["refund of tea"], {"m": [make_vector(0.15, 0.98)]})
    assert search(index, Embedders(Known("m", {})), "volcano") == []


def test_an_empty_index_finds_nothing() -> None:
    assert search(PassageList([], {"m": []}), Embedders(Known("m", {})), "tea") == []


def test_a_long_query_is_asked_in_parts() -> None:
    english = Known("m", {})
    index = PassageList(["tea", "coffee"], {"m": [EAST, EAST]})
    _, ranked = rank(index, Embedders(english), Query("word " * 119 + "tea", DAY))
    assert len([text for text in english.asked if text.startswith("word")]) == 3
    assert ranked[0].key == 0


def test_the_limit_is_kept() -> None:
    index = PassageList([f"tea {number}" for number in range(9)])
    assert len(search(index, Embedders(), "tea", limit=4)) == 4
