"""The command line: the list of commands, each loaded when it is called, so that `--help` is quick.

Invariant: bad input ends with exit code 2 and a sentence that says what is wrong, where, and what to do;
never with a traceback.
"""

import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from casewright.domain.errors import CasewrightError

BAD_INPUT = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a command lives, and its line in the list; `app` of the module is its Typer application."""

    module: str
    summary: str
    is_group: bool = False


COMMANDS = {
    "demo": Entry(
        "casewright.cli.demo",
        "See every desk at work: tickets, orders and returns, a manager briefed, customers at risk.",
    ),
    "investigate": Entry(
        "casewright.cli.investigate", "Investigate tickets from a file or from standard input."
    ),
    "ask": Entry(
        "casewright.cli.ask", "Ask the sales desk about a client, a rule of the playbook, or what to pitch."
    ),
    "serve": Entry("casewright.cli.serve", "Serve the HTTP API and the demo page."),
    "policy": Entry(
        "casewright.cli.policy",
        "Check, prove, explain and compare the policies by which cases are decided.",
        is_group=True,
    ),
    "evaluate": Entry(
        "casewright.cli.evaluate", "Measure a desk, or any service, on labelled cases.", is_group=True
    ),
    "bench": Entry(
        "casewright.cli.bench",
        "Measure latency, throughput, start-up and memory; everything stays on this machine.",
    ),
    "demo-data": Entry(
        "casewright.cli.demo_data", "Make a sample shop with orders in every status, and clients to pitch to."
    ),
    "import": Entry(
        "casewright.cli.importing", "Import a shop, clients, questions or reviewed answers.", is_group=True
    ),
    "sandbox": Entry(
        "casewright.cli.sandbox", "Serve sandbox payments, courier and mail, with faults on demand."
    ),
    "users": Entry(
        "casewright.cli.users", "Add, list and disable the people who may sign in.", is_group=True
    ),
    "keys": Entry("casewright.cli.keys", "Make, list and revoke API keys.", is_group=True),
    "customer": Entry(
        "casewright.cli.customer", "Export or erase what is held of one customer.", is_group=True
    ),
    "worker": Entry("casewright.cli.worker", "Deliver the outbox and end open actions, until stopped."),
    "ledger": Entry(
        "casewright.cli.ledger",
        "Show, verify and export the ledger: everything that was done, sealed in a chain per case.",
        is_group=True,
    ),
    "models": Entry(
        "casewright.cli.models",
        "Make, list and check the packaged models; see what text models were asked.",
        is_group=True,
    ),
    "knowledge": Entry(
        "casewright.cli.knowledge",
        "Add, list, search and check the documents that answers cite.",
        is_group=True,
    ),
    "retention": Entry(
        "casewright.cli.retention",
        "Train, judge and export the models and policies of the retention desk.",
        is_group=True,
    ),
    "config": Entry("casewright.cli.config", "Show the settings in force.", is_group=True),
    "version": Entry("casewright.cli.version", "Show the version."),
}


class LazyGroup(TyperGroup):
    """Knows the names and summaries of its commands; loads one when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, entry in COMMANDS.items():
            self.add_command(TyperCommand(name, help=entry.summary))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command itself, in place of the line that stands for it."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_command(name) if name else None, rest


def load_command(name: str) -> Any:
    """The command of that name, ready to run."""
    entry = COMMANDS[name]
    application: typer.Typer = import_module(entry.module).app
    command = get_group(application) if entry.is_group else get_command(application)
    command.name = name
    return command


app = typer.Typer(
    cls=LazyGroup,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def describe() -> None:
    """Resolve customers' cases: models propose, policy disposes, every step is on the record.

    First steps: `casewright demo`, then `casewright serve`.
    """


def run_command_line(arguments: list[str] | None = None) -> None:
    """Run one command and end the process with its exit code."""
    try:
        app(args=arguments, prog_name="casewright")
    except CasewrightError as error:
        typer.echo(f"casewright: {error.message}", err=True)
        sys.exit(BAD_INPUT)
