"""Figures: amounts of spend and ages of meetings that a question states, with how they are meant.

An amount has the currency that stands beside it, or none. "Under 150k" is the largest amount below,
"above 300k" the smallest above. Ids, years, quarters and percentages are no amounts. Nothing here knows the
playbook's currency or its thresholds.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from casewright.language.normalise import normalise
from casewright.language.numbers import UNIT, read_number
from casewright.language.passage import Passage, build_passage
from casewright.language.tokens import tokenise

_MINOR: Final = UNIT // 100
_LEAST_BARE: Final = 1_000 * UNIT
_YEARS: Final = range(2000, 2100)
_DAYS_OF: Final = {
    **dict.fromkeys(("day", "days", "din", "d", "দিন"), 1),
    **dict.fromkeys(("week", "weeks", "wk", "wks", "soptaho", "সপ্তাহ"), 7),
    **dict.fromkeys(("month", "months", "mos", "mash", "mas", "মাস"), 31),
    **dict.fromkeys(("year", "years", "yr", "yrs", "bochor", "বছর"), 366),
}
"""Longest lengths: a meeting is never taken for more recent than it was."""
_CURRENCIES: Final = {
    **dict.fromkeys(("$", "usd", "dollar", "dollars"), "USD"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds"), "GBP"),
    **dict.fromkeys(("৳", "bdt", "tk", "taka", "takar", "টাকা", "টাকার"), "BDT"),
    **dict.fromkeys(("₹", "inr", "rupee", "rupees", "rs"), "INR"),
    **dict.fromkeys(("¥", "jpy", "yen"), "JPY"),
}
_UNDER: Final = frozenset(
    {"under", "below", "beneath", "underneath", "less", "lower", "fewer", "<", "kom", "কম"}
)
_ABOVE: Final = frozenset(
    {
        "above",
        "over",
        "more",
        "exceeds",
        "exceeding",
        "beyond",
        "greater",
        "higher",
        ">",
        "beshi",
        "বেশি",
        "past",
    }
)
_SCALES: Final = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "mln": 1_000_000}
"""Set apart from the digits ("150 k"), or not read as a scale elsewhere."""
_REACH: Final = 3
_GOING_BACK: Final = frozenset(
    {
        "than",
        "of",
        "the",
        "a",
        "an",
        "is",
        "spend",
        "spending",
        "about",
        "$",
        "৳",
        "€",
        "£",
        "₹",
        "bdt",
        "usd",
        "tk",
        "rs",
    }
)


class Side(StrEnum):
    """Which amounts are meant by a stated one."""

    AT = "at"
    UNDER = "under"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in minor units; `currency` None: none was said. `words` are places in the normalised text."""

    minor: int
    currency: str | None
    start: int
    end: int
    side: Side = Side.AT
    """UNDER: `minor` is the largest amount below the stated one; ABOVE: the smallest above it."""

    @property
    def stated_minor(self) -> int:
        """The amount as it was written."""
        return self.minor + {Side.UNDER: 1, Side.ABOVE: -1}.get(self.side, 0)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a question counts."""

    spends: tuple[Figure, ...] = ()
    days_since_meeting: int | None = None


def read_figures(text: str) -> Figures:
    """The amounts and the age of a meeting that a text states."""
    passage = build_passage(tokenise(normalise(text).text))
    spends: list[Figure] = []
    days: int | None = None
    index = 0
    while index < passage.count:
        number = read_number(passage, index) if _may_start(passage, index) else None
        if number is None or number.is_ambiguous:
            index += 1
            continue
        last, value, is_scaled = number.last, number.value, number.is_scaled
        if not is_scaled and passage.word(last) in _SCALES:
            value, is_scaled = value * _SCALES[passage.word(last)], True
            last += 1
        unit = passage.word(last)
        if unit in _DAYS_OF:
            days = value // UNIT * _DAYS_OF[unit] if days is None else days
        elif not _is_no_amount(passage, index, last, value, is_scaled=is_scaled):
            if not is_scaled and value < _LEAST_BARE:
                value = value * _scale_of_range(passage, last)
            currency = _currency_at(passage, last) or _currency_at(passage, index - 1)
            if is_scaled or value >= _LEAST_BARE or currency is not None:
                stated = value // _MINOR
                minor = _bounded(passage, index, last, stated)
                side = Side.AT if minor == stated else Side.UNDER if minor < stated else Side.ABOVE
                spends.append(Figure(minor, currency, passage.starts[index], passage.ends[last - 1], side))
        index = max(last, index + 1)
    return Figures(tuple(spends), days)


def _may_start(passage: Passage, index: int) -> bool:
    """A number does not start inside an id ("c-104") or a quarter ("q3")."""
    if not passage.is_digits(index):
        return passage.entry(index) is not None
    before = index - 1
    if passage.is_glued(index) and passage.word(before) in ("-", "_", "#", "/"):
        return not (passage.is_letters(before - 1) and passage.is_glued(before))
    return not (
        passage.is_glued(index) and passage.is_letters(before) and passage.word(before) not in _CURRENCIES
    )


def _is_no_amount(passage: Passage, index: int, last: int, value: int, *, is_scaled: bool) -> bool:
    if passage.word(last) in ("%", "percent", "th", "st", "nd", "rd"):
        return True
    if not is_scaled and value % UNIT == 0 and value // UNIT in _YEARS and last == index + 1:
        beside = (passage.word(last), passage.word(index - 1))
        return not any(word in _CURRENCIES for word in beside)
    return False


def _scale_of_range(passage: Passage, last: int) -> int:
    """ "150 to 300k": the scale stands once, for both."""
    if passage.word(last) in ("-", "to", "and", "–") and passage.is_digits(last + 1):
        after = read_number(passage, last + 1)
        if after is not None and after.is_scaled:
            digits = passage.words[last + 1]
            if digits.replace(".", "", 1).isdigit():
                return max(1, after.value // max(1, int(float(digits) * UNIT)))
    return 1


def _currency_at(passage: Passage, index: int) -> str | None:
    if passage.word(index) == ".":
        index -= 1
    return _CURRENCIES.get(passage.word(index))


def _bounded(passage: Passage, index: int, last: int, minor: int) -> int:
    """The amount that is meant by "under", "above" and the like."""
    if passage.word(last) in ("or", "and") and passage.word(last + 1) in (
        "more",
        "above",
        "over",
        "less",
        "below",
    ):
        return minor
    for back in range(1, _REACH + 1):
        word = passage.word(index - back)
        if word in _UNDER or word in _ABOVE:
            if passage.word(index - back - 1) in ("no", "not"):
                return minor
            return max(0, minor - 1) if word in _UNDER else minor + 1
        if word not in _GOING_BACK:
            break
    if passage.word(last) == "+":
        return minor
    after = passage.word(last + 1) if passage.word(last) in ("er", "এর", "-") else passage.word(last)
    if after in ("kom", "niche", "কম", "নিচে"):
        return max(0, minor - 1)
    return minor + 1 if after in ("beshi", "upore", "বেশি", "উপরে") else minor
