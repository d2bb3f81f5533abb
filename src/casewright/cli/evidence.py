"""Evidence: a decided case as a person reads it: the ledger with the row that was found, verdict and reply.

The complaint itself is not shown unless the caller hands it in: it may hold what nobody should see.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from casewright.cli.console import clean
from casewright.domain.money import format_minor
from casewright.policy.explaining import explain as explain_decision

if TYPE_CHECKING:
    from casewright.bootstrap import Application
    from casewright.domain.record import Record
    from casewright.investigation.matching import Match, RowScore
    from casewright.pipeline import CaseResult

_TONES = {"consistent": "green", "inconsistent": "yellow", "insufficient_data": "yellow"}


def show_table(console: Console, application: "Application", results: "Sequence[CaseResult]") -> None:
    """One line per case."""
    columns = ("Ticket", "Type", "Evidence", "Transaction", "Severity", "Department", "Review", "Conf.")
    table = Table(*columns, box=None, pad_edge=False)
    for result in results:
        answer = application.respond(result)
        table.add_row(
            clean(answer["ticket_id"]),
            _words(answer["case_type"]),
            _verdict(answer),
            clean(answer["relevant_transaction_id"] or "none"),
            _words(answer["severity"]),
            _words(answer["department"]),
            "yes" if answer["human_review_required"] else "no",
            f"{answer['confidence']:.2f}",
        )
    console.print(table)


def show_case(
    console: Console,
    application: "Application",
    result: "CaseResult",
    *,
    explain: bool = False,
    complaint: str = "",
) -> None:
    """One case in full; with `explain`, how the row was found and every rule that fired, with its clause."""
    answer = application.respond(result)
    console.print(Rule(clean(answer["ticket_id"]), align="left", style="dim"))
    if complaint:
        _say(console, "Complaint", clean(complaint))
    _show_ledger(console, result.investigation.match, result.case.records, explain)
    headline = Text.assemble(
        _words(answer["case_type"]),
        ", ",
        _verdict(answer),
        f": {clean(answer['relevant_transaction_id'] or 'no single transaction')}",
    )
    _say(console, "Decision", headline)
    review = "a person must review" if answer["human_review_required"] else "no review needed"
    _say(
        console,
        "Route",
        f"{_words(answer['severity'])} severity, {_words(answer['department'])}, {review}, "
        f"confidence {answer['confidence']:.2f}",
    )
    reasons = application.road.desk.describe_reasons(_codes(answer))
    _say(console, "Reasons", " ".join(clean(reason) for reason in reasons))
    for label, name in (
        ("Reply", "customer_reply"),
        ("Summary", "agent_summary"),
        ("Next", "recommended_next_action"),
    ):
        _say(console, label, clean(answer[name]))
    if explain:
        _show_rules(console, application, result)
    console.print()


def build_trace(application: "Application", result: "CaseResult") -> dict[str, Any]:
    """The explanation for machines: signals, every row considered, every rule fired, with clauses."""
    match = result.investigation.match
    explanation = explain_decision(result.decision, application.road.ruleset, result.investigation.facts)
    return {
        "ruleset": result.decision.ruleset_id,
        "signals": dict(result.claim.signals),
        "match": {
            "outcome": match.outcome,
            "margin": match.margin,
            "rows": [
                {
                    "transaction_id": score.record.record_id,
                    "total": score.total,
                    "features": dict(score.features),
                    "excluded": score.excluded or None,
                }
                for score in match.scores
            ],
        },
        "rules": [
            {
                "table": step.fired.table,
                "row": step.fired.row,
                "reason": step.fired.reason,
                "clause": step.fired.clause,
                "outcome": dict(step.fired.outcome),
            }
            for step in explanation.steps
        ],
        "sentences": list(explanation.sentences),
    }


def _show_ledger(console: Console, match: "Match", records: "Sequence[Record]", explain: bool) -> None:
    if not records:
        _say(console, "Ledger", "no rows came with the ticket")
        return
    table = Table("", "Transaction", "Time", "Type", box=None, pad_edge=False)
    table.add_column("Amount", justify="right")
    for heading in ("Counterparty", "Status", "Considered"):
        table.add_column(heading)
    scores = {id(score.record): score for score in match.scores}
    for record in records:
        is_found = match.record is not None and record == match.record
        table.add_row(
            "→" if is_found else "",
            clean(record.record_id),
            record.occurred_at.strftime("%Y-%m-%d %H:%M") if record.occurred_at else "?",
            _words(record.kind or "?"),
            format_minor(record.amount.minor) if record.amount else "?",
            clean(record.counterparty or "?"),
            _words(record.status or "?"),
            _describe_score(scores.get(id(record)), explain),
            style="bold" if is_found else "",
        )
    console.print(Padding(table, (0, 0, 0, 2)))


def _describe_score(score: "RowScore | None", explain: bool) -> str:
    if score is None:
        return ""
    if score.excluded:
        return f"out: {_words(score.excluded)}"
    if not explain:
        return ", ".join(name for name, points in score.features if points > 0)
    return f"{score.total}: " + ", ".join(f"{name} {points:+d}" for name, points in score.features)


def _show_rules(console: Console, application: "Application", result: "CaseResult") -> None:
    match = result.investigation.match
    signals = ", ".join(_words(name) for name in result.claim.signals) or "none"
    _say(console, "Signals", signals)
    _say(console, "Match", f"{_words(match.outcome)}, margin {match.margin}")
    explanation = explain_decision(result.decision, application.road.ruleset, result.investigation.facts)
    for number, sentence in enumerate(explanation.sentences, start=1):
        _say(console, f"Rule {number}", clean(sentence))
    _say(console, "Ruleset", result.decision.ruleset_id)


def _say(console: Console, label: str, text: str | Text) -> None:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=10, style="dim")
    grid.add_column(overflow="fold")
    grid.add_row(label, text)
    console.print(grid)


def _codes(answer: dict[str, Any]) -> list[str]:
    return [str(code) for code in answer["reason_codes"]]


def _words(code: object) -> str:
    return str(code).replace("_", " ")


def _verdict(answer: dict[str, Any]) -> Text:
    verdict = str(answer["evidence_verdict"])
    return Text(_words(verdict), style=_TONES.get(verdict, ""))
