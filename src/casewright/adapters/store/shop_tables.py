"""Tables of a shop's business rows: customers, products, orders, money, and what was asked for them.

Invariants: `tenant` leads every key; no amount of money is negative but a gift card's charge, and no
gift card's running balance is ever negative, whoever writes; personal data stand as vault tokens and blind
indexes only. Who may write what is decided elsewhere (`shop_writes`).
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


def _belongs_to(table: str, column: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["tenant", column], [f"{table}.tenant", f"{table}.{column}"])


CUSTOMERS = Table(
    "customers",
    METADATA,
    _tenant(),
    Column("customer_id", Text, nullable=False),
    Column("name_token", Text),
    Column("email_token", Text),
    Column("phone_token", Text),
    Column("address_token", Text),
    Column("email_index", Text),
    Column("phone_last4_index", Text),
    Column("timezone", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "customer_id"),
    Index(None, "tenant", "email_index", "customer_id"),
    Index(None, "tenant", "phone_last4_index", "customer_id"),
)

PAYMENT_METHODS = Table(
    "payment_methods",
    METADATA,
    _tenant(),
    Column("method_id", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "method_id"),
    _belongs_to("customers", "customer_id"),
    Index(None, "tenant", "customer_id"),
)

GIFT_CARD_ENTRIES = Table(
    "gift_card_entries",
    METADATA,
    _tenant(),
    Column("method_id", Text, nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … of this card: two writers cannot take one place
    Column("amount_minor", BigInteger, nullable=False),
    Column("balance_after_minor", BigInteger, nullable=False),
    Column("action_id", Text, nullable=False),
    Column("part", Integer, nullable=False),  # which entry of its action this is
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "method_id", "number"),
    UniqueConstraint("tenant", "action_id", "method_id", "part"),
    _belongs_to("payment_methods", "method_id"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("balance_after_minor >= 0", name="balance"),
)

PRODUCTS = Table(
    "products",
    METADATA,
    _tenant(),
    Column("product_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_words", Text, nullable=False),  # folded words, each with a blank before it
    Column("category", Text, nullable=False),
    Column("is_final_sale", Boolean, nullable=False),
    PrimaryKeyConstraint("tenant", "product_id"),
)

VARIANTS = Table(
    "variants",
    METADATA,
    _tenant(),
    Column("variant_id", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("is_available", Boolean, nullable=False),
    Column("options", Text, nullable=False),
    PrimaryKeyConstraint("tenant", "variant_id"),
    _belongs_to("products", "product_id"),
    Index(None, "tenant", "product_id"),
    CheckConstraint("price_minor >= 0", name="price"),
)

ORDERS = Table(
    "orders",
    METADATA,
    _tenant(),
    Column("order_id", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("merchant", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("shipping_minor", BigInteger, nullable=False),
    Column("placed_at", BigInteger),
    Column("shipped_at", BigInteger),
    Column("promised_at", BigInteger),
    Column("delivered_at", BigInteger),
    Column("address_token", Text),
    Column("is_payment_modified", Boolean, nullable=False),
    Column("cancel_reason", Text),
    Column("requests", Text, nullable=False),  # JSON: fulfilments, what is returned, what is exchanged
    Column("version", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "order_id"),
    _belongs_to("customers", "customer_id"),
    Index(None, "tenant", "customer_id"),
    CheckConstraint("shipping_minor >= 0", name="shipping"),
    CheckConstraint("version >= 1", name="version"),
)

ORDER_LINES = Table(
    "order_lines",
    METADATA,
    _tenant(),
    Column("order_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("variant_id", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("options", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("is_final_sale", Boolean, nullable=False),
    PrimaryKeyConstraint("tenant", "order_id", "line_id"),
    _belongs_to("orders", "order_id"),
    CheckConstraint("price_minor >= 0", name="price"),
)

PAYMENTS = Table(
    "payments",
    METADATA,
    _tenant(),
    Column("order_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("method_id", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("action_id", Text),
    PrimaryKeyConstraint("tenant", "order_id", "position"),
    _belongs_to("orders", "order_id"),
    CheckConstraint("amount_minor >= 0", name="amount"),
    CheckConstraint("kind IN ('payment', 'refund')", name="kind"),
)

REFUNDS = Table(
    "refunds",
    METADATA,
    _tenant(),
    Column("refund_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("line_ids", Text, nullable=False),
    Column("shipping_minor", BigInteger, nullable=False),  # how much of the amount is shipping
    Column("action_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "refund_id"),
    _belongs_to("orders", "order_id"),
    Index(None, "tenant", "customer_id", "at"),
    Index(None, "tenant", "order_id"),
    CheckConstraint("amount_minor >= 0", name="amount"),
    CheckConstraint("shipping_minor >= 0", name="shipping"),
)

REPLACEMENTS = Table(
    "replacements",
    METADATA,
    _tenant(),
    Column("replacement_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("action_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "replacement_id"),
    _belongs_to("orders", "order_id"),
    Index(None, "tenant", "customer_id", "at"),
)

LABELS = Table(
    "labels",
    METADATA,
    _tenant(),
    Column("label_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("line_ids", Text, nullable=False),
    Column("tracking_id", Text),
    Column("action_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "label_id"),
    _belongs_to("orders", "order_id"),
    Index(None, "tenant", "order_id"),
)

ESCALATIONS = Table(
    "escalations",
    METADATA,
    _tenant(),
    Column("escalation_id", Text, nullable=False),
    Column("case_id", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("owner", Text),
    Column("order_id", Text),
    Column("customer_id", Text),
    Column("action_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("resolution", Text),
    PrimaryKeyConstraint("tenant", "escalation_id"),
    Index(None, "tenant", "case_id"),
    Index(None, "tenant", "queue", "closed_at", "due_at"),
)

EVIDENCE = Table(
    "evidence",
    METADATA,
    _tenant(),
    Column("evidence_id", Text, nullable=False),
    Column("customer_id", Text, nullable=False),
    Column("order_id", Text),
    Column("sha256", Text, nullable=False),  # of the file's bytes: the same picture again is found by it
    Column("media_type", Text, nullable=False),  # by content
    Column("size_bytes", BigInteger, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "evidence_id"),
    UniqueConstraint("tenant", "sha256"),
    Index(None, "tenant", "customer_id", "order_id"),
    CheckConstraint("size_bytes >= 0", name="size"),
)

EVIDENCE_REUSES = Table(
    "evidence_reuses",
    METADATA,
    _tenant(),
    Column("customer_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("sha256", Text, nullable=False),  # of a file that stood for something else already
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "customer_id", "order_id", "sha256"),
)
