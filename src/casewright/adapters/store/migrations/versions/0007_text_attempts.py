"""The ledger of attempts at text."""

import sqlalchemy as sa
from alembic import op

revision = "0007_text_attempts"
down_revision = "0006_knowledge"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "text_attempts",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("cost_micros", sa.BigInteger(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "attempt_id", name=op.f("pk_text_attempts")),
    )
    op.create_index(op.f("ix_text_attempts_tenant_at"), "text_attempts", ["tenant", "at"], unique=False)
