"""Days: day words, weekdays, dates and "3 days ago", in three languages.

Nothing here knows today's date: days are counted back from a day that the caller knows. A date in numbers is
day/month unless only month/day is possible. "last week" and "last month" are no day, nor is anything still
to come.
"""

from dataclasses import dataclass
from typing import Literal

from casewright.language.numbers import has_currency_after
from casewright.language.passage import Passage
from casewright.language.vocabulary import (
    AGO,
    ARTICLE,
    COMING,
    CURRENCY,
    DATE_WORD,
    DAY,
    DAY_UNIT,
    DURATION,
    FILLER,
    LAST,
    MERIDIEM,
    MONTH,
    ORDINAL,
    SCALE,
    THIS,
    TIMES,
    TODAY_DAYPART,
    WEEKDAY_BEFORE,
    WEEKDAY_SHORT,
)


@dataclass(frozen=True, slots=True)
class DayMention:
    """A day as it was named.

    `value` by kind: "ago" days back, "weekday" 0 = Monday, "date" (year, month, day), and "month_day"
    (month, day), where month 0 is unsaid ("12 tarikh").
    """

    kind: Literal["ago", "weekday", "date", "month_day"]
    value: int | tuple[int, ...]


def read_day_of_daypart(passage: Passage, index: int) -> DayMention | None:
    """The day in "this morning", "last night", "গত রাতে", "tonight"."""
    if passage.roles(index) & TODAY_DAYPART:
        return DayMention("ago", 0)
    before = passage.roles(index - 1)
    if before & DAY:
        return None
    if before & THIS:
        return DayMention("ago", 0)
    return DayMention("ago", 1) if before & LAST else None


def read_day_word(passage: Passage, index: int) -> DayMention | None:
    """today, kal, পরশু: days back. "agami kal" and "next day" are not in the past."""
    entry = passage.entry(index)
    if entry is None or passage.roles(index - 1) & COMING:
        return None
    if entry.value == 1 and passage.word(index - 1) == "before" and passage.roles(index - 2) & DAY_UNIT:
        return DayMention("ago", 2)
    return DayMention("ago", entry.value)


def read_weekday(passage: Passage, index: int) -> DayMention | None:
    """The weekday that the word at `index` names, or None."""
    entry = passage.entry(index)
    before = passage.roles(index - 1)
    if entry is None or before & COMING:
        return None
    if entry.roles & WEEKDAY_SHORT and not before & WEEKDAY_BEFORE:
        return None
    return DayMention("weekday", entry.value)


def read_days_ago(passage: Passage, days: int, at: int) -> DayMention | None:
    """ "ago" (age, আগে, back) within two tokens after "3 days"."""
    for behind in (at, at + 1):
        roles = passage.roles(behind)
        if roles & AGO:
            return DayMention("ago", days)
        if not roles & (FILLER | ARTICLE):
            break
    return None


def read_date(passage: Passage, first: int) -> tuple[DayMention | None, int] | None:
    """A date that starts with a number in digits, and the token after it; the date may be none ("24/7")."""
    at = first + 1
    word = passage.words[first]
    if not word.isdigit():
        return _read_dotted_date(word, at)
    separator = passage.word(at)
    if separator in ("/", "-") and _is_glued_part(passage, at):
        return _read_separated_date(passage, first)
    if len(word) > 2 or not 1 <= int(word) <= 31:
        return None
    ordinal = passage.roles(at) & ORDINAL and passage.is_glued(at)
    if ordinal:
        at += 1
    of = at + 1 if passage.word(at) == "of" else at
    month = passage.entry(of)
    if month is not None and month.roles & MONTH and passage.word(of + 1) not in ("be", "have", "i", "not"):
        return _with_year(passage, month.value, int(word), of + 1)
    if passage.roles(at) & DATE_WORD:
        return DayMention("month_day", (0, int(word))), at + 1
    if ordinal:
        is_day = passage.word(first - 1) == "on" or (
            passage.word(first - 1) == "the" and passage.word(first - 2) == "on"
        )
        return (DayMention("month_day", (0, int(word))) if is_day else None), at
    return None


def read_month_first(passage: Passage, index: int) -> tuple[DayMention | None, int] | None:
    """ "April 14th, 2026": the token is the month."""
    month = passage.entry(index)
    word = passage.word(index + 1)
    if month is None or not (passage.is_plain_digits(index + 1) and len(word) <= 2 and 1 <= int(word) <= 31):
        return None
    at = index + 2
    if passage.roles(at) & ORDINAL and passage.is_glued(at):
        at += 1
    elif has_currency_after(passage, at) or passage.roles(at) & (SCALE | TIMES | DURATION | MERIDIEM):
        return None
    return _with_year(passage, month.value, int(word), at)


def _with_year(passage: Passage, month: int, day: int, at: int) -> tuple[DayMention, int]:
    year_at = at + 1 if passage.word(at) == "," else at
    year = passage.word(year_at)
    is_year = passage.is_plain_digits(year_at) and len(year) == 4 and "2000" <= year < "2050"
    if is_year and not has_currency_after(passage, year_at + 1):
        return DayMention("date", (int(year), month, day)), year_at + 1
    return DayMention("month_day", (month, day)), at


def _read_separated_date(passage: Passage, first: int) -> tuple[DayMention | None, int] | None:
    """ "2026-04-12", "12/04/2026", "12-04-26", "12/04"."""
    separator = passage.words[first + 1]
    parts = [passage.words[first], passage.words[first + 2]]
    at = first + 3
    if passage.word(at) == separator and _is_glued_part(passage, at):
        parts.append(passage.words[at + 1])
        at += 2
    if any(len(part) > 4 for part in parts) or passage.roles(at) & CURRENCY:
        return None
    if len(parts) == 3:
        date = _build_date(parts)
        is_short = max(map(len, parts)) <= 2
        return (date, at) if date is not None or is_short else None
    if separator == "-" or max(map(len, parts)) > 2:
        return None
    day, month = int(parts[0]), int(parts[1])
    if len(parts[1]) == 2 and 1 <= day <= 31 and 1 <= month <= 12:
        return DayMention("month_day", (month, day)), at
    return None, at


def _is_glued_part(passage: Passage, at: int) -> bool:
    """Whether a separator and the digits after it are glued to what stands before."""
    return passage.is_glued(at) and passage.is_glued(at + 1) and passage.is_plain_digits(at + 1)


def _build_date(parts: list[str]) -> DayMention | None:
    if len(parts[0]) == 4:
        year, month, day = map(int, parts)
    elif len(parts[2]) not in (2, 4):
        return None
    else:
        day, month, year = map(int, parts)
        if month > 12 >= day:
            day, month = month, day
    if year < 100:
        year += 2000
    is_date = 1900 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31
    return DayMention("date", (year, month, day)) if is_date else None


def _read_dotted_date(word: str, at: int) -> tuple[DayMention | None, int] | None:
    parts = word.split(".")
    if len(parts) != 3 or any(not part.isdigit() or len(part) > 4 for part in parts):
        return None
    date = _build_date(parts)
    return (date, at) if date is not None else None
