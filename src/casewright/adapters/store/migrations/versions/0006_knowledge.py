"""Knowledge: documents, passages, vectors, and questions without a source."""

import sqlalchemy as sa
from alembic import op

revision = "0006_knowledge"
down_revision = "0005_conversations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _make_documents()
    _make_vectors()
    op.create_table(
        "knowledge_states",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_knowledge_states")),
    )
    op.create_table(
        "knowledge_gaps",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "question", name=op.f("pk_knowledge_gaps")),
    )
    op.create_index(
        op.f("ix_knowledge_gaps_tenant_times"), "knowledge_gaps", ["tenant", "times"], unique=False
    )


def _make_documents() -> None:
    op.create_table(
        "knowledge_documents",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_until", sa.Text(), nullable=True),
        sa.Column("review_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "document_id", "version", name=op.f("pk_knowledge_documents")),
    )
    op.create_table(
        "knowledge_passages",
        sa.Column(
            "passage_key",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=True,
        ),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("first_char", sa.Integer(), nullable=False),
        sa.Column("past_char", sa.Integer(), nullable=False),
        sa.Column("heading_path", sa.Text(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("clause", sa.Text(), nullable=True),
        sa.Column("annotations", sa.Text(), nullable=False),
        sa.Column("is_bangla", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "document_id", "version"],
            [
                "knowledge_documents.tenant",
                "knowledge_documents.document_id",
                "knowledge_documents.version",
            ],
            name=op.f("fk_knowledge_passages_tenant_document_id_version"),
        ),
        sa.PrimaryKeyConstraint("passage_key", name=op.f("pk_knowledge_passages")),
        sa.UniqueConstraint("tenant", "passage_key", name=op.f("uq_knowledge_passages_tenant_passage_key")),
        sa.UniqueConstraint(
            "tenant",
            "document_id",
            "version",
            "number",
            name=op.f("uq_knowledge_passages_tenant_document_id_version_number"),
        ),
    )


def _make_vectors() -> None:
    op.create_table(
        "knowledge_vectors",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("passage_key", sa.BigInteger(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant", "passage_key"],
            ["knowledge_passages.tenant", "knowledge_passages.passage_key"],
            name=op.f("fk_knowledge_vectors_tenant_passage_key"),
        ),
        sa.PrimaryKeyConstraint("tenant", "model", "passage_key", name=op.f("pk_knowledge_vectors")),
    )
    op.create_index(
        op.f("ix_knowledge_vectors_tenant_passage_key"),
        "knowledge_vectors",
        ["tenant", "passage_key"],
        unique=False,
    )
    op.create_table(
        "knowledge_models",
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("threshold_micro", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "model", name=op.f("pk_knowledge_models")),
    )
