"""Times of day: hours with minutes and parts of the day, in three languages.

A time is minutes since midnight with a half-width: 10 for "2:10 pm", 25 for "around 2:10 pm", 30 for "2 pm",
45 for "around 2 pm". An hour without am, pm or a part of the day has both readings: two `TimeOfDay` entries,
each 15 minutes wider, the likelier first. A part of the day that no hour uses stands for its middle; at night
the half-width reaches over midnight, so compare times around the clock. "two hours ago" is no time: a ticket
has no "now".
"""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Final

from casewright.language.numbers import UNIT, Number, has_currency_after
from casewright.language.passage import Passage
from casewright.language.vocabulary import (
    AMBIGUOUS,
    APPROXIMATELY,
    AT,
    CLASSIFIER,
    CLOCK,
    CLOCK_CUE,
    COMING,
    COUNTED,
    DATE_WORD,
    DAY,
    DAY_UNIT,
    DAYPART,
    DURATION,
    FILLER,
    GREETING,
    LAST,
    MERIDIEM,
    MINUTE,
    MONTH,
    NUMERAL,
    PAST,
    ROUGHLY_AFTER,
    SCALE,
    THIS,
    TIMES,
    Daypart,
)

MINUTES_PER_DAY: Final = 1440
_HALF_DAY: Final = 720
_EXACT: Final = 10
_EXACT_ROUGHLY: Final = 25
_HOUR: Final = 30
_HOUR_ROUGHLY: Final = 45
_UNSURE: Final = 15
"""Added to the half-width of an hour that may be am or pm."""
_NO_HOUR_BEFORE: Final = TIMES | DURATION | COUNTED | SCALE | MONTH | DATE_WORD
_REACH: Final = 6
"""How many tokens away a part of the day may still read an hour."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """Minutes since midnight, give or take `spread` minutes."""

    minute: int
    spread: int


@dataclass(slots=True)
class Clock:
    """An hour as said, before a part of the day has read it."""

    index: int
    hour: int
    minute: int
    offset: int | None
    """Minutes to add after am (0) or pm (720); None: not said."""
    is_exact: bool
    is_rough: bool


def read_clock(passage: Passage, number: Number) -> tuple[Clock, int] | None:
    """The time that starts with a number, and the token after it; None if the number is no hour."""
    first, last = number.first, number.last
    if number.is_digits and last == first + 1:
        read = _read_digital(passage, first)
        if read is not None:
            return read
    value = number.value
    if number.is_scaled or value % (UNIT // 4) or not 0 <= value < 25 * UNIT:
        return None
    hour, fraction = divmod(value, UNIT)
    minute = fraction * 60 // UNIT
    return _read_hour(passage, number, hour, minute)


def _read_digital(passage: Passage, first: int) -> tuple[Clock, int] | None:
    """ "2:10", "14:08:22", "2.30 pm"."""
    word = passage.words[first]
    at = first + 1
    if passage.word(at) == ":" and passage.is_plain_digits(at + 1):
        minutes = passage.words[at + 1]
        if (
            not (word.isdigit() and len(word) <= 2 and len(minutes) == 2)
            or passage.starts[at + 1] - passage.ends[first] > 3
        ):
            return None
        at += 2
        if passage.word(at) == ":" and passage.is_glued(at) and passage.is_digits(at + 1):
            at += 2
        return _build_digital(passage, first, at, int(word), int(minutes))
    hour, _, minutes = word.partition(".")
    if (
        len(minutes) != 2
        or len(hour) > 2
        or not (hour + minutes).isdigit()
        or has_currency_after(passage, at)
    ):
        return None
    after = passage.roles(at)
    around = _roles_before(passage, first)
    is_time = after & (MERIDIEM | CLOCK | CLASSIFIER | CLOCK_CUE | MINUTE) or around & DAYPART
    is_time = is_time or (around & AT and not after & SCALE) or _read_meridiem(passage, at)[0] is not None
    return _build_digital(passage, first, at, int(hour), int(minutes)) if is_time else None


def read_clock_of_date(passage: Passage, index: int) -> tuple[Clock, int] | None:
    """The time after a date in digits ("2026-04-12 02:10"): by the 24-hour clock unless it says am or pm."""
    read = _read_digital(passage, index) if passage.is_plain_digits(index) else None
    if read is not None and read[0].offset is None:
        read[0].offset = _HALF_DAY if read[0].hour == 12 else 0
    return read


def _build_digital(passage: Passage, first: int, at: int, hour: int, minute: int) -> tuple[Clock, int] | None:
    if hour > 24 or minute > 59:
        return None
    offset, at = _read_meridiem(passage, at)
    if passage.roles(at) & (CLOCK | CLASSIFIER | MINUTE):
        at += 1
    return Clock(first, hour % 24, minute, offset, is_exact=True, is_rough=_is_rough(passage, first, at)), at


def _read_meridiem(passage: Passage, at: int) -> tuple[int | None, int]:
    """0 or 720 for "am", "p.m.", and the token after it."""
    entry = passage.entry(at)
    if entry is not None and entry.roles & MERIDIEM:
        return entry.value, at + 1
    letter = passage.word(at)
    if letter in ("a", "p") and passage.word(at + 1) == "." and passage.word(at + 2) == "m":
        end = at + 4 if passage.word(at + 3) == "." and passage.is_glued(at + 3) else at + 3
        return (0 if letter == "a" else _HALF_DAY), end
    return None, at


def _read_hour(passage: Passage, number: Number, hour: int, minute: int) -> tuple[Clock, int] | None:
    first, at = number.first, number.last
    exact = minute > 0
    offset, behind = _read_meridiem(passage, at)
    if offset is not None:
        if not 1 <= hour <= 12:
            return None
        return Clock(first, hour, minute, offset, exact, _is_rough(passage, first, behind)), behind
    glued = passage.roles(at - 1) if not passage.is_digits(at - 1) else 0
    separate = passage.roles(at)
    if glued & (CLOCK | CLASSIFIER) and glued & NUMERAL:
        particle, behind = glued, at
    elif separate & (CLOCK | CLASSIFIER):
        particle, behind = separate, at + 1
    elif passage.word(at) == "o" and passage.roles(at + 1) & CLOCK:
        particle, behind = CLOCK, at + 2
    else:
        particle, behind = 0, at
    if number.is_ambiguous and not particle & CLOCK:
        return None
    if particle:
        minutes, end = _read_minutes(
            passage, behind, has_daypart=bool(_roles_before(passage, first) & DAYPART)
        )
        if minutes is not None:
            return Clock(
                first, hour, minutes, None, is_exact=True, is_rough=_is_rough(passage, first, end)
            ), end
        if not particle & CLOCK and not _is_clock_by_context(passage, first, behind):
            return None
    elif not _is_bare_hour(passage, number, hour):
        return None
    if passage.roles(behind) & CLOCK and particle:
        behind += 1
    return Clock(first, hour % 24, minute, None, exact, _is_rough(passage, first, behind)), behind


def _read_minutes(passage: Passage, at: int, *, has_daypart: bool) -> tuple[int | None, int]:
    """The minutes in "2 ta 10 minute e", "dupur 2 ta 10"."""
    word, entry = passage.word(at), passage.entry(at)
    if not passage.roles(at + 1) & MINUTE:
        is_bare = has_daypart and passage.is_plain_digits(at) and len(word) == 2 and word < "60"
        if not is_bare or has_currency_after(passage, at + 1) or passage.roles(at + 1) & _NO_HOUR_BEFORE:
            return None, at
        return int(word), at + 1
    if passage.is_plain_digits(at) and len(word) <= 2 and int(word) < 60:
        return int(word), at + 2
    if entry is not None and entry.roles & NUMERAL and 0 < entry.number < 6000:
        return entry.number // 100, at + 2
    return None, at


def _roles_before(passage: Passage, first: int) -> int:
    """Roles of the words just before an hour, over roughly-words and signs."""
    roles = 0
    for at in range(first - 1, max(first - 4, -1), -1):
        role = passage.roles(at)
        roles |= role
        if not role & (APPROXIMATELY | AT) and passage.words[at] not in (",", ":", "-", "e", "এ", "er", "এর"):
            break
    return roles


def _is_clock_by_context(passage: Passage, first: int, behind: int) -> bool:
    """Whether "2 ta" is two o'clock rather than two things."""
    after = passage.roles(behind)
    if after & COUNTED:
        return False
    if after & (CLOCK_CUE | CLOCK | ROUGHLY_AFTER):
        return True
    before = _roles_before(passage, first)
    if before & (DAYPART | APPROXIMATELY | AT):
        return True
    if not before & DAY:
        return False
    return not after and (behind >= passage.count or not passage.is_letters(behind))


def _is_bare_hour(passage: Passage, number: Number, hour: int) -> bool:
    """Whether an hour without any particle is one: "bikal 4", "around 2", "9 at night"."""
    first, at = number.first, number.last
    if not 1 <= hour <= 12 or number.value % UNIT or has_currency_after(passage, at):
        return False
    after = passage.roles(at)
    if after & _NO_HOUR_BEFORE or passage.word(at) in ("-", "/", "%", ":"):
        return False
    if after & NUMERAL and not after & AMBIGUOUS:
        return False
    before = _roles_before(passage, first)
    if before & DAYPART or _is_daypart_after(passage, at):
        return True
    if after & ROUGHLY_AFTER and number.is_digits:
        return True
    near = passage.word(first - 1)
    if not (before & (AT | APPROXIMATELY) and near.isascii() and near not in ("like", "pray", "prai")):
        return False
    if not passage.is_letters(at) or after & (DAY | DAYPART | AT):
        return True
    return number.is_digits and (bool(after & FILLER) or not passage.words[at].endswith("s"))


def _is_daypart_after(passage: Passage, at: int) -> bool:
    """ "in the afternoon", "at night", "this evening", after an hour."""
    for behind in range(at, at + 3):
        roles = passage.roles(behind)
        if roles & DAYPART:
            return behind > at
        if not roles & (FILLER | AT | THIS | LAST):
            return False
    return False


def _is_rough(passage: Passage, first: int, behind: int) -> bool:
    if passage.roles(behind) & ROUGHLY_AFTER or passage.roles(behind + 1) & ROUGHLY_AFTER:
        return True
    return bool((passage.roles(first - 1) | passage.roles(first - 2)) & APPROXIMATELY)


def read_half_past(passage: Passage, index: int) -> tuple[Clock, int] | None:
    """ "half past two", "quarter to 3"; the token is "half" or "quarter"."""
    link = passage.entry(index + 1)
    if link is None or not link.roles & PAST:
        return None
    hour_entry = passage.entry(index + 2)
    if passage.is_plain_digits(index + 2) and len(passage.words[index + 2]) <= 2:
        hour = int(passage.words[index + 2])
    elif hour_entry is not None and hour_entry.roles & NUMERAL and not hour_entry.roles & AMBIGUOUS:
        hour = hour_entry.number // 100
    else:
        return None
    if not 1 <= hour <= 12 or (link.value < 0 and passage.words[index] == "half"):
        return None
    minute = 30 if passage.words[index] == "half" else 15
    if link.value < 0:
        hour, minute = (hour - 2) % 12 + 1, 60 - minute
    offset, behind = _read_meridiem(passage, index + 3)
    return Clock(
        index, hour, minute, offset, is_exact=True, is_rough=_is_rough(passage, index, behind)
    ), behind


def read_range_start(passage: Passage, number: Number) -> Clock | None:
    """The first hour of "2-3 pm", "2 theke 3 tar moddhe": as sure as the second."""
    hour = number.value // UNIT
    if not 1 <= hour <= 12 or not passage.roles(number.last + 2) & (MERIDIEM | CLOCK | CLASSIFIER):
        return None
    return Clock(number.first, hour, 0, None, is_exact=False, is_rough=True)


def resolve_times(passage: Passage, clocks: list[Clock], dayparts: list[int]) -> list[TimeOfDay]:
    """Times in the order of the text: each hour read by the nearest part of the day, unused parts alone."""
    timed: list[tuple[int, TimeOfDay]] = []
    used: set[int] = set()
    for place, clock in enumerate(clocks):
        at = _nearest_daypart(passage, clock, dayparts)
        if at is not None:
            used.add(at)
        elif clock.offset is None and place + 1 < len(clocks):
            _read_like_next(clock, clocks[place + 1])
        timed += [(clock.index, time) for time in _read_times(passage, clock, at)]
    for at in dayparts:
        entry = passage.entries[at]
        if at in used or entry is None:
            continue
        daypart = passage.vocabulary.dayparts[entry.daypart]
        if daypart.half_width:
            timed.append((at, TimeOfDay(daypart.middle, daypart.half_width)))
    if len(timed) > 1:
        timed.sort(key=lambda entry: entry[0])
    return [time for _, time in timed]


def _read_like_next(clock: Clock, following: Clock) -> None:
    """The first of "10:15 and 10:16 am", "between 11 and 1 pm": the reading that comes just before."""
    if following.offset is None or following.index - clock.index > _REACH or not 1 <= clock.hour <= 12:
        return
    second = following.hour % 12 * 60 + following.minute + following.offset
    morning = clock.hour % 12 * 60 + clock.minute
    until = [(second - morning - offset) % MINUTES_PER_DAY for offset in (0, _HALF_DAY)]
    clock.offset = 0 if until[0] <= until[1] else _HALF_DAY


def _nearest_daypart(passage: Passage, clock: Clock, dayparts: list[int]) -> int | None:
    best, best_distance = None, _REACH + 1
    first = bisect_left(dayparts, clock.index - _REACH)
    for at in dayparts[first : first + 2 * _REACH]:
        distance = abs(at - clock.index)
        if distance < best_distance:
            between = range(min(at, clock.index) + 1, max(at, clock.index))
            if not any(passage.ends_sentence(place) for place in between):
                best, best_distance = at, distance
    return best


def _read_times(passage: Passage, clock: Clock, daypart_at: int | None) -> list[TimeOfDay]:
    if clock.is_exact:
        spread = _EXACT_ROUGHLY if clock.is_rough else _EXACT
    else:
        spread = _HOUR_ROUGHLY if clock.is_rough else _HOUR
    hour, minute = clock.hour, clock.minute
    if clock.offset is not None and 1 <= hour <= 12:
        return [TimeOfDay(hour % 12 * 60 + minute + clock.offset, spread)]
    if hour == 0 or hour > 12:
        return [TimeOfDay(hour * 60 + minute, spread)]
    morning = hour % 12 * 60 + minute
    entry = passage.entry(daypart_at) if daypart_at is not None else None
    if entry is not None:
        daypart = passage.vocabulary.dayparts[entry.daypart]
        return [TimeOfDay(_read_by_daypart(morning, daypart), spread)]
    readings = [TimeOfDay(morning, spread + _UNSURE), TimeOfDay(morning + _HALF_DAY, spread + _UNSURE)]
    return readings[::-1] if morning < 7 * 60 else readings


def _read_by_daypart(morning: int, daypart: Daypart) -> int:
    evening = morning + _HALF_DAY
    if daypart.reading == "am":
        return evening if morning < 60 else morning
    if daypart.reading == "pm":
        return evening
    near, far = (_distance(reading, daypart.middle) for reading in (morning, evening))
    return morning if near <= far else evening


def _distance(minute: int, other: int) -> int:
    apart = abs(minute - other) % MINUTES_PER_DAY
    return min(apart, MINUTES_PER_DAY - apart)


def is_daypart_mention(passage: Passage, index: int) -> bool:
    """Whether a part of the day is meant as a time: not "good morning", not "day and night"."""
    before = passage.roles(index - 1)
    if before & GREETING:
        return False
    return not (before & COMING or passage.roles(index - 1) & DAY_UNIT)
