"""`casewright knowledge bench`: how well a labelled set of questions finds its documents.

It works on a scratch database of its own. Of the installation it reads settings and models, and makes the
multilingual model where a set has use for it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from casewright.evaluation.bench_knowledge import KnowledgeReport


def bench_knowledge(
    documents: Annotated[
        Path, typer.Option("--documents", metavar="FILE", help="JSON list of id, title, content.")
    ],
    questions: Annotated[
        Path,
        typer.Option(
            "--questions",
            metavar="FILE",
            help="JSON list of id, question or scenario, required_documents.",
        ),
    ],
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the whole report there.")
    ] = None,
    embedder: Annotated[
        str | None, typer.Option(help="auto, minilm, e5, none, or model@address. [default: the setting]")
    ] = None,
) -> None:
    """Measure nDCG@10 and recall@5 of retrieval on a labelled set.

    Example: casewright knowledge bench --documents bench/knowledge/english_documents.json
    --questions bench/knowledge/english_questions.json
    """
    from casewright.adapters.embedders.opening import open_embedders
    from casewright.cli.progress import track
    from casewright.evaluation.bench_knowledge import is_some_bangla, measure_set
    from casewright.evaluation.knowledge_set import load_documents, load_questions
    from casewright.settings import load_settings

    settings = load_settings()
    known = load_documents(documents)
    asked = load_questions(questions, known)
    wanted = embedder or settings.embedder
    if wanted in ("auto", "e5") and is_some_bangla(known, asked):
        _make_multilingual(settings.home)
    key = settings.embedder_key.get_secret_value() if settings.embedder_key else None
    chosen = open_embedders(wanted, settings.home, key=key, threads=settings.embedding_threads)
    with track("Measuring", len(known) + len(asked)) as progress:
        report = measure_set(known, asked, chosen, progress)
    _show(report)
    if json_file is not None:
        _write(json_file, report)


def _make_multilingual(home: Path) -> None:
    """Build the multilingual model where it lacks; where it cannot be, say so and go on without it."""
    from casewright.adapters.model_catalogue import model_entries
    from casewright.adapters.model_files import Condition
    from casewright.domain.errors import ConfigurationError

    (entry,) = (each for each in model_entries() if each.name == "e5")
    if entry.inspect(home).condition is Condition.READY:
        return
    typer.echo("Building the multilingual model, once.", err=True)
    try:
        entry.fetch(home)
    except ConfigurationError as error:
        typer.echo(f"Without the multilingual model: {error.message}", err=True)


def _show(report: "KnowledgeReport") -> None:
    models = sorted({each.model or "words alone" for each in report.asked})
    typer.echo(f"nDCG@10   {report.ndcg:.3f}")
    typer.echo(f"recall@5  {report.recall:.3f}")
    typer.echo(
        f"{len(report.asked)} questions, {report.documents} documents, {report.passages} passages; "
        f"{', '.join(models)}; {report.query_ms:.0f} ms a question; "
        f"a search would abstain on {report.abstained:.0%}"
    )


def _write(file: Path, report: "KnowledgeReport") -> None:
    import json
    from dataclasses import asdict

    from casewright.domain.errors import ConfigurationError

    document = {
        "schema_version": 1,
        "ndcg_at_10": report.ndcg,
        "recall_at_5": report.recall,
        "abstained": report.abstained,
        "query_p50_ms": report.query_ms,
        **asdict(report),
    }
    try:
        file.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be written: {error.strerror}") from error
    typer.echo(f"Wrote {file}.", err=True)
