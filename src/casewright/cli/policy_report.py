"""What `casewright policy` shows: tables and sentences for people, documents for machines."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from casewright.cli.console import clean
from casewright.domain.decision import Decision, Value
from casewright.domain.money import format_minor
from casewright.policy.backtesting import Backtest
from casewright.policy.cells import show_value
from casewright.policy.differences import Difference, FlipGroup
from casewright.policy.explaining import Explanation
from casewright.policy.problems import Problem, errors_of
from casewright.policy.records import Replay


def print_json(document: object) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_problems(desk: str, problems: Sequence[Problem], note: dict[str, Any]) -> None:
    """One desk's problems, or that there are none. `note` is what a proof covered."""

    console = Console()
    errors = len(errors_of(problems))
    scope = f", {len(note['worlds'])} date(s), {note['questions']} questions" if note else ""
    verdict = "clean" if not problems else f"{errors} error(s), {len(problems) - errors} warning(s)"
    console.print(f"{desk}: {verdict}{scope}", highlight=False, markup=False)
    if not problems:
        return
    table = Table(show_lines=True)
    for title in ("level", "where", "problem", "what to do"):
        table.add_column(title, overflow="fold")
    for problem in problems:
        where = f"{problem.file}:{problem.line}" if problem.line else problem.file
        text = f"{problem.code}: {problem.message}"
        if problem.world:
            text += f"\nSince {problem.world}."
        if problem.witness:
            text += f"\nA case: {_show_case(problem.witness)}"
        table.add_row(problem.level.value, f"{where}\n{problem.place}", escape(text), escape(problem.remedy))
    console.print(table)


def _show_case(facts: Mapping[str, Value]) -> str:
    """The facts that tell the case; those left out are false, 0 or unknown."""
    telling = {name: value for name, value in facts.items() if value not in (False, None)}
    shown = ", ".join(f"{name} = {show_value(value)}" for name, value in telling.items())
    rest = "all else is false, 0 or unknown" if len(telling) < len(facts) else ""
    return "; ".join(part for part in (shown, rest) if part)


def explanation_document(decision: Decision, explanation: Explanation) -> dict[str, object]:
    """An explanation for machines."""
    return {
        "ruleset_id": decision.ruleset_id,
        "outcome": dict(decision.outcome),
        "sentences": list(explanation.sentences),
        "trace": [
            {
                "table": step.fired.table,
                "row": step.fired.row,
                "outcome": dict(step.fired.outcome),
                "reason": step.fired.reason,
                "because": [
                    {"fact": ground.fact, "value": ground.value, "cell": ground.cell}
                    for ground in step.grounds
                ],
                "clause": step.fired.clause,
                "clause_text": step.clause_text,
            }
            for step in explanation.steps
        ],
    }


def replay_document(case_id: str, replays: Sequence[Replay]) -> dict[str, object]:
    """A replay for machines."""
    return {
        "case_id": case_id,
        "is_same": all(replay.is_same for replay in replays),
        "decisions": [
            {
                "ruleset_id": replay.decision.ruleset_id,
                "outcome": dict(replay.decision.outcome),
                "reasons": list(replay.decision.reasons),
                "differences": list(replay.differences),
            }
            for replay in replays
        ],
    }


def print_replays(replays: Sequence[Replay]) -> None:
    """A replay for people."""
    if not replays:
        typer.echo("No decision was made in this case.")
    for number, replay in enumerate(replays, 1):
        verdict = "the same" if replay.is_same else "not the same"
        typer.echo(f"Decision {number}, by {replay.decision.ruleset_id}: {verdict}.")
        for name, value in replay.decision.outcome.items():
            shown = "none" if value is None else show_value(value)
            typer.echo(f"  {name}: {clean(shown)}")
        for difference in replay.differences:
            typer.echo(f"- {clean(difference)}")


def print_explanation(ruleset_id: str, explanation: Explanation) -> None:
    """An explanation for people."""

    console = Console()
    console.print(ruleset_id, highlight=False, markup=False)
    for sentence in explanation.sentences:
        console.print(f"- {sentence}", highlight=False, markup=False)


def difference_document(difference: Difference) -> dict[str, object]:
    """A difference for machines."""
    return {
        "old": difference.old_id,
        "new": difference.new_id,
        "cases": difference.cases,
        "flips": len(difference.flips),
        "reasons_only": difference.reasons_only,
        "by_reason": [
            {
                "table": group.table,
                "reasons_before": list(group.reasons_before),
                "reasons_now": list(group.reasons_now),
                "changes": {name: list(change) for name, change in group.changes.items()},
                "count": group.count,
                "example": {"index": group.example.index, "facts": dict(group.example.facts)},
            }
            for group in difference.by_reason()
        ],
    }


def backtest_document(backtest: Backtest, skipped: Mapping[str, object]) -> dict[str, object]:
    """A backtest for machines: the difference, with the money of each group in minor units."""
    document = difference_document(backtest.difference)
    by_reason = document["by_reason"]
    assert isinstance(by_reason, list)  # noqa: S101 - it was built as one
    for shown, group in zip(by_reason, backtest.groups, strict=True):
        shown["stake_minor"], shown["moved_minor"] = group.stake_minor, group.moved_minor
        shown["example"]["case_id"] = group.example_id
    return {
        **document,
        "decided_otherwise_before": backtest.otherwise,
        "released_minor": backtest.released_minor,
        "withheld_minor": backtest.withheld_minor,
        "skipped": dict(skipped),
    }


def print_backtest(backtest: Backtest, skipped: Mapping[str, object]) -> None:
    """A backtest for people; amounts in the shop's currency."""
    console = Console()
    _print_summary(console, backtest.difference)
    if backtest.groups:
        table = _flip_table("at stake", "moves")
        for group in backtest.groups:
            amounts = (format_minor(group.stake_minor), format_minor(group.moved_minor))
            table.add_row(*_flip_cells(group.flips), escape(clean(group.example_id)), *amounts)
        console.print(table)
    lines = [
        f"Goes out now, and did not before: {format_minor(backtest.released_minor)}",
        f"Went out before, and does not now: {format_minor(backtest.withheld_minor)}",
    ]
    if backtest.otherwise:
        lines.append(f"{backtest.otherwise} case(s) were decided otherwise than the old policy decides them")
    lines += [f"Skipped, {why.replace('_', ' ')}: {what}" for why, what in skipped.items() if what]
    console.print("\n".join(map(clean, lines)), highlight=False, markup=False)


def print_difference(difference: Difference) -> None:
    """A difference for people."""
    console = Console()
    _print_summary(console, difference)
    if not difference.flips:
        return
    table = _flip_table()
    for group in difference.by_reason():
        table.add_row(*_flip_cells(group), str(group.example.index + 1))
    console.print(table)


def _print_summary(console: Console, difference: Difference) -> None:
    summary = f"{difference.cases} case(s): {len(difference.flips)} flip(s)"
    summary += f", {difference.reasons_only} with the same outcome by other rows"
    console.print(f"{difference.old_id}\n{difference.new_id}\n{summary}", highlight=False, markup=False)


def _flip_table(*more: str) -> Table:
    table = Table()
    for title in ("cases", "table", "reason before", "reason now", "outcome", "first case", *more):
        table.add_column(title, overflow="fold")
    return table


def _flip_cells(group: FlipGroup) -> tuple[str, ...]:
    changes = "\n".join(
        f"{name}: {show_value(before)} -> {show_value(now)}" for name, (before, now) in group.changes.items()
    )
    return (
        str(group.count),
        group.table,
        ", ".join(group.reasons_before),
        ", ".join(group.reasons_now),
        changes,
    )
