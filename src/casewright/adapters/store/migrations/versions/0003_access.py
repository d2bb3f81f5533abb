"""The vault of personal data; users, sessions, API keys, attempts to sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0003_access"
down_revision = "0002_journal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _create_vault()
    _create_users()
    _create_sessions()
    _create_api_keys()
    _create_attempts()


def _create_vault() -> None:
    op.create_table(
        "vault_values",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "token", name="pk_vault_values"),
        sa.UniqueConstraint("tenant", "digest", name="uq_vault_values_tenant_digest"),
    )
    op.create_index("ix_vault_values_tenant_customer_id", "vault_values", ["tenant", "customer_id"])
    op.create_table(
        "vault_key_marks",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_vault_key_marks"),
    )
    op.create_table(
        "vault_erasures",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("erasure_id", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.BigInteger(), nullable=False),
        sa.Column("value_count", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "erasure_id", name="pk_vault_erasures"),
    )


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("login_index", sa.Text(), nullable=False),
        sa.Column("login_token", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text()),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "user_id", name="pk_users"),
        sa.UniqueConstraint("tenant", "login_index", name="uq_users_tenant_login_index"),
    )
    op.create_index("ix_users_tenant_customer_id", "users", ["tenant", "customer_id"])


def _create_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "session_id", name="pk_sessions"),
        sa.UniqueConstraint("tenant", "digest", name="uq_sessions_tenant_digest"),
        sa.ForeignKeyConstraint(
            ["tenant", "user_id"], ["users.tenant", "users.user_id"], name="fk_sessions_tenant_user_id"
        ),
    )
    op.create_index("ix_sessions_tenant_user_id", "sessions", ["tenant", "user_id"])
    op.create_index("ix_sessions_tenant_expires_at", "sessions", ["tenant", "expires_at"])


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("tenant", "key_id", name="pk_api_keys"),
        sa.UniqueConstraint("tenant", "digest", name="uq_api_keys_tenant_digest"),
    )


def _create_attempts() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("attempt_count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "subject", name="pk_sign_in_attempts"),
    )
    op.create_index("ix_sign_in_attempts_started_at", "sign_in_attempts", ["started_at"])
