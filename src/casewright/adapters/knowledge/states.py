"""States: what a tenant's knowledge was when an index of it was opened. It searches nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from casewright.adapters.knowledge.rows import VISIBLE, read_document
from casewright.adapters.knowledge.store import WORDS_ALONE, read_generation
from casewright.adapters.knowledge.tables import DOCUMENTS, MODELS, PASSAGES, VECTORS
from casewright.domain.knowledge import Document
from casewright.retrieval.fusion import MILLION

VersionOf = tuple[str, int]
"""Id of a document and its version."""


@dataclass(frozen=True, slots=True)
class State:
    """What a tenant's knowledge was when an index of it was opened."""

    generation: int
    documents: Mapping[VersionOf, Document]
    thresholds: Mapping[str, int | None]
    """By model; WORDS_ALONE for none."""
    models: frozenset[str]
    """Those of which every passage has a vector."""
    bangla_micro: int


def read_state(connection: Connection, tenant: str) -> State:
    """The state of a tenant's knowledge, in one snapshot."""
    rows = connection.execute(
        select(*(DOCUMENTS.c[name] for name in VISIBLE)).where(DOCUMENTS.c.tenant == tenant)
    ).all()
    passages, in_bangla = connection.execute(
        select(func.count(), func.coalesce(func.sum(PASSAGES.c.is_bangla), 0)).where(
            PASSAGES.c.tenant == tenant
        )
    ).one()
    with_vectors = connection.execute(
        select(VECTORS.c.model, func.count()).where(VECTORS.c.tenant == tenant).group_by(VECTORS.c.model)
    )
    complete = frozenset(model for model, count in with_vectors if passages and count == passages)
    thresholds = connection.execute(
        select(MODELS.c.model, MODELS.c.threshold_micro).where(MODELS.c.tenant == tenant)
    )
    return State(
        read_generation(connection, tenant),
        {(row.document_id, row.version): read_document(row) for row in rows},
        {row.model: row.threshold_micro for row in thresholds},
        complete,
        int(in_bangla) * MILLION // passages if passages else 0,
    )


class StatedIndex:
    """What every index says of the state that it is of."""

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def generation(self) -> int:
        """The state that this index is of."""
        return self.state.generation

    @property
    def models(self) -> frozenset[str]:
        """Embedders of which every passage has a vector."""
        return self.state.models

    @property
    def bangla_micro(self) -> int:
        """Share of the passages that are in Bangla, in either script, in millionths."""
        return self.state.bangla_micro

    def threshold_micro(self, model: str | None) -> int | None:
        """The calibrated score below which nothing is cited; None: never calibrated."""
        return self.state.thresholds.get(WORDS_ALONE if model is None else model)
