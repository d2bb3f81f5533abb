"""Clients of the sales desk, conversations with the copilot, and reviewed answers."""

import sqlalchemy as sa
from alembic import op

revision = "0008_sales"
down_revision = "0007_text_attempts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_clients()
    _make_conversations()
    _make_reviewed_answers()


def _make_clients() -> None:
    op.create_table(
        "clients",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("industry", sa.Text(), nullable=True),
        sa.Column("spend_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("last_meeting", sa.Text(), nullable=True),
        sa.Column("account_manager", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("spend_minor >= 0", name=op.f("ck_clients_spend_not_negative")),
        sa.CheckConstraint(
            "(spend_minor IS NULL) = (currency IS NULL)", name=op.f("ck_clients_spend_has_currency")
        ),
        sa.PrimaryKeyConstraint("tenant", "client_id", name=op.f("pk_clients")),
    )
    op.create_table(
        "client_generations",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_client_generations")),
    )
    op.create_table(
        "lookup_marks",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_lookup_marks")),
    )


def _make_conversations() -> None:
    op.create_table(
        "copilot_conversations",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "conversation_id", name=op.f("pk_copilot_conversations")),
    )
    op.create_index(
        op.f("ix_copilot_conversations_tenant_owner_changed_at"),
        "copilot_conversations",
        ["tenant", "owner", "changed_at"],
        unique=False,
    )
    op.create_table(
        "copilot_turns",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "conversation_id"],
            ["copilot_conversations.tenant", "copilot_conversations.conversation_id"],
            name=op.f("fk_copilot_turns_tenant_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "conversation_id", "number", name=op.f("pk_copilot_turns")),
    )


def _make_reviewed_answers() -> None:
    op.create_table(
        "reviewed_answers",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("is_correct", sa.Boolean(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_hash", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "row_id", name=op.f("pk_reviewed_answers")),
    )
    op.create_index(
        op.f("ix_reviewed_answers_tenant_state_imported_at"),
        "reviewed_answers",
        ["tenant", "state", "imported_at"],
        unique=False,
    )
