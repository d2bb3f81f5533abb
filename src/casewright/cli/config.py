"""`casewright config`: the settings in force, where each comes from, and secrets hidden."""

from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True)


@app.callback()
def describe() -> None:
    """Show the settings in force."""


@app.command("show")
def show_settings(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Show every setting: its value, where it comes from, and what it means. Secrets are hidden.

    Order: environment (CASEWRIGHT_…), .env, YAML file, defaults.

    Example: CASEWRIGHT_PORT=9000 casewright config show
    """
    from rich.table import Table

    from casewright.cli.console import make_console, write_json
    from casewright.settings import describe_settings, find_unknown_variables, load_settings

    rows = describe_settings(load_settings())
    if as_json:
        write_json({name: {"value": value, "source": source} for name, value, source, _ in rows})
    else:
        table = Table("Setting", "Value", "From", "Meaning", box=None, pad_edge=False)
        for row in rows:
            table.add_row(*row)
        make_console().print(table)
    for name in find_unknown_variables():
        typer.echo(f"casewright: the environment variable {name} sets nothing; is it misspelt?", err=True)
