"""`casewright retention`: the list of its commands, each loaded when it is called.

Invariant: listing them loads no numeric library; each command's own module brings what it needs, and names
the command that installs it where it is missing.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group


@dataclass(frozen=True, slots=True)
class RetentionEntry:
    """Where a command, or a group of them, lives, and its line in the list."""

    module: str
    function: str
    summary: str


ENTRIES = {
    "train-risk": RetentionEntry(
        "casewright.cli.retention_models",
        "train_risk",
        "Fit and judge the model that says who is likely to leave.",
    ),
    "train-accept": RetentionEntry(
        "casewright.cli.retention_models",
        "train_accept",
        "Fit and judge the model that says who accepts which offer.",
    ),
    "drift": RetentionEntry(
        "casewright.cli.retention_models",
        "check_drift",
        "Tell whether customers still look as they did when a model was trained; ends with 1 where not.",
    ),
    "make-models": RetentionEntry(
        "casewright.cli.retention_models",
        "make_models",
        "Make the shipped models again from the synthetic population, and its tables on request.",
    ),
    "uplift": RetentionEntry(
        "casewright.cli.retention_uplift",
        "run_uplift",
        "Compare uplift learners on a randomised campaign.",
    ),
    "train": RetentionEntry(
        "casewright.cli.retention_train",
        "train",
        "Train a contact policy by PPO under both limits, and judge it on customers kept aside.",
    ),
    "export": RetentionEntry(
        "casewright.cli.retention_train", "export", "Write a policy to serve, set to another budget."
    ),
    "customers": RetentionEntry(
        "casewright.cli.retention_serve",
        "customers",
        "Import customers whom `POST /retain` knows by their id.",
    ),
    "budget": RetentionEntry(
        "casewright.cli.retention_serve", "budget", "Show or set what outreach may cost in this period."
    ),
    "kill-switch": RetentionEntry(
        "casewright.cli.retention_serve",
        "kill_switch",
        "Stop learned policies at the next request, or go on.",
    ),
    "outcomes": RetentionEntry(
        "casewright.cli.retention_serve",
        "outcomes",
        "Import what came of decisions; release it for training.",
    ),
    "log": RetentionEntry(
        "casewright.cli.retention_serve", "log", "Export every live decision with its outcome, to train on."
    ),
    "simulate": RetentionEntry(
        "casewright.cli.retention_arena", "simulate", "Run one budget period of one policy."
    ),
    "bounds": RetentionEntry(
        "casewright.cli.retention_bounds", "bounds", "Show what could be earned, by what is known."
    ),
    "baselines": RetentionEntry(
        "casewright.cli.retention_arena",
        "baselines",
        "Tune every baseline and judge it on customers kept aside.",
    ),
    "arena": RetentionEntry(
        "casewright.cli.retention_arena",
        "arena",
        "Compare trained policies with every baseline and with what is possible.",
    ),
    "ope": RetentionEntry(
        "casewright.cli.retention_ope",
        "ope",
        "Estimate policies from logs, and check the estimates against the truth.",
    ),
    "stress": RetentionEntry(
        "casewright.cli.retention_stress",
        "stress",
        "Run cohorts under seven kinds of shift, with the shield and without.",
    ),
    "plots": RetentionEntry("casewright.cli.retention_arena", "plots", "Draw the plots of results anew."),
}
"""Commands by name. One of another module is one more line here."""


class RetentionGroup(TyperGroup):
    """Knows the names and summaries of its commands; loads one when it is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, entry in ENTRIES.items():
            self.add_command(TyperCommand(name, help=entry.summary))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command itself, in place of the line that stands for it."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load_retention_command(name) if name else None, rest


def load_retention_command(name: str) -> Any:
    """The command of that name, ready to run."""
    entry = ENTRIES[name]
    found = getattr(import_module(entry.module), entry.function)
    if isinstance(found, typer.Typer):
        group = get_group(found)
        group.name = name
        return group
    single = typer.Typer(add_completion=False)
    single.command(name)(found)
    command = get_command(single)
    command.name = name
    return command


app = typer.Typer(cls=RetentionGroup, add_completion=False, no_args_is_help=True)


@app.callback()
def describe() -> None:
    """Train, judge and export the models and policies of the retention desk."""
