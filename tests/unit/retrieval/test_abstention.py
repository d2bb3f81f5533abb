"""Abstention: what unrelated texts get is measured, once for each model."""

from collections.abc import Sequence

import pytest
from passage_list import make_vector

from casewright.ports.knowledge import Vector
from casewright.retrieval import abstention
from casewright.retrieval.abstention import load_probes, ordinary_cosine


class Flat:
    """Every cosine of this model is 0.6."""

    model = "flat"
    dimensions = 2

    def __init__(self) -> None:
        self.asked = 0

    def embed_query(self, text: str) -> Vector:
        self.asked += 1
        return make_vector(1, 0)

    def embed_passages(self, texts: Sequence[str]) -> list[Vector]:
        return [make_vector(0.6, 0.8) for _ in texts]


def test_the_ordinary_cosine_is_the_mean_over_unrelated_texts_and_measured_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(abstention, "_MEASURED", {})
    flat = Flat()
    assert ordinary_cosine(flat) == pytest.approx(0.6)
    assert ordinary_cosine(flat) == pytest.approx(0.6)
    assert flat.asked == len(load_probes()["unrelated_queries"])


def test_probes_come_in_every_language_and_none_twice() -> None:
    probes = load_probes()
    assert len(set(probes["off_topic"])) == len(probes["off_topic"]) >= 30
    assert any("\u0980" <= character <= "\u09ff" for text in probes["off_topic"] for character in text)
