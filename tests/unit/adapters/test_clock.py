"""The clock is aware, in UTC, and of a fixed form in logs."""

import re
from datetime import UTC

from casewright.adapters import clock


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_today_is_the_day_of_now() -> None:
    before, today, after = clock.now().date(), clock.today(), clock.now().date()
    assert before <= today <= after


def test_timestamp_has_milliseconds_and_a_zone() -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", clock.timestamp())
