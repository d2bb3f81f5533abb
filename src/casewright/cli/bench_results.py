"""What every bench of the command line does with its measures: shown as a table, written as JSON, published.

Invariant: the page and the JSON say the same, and only a whole run in a checkout rewrites the page.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from casewright.evaluation.bench_measures import Measure

RESULTS, DOCS = Path("bench/results"), Path("docs/benchmarks.md")


def show_measures(measures: "Sequence[Measure]") -> None:
    """The table on the screen."""
    from rich.table import Table

    from casewright.cli.console import make_console

    table = Table("", "Measure", "Value", "Bar", "", box=None)
    group = ""
    for measure in measures:
        name = f"{measure.name} ({measure.note})" if measure.note else measure.name
        table.add_row(
            measure.group if measure.group != group else "", name, measure.shown, measure.bar, measure.verdict
        )
        group = measure.group
    make_console().print(table)


def publish_measures(
    name: str,
    measures: "Sequence[Measure]",
    *,
    quick: bool = False,
    results: Path | None = None,
    docs: Path = DOCS,
    home: Path = RESULTS,
    more: "Mapping[str, object] | None" = None,
) -> None:
    """Write `<name>.json` with `more` facts into `home`, and the table of the page.

    The table stands between `<!-- bench <name>: begin -->` and its end.

    A quick run writes the JSON only where `results` says; the page changes only with the default folder.
    """
    from importlib.metadata import version

    from casewright.adapters.clock import today
    from casewright.evaluation.bench_measures import (
        build_document,
        build_table,
        describe_machine,
        rewrite_table,
        write_results,
    )

    folder = results or (None if quick else home)
    if folder is None:
        return
    day = today().isoformat()
    facts: dict[str, object] = {
        "bench": name,
        "measured_on": day,
        "is_quick": quick,
        "version": version("casewright"),
        **(more or {}),
    }
    typer.echo(f"Wrote {write_results(folder, name, build_document(measures, facts))}.", err=True)
    if not quick and results is None and docs.is_file():
        machine = ", ".join(f"{key} {value}" for key, value in describe_machine().items())
        text = f"Measured on {day} ({machine}).\n\n{build_table(measures)}"
        rewrite_table(docs, text, f"<!-- bench {name}: begin -->", f"<!-- bench {name}: end -->")
        typer.echo(f"Rewrote a table of {docs}.", err=True)
