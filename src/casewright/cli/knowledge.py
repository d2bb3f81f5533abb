"""`casewright knowledge`: documents in, cited passages out, and what was asked without a source.

It is for operators who have the machine: nobody signs in here, and the ledger says "command line". Files that
cannot be read go to a side file with the reason; a progress bar (only on a terminal) and the summary go to
standard error.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.knowledge_bench import bench_knowledge
from casewright.domain.knowledge import SourceKind

if TYPE_CHECKING:
    from casewright.adapters.knowledge.ingest import Ingested, Problem
    from casewright.service.knowledge import Knowledge

app = typer.Typer(add_completion=False, no_args_is_help=True)
SOME_WRONG = 1
OPERATOR = "command line"
Tenant = Annotated[str | None, typer.Option(help="Whose knowledge. [default: the installation's]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
DAY = ["%Y-%m-%d"]


app.command("bench", no_args_is_help=True)(bench_knowledge)


@app.callback()
def describe() -> None:
    """Add, list, search and check the documents that answers cite.

    The clauses of all desks and a few sample documents are there from the start.
    """


@app.command("add", no_args_is_help=True)
def add_documents(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files, or folders of them.")],
    kind: Annotated[SourceKind | None, typer.Option(help="What they are for. [default: guide]")] = None,
    title: Annotated[str | None, typer.Option(help="Of a single file. [default: what it says]")] = None,
    valid_from: Annotated[
        datetime | None, typer.Option(formats=DAY, help="First day in force. [default: always]")
    ] = None,
    valid_until: Annotated[
        datetime | None, typer.Option(formats=DAY, help="First day no longer in force.")
    ] = None,
    review_by: Annotated[
        datetime | None, typer.Option(formats=DAY, help="The day from which they count as stale.")
    ] = None,
    errors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Unreadable files. [default: knowledge.errors.jsonl]"),
    ] = None,
    tenant: Tenant = None,
) -> None:
    """Add Markdown, HTML, PDF and text. Adding the same again replaces what has changed.

    Each document goes in whole or not at all, and a version that was replaced is kept for its own days.
    Front matter of a Markdown file may say title, kind, valid_from, valid_until and review_by.

    Exit codes: 0 everything went in; 1 some files could not be read; 2 nothing went in.

    Example: casewright knowledge add handbook/ --kind playbook --review-by 2027-01-31
    """
    from casewright.adapters.knowledge.ingest import Choices, find_sources
    from casewright.cli.progress import track
    from casewright.domain.errors import ConfigurationError, MalformedRequest

    sources, problems = find_sources(paths)
    if title is not None and len(sources) != 1:
        raise ConfigurationError("--title names one document; leave it out, or name one file")
    choices = Choices(kind, title, _day(valid_from), _day(valid_until), _day(review_by))
    with _open(tenant, may_be_new=True) as (knowledge, whose), track("Reading", len(sources)) as done:
        ingested = knowledge.add(
            whose, sources, OPERATOR, choices=choices, report=lambda _, number, __: done(number)
        )
    problems += ingested.problems
    side_file = errors or Path("knowledge.errors.jsonl")
    _write_problems(side_file, problems)
    if len(problems) and not (ingested.added or ingested.replaced or ingested.unchanged):
        raise MalformedRequest(f"none of these could be read (reason of each: {side_file})")
    typer.echo(_summarise(ingested), err=True)
    if problems:
        typer.echo(f"{len(problems):,} files could not be read (reason of each: {side_file}).", err=True)
        raise typer.Exit(SOME_WRONG)


@app.command("list")
def list_documents(
    as_of: Annotated[
        datetime | None, typer.Option(formats=DAY, help="In force on a day. [default: today]")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every version, also of days gone by.")] = False,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List documents; those whose day of review has come are marked as stale."""
    from rich.table import Table

    from casewright.cli.console import clean, make_console, write_json
    from casewright.service.knowledge_documents import describe_document

    with _open(tenant) as (knowledge, whose):
        knowledge.add_shipped(whose)
        day = _day(as_of) or knowledge.today()
        documents = knowledge.store(whose).documents(as_of=None if every else day)
        stale = set(knowledge.stale(whose))
    if as_json:
        for document in documents:
            write_json(describe_document(document, is_stale=document in stale))
        return
    table = Table("Document", "Version", "Kind", "Title", "In force", "Review by")
    for document in documents:
        mark = " (stale)" if document in stale else ""
        table.add_row(
            clean(document.document_id),
            str(document.version),
            document.kind.value,
            clean(document.title),
            f"{document.valid_from or ''} – {document.valid_until or ''}".strip(" –") or "always",
            f"{document.review_by or ''}{mark}",
        )
    make_console().print(table)


@app.command("search", no_args_is_help=True)
def search_passages(
    query: Annotated[str, typer.Argument(help="A question, in any of the languages.")],
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many passages.")] = 5,
    kind: Annotated[list[SourceKind] | None, typer.Option(help="Only of this kind; repeatable.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=DAY, help="As it was on a day. [default: today]")
    ] = None,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Find the passages that answer a question, with what an answer would cite."""
    from casewright.cli.console import clean, make_console, write_json
    from casewright.service.knowledge_documents import describe_found

    with _open(tenant) as (knowledge, whose):
        if not knowledge.store(whose).generation():
            typer.echo("Indexing what ships, once.", err=True)
        knowledge.prepare(whose)
        found = knowledge.search(whose, query, as_of=_day(as_of), kinds=frozenset(kind or ()), limit=limit)
    if as_json:
        write_json(describe_found(found))
        return
    console = make_console()
    if found.is_abstaining:
        console.print("Nothing known is similar enough; the question is in the gap report.")
    for number, each in enumerate(found.found, start=1):
        passage = each.passage
        place = " › ".join(dict.fromkeys((passage.title, *passage.heading_path)))
        console.print(f"{number}. {clean(place)}  [{each.score_micro / 1_000_000:.3f}]")
        mark = f", clause {passage.clause}" if passage.clause else ""
        page = f", page {passage.page}" if passage.page else ""
        console.print(f"   {clean(passage.document_id)}, version {passage.version}{mark}{page}")
        if passage.annotations:
            console.print(f"   noticed: {', '.join(passage.annotations)}")
        console.print(f"   {clean(' '.join(passage.text.split()))}\n")


@app.command("gaps")
def list_gaps(
    limit: Annotated[int, typer.Option(min=1, max=5_000, help="How many.")] = 50,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """List the questions for which nothing was found, most often asked first; they are redacted."""
    from rich.table import Table

    from casewright.cli.console import clean, make_console, write_json

    with _open(tenant) as (knowledge, whose):
        gaps = knowledge.store(whose).gaps(limit=limit)
    if as_json:
        for question, times in gaps:
            write_json({"question": question, "times": times})
        return
    table = Table("Times", "Question")
    for question, times in gaps:
        table.add_row(f"{times:,}", clean(question))
    make_console().print(table)


@app.command("verify")
def verify_knowledge(
    repair: Annotated[bool, typer.Option("--repair", help="Make the vectors that are lacking.")] = False,
    tenant: Tenant = None,
    as_json: AsJson = False,
) -> None:
    """Check that every document is whole, and name the sources that are due for review.

    Exit codes: 0 whole and reviewed; 1 something is not, or a source is stale.
    """
    from casewright.cli.console import clean, write_json
    from casewright.service.knowledge_documents import describe_verification

    with _open(tenant) as (knowledge, whose):
        if repair:
            knowledge.prepare(whose)
        verification = knowledge.verify(whose)
    if as_json:
        write_json(describe_verification(verification))
    else:
        typer.echo(f"{verification.documents:,} versions of documents, {verification.passages:,} passages.")
        for fault in verification.faults:
            typer.echo(clean(f"{fault.kind}: {fault.document_id} version {fault.version} {fault.detail}"))
        for document in verification.stale:
            typer.echo(clean(f"stale: {document.document_id}, to be reviewed by {document.review_by}"))
        for model, lacking in verification.lacking.items():
            if lacking:
                typer.echo(f"{lacking:,} passages have no vector of {clean(model)}: give --repair")
    if verification.faults or verification.stale:
        raise typer.Exit(SOME_WRONG)


@app.command("retire", no_args_is_help=True)
def retire_document(
    document_id: Annotated[str, typer.Argument(help="The document's id, as `list` shows it.")],
    tenant: Tenant = None,
) -> None:
    """End a document from today on. What was decided before goes on citing it."""
    from casewright.domain.errors import NotFound

    with _open(tenant) as (knowledge, whose):
        if not knowledge.retire(whose, document_id, OPERATOR):
            raise NotFound(f"No document {document_id!r} is in force.")
    typer.echo(f"{document_id} is retired.", err=True)


@contextmanager
def _open(tenant: str | None, *, may_be_new: bool = False) -> "Iterator[tuple[Knowledge, str]]":
    from casewright.adapters.log import configure_logging
    from casewright.adapters.store.engine import open_database
    from casewright.cli.installation import require_tenant
    from casewright.service.knowledge import open_knowledge
    from casewright.settings import find_database_url, load_settings

    configure_logging("error")
    settings = load_settings(tenant=tenant)
    database = open_database(find_database_url(settings), pool_size=2)
    try:
        require_tenant(database, None if may_be_new else tenant)
        knowledge = open_knowledge(settings, database)
        try:
            yield knowledge, settings.tenant
        finally:
            knowledge.close()
    finally:
        database.close()


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _summarise(ingested: "Ingested") -> str:
    return (
        f"{ingested.added:,} added, {ingested.replaced:,} replaced, {ingested.unchanged:,} unchanged; "
        f"{ingested.passages:,} new passages."
    )


def _write_problems(side_file: Path, problems: "Sequence[Problem]") -> None:
    """Every file that could not be read, one JSON object a line; none: no file."""
    from casewright.domain.errors import ConfigurationError

    if not problems:
        return
    lines = "".join(
        json.dumps({"source": problem.source, "reason": problem.reason}, ensure_ascii=False) + "\n"
        for problem in problems
    )
    try:
        side_file.write_text(lines, "utf-8", errors="replace")
    except OSError as error:
        raise ConfigurationError(
            f"{side_file}, the file for what cannot be read, cannot be written: {error.strerror};"
            " name another with --errors"
        ) from None
