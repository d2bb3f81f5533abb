"""A NUL in a text, which only SQLite can hold, fails no look-up and no write on either database."""

from datetime import UTC, datetime
from typing import Any

from casewright.adapters.store.cases import StoredCases
from casewright.ports.cases import CaseState, StoredCase

AT = datetime(2026, 6, 1, tzinfo=UTC)


def test_nul_in_a_text_is_looked_up_and_kept(database: Any) -> None:
    cases = StoredCases(database, "main")
    assert cases.find("case\x00-1") is None
    cases.save(StoredCase("case-2", "orders", "a\x00b", CaseState.OPEN, AT, AT))
    kept = cases.find("case-2")
    assert kept is not None
    assert kept.subject in ("a\x00b", "a\ufffdb")
