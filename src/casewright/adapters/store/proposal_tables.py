"""Tables of the tools: which key was used for what, and the proposals that await their confirmation.

Invariants: a key of a subject is recorded once and for good; a proposal's state moves forward only. Personal
values stand as vault tokens. What was carried out stands in the journal, not here.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, Text

from casewright.adapters.store.metadata import METADATA

TOOL_CALLS = Table(
    "tool_calls",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),  # of tool and arguments: tells one request from another
    Column("answer", Text),  # JSON: the stored no; none where a proposal or the journal has the answer
    Column("proposal_id", Text),
    Column("called_at", BigInteger, nullable=False),
    Column("customer_id", Text),  # whom the call was made for; none for staff who act for nobody
    PrimaryKeyConstraint("tenant", "subject_id", "key"),
    Index(None, "tenant", "subject_id", "tool", "called_at"),
    Index(None, "tenant", "customer_id", "tool", "called_at"),
)

PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("proposal_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tool", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("customer_id", Text),
    Column("case_id", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of everything that a confirmation confirms
    Column("nonce", Text, nullable=False),
    Column("shown", Text, nullable=False),  # JSON: arguments, effects, clauses, reasons, outcome, ruleset
    Column("amount_minor", BigInteger, nullable=False),
    Column("order_id", Text),
    Column("order_version", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("replaced_by", Text),
    Column("confirmed_by", Text),
    Column("needed_role", Text),  # none: no approval is needed
    Column("approver_id", Text),
    Column("is_granted", BigInteger),  # 1 or 0; none while nobody has decided
    Column("decided_at", BigInteger),
    Column("note", Text),
    PrimaryKeyConstraint("tenant", "proposal_id"),
    Index(None, "tenant", "state", "created_at"),
    CheckConstraint(
        "state IN ('awaiting_approval', 'open', 'consumed', 'rejected', 'replaced')", name="state"
    ),
)
