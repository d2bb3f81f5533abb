import pytest

from casewright.adapters.gateway.connections import Exchange
from casewright.adapters.gateway.providers import Provider
from casewright.adapters.gateway.speakers import parse_retry_after, read_exchange
from casewright.ports.text_model import AttemptOutcome

PROVIDER = Provider("p", "m", "http://x/v1")
NOON = "Fri, 02 Jan 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("20", 20.0), (" 0 ", 0.0), ("1.5", 2.0), ("7.0", 7.0), ("86400", 86_400.0)],
)
def test_retry_after_in_seconds_is_rounded_up(said: str, seconds: float) -> None:
    assert parse_retry_after({"retry-after": said}) == seconds


def test_retry_after_as_a_date_counts_from_the_date_of_the_server() -> None:
    later = "Fri, 02 Jan 2026 12:00:45 GMT"
    assert parse_retry_after({"retry-after": later, "date": NOON}) == 45.0
    assert parse_retry_after({"retry-after": NOON, "date": later}) == 0.0


@pytest.mark.parametrize("said", ["", "soon", "-5", "nan", "inf", "১০", "9" * 400, NOON])
def test_retry_after_that_says_nothing_is_unknown(said: str) -> None:
    assert parse_retry_after({"retry-after": said}) is None


@pytest.mark.parametrize(
    ("exchange", "failure"),
    [
        (Exchange(failure=AttemptOutcome.TIMED_OUT), AttemptOutcome.TIMED_OUT),
        (Exchange(429), AttemptOutcome.RATE_LIMITED),
        (Exchange(500), AttemptOutcome.SERVER_ERROR),
        (Exchange(503), AttemptOutcome.SERVER_ERROR),
        (Exchange(401), AttemptOutcome.REFUSED),
        (Exchange(302), AttemptOutcome.REFUSED),
        (Exchange(204), AttemptOutcome.REFUSED),
        (Exchange(200, {}, b"no"), AttemptOutcome.INVALID),
    ],
)
def test_every_exchange_without_text_has_its_outcome(exchange: Exchange, failure: AttemptOutcome) -> None:
    assert read_exchange(exchange, PROVIDER).failure is failure
