"""What the evaluating commands of retention share: whom they judge, and where their results go.

Invariant: JSON, plots and the page's tables come from one run, and only a run in a checkout with the default
folder rewrites the page.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casewright.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from casewright.learning.retention.roster import Grounds

OUT, PAGE = Path("bench/results/retention"), Path("docs/retention-evaluation.md")
CUSTOMERS = 8000
Data = Annotated[
    Path | None, typer.Option(metavar="CSV", help="A churn table. [default: the synthetic population]")
]
Customers = Annotated[int, typer.Option(min=200, help="Of the synthetic population; half are kept aside.")]
MOST_SEED = 2**32 - 1
Seed = Annotated[int, typer.Option(min=0, max=MOST_SEED, help="The same seed gives the same numbers.")]
Seeds = Annotated[int, typer.Option(min=1, help="Periods that every policy runs, each by its own seed.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where numbers and plots go.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


def build_grounds_of(
    data: Path | None, customers: int, seed: int, budget_share: float | None = None
) -> "Grounds":
    """The frozen law, or that with a share of its budget, and the customers of a table or made up."""
    need_extra()
    from dataclasses import replace

    from casewright.evaluation.retention.churn_table import read_churn_population
    from casewright.evaluation.retention.population import draw_population
    from casewright.evaluation.retention.world import read_law
    from casewright.learning.retention.roster import build_grounds

    population = draw_population(customers, seed) if data is None else read_churn_population(data, seed)
    law = read_law()
    if budget_share is not None:
        law = replace(law, budget=law.budget * budget_share)
    return build_grounds(population, law, seed)


def open_folder(out: Path) -> None:
    """Make the folder and try it, before anything is computed. Raises ConfigurationError where that fails."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise ConfigurationError(f"--out {out}: is no folder that can be written: {error.strerror}") from None


def need_extra() -> None:
    """Raises ConfigurationError, with the command that installs it, where the extra is missing."""
    from importlib.util import find_spec

    if find_spec("numpy") is None or find_spec("sklearn") is None:
        raise ConfigurationError("judging policies needs NumPy: pip install 'casewright[retention]'")


def facts_of(grounds: "Grounds", command: str, data: Path | None) -> dict[str, Any]:
    """What the numbers depend on."""
    from importlib.metadata import version

    from casewright.adapters.clock import today
    from casewright.evaluation.bench_measures import describe_machine

    return {
        "made_by": f"casewright retention {command}",
        "made_on": today().isoformat(),
        "version": version("casewright"),
        "law": grounds.law.version,
        "customers": "synthetic population" if data is None else "a churn table",
        "training": len(grounds.training),
        "kept_aside": len(grounds.aside),
        "seed": grounds.seed,
        "machine": describe_machine(),
    }


def write_results(name: str, out: Path, document: Mapping[str, Any]) -> None:
    """Write the JSON, and its plots where matplotlib is there."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{name}.json"
    text = json.dumps(_rounded(document), indent=1, ensure_ascii=False)
    path.write_text(text + "\n", "utf-8")
    typer.echo(f"Wrote {path}.", err=True)
    draw_plots(name, out, document)


def draw_plots(name: str, out: Path, document: Mapping[str, Any]) -> None:
    """The plots of these results, if there are any for them and matplotlib is installed."""
    try:
        from casewright.evaluation.retention.arena_plots import PLOTS, draw_results
    except ConfigurationError as error:
        typer.echo(f"No plots: {error.message}", err=True)
        return
    if name in PLOTS:
        written = ", ".join(str(path) for path in draw_results(name, document, out))
        typer.echo(f"Wrote {written}.", err=True)


def rewrite_page(name: str, out: Path, text: str, page: Path = PAGE) -> None:
    """Replace the part of the page that stands between the marks of that name."""
    from casewright.evaluation.bench_measures import rewrite_table

    if out == OUT and page.is_file():
        rewrite_table(page, text, f"<!-- retention {name}: begin -->", f"<!-- retention {name}: end -->")
        typer.echo(f"Rewrote a part of {page}.", err=True)


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value
