"""`casewright models`: the models of this installation, made, listed and checked.

Nothing is downloaded but a wheel that is asked for by name.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from casewright.cli.model_attempts import show_attempts

if TYPE_CHECKING:
    from casewright.adapters.model_catalogue import ModelEntry

app = typer.Typer(add_completion=False, no_args_is_help=True)
app.command("attempts")(show_attempts)

_Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[NAME…]", help="Models by name; none: all but the optional ones."),
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
_MEGABYTE = 1_000_000


@app.callback()
def describe() -> None:
    """Make, list and check the packaged models; see what text models were asked."""


@app.command("list")
def list_models(as_json: _Json = False) -> None:
    """List the models: what for, whether they are ready, where, and how large.

    Example: casewright models list
    """
    _show(_choose(None, with_optional=True), thorough=False, as_json=as_json)


@app.command("fetch")
def fetch_models(names: _Names = None) -> None:
    """Make the files of models out of installed packages; one that is ready and whole is left alone.

    Example: casewright models fetch e5
    """
    from casewright.adapters.model_files import Condition

    home = _home()
    for entry in _choose(names):
        if entry.verify(home).condition is Condition.READY:
            typer.echo(f"{entry.name}: ready")
            continue
        entry.fetch(home)
        state = entry.verify(home)
        typer.echo(f"{entry.name}: {state.condition}, {state.size / _MEGABYTE:.0f} MB in {state.place}")


@app.command("verify")
def verify_models(names: _Names = None, as_json: _Json = False) -> None:
    """Read every file and compare it with its recorded hash; say which models were not fetched.

    Exits 1 where one is damaged, or is named here and not fetched.

    Example: casewright models verify
    """
    conditions = _show(_choose(names), thorough=True, as_json=as_json)
    missing = [name for name, condition in conditions.items() if condition == "absent"]
    if missing and not as_json:
        typer.echo(
            f"Not fetched: {', '.join(missing)}. Make them with: casewright models fetch {' '.join(missing)}",
            err=True,
        )
    if "damaged" in conditions.values() or (names and missing):
        raise typer.Exit(1)


def _show(entries: "list[ModelEntry]", *, thorough: bool, as_json: bool) -> dict[str, str]:
    """Print the states; the condition of each model."""
    from rich.table import Table

    from casewright.cli.console import make_console, write_json

    states = [(entry, (entry.verify if thorough else entry.inspect)(_home())) for entry in entries]
    if as_json:
        write_json(
            {
                entry.name: {
                    "condition": state.condition,
                    "bytes": state.size,
                    "place": state.place,
                    "advice": state.advice,
                }
                for entry, state in states
            }
        )
    else:
        table = Table("Model", "State", "MB", "For", "What to do", box=None, pad_edge=False)
        for entry, state in states:
            size = f"{state.size / _MEGABYTE:.0f}"
            table.add_row(entry.name, state.condition, size, entry.summary, state.advice)
        make_console().print(table)
    return {entry.name: state.condition.value for entry, state in states}


def _choose(names: list[str] | None, *, with_optional: bool = False) -> "list[ModelEntry]":
    from casewright.adapters.model_catalogue import model_entries
    from casewright.domain.errors import ConfigurationError

    entries = {entry.name: entry for entry in model_entries()}
    unknown = [name for name in names or () if name not in entries]
    if unknown:
        raise ConfigurationError(f"there is no model {unknown[0]!r}; choose from {', '.join(entries)}")
    if names:
        return [entries[name] for name in names]
    return [entry for entry in entries.values() if with_optional or not entry.is_optional]


def _home() -> Path:
    from casewright.settings import load_settings

    return load_settings().home
