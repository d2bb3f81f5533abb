"""Calibration: a threshold for each model that answers, above what chance finds."""

from datetime import date

from passage_list import PassageList
from toy_embedder import ToyEmbedder

from casewright.retrieval.abstention import LEAST_THRESHOLD_MICRO
from casewright.retrieval.calibration import calibrate
from casewright.retrieval.retriever import Embedders

DAY = date(2026, 5, 1)


def test_words_alone_have_a_threshold_that_never_falls_below_the_least() -> None:
    index = PassageList(["Refunds reach the card in five days."])
    assert calibrate(index, Embedders(), DAY) == {None: LEAST_THRESHOLD_MICRO}


def test_what_questions_off_the_topic_find_stays_below_the_threshold() -> None:
    # two of the questions off the topic have these words; nearly all have none
    index = PassageList(["guitar volcano poem moon honey", "cat planet joke bone soup river"])
    (threshold,) = calibrate(index, Embedders(), DAY).values()
    assert threshold > LEAST_THRESHOLD_MICRO


def test_each_model_that_answers_questions_has_its_own() -> None:
    texts = ["Refunds reach the card in five days."]
    toy = ToyEmbedder()
    index = PassageList(texts, {toy.model: toy.embed_passages(texts)})
    assert set(calibrate(index, Embedders(toy, toy), DAY)) == {toy.model}
