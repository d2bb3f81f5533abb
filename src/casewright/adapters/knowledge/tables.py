"""Tables of the knowledge store: documents by version, their passages and vectors, and what found no source.

Invariants: a passage belongs to one version of one document and never changes; days are ISO 8601 texts, so
that they compare as they stand; a vector is the bytes of its floats, beside the identity of the model that
made it. Everything that an index needs is in here: an index elsewhere can be thrown away and built again.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from casewright.adapters.store.metadata import METADATA, RowNumber

DOCUMENTS = Table(
    "knowledge_documents",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("valid_from", Text),
    Column("valid_until", Text),
    Column("review_by", Text),
    PrimaryKeyConstraint("tenant", "document_id", "version"),
)

PASSAGES = Table(
    "knowledge_passages",
    METADATA,
    Column("passage_key", RowNumber, nullable=False, autoincrement=True),  # what an index calls it
    Column("tenant", Text, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("first_char", Integer, nullable=False),
    Column("past_char", Integer, nullable=False),
    Column("heading_path", Text, nullable=False),  # JSON
    Column("page", Integer),
    Column("clause", Text),
    Column("annotations", Text, nullable=False),  # JSON
    Column("is_bangla", Integer, nullable=False),  # in either script
    PrimaryKeyConstraint("passage_key"),
    UniqueConstraint("tenant", "passage_key"),
    UniqueConstraint("tenant", "document_id", "version", "number"),
    ForeignKeyConstraint(
        ["tenant", "document_id", "version"],
        ["knowledge_documents.tenant", "knowledge_documents.document_id", "knowledge_documents.version"],
    ),
)

VECTORS = Table(
    "knowledge_vectors",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("passage_key", BigInteger, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    PrimaryKeyConstraint("tenant", "model", "passage_key"),
    ForeignKeyConstraint(
        ["tenant", "passage_key"], ["knowledge_passages.tenant", "knowledge_passages.passage_key"]
    ),
    Index(None, "tenant", "passage_key"),
)

MODELS = Table(
    "knowledge_models",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("model", Text, nullable=False),  # empty: words alone
    Column("threshold_micro", Integer),
    PrimaryKeyConstraint("tenant", "model"),
)

STATES = Table(
    "knowledge_states",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("generation", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant"),
)

GAPS = Table(
    "knowledge_gaps",
    METADATA,
    Column("tenant", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("times", BigInteger, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("tenant", "question"),
    Index(None, "tenant", "times"),
)
