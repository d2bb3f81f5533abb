"""Customers, contacts, budgets, decisions and outcomes of the retention desk."""

import sqlalchemy as sa
from alembic import op

revision = "0010_retention"
down_revision = "0009_customer_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_customers()
    _make_budgets()
    _make_decisions()
    _make_outcomes()


def _make_customers() -> None:
    op.create_table(
        "retention_customers",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("opted_out_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "customer_id", name=op.f("pk_retention_customers")),
    )
    op.create_table(
        "retention_contacts",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("contacted_at", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("last_offer", sa.Integer(), nullable=False),
        sa.Column("was_accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("ck_retention_contacts_version")),
        sa.PrimaryKeyConstraint("tenant", "customer_id", name=op.f("pk_retention_contacts")),
    )


def _make_budgets() -> None:
    op.create_table(
        "retention_periods",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("budget_minor", sa.BigInteger(), nullable=False),
        sa.Column("reserved_minor", sa.BigInteger(), nullable=False),
        sa.Column("complaint_cap", sa.BigInteger(), nullable=False),
        sa.Column("complaint_limit_micros", sa.BigInteger(), nullable=False),
        sa.Column("complaint_reserved_micros", sa.BigInteger(), nullable=False),
        sa.Column("complaints", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("budget_minor >= 0", name=op.f("ck_retention_periods_budget")),
        sa.CheckConstraint(
            "complaint_reserved_micros >= 0", name=op.f("ck_retention_periods_complaint_reserved")
        ),
        sa.CheckConstraint("reserved_minor >= 0", name=op.f("ck_retention_periods_reserved")),
        sa.PrimaryKeyConstraint("tenant", "period", name=op.f("pk_retention_periods")),
    )
    op.create_table(
        "retention_slices",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("slice_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("complaint_micros", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_retention_slices_amount")),
        sa.PrimaryKeyConstraint("tenant", "slice_id", name=op.f("pk_retention_slices")),
    )
    op.create_index(
        op.f("ix_retention_slices_tenant_period_is_open"),
        "retention_slices",
        ["tenant", "period", "is_open"],
        unique=False,
    )
    op.create_table(
        "retention_switches",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_retention_switches")),
    )


def _make_decisions() -> None:
    op.create_table(
        "retention_decisions",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.Column("arm", sa.Text(), nullable=False),
        sa.Column("offer_level", sa.Integer(), nullable=True),
        sa.Column("followup_days", sa.Integer(), nullable=False),
        sa.Column("reserved_minor", sa.BigInteger(), nullable=False),
        sa.Column("released_minor", sa.BigInteger(), nullable=False),
        sa.Column("complaint_micros", sa.BigInteger(), nullable=False),
        sa.Column("slice_id", sa.Text(), nullable=True),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("policy_version", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("reserved_minor >= released_minor", name=op.f("ck_retention_decisions_released")),
        sa.PrimaryKeyConstraint("tenant", "decision_id", name=op.f("pk_retention_decisions")),
        sa.UniqueConstraint(
            "tenant", "subject_id", "key", name=op.f("uq_retention_decisions_tenant_subject_id_key")
        ),
    )
    op.create_index(
        op.f("ix_retention_decisions_tenant_customer_id_decided_at"),
        "retention_decisions",
        ["tenant", "customer_id", "decided_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_retention_decisions_tenant_slice_id"),
        "retention_decisions",
        ["tenant", "slice_id"],
        unique=False,
    )


def _make_outcomes() -> None:
    op.create_table(
        "retention_outcomes",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("was_accepted", sa.Boolean(), nullable=True),
        sa.Column("has_complained", sa.Boolean(), nullable=True),
        sa.Column("has_churned", sa.Boolean(), nullable=True),
        sa.Column("revenue_minor", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('quarantined', 'released')", name=op.f("ck_retention_outcomes_state")),
        sa.ForeignKeyConstraint(
            ["tenant", "decision_id"],
            ["retention_decisions.tenant", "retention_decisions.decision_id"],
            name=op.f("fk_retention_outcomes_tenant_decision_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "decision_id", name=op.f("pk_retention_outcomes")),
    )
    op.create_index(
        op.f("ix_retention_outcomes_tenant_state_recorded_at"),
        "retention_outcomes",
        ["tenant", "state", "recorded_at"],
        unique=False,
    )
