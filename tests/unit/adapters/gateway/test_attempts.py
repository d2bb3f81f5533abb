from casewright.adapters.gateway.attempts import AttemptLedger, Totals
from casewright.ports.text_model import Attempt, AttemptOutcome

GOOD = Attempt("groq", "llama", AttemptOutcome.ANSWERED, 100, 20, 7, 300)
LATE = Attempt("groq", "llama", AttemptOutcome.TIMED_OUT, 100, 700, 9, 4000)


def test_only_the_newest_rows_are_kept_and_totals_count_all() -> None:
    ledger = AttemptLedger(newest_rows=2)
    for attempt in (GOOD, GOOD, LATE):
        ledger.record(attempt)
    assert ledger.rows() == (GOOD, LATE)
    assert ledger.totals() == {
        ("groq", "llama", "answered"): Totals(2, 200, 40, 14, 600),
        ("groq", "llama", "timed_out"): Totals(1, 100, 700, 9, 4000),
    }
