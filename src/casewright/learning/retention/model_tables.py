"""The tables of the models' page, in Markdown, from the documents that the commands write.

Invariant: a number stands on the page as it stands in the JSON, rounded; nothing is computed here.
"""

from collections.abc import Mapping
from typing import Any

_LEAST_AUC, _MOST_BRIER, _MOST_ECE = 0.848, 0.135, 0.025
"""The bars for the public churn table."""
_NAMES = {"auc": "AUC", "brier": "Brier", "ece": "ECE"}


def build_candidates_table(document: Mapping[str, Any]) -> str:
    """All candidates of a risk or acceptance model, and the chosen one's intervals and time."""
    chosen, run, row = document["chosen"], document["run"], document["one_row"]
    lines = ["| candidate | calibration | AUC | Brier | ECE | |", "|---|---|---:|---:|---:|---|"]
    for each in document["candidates"]:
        mark = "chosen" if each == chosen else ""
        lines.append(f"| {each['candidate']} | {each['calibration']} | {_three(each)} | {mark} |")
    bars = f"≥ {_LEAST_AUC} | ≤ {_MOST_BRIER} | ≤ {_MOST_ECE}"
    lines.append(f"| bar for the public churn table | | {bars} | {_verdict(chosen)} |")
    pairs = document["intervals_95"].items()
    intervals = ", ".join(f"{_NAMES[name]} {low:.4f} to {high:.4f}" for name, (low, high) in pairs)
    return "\n".join(
        [
            *lines,
            "",
            f"{run['rows']:,} rows, seed {run['seed']}, {run['cpu_s']:.1f} CPU-s. 95 % intervals of the"
            f" chosen one: {intervals}. Its AUC by fold:"
            f" {', '.join(f'{each:.3f}' for each in chosen['auc_by_fold'])}. ECE with bins of equal mass"
            f" {chosen['ece_equal_mass']:.4f}, as a mean over folds {chosen['ece_mean_of_folds']:.4f}."
            f" One row: {row['row_us']:.0f} µs of processor time; XGBoost's own call for the booster alone:"
            f" {row['xgboost_booster_alone_us']:.0f} µs.",
        ]
    )


def build_mistakes_table(document: Mapping[str, Any]) -> str:
    """Each mistake beside the same pipeline without it."""
    lines = ["| on the same table | AUC | Brier | ECE | |", "|---|---:|---:|---:|---|"]
    marks = ("", "mistaken")
    lines += [
        f"| {each['name']} | {_three(each)} | {marks[each['is_mistaken']]} |" for each in document["mistakes"]
    ]
    return "\n".join(lines)


def build_uplift_tables(document: Mapping[str, Any]) -> str:
    """All learners on each campaign, best first."""
    parts = []
    for name, campaign in document["campaigns"].items():
        title = "All treatments together" if name == "any" else f"Arm: {name}"
        parts.append(
            f"{title}; {campaign['people']:,} people, {campaign['treated_share']:.1%} of them treated.\n"
        )
        lines = ["| learner | Qini × 1,000 | 95 % | CPU-s |", "|---|---:|---:|---:|"]
        for each in campaign["learners"]:
            shown = f"**{each['name']}**" if each["is_ours"] else each["name"]
            low, high = 1000 * each["low"], 1000 * each["high"]
            lines.append(
                f"| {shown} | {1000 * each['value']:.2f} | {low:.2f} to {high:.2f} | {each['cpu_s']:.2f} |"
            )
        against = campaign.get("against_peers")
        if against:
            low, high = (1000 * each for each in against["difference_95"])
            lines.append(
                f"\nOur best, {against['ours']}, lies {against['lies']} the interval of the peers' best,"
                f" {against['peers']}; the difference is {1000 * against['difference']:.2f}"
                f" ({low:.2f} to {high:.2f})."
            )
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts).rstrip()


def _three(each: Mapping[str, Any]) -> str:
    return f"{each['auc']:.4f} | {each['brier']:.4f} | {each['ece']:.4f}"


def _verdict(chosen: Mapping[str, Any]) -> str:
    is_met = chosen["auc"] >= _LEAST_AUC and chosen["brier"] <= _MOST_BRIER and chosen["ece"] <= _MOST_ECE
    return "met" if is_met else "missed"
