"""Periods: which times of which years the words of a question may mean.

A time without a year may be of any year. A question that names several years may mean any month of them.
Nothing here knows which period is closed; that is a parameter of the policy. Pure.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from casewright.language.data_files import load_packaged
from casewright.language.normalise import normalise

_MONTHS: Final = 12
_QUARTER: Final = 3
_YEAR: Final = re.compile(r"(?<![0-9a-z])(?:fy|cy)? ?(20[0-9]{2})(?![0-9])")
_SHORT_YEAR: Final = re.compile(r"(?<![0-9a-z])(?:fy|cy) ?([23][0-9])(?![0-9])")
_DAY: Final = (
    re.compile(r"(?<![0-9])(20[0-9]{2}) (0[1-9]|1[0-2])(?![0-9])"),
    re.compile(r"(?<![0-9])(?P<month>0[1-9]|1[0-2]) (?P<year>20[0-9]{2})(?![0-9])"),
)
_TO: Final = frozenset(
    {"to", "till", "until", "through", "thru", "between", "theke", "থেকে", "porjonto", "পর্যন্ত"}
)


@dataclass(frozen=True, slots=True)
class Period:
    """Months of years; no months: all of them, no years: any."""

    months: frozenset[int] = frozenset()
    years: frozenset[int] = frozenset()

    def may_touch(self, first: str, last: str) -> bool:
        """Whether it may lie in the months from `first` to `last`, written 2026-07."""
        place, end = _place(first), _place(last)
        return any(
            (not self.years or at // _MONTHS in self.years)
            and (not self.months or at % _MONTHS + 1 in self.months)
            for at in range(place, end + 1)
        )

    def to_code(self) -> str:
        """One word, for a memory of codes."""
        return ";".join(",".join(map(str, sorted(some))) for some in (self.months, self.years))

    @classmethod
    def from_code(cls, code: str) -> "Period":
        """The period that such a word means."""
        months, _, years = code.partition(";")
        return cls(*(frozenset(int(one) for one in some.split(",") if one) for some in (months, years)))


def read_periods(plain: str, as_of: date) -> tuple[Period, ...]:
    """The periods that a text in matching form speaks of."""
    text = " ".join(plain.split())
    found = [
        _step(one["by"], one["steps"], as_of)
        for one in _tables().relative
        if one["pattern"].search(text) is not None
    ]
    months, years = _named(text)
    if months or years:
        found.append(Period(frozenset() if len(years) > 1 else frozenset(months), frozenset(years)))
    return tuple(found)


def is_period(text: str) -> bool:
    """Whether a text in matching form is a month, a quarter or a part of the year, and nothing else."""
    tables = _tables()
    patterns = (tables.quarter, *(pattern for _, pattern in tables.months))
    patterns += tuple(pattern for pattern, _ in tables.parts)
    return any(pattern.fullmatch(text) for pattern in patterns) or bool(_YEAR.fullmatch(text))


def _place(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * _MONTHS + int(number) - 1


def _step(by: str, steps: int, as_of: date) -> Period:
    """A quarter, month or year so many after the one that a day lies in."""
    if by == "year":
        return Period(years=frozenset({as_of.year + steps}))
    length = _QUARTER if by == "quarter" else 1
    start = (as_of.year * _MONTHS + as_of.month - 1) // length * length + steps * length
    return Period(
        frozenset((start + more) % _MONTHS + 1 for more in range(length)), frozenset({start // _MONTHS})
    )


def _named(text: str) -> tuple[set[int], set[int]]:
    """Months and years that are written."""
    tables = _tables()
    months: set[int] = set()
    years = {int(one) for one in _YEAR.findall(text)} | {2000 + int(one) for one in _SHORT_YEAR.findall(text)}
    for pattern in _DAY:
        for match in pattern.finditer(text):
            whole = match.groupdict() or {"year": match[1], "month": match[2]}
            months.add(int(whole["month"]))
    for match in tables.quarter.finditer(text):
        quarter = tables.numbers[match["after"] or match["before"]]
        months.update(range(quarter * _QUARTER - 2, quarter * _QUARTER + 1))
        years |= {2000 + int(year[-2:]) for year in (match["year"], match["ahead"]) if year}
    for pattern, some in tables.parts:
        if pattern.search(text):
            months.update(some)
    single = {number for number, pattern in tables.months if pattern.search(text)}
    months |= single
    if len(months) > 1 and _TO & set(text.split()):
        months = set(range(min(months), max(months) + 1))
    return months, years


@dataclass(frozen=True, slots=True)
class _Tables:
    months: tuple[tuple[int, re.Pattern[str]], ...]
    quarter: re.Pattern[str]
    numbers: Mapping[str, int]
    parts: tuple[tuple[re.Pattern[str], tuple[int, ...]], ...]
    relative: tuple[Mapping[str, Any], ...]


@cache
def _tables() -> _Tables:
    content = load_packaged("casewright.desks.sales", "periods.yaml")
    numbers = {word: int(place) for place, words in content["quarters"].items() for word in _split(words)}
    return _Tables(
        months=tuple((int(place), _pattern(_split(words))) for place, words in content["months"].items()),
        quarter=_quarter_pattern(list(numbers), list(_split(content["quarter"]))),
        numbers=numbers,
        parts=tuple((_pattern(_split(one["phrases"])), tuple(one["months"])) for one in content["parts"]),
        relative=tuple(
            {"by": one["by"], "steps": one["steps"], "pattern": _pattern(_split(one["phrases"]))}
            for one in content["relative"]
        ),
    )


def _split(phrases: str) -> Iterator[str]:
    return (" ".join(normalise(one).text.split()) for one in phrases.split("|"))


def _pattern(phrases: Iterator[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words; a Bangla one may have an ending."""
    return re.compile(rf"(?<![a-z0-9])(?:{_any(list(phrases))})(?![a-z0-9])")


def _quarter_pattern(numbers: Sequence[str], names: Sequence[str]) -> re.Pattern[str]:
    """ "q3", "q 3", "quarter three", "3q", "third quarter", and a year on either side of them."""
    year = "(?:fy|cy)? ?(?:20)?[23][0-9]"
    number, name = _any(numbers), f"(?:{_any(names)})"
    after = rf"{name}[a-z\u0980-\u09ff]? ?0?(?P<after>{number})"
    before = rf"(?P<before>{number}) ?{name}"
    return re.compile(
        rf"(?<![a-z0-9])(?P<ahead>(?:20)?[23][0-9])? ?(?:{after}|{before})(?:s|er)?"
        rf"(?: ?(?P<year>{year})(?![0-9a-z]))?(?![a-z0-9])"
    )


def _any(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
