"""`casewright ask`: questions to the sales desk in the terminal, one or as a conversation.

It is for whoever has the machine: nobody signs in, and conversations belong to the command line. The same
copilot answers over HTTP; what is answered is stored and on the ledger in the same way.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from casewright.domain.principal import Principal
    from casewright.service.copilot import Copilot
    from casewright.service.premises import Premises

app = typer.Typer(add_completion=False)
OPERATOR = "command_line"
PROMPT = "ask> "
ENDS = frozenset({"exit", "quit", ":q"})
Ask = Callable[[str, str | None], str | None]
"""A question and its conversation; the conversation to go on with."""


@app.command("ask")
def ask(
    question: Annotated[
        str | None, typer.Argument(help="Left out, questions are read line by line until the end.")
    ] = None,
    conversation: Annotated[
        str | None, typer.Option(metavar="ID", help="Go on with this conversation.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document for each answer.")] = False,
    stream: Annotated[
        bool, typer.Option("--stream", help="Show each step as it is done; with --json, one event a line.")
    ] = False,
    tenant: Annotated[
        str | None, typer.Option(help="Whose clients and playbook. [default: the installation's]")
    ] = None,
) -> None:
    """Ask the sales desk about a client, a rule of the playbook, or what to pitch.

    Examples:

    casewright demo-data, and then: casewright ask "What should I pitch to Voltberry Devices?"

    casewright ask --json "Which formats may an education client at 120k get?"
    """
    with open_desk(tenant) as (copilot, principal):

        def answer(text: str, conversation_id: str | None) -> str | None:
            return _answer(copilot, principal, text, conversation_id, as_json=as_json, stream=stream)

        if question is not None:
            kept = answer(question, conversation)
            if not as_json:
                typer.echo(f"Go on with: casewright ask --conversation {kept} …", err=True)
            return
        _converse(answer, conversation)


def _converse(answer: Ask, conversation: str | None) -> None:
    """Line by line until the end, or a word that ends it; one question that fails does not end it."""
    from casewright.domain.errors import CasewrightError

    is_terminal = sys.stdin.isatty()
    while True:
        if is_terminal:
            typer.echo(PROMPT, nl=False, err=True)
        line = sys.stdin.readline()
        if not line or line.strip().lower() in ENDS:
            return
        if not line.strip():
            continue
        try:
            conversation = answer(line, conversation)
        except CasewrightError as error:
            if not is_terminal:
                raise
            typer.echo(f"casewright: {error.message}", err=True)


def _answer(
    copilot: "Copilot",
    principal: "Principal",
    text: str,
    conversation_id: str | None,
    *,
    as_json: bool,
    stream: bool,
) -> str | None:
    from casewright.cli.console import write_json

    def tell(kind: str, data: Mapping[str, object]) -> None:
        if as_json:
            write_json({"event": kind, **data})
        elif kind == "step":
            typer.echo(f"… {data['step']}", err=True)

    answered = copilot.ask(principal, text, conversation_id, emit=tell if stream else None)
    if as_json and not stream:
        write_json(answered.document)
    elif not as_json:
        _show(answered.document)
    return str(answered.document["conversation_id"])


def _show(answer: Mapping[str, Any]) -> None:
    """The answer for people: what it says, why, and what it rests on."""
    from casewright.cli.console import clean

    for line in str(answer["message"]).splitlines():
        typer.echo(clean(line))
    if answer["rationale"]:
        typer.echo(f"\nWhy: {clean(answer['rationale'])}")
    for citation in answer["citations"]:
        typer.echo(f"  [{clean(_name(citation))}]")
    review = answer["review"]
    note = ", safest template" if review["is_fallback"] else ""
    typer.echo(f"\n{answer['kind']}; text: {answer['source']}{note}; case {answer['case_id']}", err=True)


def _name(citation: Mapping[str, Any]) -> str:
    parts = [citation["title"], *citation["heading_path"]]
    if citation["clause"]:
        parts.append(citation["clause"])
    if citation["page"]:
        parts.append(f"page {citation['page']}")
    return " › ".join(dict.fromkeys(str(part) for part in parts))


@contextmanager
def open_desk(tenant: str | None) -> "Iterator[tuple[Copilot, Principal]]":
    """The copilot of this installation, and the principal of its command line. Raises NotFound."""
    with open_premises(tenant) as (premises, principal):
        copilot = premises.copilot()
        premises.knowledge().add_shipped(principal.tenant)
        if not copilot.has_clients(principal.tenant):
            typer.echo(
                "There are no clients yet; for sample ones: casewright demo-data; for your own:"
                " casewright import clients FILE",
                err=True,
            )
        yield copilot, principal


@contextmanager
def open_premises(tenant: str | None) -> "Iterator[tuple[Premises, Principal]]":
    """This installation, and the principal of its command line. Raises NotFound for a tenant with nothing."""
    from casewright.bootstrap import build_text_model
    from casewright.cli.installation import require_tenant
    from casewright.domain.principal import SCOPES_OF_ROLE, Principal, Role
    from casewright.service.premises import Premises
    from casewright.settings import load_settings

    settings = load_settings(tenant=tenant)
    model = build_text_model(settings)
    premises = Premises(settings, model)
    premises.keep_attempts(model)
    principal = Principal(OPERATOR, Role.AGENT, settings.tenant, OPERATOR, SCOPES_OF_ROLE[Role.AGENT])
    try:
        require_tenant(premises.database(), tenant)
        yield premises, principal
    finally:
        premises.close()
