"""Reads a ticket tolerantly: what can be understood is used, what cannot is named and skipped.

Only three things are refused: a body that is not an object, a required field that is missing or not a string,
and a complaint with nothing in it (or far too much). Everything optional that is wrong counts as absent.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from casewright.domain.case import Case, Channel, Language, UserType
from casewright.domain.errors import MalformedRequest, MeaninglessRequest, TooLarge
from casewright.domain.money import MINOR_PER_MAJOR, Money
from casewright.domain.record import Record, RecordKind, RecordStatus
from casewright.language.normalise import normalise

MAX_COMPLAINT_CHARS = 20_000
MAX_ROWS = 1_000
_GLANCE = 64
"""A letter or digit among the first characters shows that a complaint is not blank."""
MAX_COUNTERPARTY_CHARS = 200
"""A longer one is no name of anybody, and counts as absent."""
_LARGEST_AMOUNT = Decimal(10) ** 13
_MONEY_WORDS = (
    r"(?:(?:bdt|tks?|takas?|usd|rs|inr|only|approx|about|around|amount|total|paid|টাকা|৳|মাত্র)"
    r"(?![a-z\u0980-\u09ff])[^\w]*)*"
)
_AMOUNT = re.compile(rf"[^\w-]*{_MONEY_WORDS}(-?[0-9][0-9,]*(?:\.[0-9]+)?)[^\w]*{_MONEY_WORDS}")
"""A number with nothing around it but words of money: "OTP-4821" is none, and would be repeated as one."""
EnumT = TypeVar("EnumT", bound=StrEnum)


def read_ticket(document: object, *, max_complaint_chars: int = MAX_COMPLAINT_CHARS) -> Case:
    """A case from a decoded JSON body.

    Raises MalformedRequest (not an object; `ticket_id` or `complaint` missing or not a string), TooLarge
    (complaint over the limit), MeaninglessRequest (complaint blank).
    """
    if not isinstance(document, (dict, Mapping)):
        raise MalformedRequest(
            "The body must be a JSON object with ticket_id and complaint.", code="not_an_object"
        )
    ticket_id = _required_text(document, "ticket_id")
    complaint = _required_text(document, "complaint")
    if len(complaint) > max_complaint_chars:
        raise TooLarge(
            f"The complaint is longer than {max_complaint_chars} characters; shorten it.",
            code="complaint_too_long",
        )
    if not any(map(str.isalnum, complaint[:_GLANCE])) and not normalise(complaint).text.strip():
        raise MeaninglessRequest("The complaint is blank; write what happened.", code="blank_complaint")
    records, problems = _read_rows(document.get("transaction_history"))
    return Case(
        case_id=ticket_id,
        message=complaint,
        records=records,
        language_hint=_member(Language, document.get("language")),
        channel=_member(Channel, document.get("channel")),
        user_type=_member(UserType, document.get("user_type")),
        problems=problems,
    )


def _required_text(document: Mapping[object, object], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        problem = "is missing" if name not in document else "must be a string"
        raise MalformedRequest(f"{name} {problem}.", code=f"invalid_{name}")
    return value


def _member(kind: type[EnumT], value: object) -> EnumT | None:
    if not isinstance(value, str):
        return None
    members: Mapping[object, EnumT] = kind._value2member_map_  # type: ignore[assignment]
    return members.get(value) or members.get(value.strip().lower())


def _read_rows(value: object) -> tuple[tuple[Record, ...], tuple[str, ...]]:
    if value is None:
        return (), ()
    if not isinstance(value, list):
        return (), ("history_unreadable",)
    records: list[Record] = []
    ids: set[str] = set()
    problems: dict[str, None] = {}
    if len(value) > MAX_ROWS:
        problems["history_truncated"] = None
    for row in value[:MAX_ROWS]:
        record = _read_row(row)
        if record is None:
            problems["row_skipped"] = None
        elif record.record_id in ids and record in records:
            problems["row_repeated"] = None
        else:
            ids.add(record.record_id)
            records.append(record)
    return tuple(records), tuple(problems)


def _read_row(row: object) -> Record | None:
    """A record, or None where there is no id, or an amount that is there but cannot be read."""
    if not isinstance(row, (dict, Mapping)):
        return None
    record_id = row.get("transaction_id")
    if not isinstance(record_id, str) or not record_id.strip():
        return None
    raw_amount = row.get("amount")
    amount = read_amount(raw_amount)
    if amount is None and raw_amount is not None:
        return None
    return Record(
        record_id=record_id,
        kind=_member(RecordKind, row.get("type")),
        status=_member(RecordStatus, row.get("status")),
        amount=amount,
        counterparty=_read_counterparty(row.get("counterparty")),
        occurred_at=_read_time(row.get("timestamp")),
    )


def _read_counterparty(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > MAX_COUNTERPARTY_CHARS:
        return None
    return value.strip() or None


def read_amount(value: object) -> Money | None:
    """Money from a number or from text such as "1,500.50 BDT" or "৫০০"; None where it is neither."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return Money(value * MINOR_PER_MAJOR) if abs(value) <= _LARGEST_AMOUNT else None
    text = repr(value) if isinstance(value, float) else value
    if not isinstance(text, str):
        return None
    if not isinstance(value, float):
        match = _AMOUNT.fullmatch(normalise(text[:64]).text)
        if match is None:
            return None
        text = match[1].replace(",", "")
    try:
        number = Decimal(text)
        if not number.is_finite() or abs(number) > _LARGEST_AMOUNT:
            return None
        return Money(int((number * MINOR_PER_MAJOR).to_integral_value()))
    except InvalidOperation:
        return None


def _read_time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
