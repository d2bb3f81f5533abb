"""`casewright version`."""

from importlib.metadata import version

import typer

app = typer.Typer(add_completion=False)


@app.command()
def show_version() -> None:
    """Show the version.

    Example: casewright version
    """
    typer.echo(f"casewright {version('casewright')}")
