"""Quiet hours by the recipient's own clock: is it quiet at an instant, and when is it no longer. Pure.

What the clock on the recipient's wall shows decides. A time that a clock change skips is quiet for nobody;
one that comes twice is quiet both times, or neither. Nothing here asks what time it is, and the server's own
zone is not a zone that a recipient may have. The time zone database is the system's, or that of the package
`tzdata`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from casewright.domain.errors import PolicyError

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_DAY_MINUTES = 24 * 60
_NO_ZONES = frozenset({"localtime", "factory", "posixrules"})
_NO_FOLDERS = ("posix/", "right/", "systemv/")
_MOST_CHANGES = 4
_LONGEST_NAME = 64


@lru_cache(maxsize=1024)
def find_zone(name: str | None) -> tzinfo | None:
    """The zone of an IANA name; None where there is none, or where the name means the server's own."""
    if not name or len(name) > _LONGEST_NAME or not name.isascii():
        return None
    if name.lower() in _NO_ZONES or name.lower().startswith(_NO_FOLDERS):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to before `end`, over midnight where `end` is the smaller; always where they are level."""

    start: timedelta
    end: timedelta

    @classmethod
    def of(cls, parameters: Mapping[str, object]) -> "QuietHours":
        """Of the policy's `quiet_start_minute` and `quiet_end_minute`.

        Raises PolicyError for a minute that no day has: it would switch quiet hours off unseen.
        """
        edges = []
        for name in ("quiet_start_minute", "quiet_end_minute"):
            minute = int(str(parameters[name]))
            if not 0 <= minute < _DAY_MINUTES:
                raise PolicyError(f"{name} is {minute}; it counts minutes after midnight, 0 to 1439")
            edges.append(timedelta(minutes=minute))
        return cls(*edges)

    def is_quiet(self, instant: datetime, zone: tzinfo) -> bool:
        """Whether the clock in `zone` shows a quiet time at this (aware) instant."""
        shown = _clock(instant, zone)
        if self.start < self.end:
            return self.start <= shown < self.end
        return shown >= self.start or shown < self.end

    def next_allowed(self, instant: datetime, zone: tzinfo) -> datetime | None:
        """The first instant from this one on that is not quiet, in UTC; None where every hour is."""
        moment = instant.astimezone(UTC)
        if self.start == self.end:
            return None
        for _ in range(_MOST_CHANGES):
            if not self.is_quiet(moment, zone):
                return moment
            ends = moment + (self.end - _clock(moment, zone)) % _DAY
            change = _first_change(moment, ends, zone)
            moment = ends if change is None else change
        return None if self.is_quiet(moment, zone) else moment


def _clock(instant: datetime, zone: tzinfo) -> timedelta:
    """What the clock shows, as time since its midnight."""
    shown = instant.astimezone(zone)
    return timedelta(
        hours=shown.hour, minutes=shown.minute, seconds=shown.second, microseconds=shown.microsecond
    )


def _first_change(after: datetime, until: datetime, zone: tzinfo) -> datetime | None:
    """The first instant in (after, until] with another offset than `after`; None where there is none."""
    before = after.astimezone(zone).utcoffset()
    if until.astimezone(zone).utcoffset() == before:
        return None
    low, high = after.replace(microsecond=0), until.replace(microsecond=0)
    while high - low > _SECOND:
        middle = low + timedelta(seconds=(high - low) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high
