"""The bench of retrieval: its measures by hand, and a small set through the store that ships."""

import math

import pytest
from toy_embedder import ToyEmbedder

from casewright.evaluation.bench_knowledge import measure_set, score_ndcg, score_recall
from casewright.evaluation.knowledge_set import SetDocument, SetQuestion
from casewright.retrieval.retriever import Embedders


def test_ndcg_discounts_by_rank_and_divides_by_the_best_possible() -> None:
    assert score_ndcg(["a", "b"], frozenset({"a"})) == 1
    assert score_ndcg(["b", "a"], frozenset({"a"})) == pytest.approx(1 / math.log2(3))
    assert score_ndcg(["a", "x", "b"], frozenset({"a", "b"})) == pytest.approx(1.5 / (1 + 1 / math.log2(3)))
    assert score_ndcg([], frozenset({"a"})) == 0


def test_ndcg_looks_at_ten_and_never_asks_for_more_than_ten() -> None:
    many = frozenset(f"d{number}" for number in range(30))
    assert score_ndcg([f"d{number}" for number in range(10)], many) == pytest.approx(1)
    assert score_ndcg([*(f"x{number}" for number in range(10)), "d1"], many) == 0


def test_recall_is_the_share_among_the_first_five() -> None:
    assert score_recall(["a", "x", "y", "z", "b", "c"], frozenset("abc")) == pytest.approx(2 / 3)


def test_a_set_goes_through_store_index_and_search() -> None:
    documents = [
        SetDocument("tea", "Tea", "# Tea\n\nGreen tea is sold by weight."),
        SetDocument("cups", "Cups", "A broken cup is replaced."),
        SetDocument("চা", "চা", "চা ওজনে বিক্রি হয়।"),
    ]
    questions = [
        SetQuestion("q1", "How is green tea sold?", frozenset({"tea"})),
        SetQuestion("q2", "My cup is broken", frozenset({"cups"})),
        SetQuestion("q3", "চা কীভাবে বিক্রি হয়?", frozenset({"চা"})),
        SetQuestion("q4", "zeppelin", frozenset({"tea"})),
    ]
    told: list[int] = []
    report = measure_set(documents, questions, Embedders(), told.append)
    assert [each.best[:1] for each in report.asked] == [("tea",), ("cups",), ("চা",), ()]
    assert (report.ndcg, report.recall, report.abstained) == (0.75, 0.75, 0.25)
    assert (report.documents, report.passages, told[-1]) == (3, 3, 7)
    assert {each.model for each in report.asked} == {None}


def test_only_the_embedders_that_a_set_needs_make_vectors() -> None:
    english, multilingual = ToyEmbedder("english@1"), ToyEmbedder("many@1")
    documents = [SetDocument("tea", "Tea", "Green tea is sold by weight.")]
    questions = [SetQuestion("q1", "How is green tea sold?", frozenset({"tea"}))]
    report = measure_set(documents, questions, Embedders(english, multilingual), lambda done: None)
    assert report.asked[0].model == "english@1"
    assert report.asked[0].ndcg == 1
    # what calibration measures of the other is its unrelated texts, and no document
    assert multilingual.embedded <= 6
