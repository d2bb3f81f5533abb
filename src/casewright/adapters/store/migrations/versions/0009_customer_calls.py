"""Whom a keyed call was made for, so that the limit holds for each customer of a key that acts for many."""

import sqlalchemy as sa
from alembic import op

revision = "0009_customer_calls"
down_revision = "0008_sales"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and its index; calls made before name nobody."""
    op.add_column("tool_calls", sa.Column("customer_id", sa.Text(), nullable=True))
    op.create_index(
        op.f("ix_tool_calls_tenant_customer_id_tool_called_at"),
        "tool_calls",
        ["tenant", "customer_id", "tool", "called_at"],
        unique=False,
    )
