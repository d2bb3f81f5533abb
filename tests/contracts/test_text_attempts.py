"""The ledger of attempts, on both databases."""

from datetime import UTC, datetime, timedelta

from casewright.adapters.gateway.attempt_store import KeptAttempt, StoredAttempts, Totals
from casewright.adapters.store.engine import Database
from casewright.ports.text_model import Attempt, AttemptOutcome

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
GOOD = Attempt("groq", "llama", AttemptOutcome.ANSWERED, 100, 20, 7, 300, "llama-3.3")
LATE = Attempt("groq", "llama", AttemptOutcome.TIMED_OUT, 100, 700, 9, 4000)


def minutes(number: int, attempt: Attempt) -> KeptAttempt:
    return KeptAttempt(NOON + timedelta(minutes=number), attempt)


def test_what_was_tried_is_read_back_as_it_was(database: Database) -> None:
    attempts = StoredAttempts(database, "main")
    attempts.add([minutes(1, GOOD), minutes(2, LATE)])
    attempts.add([])
    assert attempts.newest(10) == (minutes(2, LATE), minutes(1, GOOD))
    assert attempts.newest(1) == (minutes(2, LATE),)


def test_totals_are_by_provider_model_and_outcome_since_a_moment(database: Database) -> None:
    attempts = StoredAttempts(database, "main")
    attempts.add([minutes(-5, GOOD), minutes(1, GOOD), minutes(2, GOOD), minutes(3, LATE)])
    assert attempts.totals(NOON) == (
        Totals("groq", "llama", "answered", 2, 200, 40, 14, 600),
        Totals("groq", "llama", "timed_out", 1, 100, 700, 9, 4000),
    )


def test_another_tenant_has_its_own_ledger(database: Database) -> None:
    StoredAttempts(database, "main").add([minutes(1, GOOD)])
    other = StoredAttempts(database, "other")
    assert (other.newest(10), other.totals(NOON), other.purge(NOON + timedelta(days=1))) == ((), (), 0)
    assert len(StoredAttempts(database, "main").newest(10)) == 1


def test_what_is_older_goes_and_the_rest_stays(database: Database) -> None:
    attempts = StoredAttempts(database, "main")
    attempts.add([minutes(-1, GOOD), minutes(0, GOOD), minutes(1, GOOD)])
    assert attempts.purge(NOON) == 1
    assert [kept.at for kept in attempts.newest(10)] == [NOON + timedelta(minutes=1), NOON]


def test_a_provider_that_counts_beyond_all_bounds_breaks_no_row(database: Database) -> None:
    attempts = StoredAttempts(database, "main")
    boast = Attempt("p", "m", AttemptOutcome.ANSWERED, 10**9 - 1, 10**9 - 1, 10**15)
    attempts.add([minutes(number, boast) for number in range(5)])
    assert attempts.totals(NOON)[0].tokens_in == 5 * (10**9 - 1)
