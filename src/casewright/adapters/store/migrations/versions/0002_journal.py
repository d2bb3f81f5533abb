"""The journal of actions, the outbox and the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0002_journal"
down_revision = "0001_shop"
branch_labels = None
depends_on = None

_IS_OPEN = sa.text("due_at IS NOT NULL")
_BYTE_ORDERED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _create_actions()
    _create_holds()
    _create_outbox()
    _create_ledger()


def _create_actions() -> None:
    op.create_table(
        "actions",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("tool", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("transfers", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("fence >= 0", name=op.f("ck_actions_fence")),
        sa.PrimaryKeyConstraint("tenant", "action_id", name=op.f("pk_actions")),
        sa.UniqueConstraint("tenant", "subject_id", "key", name=op.f("uq_actions_tenant_subject_id_key")),
    )
    op.create_index(
        "ix_actions_due_at", "actions", ["due_at"], sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN
    )


def _create_holds() -> None:
    op.create_table(
        "business_keys",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "business_key", name=op.f("pk_business_keys")),
    )
    op.create_table(
        "reservations",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "resource", name=op.f("pk_reservations")),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("outbox_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'delivered', 'dead')", name=op.f("ck_outbox_state")),
        sa.PrimaryKeyConstraint("tenant", "outbox_id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_due_at", "outbox", ["due_at"], sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN
    )
    op.create_index("ix_outbox_tenant_action_id", "outbox", ["tenant", "action_id"])


def _create_ledger() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("tenant", _BYTE_ORDERED, nullable=False),
        sa.Column("case_id", _BYTE_ORDERED, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "case_id", "seq", name=op.f("pk_ledger_entries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_heads",
        sa.Column("tenant", _BYTE_ORDERED, nullable=False),
        sa.Column("case_id", _BYTE_ORDERED, nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "case_id", name=op.f("pk_ledger_heads")),
        sqlite_with_rowid=False,
    )
