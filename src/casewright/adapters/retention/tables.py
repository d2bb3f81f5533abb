"""Tables of the retention desk: customers, contacts, budget periods and their slices, decisions, outcomes.

Invariants: `tenant` leads every key; a key of a subject names one decision for good; what is held of a budget
is the sum of its open slices and of what closed ones have spent, less what came back; a contact's row counts
its changes, so that of two who decide about one customer at once only one may write; an outcome is
quarantined until somebody releases it. Who may write what is decided elsewhere (`store`, `budget`).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from casewright.adapters.store.metadata import METADATA


def _tenant() -> "Column[str]":
    return Column("tenant", Text, nullable=False)


RETENTION_CUSTOMERS = Table(
    "retention_customers",
    METADATA,
    _tenant(),
    Column("customer_id", Text, nullable=False),
    Column("document", Text, nullable=False),  # canonical JSON with schema_version: facts and features
    Column("opted_out_at", BigInteger),  # unsubscribed: no contact ever, whatever the document says
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "customer_id"),
)

RETENTION_CONTACTS = Table(
    "retention_contacts",
    METADATA,
    _tenant(),
    Column("customer_id", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("contacted_at", Text, nullable=False),  # JSON: moments of the contacts that still count, in order
    Column("decision_id", Text, nullable=False),  # of the last contact
    Column("last_offer", Integer, nullable=False),
    Column("was_accepted", Boolean),  # none while nobody has said
    PrimaryKeyConstraint("tenant", "customer_id"),
    CheckConstraint("version >= 1", name="version"),
)

RETENTION_PERIODS = Table(
    "retention_periods",
    METADATA,
    _tenant(),
    Column("period", Text, nullable=False),  # its first day, as 2026-03-05
    Column("budget_minor", BigInteger, nullable=False),
    Column("reserved_minor", BigInteger, nullable=False),
    Column("complaint_cap", BigInteger, nullable=False),  # complaints that may come
    Column("complaint_limit_micros", BigInteger, nullable=False),  # expected complaints that may be risked
    Column("complaint_reserved_micros", BigInteger, nullable=False),
    Column("complaints", BigInteger, nullable=False),  # that have come
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "period"),
    CheckConstraint("budget_minor >= 0", name="budget"),
    CheckConstraint("reserved_minor >= 0", name="reserved"),
    CheckConstraint("complaint_reserved_micros >= 0", name="complaint_reserved"),
)

RETENTION_SLICES = Table(
    "retention_slices",
    METADATA,
    _tenant(),
    Column("slice_id", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("holder", Text, nullable=False),  # the process, by a drawn name
    Column("is_open", Boolean, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("complaint_micros", BigInteger, nullable=False),
    Column("taken_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),  # after it, anybody may give back what is left
    PrimaryKeyConstraint("tenant", "slice_id"),
    Index(None, "tenant", "period", "is_open"),
    CheckConstraint("amount_minor >= 0", name="amount"),
)

RETENTION_SWITCHES = Table(
    "retention_switches",
    METADATA,
    _tenant(),
    Column("is_on", Boolean, nullable=False),  # on: learned policies are out, the baseline proposes
    Column("generation", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant"),
)

RETENTION_DECISIONS = Table(
    "retention_decisions",
    METADATA,
    _tenant(),
    Column("decision_id", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),  # of the body: tells one request from another
    Column("customer_id", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("arm", Text, nullable=False),
    Column("offer_level", Integer),  # none: no contact
    Column("followup_days", Integer, nullable=False),
    Column("reserved_minor", BigInteger, nullable=False),
    Column("released_minor", BigInteger, nullable=False),  # came back once the outcome was known
    Column("complaint_micros", BigInteger, nullable=False),
    Column("slice_id", Text),
    Column("ruleset", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("record", Text, nullable=False),  # JSON: observation, probabilities, draws; what learning needs
    Column("answer", Text, nullable=False),  # JSON: as it was given, for whoever asks again
    PrimaryKeyConstraint("tenant", "decision_id"),
    UniqueConstraint("tenant", "subject_id", "key"),
    Index(None, "tenant", "slice_id"),
    Index(None, "tenant", "customer_id", "decided_at"),
    CheckConstraint("reserved_minor >= released_minor", name="released"),
)

RETENTION_OUTCOMES = Table(
    "retention_outcomes",
    METADATA,
    _tenant(),
    Column("decision_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("was_accepted", Boolean),
    Column("has_complained", Boolean),
    Column("has_churned", Boolean),
    Column("revenue_minor", BigInteger),
    Column("source", Text, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "decision_id"),
    ForeignKeyConstraint(
        ["tenant", "decision_id"], ["retention_decisions.tenant", "retention_decisions.decision_id"]
    ),
    Index(None, "tenant", "state", "recorded_at"),
    CheckConstraint("state IN ('quarantined', 'released')", name="state"),
)
