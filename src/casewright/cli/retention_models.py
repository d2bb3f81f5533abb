"""`casewright retention train-risk`, `train-accept`, `drift`: models from tables, judged, exported, watched.

Numbers, plots and the exported model go into one folder; rows that cannot be read are counted on standard
error. Invariant: the command prints what it writes.
"""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from casewright.cli.progress import track
from casewright.cli.retention_results import MOST_SEED, OUT, open_folder, rewrite_page

if TYPE_CHECKING:
    from casewright.adapters.retention.model_table import ModelTable

PAGE = Path("docs/retention-models.md")
_SHOWN = 5
Data = Annotated[Path, typer.Option(metavar="CSV", help="A table with a header, one row a customer.")]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Where numbers, plots and the model go.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Seed = Annotated[
    int, typer.Option(min=0, max=MOST_SEED, help="Of folds and boosters: the same seed gives the same bytes.")
]
Unused = Annotated[
    list[str] | None, typer.Option("--unused", metavar="COLUMN", help="Not an input; may be repeated.")
]


def train_risk(
    data: Data,
    outcome: Annotated[str, typer.Option(help="Column that says who left: Yes or No, 1 or 0.")] = "Churn",
    unused: Unused = None,
    show_mistakes: Annotated[
        bool, typer.Option("--show-mistakes", help="Measure class weights and SMOTE before the split, too.")
    ] = False,
    out: Out = OUT,
    seed: Seed = 42,
    as_json: AsJson = False,
) -> None:
    """Fit and judge the model that says who is likely to leave.

    A booster, a logistic regression and their blend, calibrated by choice, each judged out of fold. The model
    goes to models/risk under --out; the setting `retention_risk_model` serves it.

    Example: casewright retention train-risk --data churn.csv
    """
    require_extra()
    from casewright.adapters.retention.model_table import read_model_table
    from casewright.learning.retention import model_report, risk
    from casewright.learning.retention.blend import BlendSettings
    from casewright.learning.retention.model_tables import build_candidates_table, build_mistakes_table
    from casewright.learning.retention.selection import FOLDS

    table = read_model_table(data, outcome, unused=unused or (), from_zero=risk.FROM_ZERO)
    _tell_problems(table)
    tell_columns(table)
    open_folder(out)
    start = time.process_time()
    settings = BlendSettings(seed=seed)
    facts = {"outcome": outcome, "trained_by": "casewright retention train-risk"}
    with track("Folds", FOLDS) as tell:
        trained = risk.train_risk(table, out / "models" / "risk", settings, facts, tell)
    run = model_report.build_run_card("train-risk", data, table, seed, time.process_time() - start)
    document = model_report.build_model_document(trained, table, run)
    if show_mistakes:
        from casewright.learning.retention.mistakes import measure_mistakes

        document["mistakes"] = model_report.describe_mistakes(measure_mistakes(table, settings))
        rewrite_page("mistakes", out, build_mistakes_table(document), PAGE)
    rewrite_page("risk", out, build_candidates_table(document), PAGE)
    _finish("risk", out, document, as_json, lambda: model_report.draw_model(trained, out, "risk"))


def train_accept(
    data: Data,
    outcome: Annotated[str, typer.Option(help="Column that says who accepted: Yes or No.")] = "accepted",
    level: Annotated[str, typer.Option(help="Column of the offer level: 0 to 3.")] = "offer_level",
    unused: Unused = None,
    out: Out = OUT,
    seed: Seed = 42,
    as_json: AsJson = False,
) -> None:
    """Fit and judge the model that says who accepts which offer.

    The table has one row a contact that was made. Inputs that the desk knows of a customer: tenure_months,
    monthly_spend, services, has_support, pays_automatically, is_senior, plan, tier. The model goes to
    models/acceptance under --out; the setting `retention_acceptance_model` serves it.

    Example: casewright retention train-accept --data contacts.csv
    """
    require_extra()
    from casewright.adapters.retention.model_table import read_model_table
    from casewright.learning.retention import model_report
    from casewright.learning.retention.acceptance import CAMPAIGN_OUTCOMES, train_acceptance
    from casewright.learning.retention.blend import BlendSettings
    from casewright.learning.retention.risk import FROM_ZERO
    from casewright.learning.retention.selection import FOLDS

    later = [name for name in CAMPAIGN_OUTCOMES if name != outcome]
    table = read_model_table(
        data, outcome, kinds=(level,), unused=unused or (), later=later, from_zero=FROM_ZERO
    )
    _tell_problems(table)
    tell_columns(table)
    open_folder(out)
    start = time.process_time()
    facts = {"outcome": outcome, "level": level, "trained_by": "casewright retention train-accept"}
    folder = out / "models" / "acceptance"
    with track("Folds", FOLDS) as tell:
        trained, levels = train_acceptance(table, folder, level, BlendSettings(seed=seed), facts, tell)
    run = model_report.build_run_card("train-accept", data, table, seed, time.process_time() - start)
    document = model_report.build_model_document(trained, table, run)
    document["levels"] = model_report.describe_levels(levels)
    _finish("acceptance", out, document, as_json, lambda: model_report.draw_model(trained, out, "acceptance"))


def check_drift(
    data: Data,
    model: Annotated[Path, typer.Option(metavar="DIR", help="An exported folder of a model.")],
    name: Annotated[str, typer.Option(help="What it models: risk or acceptance.")] = "risk",
    as_json: AsJson = False,
) -> None:
    """Tell whether customers still look as they did when a model was trained; ends with 1 where not.

    Example: casewright retention drift --data new.csv --model bench/results/retention/models/risk
    """
    require_extra()
    from casewright.adapters.retention.model_table import read_unlabelled_table
    from casewright.adapters.retention.models import read_model
    from casewright.evaluation.retention.drift import measure_drift
    from casewright.learning.retention.blend import build_matrix

    exported = read_model(model, name)
    kinds = [column for column, _ in exported.inputs.kinds]
    table = read_unlabelled_table(data, kinds=kinds, needed=[*exported.inputs.numbers, *kinds])
    _tell_problems(table)
    scores = exported.probabilities(build_matrix(exported.inputs, table.columns))
    found = measure_drift(exported.reference, table.columns, scores)
    if as_json:
        rows = [
            {
                "name": each.name,
                "psi": each.psi,
                "ks": each.ks,
                "chance": each.psi_by_chance,
                "is": each.state,
            }
            for each in found
        ]
        typer.echo(json.dumps({"version": exported.version, "rows": len(table), "inputs": rows}, indent=1))
    else:
        from rich.table import Table

        from casewright.cli.console import make_console

        shown = Table("Input", "PSI", "By chance", "KS", "", box=None)
        for each in found:
            ks = "" if each.ks is None else f"{each.ks:.3f}"
            shown.add_row(each.name, f"{each.psi:.3f}", f"{each.psi_by_chance:.3f}", ks, each.state)
        make_console().print(shown)
    if any(each.has_drifted for each in found):
        raise typer.Exit(1)


def make_models(
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where both models go. [default: the package's own data]"),
    ] = None,
    tables: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write churn.csv and contacts.csv, the made-up tables.")
    ] = None,
    customers: Annotated[int, typer.Option(min=300, help="Made up, for each table.")] = 20_000,
    seed: Seed = 42,
) -> None:
    """Make the shipped models again from the synthetic population, and its tables on request.

    Example: casewright retention make-models --out models --tables tables
    """
    require_extra()
    from importlib import resources

    from casewright.learning.retention import shipped_models as shipped
    from casewright.learning.retention.acceptance import OUTCOME

    for folder in (out, tables):
        if folder is not None:
            open_folder(folder)
    if tables is not None:
        shipped.write_table(tables / "churn.csv", shipped.draw_churn_table(seed, customers), shipped.LEFT)
        shipped.write_table(tables / "contacts.csv", shipped.draw_contact_table(seed, customers), OUTCOME)
        typer.echo(f"Wrote {tables / 'churn.csv'} and {tables / 'contacts.csv'}.", err=True)
    own = resources.files("casewright.adapters.retention") / "data"
    with track("Models", 2) as tell:
        made = shipped.make_models(out or Path(str(own)), seed, customers, tell)
    for each in made:
        chosen = each.selection.chosen
        numbers = f"AUC {chosen.whole.auc:.4f}, Brier {chosen.whole.brier:.4f}, ECE {chosen.whole.ece:.4f}"
        typer.echo(f"{each.model.version}: {chosen.candidate}, {numbers}")


def require_extra() -> None:
    """Raises ConfigurationError where what trains and judges models is not installed."""
    from importlib.util import find_spec

    from casewright.domain.errors import ConfigurationError

    missing = [name for name in ("numpy", "sklearn", "xgboost") if find_spec(name) is None]
    if missing:
        raise ConfigurationError(
            f"models need {', '.join(missing)}, not installed here; run: pip install 'casewright[retention]'"
        )


def _tell_problems(table: "ModelTable") -> None:
    if table.problems:
        typer.echo(f"{len(table.problems)} rows were left out:", err=True)
        for problem in table.problems[:_SHOWN]:
            typer.echo(f"  {problem}", err=True)
    if table.left_out:
        typer.echo(f"Columns with too many kinds to learn from: {', '.join(table.left_out)}", err=True)


def tell_columns(table: "ModelTable") -> None:
    """Say on standard error which columns were taken as numbers, and which as kinds."""
    numbers = table.names_of_numbers()
    kinds = [name for name in table.columns if name not in numbers]
    for words, names in (("numbers", numbers), ("kinds", kinds)):
        typer.echo(f"Columns read as {words}: {', '.join(names) or 'none'}", err=True)


def _finish(name: str, out: Path, document: dict[str, Any], as_json: bool, draw: Any) -> None:
    """Write, draw where matplotlib is there, and show."""
    from casewright.domain.errors import ConfigurationError
    from casewright.learning.retention.model_report import write_document

    write_document(out / f"{name}.json", document)
    try:
        draw()
    except ConfigurationError as error:
        typer.echo(f"No plot: {error.message}", err=True)
    if as_json:
        typer.echo(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        _show(document)
    typer.echo(f"Wrote {out / name}.json and {out / 'models' / name}.", err=True)


def _show(document: dict[str, Any]) -> None:
    from rich.table import Table

    from casewright.cli.console import make_console

    console = make_console()
    table = Table("Model", "Calibration", "AUC", "Brier", "ECE", "", box=None)
    for each in document["candidates"]:
        numbers = (f"{each['auc']:.4f}", f"{each['brier']:.4f}", f"{each['ece']:.4f}")
        mark = "chosen" if each == document["chosen"] else ""
        table.add_row(each["candidate"], each["calibration"], *numbers, mark)
    console.print(table)
    pairs = document["intervals_95"].items()
    console.print("95 %: " + " · ".join(f"{name} {low:.4f} to {high:.4f}" for name, (low, high) in pairs))
    row = document["one_row"]
    console.print(
        f"One row: {row['row_us']:.0f} µs of processor time (XGBoost's call for its booster alone:"
        f" {row['xgboost_booster_alone_us']:.0f} µs)"
    )
    if "levels" in document:
        levels = Table("Offer level", "Contacts", "Accepted", "Predicted", "ECE", box=None)
        for each in document["levels"]:
            shares = (f"{each['accepted']:.4f}", f"{each['predicted']:.4f}", f"{each['ece']:.4f}")
            levels.add_row(each["level"], str(each["rows"]), *shares)
        console.print(levels)
    if "mistakes" in document:
        mistakes = Table("Mistakes, and the same without them", "AUC", "Brier", "ECE", "", box=None)
        for each in document["mistakes"]:
            numbers = (f"{each['auc']:.4f}", f"{each['brier']:.4f}", f"{each['ece']:.4f}")
            mistakes.add_row(each["name"], *numbers, "mistaken" if each["is_mistaken"] else "")
        console.print(mistakes)
    tops = list(document["mean_contributions_log_odds"].items())[:_SHOWN]
    console.print(
        "Inputs that move the log-odds most: " + ", ".join(f"{name} {size:.2f}" for name, size in tops)
    )
