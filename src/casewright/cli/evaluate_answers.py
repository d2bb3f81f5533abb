"""`casewright evaluate answers`: answers to questions, measured by rules and, if set, by a model."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from casewright.evaluation.answers.asking import Ask
    from casewright.evaluation.answers.judges import Judge
    from casewright.evaluation.answers.metrics import Scored, Similarity
    from casewright.evaluation.answers.report import Agreement
    from casewright.evaluation.answers.rows import AnsweredQuestion, RowProblem

BELOW = 1
JudgeName = Literal["rules", "model", "both"]


def evaluate_answers(
    rows: Annotated[
        Path | None,
        typer.Option(help="Answered questions (.json, .jsonl, .csv): question, answer, and what is known."),
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(help="Questions with ground truth: the sales desk of this installation answers them."),
    ] = None,
    judge: Annotated[
        JudgeName, typer.Option(help="rules: deterministic; model: the configured chain; both: and compare.")
    ] = "rules",
    verdicts: Annotated[
        Path | None, typer.Option(help="File of a model's verdicts, kept and replayed (JSON lines).")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the report here, as JSON.")] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", help="Write the report here, as a page with plots.")
    ] = None,
    at_least: Annotated[
        float | None, typer.Option(min=0, max=1, help="Exit with 1 where an average is below this.")
    ] = None,
) -> None:
    """Faithfulness, relevancy, context precision and recall, correctness, tools: per question and on average.

    Examples:

    casewright evaluate answers --questions questions.csv --html report.html

    casewright evaluate answers --rows answered.jsonl --judge both --verdicts kept.jsonl --json report.json
    """
    from casewright.domain.errors import ConfigurationError
    from casewright.evaluation.answers.report import build_report, find_below

    if (rows is None) == (questions is None):
        both = "" if rows is None else ", not both"
        raise ConfigurationError(
            f"give --rows FILE for answers that exist, or --questions FILE to have them answered{both}"
        )
    answered, problems = _read(rows, questions)
    similarity = _similarity()
    scored, name, agreement = _score(answered, judge, verdicts, similarity)
    document = build_report(scored, problems, judge=name, similarity=similarity.name, agreement=agreement)
    _write(document, json_file, html_file)
    _show(document)
    below = [] if at_least is None else find_below(document, at_least)
    if below:
        typer.echo(f"casewright: below {at_least}: {', '.join(below)}", err=True)
        raise typer.Exit(BELOW)


def _read(rows: Path | None, questions: Path | None) -> "tuple[list[AnsweredQuestion], list[RowProblem]]":
    from casewright.evaluation.answers.rows import read_answered

    if rows is not None:
        return read_answered(rows)
    assert questions is not None  # noqa: S101 - the caller has checked
    from casewright.cli.progress import track
    from casewright.evaluation.answers.asking import answer_all

    asked, problems = read_answered(questions, needs_answer=False)
    with _open_desk() as ask, track("asking", len(asked)) as progress:
        return answer_all(asked, ask, progress=progress), problems


@contextmanager
def _open_desk() -> "Iterator[Ask]":
    """The sales desk of this installation. Each question is a conversation of its own, and is forgotten."""
    from casewright.cli.ask import open_desk
    from casewright.evaluation.answers.asking import Given
    from casewright.evaluation.answers.records import describe_client

    with open_desk(None) as (copilot, principal):

        def ask(question: str) -> Given:
            answered = copilot.ask(principal, question)
            copilot.forget(principal, str(answered.document["conversation_id"]))
            result, draft = answered.result, answered.result.draft
            clients = (describe_client(client) for client in result.looked_up.clients)
            passages = (found.passage.text for found in result.looked_up.retrieved.found)
            evidence = ["\n".join(result.evidence)] if result.evidence else []
            contexts = (*clients, *evidence, *passages)
            return Given(draft.message, contexts, draft.tools_used, draft.is_irrelevant)

        yield ask


def _score(
    answered: "Sequence[AnsweredQuestion]",
    judge: JudgeName,
    verdicts: Path | None,
    similarity: "Similarity",
) -> "tuple[list[Scored], str, Agreement | None]":
    from casewright.cli.progress import track
    from casewright.evaluation.answers.judges import RuleJudge
    from casewright.evaluation.answers.metrics import score_rows
    from casewright.evaluation.answers.report import compare_verdicts
    from casewright.evaluation.answers.second_opinion import Witnessed

    if judge == "rules":
        with track("judging", len(answered)) as progress:
            return score_rows(answered, RuleJudge(), similarity, progress=progress), RuleJudge.name, None
    model = _model_judge(verdicts)
    witnessed = Witnessed(model, RuleJudge() if judge == "both" else None)
    with track("judging", len(answered)) as progress:
        scored = score_rows(answered, witnessed, similarity, progress=progress)
    if witnessed.asked and not witnessed.answered:
        typer.echo(
            "casewright: the model gave no verdict, so what it was asked counts as failed; "
            "see whether it can be reached with: casewright models attempts",
            err=True,
        )
    agreement = compare_verdicts(witnessed.verdicts, witnessed.others) if judge == "both" else None
    return scored, model.name, agreement


def _model_judge(verdicts: Path | None) -> "Judge":
    from casewright.bootstrap import build_text_model
    from casewright.domain.errors import ConfigurationError
    from casewright.evaluation.answers.judges import VerdictCache
    from casewright.evaluation.answers.model_judge import ModelJudge
    from casewright.settings import load_settings

    settings = load_settings()
    model = build_text_model(settings)
    if model is None:
        raise ConfigurationError(
            "no text model is configured; set CASEWRIGHT_TEXT_MODELS (see .env.example), or use --judge rules"
        )
    chain = ",".join(f"{link.preset}:{link.model}" for link in settings.text_models)
    return VerdictCache(ModelJudge(model, chain), verdicts)


def _similarity() -> "Similarity":
    """By the English embedder where the extra is installed, else by words; the report says which."""
    from casewright.adapters.embedders.opening import open_embedders
    from casewright.evaluation.answers.similarity import EmbeddedSimilarity, TermSimilarity
    from casewright.settings import load_settings

    settings = load_settings()
    key = settings.embedder_key.get_secret_value() if settings.embedder_key else None
    embedder = open_embedders(settings.embedder, settings.home, key=key).english
    return TermSimilarity() if embedder is None else EmbeddedSimilarity(embedder)


def _write(document: dict[str, Any], json_file: Path | None, html_file: Path | None) -> None:
    from casewright.domain.errors import ConfigurationError
    from casewright.evaluation.answers.page import build_page

    try:
        if json_file is not None:
            json_file.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if html_file is not None:
            html_file.write_text(build_page(document), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{error.filename} cannot be written: {error.strerror}") from error


def _show(document: dict[str, Any]) -> None:
    from rich.table import Table

    from casewright.cli.console import make_console

    console = make_console()
    table = Table(title=f"{document['questions']} questions, judged by {document['judge']}")
    for heading in ("metric", "mean", "questions", "grade"):
        table.add_column(heading, justify="right" if heading in ("mean", "questions") else "left")
    for name, average in document["averages"].items():
        mean = "–" if average["mean"] is None else f"{average['mean']:.3f}"
        table.add_row(name.replace("_", " "), mean, str(average["rows"]), average["grade"])
    console.print(table)
    for problem in document["problems"]:
        console.print(f"left out, line {problem['line']}: {problem['reason']}")
    if document["judge_failures"]:
        console.print(f"verdicts that failed, counted against the answer: {document['judge_failures']}")
    agreement = document["agreement"]
    if agreement is not None:
        share = f"{agreement['share']:.3f}" if agreement["items"] else "–"
        console.print(f"the judges agree on {share} of {agreement['items']} verdicts")
