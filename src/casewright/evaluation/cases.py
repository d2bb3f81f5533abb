"""Golden cases of a desk: what a customer wrote, the records, and the outcome that the policy gives by hand.

They ship with the desk, so that every suite starts from the same honest tickets. Nothing is decided here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from casewright.language.data_files import read_yaml

_COLUMNS = ("transaction_id", "timestamp", "type", "amount", "counterparty", "status")
FILES = ("en", "bn", "banglish", "adversarial")
"""The files of golden cases, by language; the last one holds tickets with something hostile in them."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One ticket with its expected fields. `accept` holds further right values by field."""

    name: str
    file: str
    rule: str
    message: str
    rows: tuple[Row, ...] | None
    user_type: str | None = None
    expected: Mapping[str, object] = field(default_factory=dict)
    accept: Mapping[str, Sequence[object]] = field(default_factory=dict)

    def ticket(self, message: str | None = None, rows: Sequence[Row] | None = None) -> dict[str, object]:
        """The request document, with another message or other rows where given."""
        document: dict[str, object] = {
            "ticket_id": "T-1001",
            "complaint": self.message if message is None else message,
        }
        if self.user_type is not None:
            document["user_type"] = self.user_type
        history = self.rows if rows is None else rows
        if history is not None:
            document["transaction_history"] = [dict(row) for row in history]
        return document


@cache
def load_golden_cases(desk: str = "disputes", files: tuple[str, ...] = FILES) -> tuple[GoldenCase, ...]:
    """The packaged golden cases of a desk."""
    folder = resources.files(f"casewright.desks.{desk}").joinpath("cases")
    return tuple(
        _read_case(file, case)
        for file in files
        for case in read_yaml(folder.joinpath(f"{file}.yaml").read_text("utf-8"))
    )


def honest_cases(desk: str = "disputes") -> tuple[GoldenCase, ...]:
    """The golden cases with nothing hostile in them."""
    return load_golden_cases(desk, FILES[:-1])


def _read_case(file: str, case: Mapping[str, object]) -> GoldenCase:
    rows = case["records"]
    return GoldenCase(
        name=str(case["id"]),
        file=file,
        rule=str(case["rule"]),
        message=str(case["message"]),
        rows=None if rows is None else tuple(dict(zip(_COLUMNS, row, strict=True)) for row in rows),  # type: ignore[attr-defined]
        user_type=str(case["user_type"]) if "user_type" in case else None,
        expected=case["expected"],  # type: ignore[arg-type]
        accept=case.get("accept") or {},  # type: ignore[arg-type]
    )
