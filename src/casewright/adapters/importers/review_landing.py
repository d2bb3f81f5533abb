"""Landing of reviewed answers: training data of a tenant, quarantined, all of a file or nothing.

Invariants: a row is there once, however often it is imported; it names the file, the file's digest and the
line that it came from. Nothing here releases a row from quarantine.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from casewright.adapters.importers.questions import ReviewedAnswer
from casewright.adapters.journal.tables import insert_once
from casewright.adapters.store.client_tables import REVIEWED_ANSWERS
from casewright.adapters.store.engine import Database
from casewright.adapters.store.metadata import write_json
from casewright.adapters.store.times import to_micros

DOCUMENT_VERSION = 1
_INSERT = insert_once(REVIEWED_ANSWERS)


class RowState(StrEnum):
    """Whether a row may be learnt from."""

    QUARANTINED = "quarantined"
    """Nobody has looked at it yet."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where rows come from."""

    source: str
    """Name of the file."""
    source_hash: str
    """`sha256:` and the digest of its bytes."""
    at: datetime


def land_reviews(
    database: Database, tenant: str, reviews: Sequence[ReviewedAnswer], provenance: Provenance
) -> int:
    """Keep the rows that are not there yet; how many."""
    rows = [_write(tenant, review, provenance) for review in reviews]

    def work(connection: Connection) -> int:
        return sum(connection.execute(_INSERT, row).rowcount for row in rows)

    return database.write(work)


def _write(tenant: str, review: ReviewedAnswer, provenance: Provenance) -> dict[str, Any]:
    content: dict[str, Any] = {
        "user_input": review.user_input,
        "crm_output": review.crm_output,
        "tools": list(review.tools),
        "tool_calls_made": review.tool_calls,
        "reflection_output": review.reflection_output,
        "is_correct": review.is_correct,
    }
    digest = hashlib.sha256(write_json(content).encode("utf-8", "surrogatepass")).hexdigest()
    return {
        "tenant": tenant,
        "row_id": digest,
        "state": RowState.QUARANTINED.value,
        "document": write_json({"schema_version": DOCUMENT_VERSION, **content}),
        "is_correct": review.is_correct,
        "source": provenance.source,
        "source_hash": provenance.source_hash,
        "line": review.line,
        "imported_at": to_micros(provenance.at),
    }
