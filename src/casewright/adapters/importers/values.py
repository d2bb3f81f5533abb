"""Values of a foreign row, read strictly: what does not fit raises BadValue with a sentence; no guesses.

Invariant: no float. Money is read as decimal text into minor units, exactly. No sentence quotes a value that
may be personal: it names the field only.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

LONGEST_ID = 64
LONGEST_TEXT = 300
MOST_MINOR = 10**12
_IDENTIFIER = re.compile(r"[A-Za-z0-9#][A-Za-z0-9_.:#/-]{0,63}")
_NOISE = Decimal("1e-6")
"""In minor units: what binary floats leave behind when a source has added them up."""
_TIME_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")


_NOTHING = frozenset(
    {"", "-", "--", "–", "—", "?", "n/a", "#n/a", "n.a.", "na", "nan", "nat", "nil", "none", "null",
     "unknown", "not known", "never", "tbd", "tbc"}
)  # fmt: skip
"""How tables write that they do not know."""


class BadValue(Exception):
    """A field that cannot be taken as it is; its text is the reason."""


def is_nothing(value: object) -> bool:
    """Whether a field says that it is not known: empty, `nan`, `n/a`, `-`."""
    if isinstance(value, str):
        return value.strip().lower() in _NOTHING
    return value is None or (isinstance(value, float | Decimal) and value != value)


def read_id(value: object, name: str) -> str:
    """An identifier as the tools take one."""
    if not isinstance(value, str) or not value.strip():
        raise BadValue(f"{name} is missing")
    if not _IDENTIFIER.fullmatch(value):
        raise BadValue(f"{name} is no id of up to {LONGEST_ID} letters, digits and the marks _ . : # / -")
    return value


def read_text(value: object, name: str, *, is_required: bool = True) -> str:
    """One line of text without control characters, blanks at its ends taken off."""
    if value is None and not is_required:
        return ""
    if not isinstance(value, str) or (is_required and not value.strip()):
        raise BadValue(f"{name} is missing")
    text = value.strip()
    if len(text) > LONGEST_TEXT:
        raise BadValue(f"{name} is longer than {LONGEST_TEXT} characters")
    if not text.isprintable():
        raise BadValue(f"{name} has characters that cannot be printed")
    return text


def read_minor(value: object, name: str, *, may_be_negative: bool = False) -> int:
    """Minor units (two decimals) of a decimal number or its text."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise BadValue(f"{name} is not an amount")
    if isinstance(value, str) and len(value) > 32:
        raise BadValue(f"{name} is not an amount")
    try:
        amount = (Decimal(value.strip()) if isinstance(value, str) else Decimal(value)) * 100
    except ArithmeticError:
        raise BadValue(f"{name} is not an amount") from None
    if not amount.is_finite() or abs(amount) > MOST_MINOR:
        raise BadValue(f"{name} is not an amount, or too large")
    minor = int(amount.to_integral_value())
    if abs(amount - minor) > _NOISE:
        raise BadValue(f"{name} has more than two decimals")
    if minor < 0 and not may_be_negative:
        raise BadValue(f"{name} is negative")
    return minor


def read_time(value: str, name: str, *, utc_offset_minutes: int = 0) -> datetime | None:
    """An aware moment in UTC of a local time such as `2018-05-02 10:00:00`; None: empty."""
    text = value.strip()
    if not text:
        return None
    zone = timezone(timedelta(minutes=utc_offset_minutes))
    for written in _TIME_FORMATS:
        try:
            return datetime.strptime(text, written).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise BadValue(f"{name} is no time; write it as 2018-05-02 10:00:00")
