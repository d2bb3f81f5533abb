"""Files of customers and outcomes for the retention desk, read row by row with the names that a body may use.

Columns are found whatever their letter case, blanks and underscores; the public churn table is read as it is.
Invariants: a file without the columns that are needed is refused whole; a row that cannot be taken is a
problem with its line, and spoils no other. It keeps nothing.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casewright.desks.retention.quiet_hours import find_zone
from casewright.domain.errors import ConfigurationError
from casewright.ports.outreach import OutcomeReport
from casewright.service.retention_fields import FIELDS, Field, read_fields

MOST_ROWS = 5_000_000
_YES, _NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})
_EMPTY = frozenset({"", "nan", "null", "none", "n/a", "-"})
_OUTCOMES = {
    "accepted": "was_accepted",
    "complained": "has_complained",
    "churned": "has_churned",
    "unsubscribed": "has_unsubscribed",
}
_MOST_SHOWN, _LONGEST_SHOWN = 20, 40
UTC_NAME, NO_ZONE = "Etc/UTC", "is no time zone that is known here; an IANA name, such as Asia/Dhaka"
_CHURN_SERVICES = (
    "phoneservice",
    "multiplelines",
    "onlinesecurity",
    "onlinebackup",
    "deviceprotection",
    "streamingtv",
    "streamingmovies",
)
_CHURN_COLUMNS = frozenset({*_CHURN_SERVICES, "internetservice", "paymentmethod"})
_CHURN_TIERS = {"no": "basic", "dsl": "standard", "fiber optic": "premium"}


@dataclass(frozen=True, slots=True)
class FileRows:
    """What a file holds: rows that can be taken, and lines that cannot."""

    rows: tuple[Any, ...]
    problems: tuple[str, ...] = field(default=())
    """Line and reason of each."""
    others: tuple[str, ...] = field(default=())
    """Columns that no fact is read from: they feed the risk model only."""


def read_customers(path: Path, defaults: Mapping[str, Any]) -> FileRows:
    """(id, facts, features) of every row; `defaults` are facts of those that do not say.

    Raises ConfigurationError for a file without a column of ids.
    """
    rows: list[tuple[str, dict[str, Any], dict[str, float | str]]] = []
    problems: list[str] = []
    names = {_fold(alias): alias for name, each in FIELDS.items() for alias in (name, *each.aliases)}
    header = _read_header(path)
    if not any(
        _name_of(names[_fold(column)]) == "customer_id" for column in header if _fold(column) in names
    ):
        raise ConfigurationError(f"{path}: line 1: no column customer_id; {_shown(header)}")
    others = tuple(column for column in header if _fold(column) not in {*names, *_CHURN_COLUMNS})
    for line, row in _read(path):
        given: dict[str, Any] = {}
        features: dict[str, float | str] = {}
        from_table = _read_churn_table(row)
        for column, cell in row.items():
            if cell.strip().lower() in _EMPTY:
                continue
            alias = names.get(_fold(column))
            if alias is None or _name_of(alias) != "customer_id":
                features[column] = _number(cell)
            if alias is not None and _name_of(alias) not in from_table:
                given[alias] = _as_json(FIELDS[_name_of(alias)], cell)
        wrong: list[str] = []
        facts = read_fields(FIELDS, given, wrong)
        if find_zone(facts.get("timezone", UTC_NAME)) is None:
            wrong.append(f"timezone: {NO_ZONE}")
        facts = {**defaults, **from_table, **facts}
        customer_id = facts.pop("customer_id", None)
        if customer_id is None and not wrong:
            wrong.append("customer_id: is missing")
        if wrong:
            problems.append(f"line {line}: {'; '.join(wrong)}")
        elif customer_id is not None:
            rows.append((customer_id, facts, features))
    return FileRows(tuple(rows), tuple(problems), others)


def read_outcomes(path: Path) -> FileRows:
    """(decision id, report) of every row; columns decision_id and any of accepted, complained, churned,
    revenue_minor, unsubscribed. Raises ConfigurationError for a file with other columns, or none of these."""
    rows: list[tuple[str, OutcomeReport]] = []
    problems: list[str] = []
    _check_outcome_columns(path)
    for line, row in _read(path):
        cells = {_fold(column): cell.strip() for column, cell in row.items()}
        try:
            decision_id = cells.get("decisionid", "")
            if not decision_id:
                raise ValueError("decision_id: is missing")
            values: dict[str, Any] = {
                name: _flag(column, cells[column])
                for column, name in _OUTCOMES.items()
                if cells.get(column, "").lower() not in _EMPTY
            }
            revenue = cells.get("revenueminor", "")
            if revenue.lower() not in _EMPTY:
                values["revenue_minor"] = _whole("revenue_minor", revenue)
            if not values:
                raise ValueError("nothing is said of it")
            rows.append((decision_id, OutcomeReport(**values)))
        except ValueError as error:
            problems.append(f"line {line}: {error}")
    return FileRows(tuple(rows), tuple(problems))


def _check_outcome_columns(path: Path) -> None:
    header = _read_header(path)
    known = {*_OUTCOMES, "decisionid", "revenueminor"}
    found = [_fold(column) for column in header]
    wrong = []
    if "decisionid" not in found:
        wrong.append("no column decision_id")
    if not {*_OUTCOMES, "revenueminor"} & set(found):
        wrong.append("none of the columns accepted, complained, churned, unsubscribed, revenue_minor")
    unknown = [column for column, name in zip(header, found, strict=True) if name not in known]
    if unknown and not wrong:
        wrong.append(f"columns that nothing is read from: {', '.join(map(_short, unknown[:_MOST_SHOWN]))}")
    if len(set(found)) < len(found):
        wrong.append("a column stands twice")
    if wrong:
        raise ConfigurationError(f"{path}: line 1: {'; '.join(wrong)}; {_shown(header)}")


def _read_header(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [name for name in next(csv.reader(file), []) if name.strip()]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path} cannot be read as CSV: {error}") from None


def _shown(header: list[str]) -> str:
    if not header:
        return "the file is empty"
    hint = "; cells are parted by commas" if len(header) == 1 and set(header[0]) & set(";\t|") else ""
    return f"there are: {', '.join(map(_short, header[:_MOST_SHOWN]))}{hint}"


def _short(name: str) -> str:
    return repr(name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…")


def _read(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                if reader.line_num > MOST_ROWS:
                    raise ConfigurationError(f"{path}: more than {MOST_ROWS:,} rows; split the file")
                yield reader.line_num, {name: cell for name, cell in row.items() if name and cell is not None}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path} cannot be read as CSV: {error}") from None


def _read_churn_table(row: Mapping[str, str]) -> dict[str, Any]:
    """What the public churn table says in columns of its own."""
    cells = {_fold(column): cell.strip().lower() for column, cell in row.items()}
    if "paymentmethod" not in cells or "internetservice" not in cells:
        return {}
    return {
        "pays_automatically": "automatic" in cells["paymentmethod"],
        "tier": _CHURN_TIERS.get(cells["internetservice"], "standard"),
        "services": sum(cells.get(name) == "yes" for name in _CHURN_SERVICES),
        "has_support": cells.get("techsupport") == "yes",
    }


def _as_json(each: Field, cell: str) -> Any:
    """A cell as a body would hold it; what it cannot be is left for the reader to name."""
    text = cell.strip()
    if each.kind == "flag":
        low = text.lower()
        return True if low in _YES else False if low in _NO else text
    if each.kind in ("id", "choice", "zone"):
        return text
    return _number(text)


def _number(cell: str) -> float | str:
    try:
        value = float(cell)
    except ValueError:
        return cell.strip()
    return value if abs(value) < 1e15 else cell.strip()


def _flag(name: str, cell: str) -> bool:
    low = cell.lower()
    if low in _YES or low in _NO:
        return low in _YES
    raise ValueError(f"{name}: is yes or no")


def _whole(name: str, cell: str) -> int:
    try:
        return int(cell)
    except ValueError:
        raise ValueError(f"{name}: is a whole number") from None


def _name_of(alias: str) -> str:
    return next(name for name, each in FIELDS.items() if alias in (name, *each.aliases))


def _fold(name: str) -> str:
    return "".join(mark for mark in name.lower() if mark.isalnum())
