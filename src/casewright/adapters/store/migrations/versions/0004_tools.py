"""Keys of tool calls, and the proposals that await their confirmation."""

import sqlalchemy as sa
from alembic import op

revision = "0004_tools"
down_revision = "0003_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tool_calls",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("proposal_id", sa.Text(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "subject_id", "key", name=op.f("pk_tool_calls")),
    )
    op.create_index(
        op.f("ix_tool_calls_tenant_subject_id_tool_called_at"),
        "tool_calls",
        ["tenant", "subject_id", "tool", "called_at"],
        unique=False,
    )
    op.create_table(
        "proposals",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("order_version", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_by", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.Text(), nullable=True),
        sa.Column("needed_role", sa.Text(), nullable=True),
        sa.Column("approver_id", sa.Text(), nullable=True),
        sa.Column("is_granted", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('awaiting_approval', 'open', 'consumed', 'rejected', 'replaced')",
            name=op.f("ck_proposals_state"),
        ),
        sa.PrimaryKeyConstraint("tenant", "proposal_id", name=op.f("pk_proposals")),
    )
    op.create_index(
        op.f("ix_proposals_tenant_state_created_at"),
        "proposals",
        ["tenant", "state", "created_at"],
        unique=False,
    )
