"""Rate limit: so many per window and caller, and how long the rest must wait."""

import time

import pytest

from casewright.domain.errors import ConfigurationError
from casewright.service.rate_limit import RateLimit


def test_third_of_two_per_hour_must_wait_up_to_an_hour() -> None:
    limit = RateLimit("2/hour", time.time)
    assert limit.take("a") == 0
    assert limit.take("a") == 0
    assert 3500 < limit.take("a") <= 3601


def test_each_caller_is_counted_apart() -> None:
    limit = RateLimit("1/hour", time.time)
    assert limit.take("a") == 0
    assert limit.take("b") == 0
    assert limit.take("a") > 0


def test_wait_is_at_least_a_second() -> None:
    limit = RateLimit("1/second", lambda: time.time() + 100)
    limit.take("a")
    assert limit.take("a") == 1


def test_rate_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="60/minute"):
        RateLimit("sometimes", time.time)
