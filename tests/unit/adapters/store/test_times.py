"""Moments as microseconds: exact both ways, in UTC, never without a zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright.adapters.store.times import from_micros, to_micros


def test_the_first_microsecond_of_1970_is_one() -> None:
    assert to_micros(datetime(1970, 1, 1, 0, 0, 0, 1, tzinfo=UTC)) == 1
    assert to_micros(datetime(2026, 3, 1, 12, tzinfo=UTC)) == 1_772_366_400_000_000


def test_a_moment_before_1970_is_negative() -> None:
    assert to_micros(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1_000_000
    assert from_micros(-1_000_000) == datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_a_moment_of_another_zone_comes_back_in_utc() -> None:
    dhaka = datetime(2026, 3, 1, 18, 0, tzinfo=timezone(timedelta(hours=6)))
    back = from_micros(to_micros(dhaka))
    assert back == dhaka
    assert back.tzinfo is UTC


def test_none_stays_none() -> None:
    assert to_micros(None) is None
    assert from_micros(None) is None


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        to_micros(datetime(2026, 3, 1))  # noqa: DTZ001 - the mistake under test


@given(st.datetimes(timezones=st.timezones()))
def test_every_moment_survives_the_way_there_and_back(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment.astimezone(UTC)
