"""Quiet hours by the recipient's clock. Instants are written by hand from the published clock changes."""

import random
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from casewright.desks.retention.quiet_hours import QuietHours, find_zone
from casewright.domain.errors import PolicyError
from casewright.evaluation.outreach_cases import ZONES, clock_changes


def hours(start: str, end: str) -> QuietHours:
    def since_midnight(text: str) -> timedelta:
        hour, minute = text.split(":")
        return timedelta(hours=int(hour), minutes=int(minute))

    return QuietHours(since_midnight(start), since_midnight(end))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT = hours("20:00", "09:00")


@pytest.mark.parametrize(
    ("zone", "instant", "is_quiet"),
    [
        ("UTC", "2026-06-01T19:59:59", False),
        ("UTC", "2026-06-01T20:00:00", True),
        ("UTC", "2026-06-01T00:00:00", True),
        ("UTC", "2026-06-01T08:59:59", True),
        ("UTC", "2026-06-01T09:00:00", False),
        ("Asia/Dhaka", "2026-06-01T14:00:00", True),
        ("Asia/Dhaka", "2026-06-01T02:59:59", True),
        ("Asia/Dhaka", "2026-06-01T03:00:00", False),
        ("Asia/Kathmandu", "2026-06-01T03:14:59", True),
        ("Asia/Kathmandu", "2026-06-01T03:15:00", False),
        ("Asia/Kathmandu", "2026-06-01T14:15:00", True),
        ("America/St_Johns", "2026-01-15T12:29:59", True),
        ("America/St_Johns", "2026-01-15T12:30:00", False),
        ("America/St_Johns", "2026-07-15T11:30:00", False),
        ("Pacific/Chatham", "2026-07-15T20:14:59", True),
        ("Pacific/Chatham", "2026-07-15T20:15:00", False),
    ],
)
def test_the_clock_of_the_recipient_decides(zone: str, instant: str, is_quiet: bool) -> None:
    found = find_zone(zone)
    assert found is not None
    assert NIGHT.is_quiet(at(instant), found) is is_quiet


@pytest.mark.parametrize(
    ("zone", "quiet", "instant", "allowed"),
    [
        # no clock change
        ("Asia/Dhaka", ("20:00", "09:00"), "2026-06-01T20:00:00", "2026-06-02T03:00:00"),
        ("Asia/Dhaka", ("20:00", "09:00"), "2026-06-01T06:00:00", "2026-06-01T06:00:00"),
        ("Asia/Kathmandu", ("20:00", "09:00"), "2026-06-01T14:15:00", "2026-06-02T03:15:00"),
        ("UTC", ("12:00", "13:30"), "2026-06-01T12:00:30", "2026-06-01T13:30:00"),
        # the clock is put forward in the night: 02:00 becomes 03:00 at 07:00 UTC
        ("America/New_York", ("20:00", "09:00"), "2026-03-08T05:00:00", "2026-03-08T13:00:00"),
        ("America/New_York", ("20:00", "09:00"), "2026-03-07T05:00:00", "2026-03-07T14:00:00"),
        # the end is skipped: the first instant after the change is not quiet
        ("America/New_York", ("21:00", "02:30"), "2026-03-08T06:00:00", "2026-03-08T07:00:00"),
        ("America/New_York", ("21:00", "02:30"), "2026-03-08T06:59:59", "2026-03-08T07:00:00"),
        # the clock is put back: 02:00 becomes 01:00 at 06:00 UTC
        ("America/New_York", ("20:00", "09:00"), "2026-11-01T04:00:00", "2026-11-01T14:00:00"),
        ("America/New_York", ("21:00", "02:00"), "2026-11-01T05:30:00", "2026-11-01T07:00:00"),
        # the end comes twice
        ("America/New_York", ("21:00", "01:30"), "2026-11-01T05:00:00", "2026-11-01T05:30:00"),
        ("America/New_York", ("21:00", "01:30"), "2026-11-01T05:45:00", "2026-11-01T05:45:00"),
        ("America/New_York", ("21:00", "01:30"), "2026-11-01T06:10:00", "2026-11-01T06:30:00"),
        # half an hour is put back: 02:00 becomes 01:30 at 15:00 UTC
        ("Australia/Lord_Howe", ("21:00", "01:45"), "2026-04-04T14:40:00", "2026-04-04T14:45:00"),
        ("Australia/Lord_Howe", ("21:00", "01:45"), "2026-04-04T15:00:00", "2026-04-04T15:15:00"),
        ("Australia/Lord_Howe", ("21:00", "02:15"), "2026-04-04T14:40:00", "2026-04-04T15:45:00"),
        # a whole day is skipped: 30 December 2011 had no clock time there
        ("Pacific/Apia", ("20:00", "09:00"), "2011-12-30T09:00:00", "2011-12-30T19:00:00"),
    ],
)
def test_the_first_instant_that_is_not_quiet(
    zone: str, quiet: tuple[str, str], instant: str, allowed: str
) -> None:
    found = find_zone(zone)
    assert found is not None
    assert hours(*quiet).next_allowed(at(instant), found) == at(allowed)


@pytest.mark.parametrize(
    ("quiet", "instant", "is_quiet"),
    [
        # a span that is skipped as a whole
        (("02:15", "02:45"), "2026-03-08T07:00:00", False),
        # a start that is skipped
        (("02:30", "09:00"), "2026-03-08T06:59:59", False),
        (("02:30", "09:00"), "2026-03-08T07:00:00", True),
        # a span that comes twice
        (("01:00", "02:00"), "2026-11-01T05:30:00", True),
        (("01:00", "02:00"), "2026-11-01T06:30:00", True),
        (("01:00", "02:00"), "2026-11-01T07:00:00", False),
    ],
)
def test_times_that_are_skipped_or_come_twice(quiet: tuple[str, str], instant: str, is_quiet: bool) -> None:
    assert hours(*quiet).is_quiet(at(instant), ZoneInfo("America/New_York")) is is_quiet


def test_an_instant_is_the_same_in_whatever_zone_it_is_written() -> None:
    written = at("2026-06-01T20:00:00").astimezone(timezone(timedelta(hours=-7)))
    dhaka = ZoneInfo("Asia/Dhaka")
    assert NIGHT.is_quiet(written, dhaka)
    assert NIGHT.next_allowed(written, dhaka) == at("2026-06-02T03:00:00")


def test_level_edges_are_quiet_all_day_and_never_end() -> None:
    always = hours("08:00", "08:00")
    for hour in range(24):
        assert always.is_quiet(at(f"2026-06-01T{hour:02}:00:00"), ZoneInfo("UTC"))
    assert always.next_allowed(at("2026-06-01T12:00:00"), ZoneInfo("UTC")) is None


@pytest.mark.parametrize(
    "name",
    [None, "", "Mars/Olympus", "Europe", "localtime", "LOCALTIME", "Factory", "posixrules", "posix/UTC",
     "right/UTC", "../etc/passwd", "/etc/localtime", "Europe/Berlin\x00", "zone.tab", "এশিয়া/ঢাকা", "A" * 300],
)  # fmt: skip
def test_a_name_that_is_no_zone_or_means_the_server_is_unknown(name: str | None) -> None:
    assert find_zone(name) is None


def test_every_minute_around_every_clock_change_agrees_with_walking_the_clock() -> None:
    """The brute way: go on minute by minute until the clock shows a time that is not quiet."""
    rng = random.Random(11)
    minute = timedelta(minutes=1)
    for name in ZONES:
        zone = ZoneInfo(name)
        for change in clock_changes(name)[:2]:
            for _ in range(3):
                start, end = (
                    timedelta(minutes=rng.choice((rng.randrange(1440), rng.randrange(240)))) for _ in "ab"
                )
                quiet = QuietHours(start, end)
                instant = change + rng.randrange(-900, 300) * minute
                walked = instant
                while walked < instant + timedelta(days=2):
                    shown = walked.astimezone(zone)
                    since = timedelta(hours=shown.hour, minutes=shown.minute)
                    if not (start <= since < end if start < end else since >= start or since < end):
                        break
                    walked += minute
                expected = None if start == end else walked
                assert quiet.next_allowed(instant, zone) == expected, (name, instant, start, end)


def test_the_policys_minutes_are_read() -> None:
    assert QuietHours.of({"quiet_start_minute": 1200, "quiet_end_minute": 540}) == NIGHT


@pytest.mark.parametrize(("start", "end"), [(1440, 540), (1200, 1440), (-1, 540), (2000, 540)])
def test_a_minute_that_no_day_has_is_refused(start: int, end: int) -> None:
    with pytest.raises(PolicyError, match="0 to 1439"):
        QuietHours.of({"quiet_start_minute": start, "quiet_end_minute": end})
