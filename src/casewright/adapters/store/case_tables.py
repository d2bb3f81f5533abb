"""Table of stored cases: one customer matter each, found by its id at any number of them.

Invariant: the decision is a whole document (facts, ruleset, outcome), so that it replays without other rows.
"""

from sqlalchemy import BigInteger, Column, Index, PrimaryKeyConstraint, Table, Text

from casewright.adapters.store.metadata import METADATA

CASES = Table(
    "cases",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("desk", Text, nullable=False),
    Column("customer_id", Text),
    Column("subject", Text, nullable=False),  # redacted
    Column("state", Text, nullable=False),
    Column("decision", Text),  # canonical JSON with schema_version
    Column("opened_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "case_id"),
    Index(None, "tenant", "customer_id", "changed_at"),
)
