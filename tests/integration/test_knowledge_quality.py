"""What retrieval finds on the sets of the checkout: bars with a little room, so that a change that harms shows.

By default the English questions near the words, with the packaged English model. The other sets need the
multilingual model, which is built here, and the development set of long scenarios takes minutes: they run with
CASEWRIGHT_FULL=1.
"""

import os
from pathlib import Path

import pytest

from casewright.adapters.embedders.e5 import E5, build_e5
from casewright.adapters.embedders.opening import open_embedders
from casewright.adapters.model_files import build_folder
from casewright.evaluation.bench_knowledge import KnowledgeReport, measure_set
from casewright.evaluation.knowledge_set import SetQuestion, load_documents, load_questions
from casewright.retrieval.retriever import Embedders

ROOT = Path(__file__).resolve().parents[2]
SETS = ROOT / "bench" / "knowledge"
DEVELOPMENT = Path(os.environ.get("CASEWRIGHT_SHARED_DATA", ROOT.parent / "shared" / "data")) / "knowledge"
OFF_TOPIC = (  # none of them is among the questions of the calibration
    "What is the tallest tree in the world?",
    "How do I change the oil of my motorbike?",
    "Recommend a good novel about the sea",
    "Who discovered penicillin?",
    "How many players are in a volleyball team?",
    "What colour are emeralds?",
    "When do swallows fly south?",
    "How do I fold a paper crane?",
    "Explain photosynthesis",
    "What is the population of Iceland?",
)
full = pytest.mark.skipif(not os.environ.get("CASEWRIGHT_FULL"), reason="minutes: run by make test-all")


def measure(documents: Path, questions: Path, embedders: Embedders) -> KnowledgeReport:
    known = load_documents(documents)
    return measure_set(known, load_questions(questions, known), embedders, lambda done: None)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Embedders:
    home = tmp_path_factory.mktemp("home")
    build_folder(home / "models" / E5.model, build_e5, {})
    return open_embedders("auto", home)


def test_english_questions_near_the_words_find_their_answers_and_are_hardly_ever_held_back(
    tmp_path: Path,
) -> None:
    report = measure(
        SETS / "english_documents.json", SETS / "faq_questions.json", open_embedders("auto", tmp_path)
    )
    assert report.ndcg >= 0.965
    assert report.abstained <= 0.05


def test_questions_off_the_topic_are_held_back(tmp_path: Path) -> None:
    known = load_documents(SETS / "english_documents.json")
    asked = [SetQuestion(text, text, frozenset({known[0].id})) for text in OFF_TOPIC]
    report = measure_set(known, asked, open_embedders("auto", tmp_path), lambda done: None)
    assert report.abstained >= 0.8


def test_without_any_model_words_alone_find_most_of_them() -> None:
    report = measure(SETS / "english_documents.json", SETS / "faq_questions.json", Embedders())
    assert report.ndcg >= 0.85


@full
@pytest.mark.parametrize(
    ("documents", "questions", "least", "held_back"),
    [
        ("english", "english", 0.69, 0.1),
        ("policy", "policy", 0.41, 0.1),
        ("bangla", "bangla", 0.94, 0.1),
        ("bangla", "banglish", 0.75, 0.1),
        ("bangla", "mixed", 0.70, 0.1),
        ("english", "mixed", 0.90, 0.1),
        ("english", "banglish", 0.70, 0.35),
    ],
)
def test_every_kind_of_question_finds_its_answers(
    both: Embedders, documents: str, questions: str, least: float, held_back: float
) -> None:
    report = measure(SETS / f"{documents}_documents.json", SETS / f"{questions}_questions.json", both)
    assert report.ndcg >= least
    assert report.abstained <= held_back


@full
@pytest.mark.skipif(
    not (DEVELOPMENT / "bank_documents.json").is_file(),
    reason="no development data: set CASEWRIGHT_SHARED_DATA to a folder with knowledge/bank_documents.json",
)
def test_long_scenarios_find_the_documents_that_they_need(tmp_path: Path) -> None:
    report = measure(
        DEVELOPMENT / "bank_documents.json",
        DEVELOPMENT / "bank_questions_dev.json",
        open_embedders("auto", tmp_path),
    )
    assert report.ndcg >= 0.40
