"""Quantities: amounts of money, times, days, phones, number endings and counts of one text, in one pass.

A number is an amount when it has a currency or a scale, or is ten or more in digits and nothing else claims
it: phones, masked numbers, endings, times, dates, durations, counts, ids, codes and percentages come first.
Order is the order of the text. What an amount was paid for, or which one is disputed, is not read here.
"""

from dataclasses import dataclass
from typing import Final

from casewright.language.days import (
    DayMention,
    read_date,
    read_day_of_daypart,
    read_day_word,
    read_days_ago,
    read_month_first,
    read_weekday,
)
from casewright.language.identifiers import (
    find_id,
    is_credential,
    is_cued_id,
    is_short_code,
    read_ending,
    read_phone,
    skip_card,
    skip_partial_phone,
)
from casewright.language.numbers import UNIT, Number, has_currency_after, parse_digits, read_number
from casewright.language.passage import Passage
from casewright.language.times import (
    Clock,
    TimeOfDay,
    is_daypart_mention,
    read_clock,
    read_clock_of_date,
    read_half_past,
    read_range_start,
    resolve_times,
)
from casewright.language.tokens import Tokens
from casewright.language.vocabulary import (
    ANCHOR,
    CLASSIFIER,
    CLOCK,
    COUNTED,
    CURRENCY,
    DATE_WORD,
    DAY,
    DAY_UNIT,
    DAYPART,
    DAYS_INSIDE,
    DIGIT_WORD,
    DURATION,
    FOREIGN_CURRENCY,
    MERIDIEM,
    MONTH,
    NUMERAL,
    OFFSET,
    ORDINAL,
    PERCENT,
    QUARTER,
    RANGE_WORD,
    SCALE,
    TIMES,
    TIMES_IDIOM,
    TIMES_INSIDE,
    WEEKDAY,
    WEEKDAY_SHORT,
    WORKING,
    YEAR_BEFORE,
    YEAR_WORD,
    load_vocabulary,
)

__all__ = ["Amount", "DayMention", "Quantities", "TimeOfDay", "read_quantities"]

_SMALLEST_BARE: Final = 10 * UNIT
_LARGEST: Final = 10**10 * UNIT
_NUMBER_START: Final = NUMERAL | SCALE | OFFSET | QUARTER
_COUNTED_AFTER_RANGE: Final = DURATION | TIMES | MERIDIEM | CLOCK | CLASSIFIER | COUNTED | PERCENT | DATE_WORD
_LARGEST_COUNT: Final = 20
_LONGEST_BARE: Final = 8
"""Longer digits without commas or a currency are an account or card number."""
_TO_MINOR: Final = UNIT // 100
_YEARS: Final = range(2010, 2040)
_CURRENCY_LINKS: Final = frozenset(".:-=/")


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in minor units at tokens [first, last), its currency word included.

    Two amounts share a span where one spelling has two readings (shat: সাত or ষাট), the likelier first.
    """

    minor: int
    first: int
    last: int
    has_currency: bool
    is_scaled: bool


@dataclass(frozen=True, slots=True)
class Quantities:
    """All that one text counts, in its own order."""

    amounts: tuple[Amount, ...] = ()
    times: tuple[TimeOfDay, ...] = ()
    days: tuple[DayMention, ...] = ()
    phones: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()


_NOTHING: Final = Quantities()


def read_quantities(tokens: Tokens) -> Quantities:
    """The quantities of a text. Time is linear in its length."""
    vocabulary = load_vocabulary()
    words = tokens.words
    entries = list(map(vocabulary.words.get, words))
    anchors = [
        index
        for index, entry in enumerate(entries)
        if (entry is not None and entry.roles & ANCHOR) or "0" <= words[index] < ":"
    ]
    if not anchors:
        return _NOTHING
    return _QuantityReading(Passage(tokens, entries, vocabulary)).read(anchors)


class _QuantityReading:
    __slots__ = ("amounts", "clocks", "counts", "dayparts", "days", "endings", "free", "passage", "phones")

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.free = 0
        """The first token that nothing has claimed yet."""
        self.amounts: list[Amount] = []
        self.clocks: list[Clock] = []
        self.dayparts: list[int] = []
        self.days: list[DayMention] = []
        self.phones: list[str] = []
        self.endings: list[str] = []
        self.counts: list[int] = []

    def read(self, anchors: list[int]) -> Quantities:
        passage = self.passage
        for index in anchors:
            if index < self.free:
                continue
            entry = passage.entries[index]
            if entry is None:
                after = self._read_digits(index)
            else:
                roles = entry.roles
                after = (
                    self._read_words(index, roles) if roles & (NUMERAL | SCALE | OFFSET | QUARTER) else index
                )
                if after == index:
                    after = self._read_day(index, roles)
            if after > index:
                self.free = after
        times = resolve_times(passage, self.clocks, self.dayparts) if self.clocks or self.dayparts else ()
        return Quantities(
            amounts=tuple(self.amounts),
            times=tuple(dict.fromkeys(times)),
            days=tuple(dict.fromkeys(self.days)),
            phones=tuple(dict.fromkeys(self.phones)),
            endings=tuple(dict.fromkeys(self.endings)),
            counts=tuple(self.counts),
        )

    # Each reader returns the token after what it claimed, or the token it started at if nothing is there.

    def _read_digits(self, index: int) -> int:
        passage = self.passage
        word = passage.words[index]
        if len(word) > 1 or word == "0":
            after = self._read_long_digits(index, word)
            if after > index:
                return after
        elif self._is_lone_digit(index):
            return index + 1
        piece = find_id(passage, index)
        if piece is not None:
            return piece[1]
        date = read_date(passage, index)
        if date is not None:
            return self._read_date_and_time(*date)
        number = read_number(passage, index)
        return self._read_number(number) if number is not None else self._read_listed_amounts(index)

    def _is_lone_digit(self, index: int) -> bool:
        """Whether nothing around a single digit gives it a meaning."""
        passage, behind = self.passage, index + 1
        if passage.entry(index - 1) is not None or passage.entry(behind) is not None:
            return False
        if passage.is_glued(index) and passage.word(index - 1) != "*":
            return False
        return passage.word(behind) != "000" and (passage.word(behind) == "*" or not passage.is_glued(behind))

    def _read_long_digits(self, index: int, word: str) -> int:
        """Phones, masked numbers, cards and endings."""
        passage = self.passage
        phone = read_phone(passage, index)
        if phone is not None:
            self.phones.append(phone[0])
            return phone[1]
        masked = skip_partial_phone(passage, index)
        if masked is not None:
            if len(masked[0]) >= 3:
                self.endings.append(masked[0])
            return masked[1]
        if len(word) >= 4 and find_id(passage, index) is None:
            card = skip_card(passage, index)
            if card is not None:
                return card
        ending = read_ending(passage, index)
        if ending is not None and find_id(passage, index) is None:
            self.endings.append(ending[0])
            return ending[1]
        return index

    def _read_date_and_time(self, day: DayMention | None, at: int) -> int:
        """A date, with the time after it: "2026-04-12T14:08:22Z", "12/04/2026 2:10 pm"."""
        passage = self.passage
        if day is not None:
            self.days.append(day)
        is_full = day is not None and day.kind == "date"
        behind = at + 1 if passage.word(at) in ("t", ",", "at") else at
        clock = read_clock_of_date(passage, behind) if is_full else None
        if clock is None:
            return at
        self.clocks.append(clock[0])
        return clock[1] + (passage.word(clock[1]) == "z")

    def _read_listed_amounts(self, index: int) -> int:
        """ "1500,2000": amounts joined by a comma without a space."""
        passage = self.passage
        values = parse_digits(passage.words[index])
        if len(values) > 1:
            has_currency = has_currency_after(passage, index + 1)
            for value in values:
                if _SMALLEST_BARE <= value <= _LARGEST:
                    self.amounts.append(
                        Amount(value // _TO_MINOR, index, index + 1, has_currency, is_scaled=False)
                    )
        return index + 1

    def _read_words(self, index: int, roles: int) -> int:
        passage = self.passage
        if roles & (QUARTER | NUMERAL) and passage.words[index] in ("half", "quarter"):
            clock = read_half_past(passage, index)
            if clock is not None:
                self.clocks.append(clock[0])
                return clock[1]
        number = read_number(passage, index)
        if number is None:
            return index
        if roles & TIMES_INSIDE and number.last == index + 1:
            self.counts.append(number.value // UNIT)
            return number.last
        if roles & DAYS_INSIDE and number.last == index + 1:
            return self._read_ago(number.value // UNIT, number.last)
        after = self._read_number(number)
        return index if after == number.last and number.is_ambiguous and not number.is_scaled else after

    def _read_number(self, number: Number) -> int:
        """A number that is no phone, id or date: a time, a count, a duration, or an amount."""
        passage = self.passage
        last = number.last
        after = passage.roles(last)
        if not number.is_scaled:
            clock = read_clock(passage, number)
            if clock is not None and not self._is_before_currency(clock[1], number):
                self.clocks.append(clock[0])
                return clock[1]
            counted = self._read_counted(number, after)
            if counted > last:
                return counted
        if after & (PERCENT | FOREIGN_CURRENCY) or passage.roles(number.first - 1) & FOREIGN_CURRENCY:
            return last + 1
        return self._read_amount(number)

    def _is_before_currency(self, at: int, number: Number) -> bool:
        """ "5 ta taka" counts money."""
        return at > number.last and has_currency_after(self.passage, at)

    def _read_counted(self, number: Number, after: int) -> int:
        """Counts, durations, ordinals and the like; the number's own end if it is none of them."""
        passage = self.passage
        last = number.last
        value = number.value // UNIT
        if after & TIMES and not number.is_ambiguous:
            if value <= _LARGEST_COUNT and not passage.roles(last + 1) & TIMES_IDIOM:
                self.counts.append(value)
            return last + 1
        if (
            passage.word(last) == "x"
            and passage.is_glued(last)
            and number.is_digits
            and value <= _LARGEST_COUNT
        ):
            self.counts.append(value)
            return last + 1
        if after & DURATION and not after & CURRENCY:
            return self._read_duration(value, last)
        if after & WORKING and passage.roles(last + 1) & DURATION:
            return self._read_duration(value, last + 1)
        if number.is_digits and self._is_range_of_uncounted(number):
            start = read_range_start(passage, number)
            if start is not None:
                self.clocks.append(start)
            return last + 1
        is_counted = after & (COUNTED | DIGIT_WORD) or (after & ORDINAL and passage.is_glued(last))
        return last + 1 if is_counted and not has_currency_after(passage, last) else last

    def _is_range_of_uncounted(self, number: Number) -> bool:
        """The first number of "10-15 minutes", "2 to 3 pm"."""
        passage = self.passage
        at = number.last
        if number.value >= 100 * UNIT or not passage.is_digits(at + 1):
            return False
        is_between = passage.word(at) == "and" and passage.word(number.first - 1) == "between"
        if not (passage.roles(at) & RANGE_WORD or is_between):
            return False
        return bool(passage.roles(at + 2) & _COUNTED_AFTER_RANGE)

    def _read_duration(self, value: int, at: int) -> int:
        unit = self.passage.entries[at]
        if unit is not None and unit.roles & DAY_UNIT:
            return self._read_ago(value * unit.value, at + 1)
        return at + 1

    def _read_ago(self, days: int, at: int) -> int:
        day = read_days_ago(self.passage, days, at)
        if day is not None:
            self.days.append(day)
        return at

    def _read_amount(self, number: Number) -> int:
        passage = self.passage
        first, last = number.first, number.last
        has_currency = has_currency_after(passage, last)
        span_last = self._after_currency(last) if has_currency else last
        if not has_currency:
            before = self._currency_before(first)
            has_currency = before is not None
            first = before if before is not None else first
        if not self._is_amount(number, has_currency):
            return last
        for value in (number.value, number.second):
            if value:
                self.amounts.append(
                    Amount(value // _TO_MINOR, first, span_last, has_currency, number.is_scaled)
                )
        return span_last

    def _after_currency(self, at: int) -> int:
        """The token after a currency word, a "/-", or "(taka)"."""
        passage = self.passage
        if passage.roles(at) & CURRENCY or passage.word(at) not in ("/", "(", "-", "."):
            return at + 1
        return at + 2

    def _currency_before(self, first: int) -> int | None:
        """Where "tk", "Tk.", "BDT:" or "৳" starts, if it stands before a number and belongs to no other."""
        passage = self.passage
        at = first - 1
        if passage.word(at) in _CURRENCY_LINKS:
            at -= 1
        return at if at >= self.free and passage.roles(at) & CURRENCY else None

    def _is_amount(self, number: Number, has_currency: bool) -> bool:
        if not 0 < number.value <= _LARGEST:
            return False
        if has_currency:
            return not number.is_ambiguous or number.is_scaled or not self.passage.is_digits(number.last + 1)
        if number.is_scaled:
            return not number.needs_currency
        if not number.is_digits or number.value < _SMALLEST_BARE:
            return False
        return self._is_bare_amount(number)

    def _is_bare_amount(self, number: Number) -> bool:
        """Whether digits alone are money: no code, id, year, or number with a leading zero."""
        passage = self.passage
        index = number.first
        word = passage.words[index]
        if word[0] == "0" or (len(word) > _LONGEST_BARE and word.isdigit()):
            return False
        if number.value <= 31 * UNIT and passage.word(index - 1) == "on":
            return False  # a day of the month: "on 12 I sent"
        if is_credential(passage, index) or is_short_code(passage, index) or is_cued_id(passage, index):
            return False
        after = passage.roles(number.last)
        if len(word) == 4 and word.isdigit() and int(word) in _YEARS:
            return not (after & YEAR_WORD or passage.roles(index - 1) & (YEAR_BEFORE | MONTH))
        return not after & (CLOCK | CLASSIFIER) or number.value >= 100 * UNIT

    def _read_day(self, index: int, roles: int) -> int:
        passage = self.passage
        day: DayMention | None = None
        if roles & DAYPART:
            if is_daypart_mention(passage, index):
                self.dayparts.append(index)
                day = read_day_of_daypart(passage, index)
        elif roles & DAY:
            day = read_day_word(passage, index)
        elif roles & MONTH:
            date = read_month_first(passage, index)
            if date is None:
                return index
            if date[0] is not None:
                self.days.append(date[0])
            return date[1]
        elif roles & (WEEKDAY | WEEKDAY_SHORT):
            day = read_weekday(passage, index)
        elif roles & DAY_UNIT and passage.word(index - 1) in ("a", "an"):
            entry = passage.entries[index]
            return self._read_ago(entry.value if entry is not None else 0, index + 1)
        if day is not None:
            self.days.append(day)
        return index + 1
