"""`casewright import clients`, `questions` and `reviews`: what the sales desk works with and learns from.

Invariant: the good rows of a file go in together or not at all; refused rows go to a side file with line and
reason, never with a value.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.console import count_of
from casewright.cli.side_files import refused, write_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from casewright.adapters.importers.clients import ImportedClients
    from casewright.adapters.importers.shop import Problem

FILE = Annotated[Path, typer.Argument(metavar="FILE", help="A .csv, .json or .jsonl file.")]
TENANT = Annotated[str | None, typer.Option(help="Whose they are. [default: the installation's]")]
ERRORS = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Refused rows. [default: NAME.errors.jsonl in this folder]"),
]


def import_clients(
    file: FILE,
    tenant: TENANT = None,
    currency: Annotated[
        str | None,
        typer.Option(help="Of amounts that name none, such as USD. [default: the playbook's]"),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="These are all the clients there are: others go.")
    ] = False,
    errors: ERRORS = None,
) -> None:
    """Import clients: id, name, industry, spend of the year, last meeting, account manager.

    Columns may have any of their usual names; others are named and left. A client that is known is brought up
    to date. What is empty, nan, n/a or - is unknown, and counted. A last meeting that lies ahead is refused.

    Example:

    casewright import clients clients.csv
    """
    from casewright.adapters import clock
    from casewright.adapters.importers.clients import read_clients
    from casewright.adapters.store.client_records import StoredClients
    from casewright.adapters.store.engine import open_database
    from casewright.settings import find_database_url, load_settings

    settings = load_settings(tenant=tenant)
    today = max(clock.today(), settings.as_of or clock.today())
    found = read_clients(file, currency=read_currency(currency), today=today)
    side_file = _write_side_file(file, errors, found.problems)
    _require_rows(file, len(found.clients), found.problems, side_file)
    database = open_database(find_database_url(settings))
    try:
        clients = StoredClients(database, settings.tenant)
        known = {client_id for client_id, _ in clients.names()} if replace else set()
        kept = clients.put(found.clients, at=clock.now(), is_whole=replace)
    finally:
        database.close()
    typer.echo(f"Tenant {settings.tenant}: {count_of(kept, 'client')}.", err=True)
    if replace:
        removed = known - {client.client_id for client in found.clients}
        typer.echo(f"Removed, because the file does not have them: {len(removed):,}.", err=True)
    _tell_rest(found)
    _end(found.problems, side_file)


def import_questions(
    file: FILE,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON lines to write. [default: standard output]"),
    ] = None,
    errors: ERRORS = None,
) -> None:
    """Read a file of questions with what a good answer says, and write it as JSON lines.

    Columns: question, ground_truth, expected_tools, expected_contexts. Lists may be JSON, text with
    semicolons, or a Python literal. `casewright evaluate answers` reads what this writes.

    Example:

    casewright import questions questions.csv --out questions.jsonl
    """
    from dataclasses import asdict

    from casewright.adapters.importers.questions import read_questions
    from casewright.service.documents import encode_json

    questions, problems = read_questions(file)
    side_file = _write_side_file(file, errors, problems)
    _require_rows(file, len(questions), problems, side_file)
    lines = [encode_json({"id": each.pop("question_id"), **each}) for each in map(asdict, questions)]
    text = b"".join(line + b"\n" for line in lines)
    if out is None:
        typer.echo(text.decode("utf-8"), nl=False)
    else:
        _write_whole(out, text)
    typer.echo(f"{count_of(len(questions), 'question')}.", err=True)
    _end(problems, side_file)


def import_reviews(file: FILE, tenant: TENANT = None, errors: ERRORS = None) -> None:
    """Import answers of the past with their reviews, as training data in quarantine.

    Columns: user_input, crm_output, tool_calls_made, reflection_output, correctness. Texts are redacted; each
    row keeps where it came from. A row that is there already is not added again.

    Example:

    casewright import reviews reviews.csv
    """
    import hashlib

    from casewright.adapters import clock
    from casewright.adapters.importers.questions import read_reviews
    from casewright.adapters.importers.review_landing import Provenance, land_reviews
    from casewright.adapters.store.engine import open_database
    from casewright.settings import find_database_url, load_settings

    settings = load_settings(tenant=tenant)
    reviews, problems = read_reviews(file)
    side_file = _write_side_file(file, errors, problems)
    _require_rows(file, len(reviews), problems, side_file)
    digest = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    database = open_database(find_database_url(settings))
    try:
        added = land_reviews(database, settings.tenant, reviews, Provenance(file.name, digest, clock.now()))
    finally:
        database.close()
    known = len(reviews) - added
    more = f"; {known:,} {'was' if known == 1 else 'were'} there already" if known else ""
    typer.echo(
        f"Tenant {settings.tenant}: {count_of(added, 'reviewed answer')}, quarantined{more}.", err=True
    )
    _end(problems, side_file)


def read_currency(given: str | None) -> str:
    """The currency of amounts that name none. Raises ConfigurationError for what is no code."""
    import re

    from casewright.adapters import clock
    from casewright.bootstrap import load_ruleset
    from casewright.domain.errors import ConfigurationError
    from casewright.settings import load_settings

    if given is None:
        ruleset = load_ruleset("sales", load_settings().as_of or clock.today())
        return str(ruleset.parameters["playbook_currency"])
    code = given.strip().upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ConfigurationError(f"--currency {given}: write a code of three letters, such as USD")
    return code


def _tell_rest(found: "ImportedClients") -> None:
    """What the file says that was not taken, and what it does not say."""
    if found.unread:
        typer.echo(f"Columns that were not understood, and left: {', '.join(found.unread)}.", err=True)
    counts = {
        name: sum(getattr(client, name) is None for client in found.clients)
        for name in ("industry", "spend", "last_meeting", "account_manager")
    }
    unknown = [f"{name} of {count:,}" for name, count in counts.items() if count]
    if unknown:
        typer.echo(f"Not known (empty, nan, n/a or -): {', '.join(unknown)}.", err=True)


def _write_side_file(file: Path, errors: Path | None, problems: "Sequence[Problem]") -> Path:
    side_file = errors or Path(f"{file.resolve().name}.errors.jsonl")
    write_problems(side_file, problems)
    return side_file


def _require_rows(file: Path, found: int, problems: "Sequence[Problem]", side_file: Path) -> None:
    from casewright.domain.errors import MalformedRequest

    if not found:
        where = f"; {refused(problems)}, see {side_file}" if problems else ""
        raise MalformedRequest(f"{file} holds no row that can be imported{where}")


def _end(problems: "Sequence[Problem]", side_file: Path) -> None:
    if problems:
        typer.echo(f"{refused(problems)} (line and reason of each: {side_file}).", err=True)
        raise typer.Exit(1)


def _write_whole(out: Path, text: bytes) -> None:
    """The whole file or none of it. Raises ConfigurationError."""
    from casewright.domain.errors import ConfigurationError

    part = out.with_name(f"{out.name}.part")
    try:
        part.write_bytes(text)
        part.replace(out)
    except OSError as error:
        raise ConfigurationError(
            f"{out} cannot be written: {error.strerror}; name another with --out"
        ) from None
