"""`casewright retention uplift`: learners of ours, and the peers on request, on one randomised campaign.

Invariant: all learners see the same folds, and every interval is over the same rows drawn again.
"""

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casewright.cli.progress import track
from casewright.cli.retention_models import PAGE, AsJson, Data, Out, Seed, require_extra, tell_columns
from casewright.cli.retention_results import OUT, open_folder, rewrite_page

if TYPE_CHECKING:
    from casewright.adapters.retention.model_table import ModelTable


def run_uplift(
    data: Data,
    outcome: Annotated[str, typer.Option(help="Column of what is won; a number.")] = "visit",
    treatment: Annotated[str, typer.Option(help="Column that says who got what, at random.")] = "segment",
    control: Annotated[str, typer.Option(help="Its value for those who got nothing.")] = "No E-Mail",
    arm: Annotated[str | None, typer.Option(help="One treatment. [default: all together, then each]")] = None,
    unused: Annotated[
        list[str] | None, typer.Option("--unused", metavar="COLUMN", help="Not an input; may be repeated.")
    ] = None,
    peers: Annotated[
        bool, typer.Option("--peers", help="CausalML and EconML too, on the same folds.")
    ] = False,
    peer_python: Annotated[
        Path | None, typer.Option(metavar="PATH", help="The Python that has the peers. [default: this one]")
    ] = None,
    rounds: Annotated[int, typer.Option(min=20, help="Of the bootstrap.")] = 300,
    out: Out = OUT,
    seed: Seed = 42,
    as_json: AsJson = False,
) -> None:
    """Compare uplift learners on a randomised campaign.

    Defaults fit the public e-mail campaign. The peers pin other packages than Casewright: install them in an
    environment of their own and name its Python.

    Example: casewright retention uplift --data campaign.csv --peers --peer-python peers/bin/python
    """
    require_extra()
    from casewright.learning.retention import model_report, model_tables
    from casewright.learning.retention import uplift_comparison as comparisons
    from casewright.learning.retention.uplift import Learner

    table = _read_campaign(data, outcome, treatment, unused)
    open_folder(out)
    start = time.process_time()
    others = sorted({str(cell) for cell in table.columns.get(treatment, ())} - {control})
    python = _find_peers(peer_python) if peers or peer_python else None
    campaigns: dict[str, Any] = {}
    for name in [arm] if arm else [None, *(others if len(others) > 1 else [])]:
        campaign = comparisons.build_campaign(table, treatment, control, (), name, seed)
        with track(name or "All treatments", len(Learner)) as tell:
            found = comparisons.compare_learners(
                campaign, peer_python=python, seed=seed, rounds=rounds, tell=tell
            )
        campaigns[name or "any"] = model_report.build_comparison_document(found, campaign)
        if name == arm:
            _draw(found, campaign, out, outcome)
    run = model_report.build_run_card("uplift", data, table, seed, time.process_time() - start)
    document = {"run": run, "outcome": outcome, "treatment": treatment, "campaigns": campaigns}
    model_report.write_document(out / "uplift.json", document)
    rewrite_page("uplift", out, model_tables.build_uplift_tables(document), PAGE)
    if as_json:
        typer.echo(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        _show(document)
    typer.echo(f"Wrote {out / 'uplift.json'}.", err=True)


def _read_campaign(data: Path, outcome: str, treatment: str, unused: list[str] | None) -> "ModelTable":
    from casewright.adapters.retention.model_table import read_model_table
    from casewright.learning.retention.acceptance import CAMPAIGN_OUTCOMES

    later = set(CAMPAIGN_OUTCOMES) - {outcome}
    table = read_model_table(
        data, outcome, is_yes_no=False, kinds=(treatment,), unused=unused or (), later=later
    )
    tell_columns(table)
    return table


def _find_peers(given: Path | None) -> Path:
    python = given or Path(sys.executable)
    typer.echo(f"The peers run by {python}, after ours: a minute or so for each arm.", err=True)
    return python


def _draw(found: Any, campaign: Any, out: Path, unit: str) -> None:
    from casewright.domain.errors import ConfigurationError
    from casewright.learning.retention.model_report import draw_comparison

    try:
        draw_comparison(found, campaign, out, "uplift", unit)
    except ConfigurationError as error:
        typer.echo(f"No plot: {error.message}", err=True)


def _show(document: dict[str, Any]) -> None:
    from rich.table import Table

    from casewright.cli.console import make_console

    console = make_console()
    for name, campaign in document["campaigns"].items():
        title = f"{name}: {campaign['people']} people, {campaign['treated_share']:.1%} treated"
        table = Table("Learner", "Qini × 1,000", "95 %", "CPU s", title=title, title_justify="left", box=None)
        for each in campaign["learners"]:
            interval = f"{1000 * each['low']:.2f} to {1000 * each['high']:.2f}"
            table.add_row(each["name"], f"{1000 * each['value']:.2f}", interval, f"{each['cpu_s']:.2f}")
        console.print(table)
        against = campaign.get("against_peers")
        if against:
            low, high = (1000 * each for each in against["difference_95"])
            console.print(
                f"Our best less the peers' best: {1000 * against['difference']:.2f} ({low:.2f} to {high:.2f})"
            )
        for peer, reason in (against or {}).get("failed", {}).items():
            console.print(f"{peer} did not run: {reason}")
