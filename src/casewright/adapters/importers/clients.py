"""Clients from a file of another system: CSV, JSON or JSON lines, under whatever names its columns have.

    casewright import clients clients.csv

Nothing is guessed: an amount, a day or a currency that can be read in two ways is refused with its line and
the reason. A row that says nothing about a field leaves it unknown. It writes nothing: `StoredClients` does.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from casewright.adapters.importers.records import FoundRecord, read_records
from casewright.adapters.importers.shop import Problem
from casewright.adapters.importers.values import BadValue, read_id, read_minor, read_text
from casewright.domain.client import Client
from casewright.domain.money import Money

COLUMNS = {
    "client_id": (
        "id", "client", "client_no", "client_number", "client_code", "account_id", "customer_id", "crm_id",
    ),
    "name": (
        "client_name", "company", "company_name", "account_name", "customer_name", "organisation",
        "organization", "account",
    ),
    "industry": ("sector", "vertical", "segment", "industry_name", "client_industry", "category"),
    "spend": (
        "spend_ytd", "ytd_spend", "spend_year_to_date", "year_to_date_spend", "total_spend", "annual_spend",
        "spend_usd", "spend_amount", "media_spend", "ad_spend", "budget",
    ),
    "currency": ("spend_currency", "currency_code"),
    "last_meeting": (
        "last_meeting_date", "last_meeting_at", "last_met", "last_met_on", "last_contact",
        "last_contact_date", "meeting_date", "date_of_last_meeting",
    ),
    "account_manager": (
        "manager", "owner", "account_owner", "account_manager_name", "am", "account_executive", "sales_rep",
        "rep",
    ),
}  # fmt: skip
_NOTHING = frozenset({"", "-", "–", "—", "n/a", "na", "nan", "none", "null", "unknown", "never"})
_CURRENCIES = {"$": "USD", "€": "EUR", "£": "GBP", "৳": "BDT", "₹": "INR"}
_AMOUNT = re.compile(
    r"(?P<before>[A-Z]{3}|[$€£৳₹])?\s*(?P<number>\d[\d,' ]*(?:\.\d+)?)\s*"
    r"(?P<unit>k|m|thousand|million|lakh)?\s*(?P<after>[A-Z]{3}|[$€£৳₹])?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[,' ]\d{2,3})*[,' ]\d{3}|\d+")
_TIMES = {"k": 1_000, "thousand": 1_000, "lakh": 100_000, "m": 1_000_000, "million": 1_000_000}
_CODE = re.compile(r"[A-Z]{3}")
_DAY_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y",
    "%d-%b-%Y",
)  # fmt: skip
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_FIRST_YEAR = 1990


def read_clients(path: Path, *, currency: str) -> tuple[tuple[Client, ...], tuple[Problem, ...]]:
    """The clients of a file, and the rows that were refused. `currency`: of amounts that name none.

    Raises ConfigurationError, MalformedRequest or TooLarge for a file that cannot be read at all.
    """
    found = read_records(path, COLUMNS, ("client_id", "name"))
    problems = list(found.problems)
    clients: dict[str, Client] = {}
    lines: dict[str, int] = {}
    for record in found.records:
        try:
            client = _read_client(record, currency)
            if client.client_id in clients:
                raise BadValue(f"its client_id stands on line {lines[client.client_id]} already")
            clients[client.client_id] = client
            lines[client.client_id] = record.line
        except BadValue as error:
            problems.append(Problem(path.name, record.line, "client", str(error)))
    problems.sort(key=lambda problem: problem.line)
    return tuple(clients.values()), tuple(problems)


def _read_client(record: FoundRecord, currency: str) -> Client:
    fields = record.fields
    client_id = fields.get("client_id")
    if isinstance(client_id, int) and not isinstance(client_id, bool):
        client_id = str(client_id)
    return Client(
        client_id=read_id(client_id.strip() if isinstance(client_id, str) else client_id, "client_id"),
        name=read_text(fields.get("name"), "name"),
        industry=_read_optional(fields, "industry"),
        spend=_read_spend(fields, currency),
        last_meeting=_read_day(fields.get("last_meeting"), "last_meeting"),
        account_manager=_read_optional(fields, "account_manager"),
    )


def _is_nothing(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING)


def _read_optional(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return None if _is_nothing(value) else read_text(value, name)


def _read_spend(fields: Mapping[str, Any], currency: str) -> Money | None:
    """`120000`, `$120,000.50`, `120k`, `1.2 million EUR`: exact, in minor units."""
    value = fields.get("spend")
    given = fields.get("currency")
    said = None if _is_nothing(given) else _read_code(given)
    if _is_nothing(value):
        return None
    if not isinstance(value, str):
        return Money(read_minor(value, "spend"), said or currency)
    form = _AMOUNT.fullmatch(value.strip()) if len(value) <= 64 else None
    if form is None or not _GROUPED.fullmatch(form["number"].partition(".")[0].strip()):
        raise BadValue("spend is not an amount")
    marks = {_read_code(mark) for mark in (form["before"], form["after"]) if mark} | ({said} - {None})
    if len(marks) > 1:
        raise BadValue("spend names two currencies")
    digits = re.sub(r"[,' ]", "", form["number"])
    amount = Decimal(digits) * _TIMES.get((form["unit"] or "").lower(), 1)
    return Money(read_minor(amount, "spend"), next(iter(marks), None) or currency)


def _read_code(value: object) -> str:
    code = _CURRENCIES.get(str(value).strip(), str(value).strip().upper())
    if not _CODE.fullmatch(code):
        raise BadValue("currency is no code of three letters")
    return code


def _read_day(value: object, name: str) -> date | None:
    """A day; of a moment, its day. `03/04/2026` is two days to two readers, so it is refused."""
    if _is_nothing(value):
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
