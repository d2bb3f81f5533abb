"""Clients from a file of another system: CSV, JSON or JSON lines, under whatever names its columns have.

    casewright import clients clients.csv

Nothing is guessed: an amount, a day or a currency that can be read in two ways is refused with its line and
the reason, and so are a meeting that lies ahead and a name with markup. A row that says nothing about a field
leaves it unknown. It writes nothing: `StoredClients` does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from casewright.adapters.importers.amounts import read_amount
from casewright.adapters.importers.client_columns import read_client_headings
from casewright.adapters.importers.records import FoundRecord, read_records, show_heading
from casewright.adapters.importers.shop import Problem
from casewright.adapters.importers.values import BadValue, is_nothing, read_id, read_text
from casewright.domain.client import Client
from casewright.domain.money import Money

COLUMNS = {
    "client_id": ("id", "client_code", "account_number"),
    "name": ("client_name", "company", "organisation"),
    "industry": ("sector", "vertical", "segment"),
    "spend": ("spend_ytd", "total_spend", "spend_usd"),
    "currency": ("spend_currency",),
    "last_meeting": ("last_meeting_date", "last_met", "last_contact"),
    "account_manager": ("manager", "account_owner", "sales_rep"),
}
"""Names of columns, as an error offers them; which are understood is `client_columns`'."""
_MARKUP = re.compile(r"[<>{}\[\]\\`|^~*=]|&(?:#|[a-z]+;)|//|(?:javascript|data|vbscript)\s*:", re.IGNORECASE)
"""Signs of markup and code that no name needs; an answer that showed them would be held back."""
_DAY_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y",
    "%d-%b-%Y",
)  # fmt: skip
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class ImportedClients:
    """What a file holds: its clients, the rows that were refused, and the columns that mean nothing here."""

    clients: tuple[Client, ...]
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]


def read_clients(path: Path, *, currency: str, today: date) -> ImportedClients:
    """The clients of a file. `currency`: of amounts that name none.

    Raises ConfigurationError, MalformedRequest or TooLarge for a file that cannot be read at all.
    """
    found = read_records(path, COLUMNS, ("client_id", "name"), means=read_client_headings)
    problems = list(found.problems)
    clients: dict[str, Client] = {}
    lines: dict[str, int] = {}
    for record in found.records:
        try:
            client = _read_client(record, currency, today)
            if client.client_id in clients:
                raise BadValue(f"its client_id stands on line {lines[client.client_id]} already")
            clients[client.client_id] = client
            lines[client.client_id] = record.line
        except BadValue as error:
            problems.append(Problem(path.name, record.line, "client", str(error)))
    problems.sort(key=lambda problem: problem.line)
    return ImportedClients(tuple(clients.values()), tuple(problems), found.unread)


def _read_client(record: FoundRecord, currency: str, today: date) -> Client:
    fields = record.fields
    for name, rival in record.rivals.items():
        one, other = show_heading(record.headings[name]), show_heading(rival)
        raise BadValue(f"{name} stands in the columns {one!r} and {other!r}, which differ; leave one out")
    client_id = fields.get("client_id")
    if isinstance(client_id, int) and not isinstance(client_id, bool):
        client_id = str(client_id)
    return Client(
        client_id=read_id(client_id.strip() if isinstance(client_id, str) else client_id, "client_id"),
        name=_read_name(None if is_nothing(fields.get("name")) else fields["name"], "name"),
        industry=_read_optional(fields, "industry"),
        spend=_read_spend(record, currency),
        last_meeting=_read_meeting(fields.get("last_meeting"), today),
        account_manager=_read_optional(fields, "account_manager"),
    )


def _read_name(value: object, name: str) -> str:
    """A text that answers show as it is."""
    text = read_text(value, name)
    if _MARKUP.search(text):
        raise BadValue(f"{name} has signs of markup, such as <, [ or `; write it in plain letters")
    return text


def _read_optional(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return None if is_nothing(value) else _read_name(value, name)


def _read_spend(record: FoundRecord, currency: str) -> Money | None:
    value, given = record.fields.get("spend"), record.fields.get("currency")
    if is_nothing(value):
        return None
    return read_amount(
        value,
        "spend",
        heading=record.headings["spend"],
        given=None if is_nothing(given) else given,
        default=currency,
    )


def _read_meeting(value: object, today: date) -> date | None:
    day = _read_day(value, "last_meeting")
    if day is not None and day > today:
        raise BadValue(f"last_meeting lies ahead: it is after {today.isoformat()}")
    return day


def _read_day(value: object, name: str) -> date | None:
    """A day; of a moment, its day. `03/04/2026` is two days to two readers, so it is refused."""
    if is_nothing(value):
        return None
    if not isinstance(value, str) or len(value) > 40:
        raise BadValue(f"{name} is not a day; write 2026-03-05")
    text = value.strip()
    slashed = _SLASHED.fullmatch(text)
    if slashed is not None:
        return _read_slashed(int(slashed[1]), int(slashed[2]), int(slashed[3]), name)
    for form in _DAY_FORMATS:
        try:
            return _check_year(datetime.strptime(text, form).replace(tzinfo=UTC).date(), name)
        except ValueError:
            continue
    try:
        return _check_year(datetime.fromisoformat(text).date(), name)
    except ValueError:
        raise BadValue(f"{name} is not a day; write 2026-03-05") from None


def _read_slashed(one: int, two: int, year: int, name: str) -> date:
    if one <= 12 and two <= 12 and one != two:
        raise BadValue(f"{name} may be day/month or month/day; write 2026-03-05")
    day, month = (one, two) if two <= 12 else (two, one)
    try:
        return _check_year(date(year, month, day), name)
    except ValueError:
        raise BadValue(f"{name} is not a day; write 2026-03-05") from None


def _check_year(day: date, name: str) -> date:
    if day.year < _FIRST_YEAR:
        raise BadValue(f"{name} is before {_FIRST_YEAR}")
    return day
