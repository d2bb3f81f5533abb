"""The shop's records and the stored cases."""

import sqlalchemy as sa
from alembic import op

revision = "0001_shop"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _create_cases()
    _create_customers()
    _create_escalations()
    _create_evidence()
    _create_products()
    _create_orders()
    _create_payment_methods()
    _create_variants()
    _create_gift_card_entries()
    _create_labels()
    _create_order_lines()
    _create_payments()
    _create_refunds()
    _create_replacements()


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "case_id", name=op.f("pk_cases")),
    )
    op.create_index(
        op.f("ix_cases_tenant_customer_id_changed_at"),
        "cases",
        ["tenant", "customer_id", "changed_at"],
        unique=False,
    )


def _create_customers() -> None:
    op.create_table(
        "customers",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("name_token", sa.Text(), nullable=True),
        sa.Column("email_token", sa.Text(), nullable=True),
        sa.Column("phone_token", sa.Text(), nullable=True),
        sa.Column("address_token", sa.Text(), nullable=True),
        sa.Column("email_index", sa.Text(), nullable=True),
        sa.Column("phone_last4_index", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "customer_id", name=op.f("pk_customers")),
    )
    op.create_index(
        op.f("ix_customers_tenant_email_index_customer_id"),
        "customers",
        ["tenant", "email_index", "customer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customers_tenant_phone_last4_index_customer_id"),
        "customers",
        ["tenant", "phone_last4_index", "customer_id"],
        unique=False,
    )


def _create_escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("queue", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Text(), nullable=True),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "escalation_id", name=op.f("pk_escalations")),
    )
    op.create_index(op.f("ix_escalations_tenant_case_id"), "escalations", ["tenant", "case_id"], unique=False)
    op.create_index(
        op.f("ix_escalations_tenant_queue_closed_at_due_at"),
        "escalations",
        ["tenant", "queue", "closed_at", "due_at"],
        unique=False,
    )


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_evidence_size")),
        sa.PrimaryKeyConstraint("tenant", "evidence_id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("tenant", "sha256", name=op.f("uq_evidence_tenant_sha256")),
    )
    op.create_index(
        op.f("ix_evidence_tenant_customer_id_order_id"),
        "evidence",
        ["tenant", "customer_id", "order_id"],
        unique=False,
    )
    op.create_table(
        "evidence_reuses",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "tenant", "customer_id", "order_id", "sha256", name=op.f("pk_evidence_reuses")
        ),
    )


def _create_products() -> None:
    op.create_table(
        "products",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_words", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("is_final_sale", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "product_id", name=op.f("pk_products")),
    )


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("merchant", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=True),
        sa.Column("shipped_at", sa.BigInteger(), nullable=True),
        sa.Column("promised_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("address_token", sa.Text(), nullable=True),
        sa.Column("is_payment_modified", sa.Boolean(), nullable=False),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("requests", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("shipping_minor >= 0", name=op.f("ck_orders_shipping")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_orders_version")),
        sa.ForeignKeyConstraint(
            ["tenant", "customer_id"],
            ["customers.tenant", "customers.customer_id"],
            name=op.f("fk_orders_tenant_customer_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "order_id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_tenant_customer_id"), "orders", ["tenant", "customer_id"], unique=False)


def _create_payment_methods() -> None:
    op.create_table(
        "payment_methods",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("method_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "customer_id"],
            ["customers.tenant", "customers.customer_id"],
            name=op.f("fk_payment_methods_tenant_customer_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "method_id", name=op.f("pk_payment_methods")),
    )
    op.create_index(
        op.f("ix_payment_methods_tenant_customer_id"),
        "payment_methods",
        ["tenant", "customer_id"],
        unique=False,
    )


def _create_variants() -> None:
    op.create_table(
        "variants",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("variant_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_available", sa.Boolean(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_variants_price")),
        sa.ForeignKeyConstraint(
            ["tenant", "product_id"],
            ["products.tenant", "products.product_id"],
            name=op.f("fk_variants_tenant_product_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "variant_id", name=op.f("pk_variants")),
    )
    op.create_index(op.f("ix_variants_tenant_product_id"), "variants", ["tenant", "product_id"], unique=False)


def _create_gift_card_entries() -> None:
    op.create_table(
        "gift_card_entries",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("method_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("balance_after_minor", sa.BigInteger(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("balance_after_minor >= 0", name=op.f("ck_gift_card_entries_balance")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_gift_card_entries_number")),
        sa.ForeignKeyConstraint(
            ["tenant", "method_id"],
            ["payment_methods.tenant", "payment_methods.method_id"],
            name=op.f("fk_gift_card_entries_tenant_method_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "method_id", "number", name=op.f("pk_gift_card_entries")),
        sa.UniqueConstraint(
            "tenant",
            "action_id",
            "method_id",
            "part",
            name=op.f("uq_gift_card_entries_tenant_action_id_method_id_part"),
        ),
    )


def _create_labels() -> None:
    op.create_table(
        "labels",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("label_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line_ids", sa.Text(), nullable=False),
        sa.Column("tracking_id", sa.Text(), nullable=True),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "order_id"],
            ["orders.tenant", "orders.order_id"],
            name=op.f("fk_labels_tenant_order_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "label_id", name=op.f("pk_labels")),
    )
    op.create_index(op.f("ix_labels_tenant_order_id"), "labels", ["tenant", "order_id"], unique=False)


def _create_order_lines() -> None:
    op.create_table(
        "order_lines",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Text(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("is_final_sale", sa.Boolean(), nullable=False),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_order_lines_price")),
        sa.ForeignKeyConstraint(
            ["tenant", "order_id"],
            ["orders.tenant", "orders.order_id"],
            name=op.f("fk_order_lines_tenant_order_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "order_id", "line_id", name=op.f("pk_order_lines")),
    )


def _create_payments() -> None:
    op.create_table(
        "payments",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("method_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('payment', 'refund')", name=op.f("ck_payments_kind")),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(
            ["tenant", "order_id"],
            ["orders.tenant", "orders.order_id"],
            name=op.f("fk_payments_tenant_order_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "order_id", "position", name=op.f("pk_payments")),
    )


def _create_refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("line_ids", sa.Text(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint("shipping_minor >= 0", name=op.f("ck_refunds_shipping")),
        sa.ForeignKeyConstraint(
            ["tenant", "order_id"],
            ["orders.tenant", "orders.order_id"],
            name=op.f("fk_refunds_tenant_order_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "refund_id", name=op.f("pk_refunds")),
    )
    op.create_index(
        op.f("ix_refunds_tenant_customer_id_at"), "refunds", ["tenant", "customer_id", "at"], unique=False
    )
    op.create_index(op.f("ix_refunds_tenant_order_id"), "refunds", ["tenant", "order_id"], unique=False)


def _create_replacements() -> None:
    op.create_table(
        "replacements",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("replacement_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("line_id", sa.Text(), nullable=False),
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "order_id"],
            ["orders.tenant", "orders.order_id"],
            name=op.f("fk_replacements_tenant_order_id"),
        ),
        sa.PrimaryKeyConstraint("tenant", "replacement_id", name=op.f("pk_replacements")),
    )
    op.create_index(
        op.f("ix_replacements_tenant_customer_id_at"),
        "replacements",
        ["tenant", "customer_id", "at"],
        unique=False,
    )
