"""Amounts as people write them: `$400k`, `BDT 1,20,000`, `1.2 lakh`, `৳ ১,২০,০০০`; exact, or refused.

Invariant: what can be read in two ways is none: `1,5`, `1.200`, a currency that is not known, two of them.
"""

import re
from decimal import Decimal

from casewright.adapters.importers.values import BadValue, read_minor
from casewright.domain.money import Money

CODES = frozenset(
    {
        "AED", "AUD", "BDT", "BHD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "HKD",
        "HUF", "IDR", "INR", "JPY", "KES", "KRW", "KWD", "LKR", "MXN", "MYR", "NGN", "NOK", "NPR", "NZD",
        "OMR", "PHP", "PKR", "PLN", "QAR", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "VND", "ZAR",
    }
)  # fmt: skip
_MARKS = {
    "$": "USD", "us$": "USD", "€": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP", "৳": "BDT", "tk": "BDT", "taka": "BDT", "টাকা": "BDT", "₹": "INR",
}  # fmt: skip
CURRENCY_WORDS = frozenset(code.lower() for code in CODES) | {mark for mark in _MARKS if mark.isascii()}
_TIMES = {
    "k": 1_000, "thousand": 1_000, "হাজার": 1_000, "m": 1_000_000, "mn": 1_000_000, "mln": 1_000_000,
    "million": 1_000_000, "bn": 10**9, "billion": 10**9, "lakh": 100_000, "lakhs": 100_000, "lac": 100_000,
    "lacs": 100_000, "লাখ": 100_000, "লক্ষ": 100_000, "cr": 10**7, "crore": 10**7, "crores": 10**7,
    "কোটি": 10**7,
}  # fmt: skip
_WORD = r"[^\W\d_]+|[\u0980-\u09e5\u09f0-\u09ff]+"
_MARK = rf"(?:us\$|[$€£৳₹]|{_WORD})"
_AMOUNT = re.compile(
    rf"(?P<before>{_MARK})?\.?\s*(?P<number>\d[\d,' ]*(?:\.\d+)?)\s*(?:/[-=])?\s*"
    rf"(?:(?P<unit>{'|'.join(sorted(_TIMES, key=len, reverse=True))})(?![^\W\d_]))?\s*(?P<after>{_MARK})?\.?",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:[,' ]\d{2,3})*[,' ]\d{3}|\d+")
_TWO_READINGS = re.compile(r"\d{1,3}\.\d{3}")
"""A thousand to some, one and no more to others."""
_CODE = re.compile(r"[A-Z]{3}")
_LONGEST = 64


def read_amount(value: object, name: str, *, heading: str, given: object, default: str) -> Money:
    """An amount in minor units. Its currency stands with it, in the heading, or in a column (`given`).

    `default`: where it stands nowhere. Raises BadValue.
    """
    in_heading, in_column = read_heading_currency(heading), None if given is None else read_code(given)
    said = {code for code in (in_heading, in_column) if code is not None}
    if not isinstance(value, str):
        return Money(read_minor(value, name), _choose(said, name, default))
    form = _AMOUNT.fullmatch(value.strip()) if len(value) <= _LONGEST else None
    if form is None or not _GROUPED.fullmatch(form["number"].partition(".")[0].strip()):
        raise BadValue(f"{name} is not an amount")
    if not form["unit"] and _TWO_READINGS.fullmatch(form["number"]):
        raise BadValue(f"{name} has more than two decimals")
    said |= {_read_mark(mark, name) for mark in (form["before"], form["after"]) if mark}
    amount = Decimal(re.sub(r"[,' ]", "", form["number"])) * _TIMES.get((form["unit"] or "").lower(), 1)
    return Money(read_minor(amount, name), _choose(said, name, default))


def read_code(value: object) -> str:
    """The code of a currency: `USD`, `$`. Raises BadValue."""
    text = str(value).strip()
    code = _MARKS.get(text.lower(), text.upper())
    if not _CODE.fullmatch(code):
        raise BadValue("currency is no code of three letters")
    return code


def read_heading_currency(heading: str) -> str | None:
    """The currency that a heading such as `spend_ytd_bdt` or `Spend ($)` names."""
    parts = re.findall(r"us\$|[$€£৳₹]|[a-z]+", heading.lower())
    return next((code for part in parts if (code := _find_currency(part))), None)


def _find_currency(mark: str) -> str | None:
    return _MARKS.get(mark.lower()) or (mark.upper() if mark.upper() in CODES else None)


def _read_mark(mark: str, name: str) -> str:
    code = _find_currency(mark)
    if code is None:
        raise BadValue(f"{name} is not an amount")
    return code


def _choose(said: set[str], name: str, default: str) -> str:
    if len(said) > 1:
        raise BadValue(f"{name} names two currencies")
    return next(iter(said), default)
