"""Reviewed answers in both databases: quarantined, with where they come from, and once."""

from datetime import UTC, datetime
from typing import Any

from casewright.adapters.importers.questions import ReviewedAnswer
from casewright.adapters.importers.review_landing import Provenance, land_reviews
from casewright.adapters.store.client_tables import REVIEWED_ANSWERS
from casewright.adapters.store.metadata import read_json

AT = datetime(2026, 7, 1, tzinfo=UTC)
FROM = Provenance("reviews.csv", "sha256:00", AT)
ROW = ReviewedAnswer(2, "Why?", "Because", ("client_lookup",), "[]", "Fine", is_correct=False)


def test_rows_are_quarantined_with_their_provenance(database: Any) -> None:
    assert land_reviews(database, "main", [ROW, ReviewedAnswer(3, "How?", "So")], FROM) == 2
    kept = database.read(
        lambda each: each.execute(REVIEWED_ANSWERS.select().order_by(REVIEWED_ANSWERS.c.line)).all()
    )
    assert [(row.state, row.source, row.source_hash, row.line, row.is_correct) for row in kept] == [
        ("quarantined", "reviews.csv", "sha256:00", 2, False),
        ("quarantined", "reviews.csv", "sha256:00", 3, None),
    ]
    assert read_json(kept[0].document)["crm_output"] == "Because"


def test_a_row_is_there_once_for_each_tenant(database: Any) -> None:
    assert land_reviews(database, "main", [ROW, ROW], FROM) == 1
    assert land_reviews(database, "main", [ROW], FROM) == 0
    assert land_reviews(database, "other", [ROW], FROM) == 1
