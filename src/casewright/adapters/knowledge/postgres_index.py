"""PostgreSQL's index: BM25 over a tsvector of our own terms, and cosines by pgvector's HNSW, in the database.

Its tables are copies, made beside those of the migrations when an index is first opened, and filled with what
is new before a search: they can be dropped at any time. A tsvector is written term by term, never parsed, so
that Bangla words stay whole. Very common words alone choose no candidates; they count in the score of those
that rarer words have chosen. Keys are the passages' own, the same in every process.
"""

import hashlib
import threading
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import BigInteger, Float, Text

from casewright.adapters.knowledge.rows import read_passage
from casewright.adapters.knowledge.states import State, StatedIndex
from casewright.adapters.knowledge.store import passages_of
from casewright.adapters.knowledge.tables import PASSAGES, VECTORS
from casewright.adapters.knowledge.word_index import K1, B, upper_bound, weigh
from casewright.adapters.store.engine import Database
from casewright.domain.errors import ConfigurationError, NotFound
from casewright.domain.knowledge import Passage
from casewright.ports.knowledge import Scope, Vector, WordMatch
from casewright.retrieval.chunking import embedded_text
from casewright.retrieval.terms import read_terms

MOST_CHOSEN = 2_000
"""Passages that the rarest words may choose among."""
MOST_SEEN = 10_000
"""Passages that are kept as they were read, those asked for last."""
_LOCK = 0x43415345_4B4E4F57
_MOST_POSITIONS, _LAST_POSITION = 255, 16_383
_BATCH = 500
_MAKE_WORDS = (
    "CREATE TABLE IF NOT EXISTS knowledge_words (passage_key BIGINT PRIMARY KEY, tenant TEXT NOT NULL,"
    " length INTEGER NOT NULL, terms TSVECTOR NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_knowledge_words_terms ON knowledge_words USING gin (terms)",
    "CREATE INDEX IF NOT EXISTS ix_knowledge_words_tenant ON knowledge_words (tenant)",
    "CREATE TABLE IF NOT EXISTS knowledge_terms (tenant TEXT NOT NULL, term TEXT NOT NULL,"
    " passages BIGINT NOT NULL, PRIMARY KEY (tenant, term))",
    "CREATE EXTENSION IF NOT EXISTS vector",
)
_MAKER = f"casewright {version('casewright')}"
"""Another version may read other terms, so that it copies the words anew."""
_READ_MAKER = text("SELECT obj_description(to_regclass('knowledge_words'), 'pg_class')")
_BEGIN_ANEW = (
    "TRUNCATE knowledge_words, knowledge_terms",
    f"COMMENT ON TABLE knowledge_words IS '{_MAKER}'",
)
# Statements hold constants and `name_table`, nothing from outside: hence the marks S608 and B608.
_IN_FORCE = """
    JOIN knowledge_passages p ON p.passage_key = s.passage_key
    JOIN knowledge_documents d
      ON d.tenant = p.tenant AND d.document_id = p.document_id AND d.version = p.version
    WHERE s.tenant = :tenant
      AND (d.valid_from IS NULL OR d.valid_from <= :day)
      AND (d.valid_until IS NULL OR d.valid_until > :day)
      AND (cardinality(CAST(:kinds AS TEXT[])) = 0 OR d.kind = ANY(:kinds))
"""
_MATCH = text(f"""
    WITH matched AS (
      SELECT s.passage_key, s.length, s.terms FROM knowledge_words s {_IN_FORCE}
        AND s.terms @@ CAST(:chosen AS tsquery)
    )
    SELECT m.passage_key,
      sum(w.factor * cardinality(u.positions) * {K1 + 1}
        / (cardinality(u.positions) + {K1} * ({1 - B} + {B} * m.length / :mean))) AS score
    FROM matched m
    CROSS JOIN LATERAL unnest(m.terms) AS u (lexeme, positions, weights)
    JOIN unnest(CAST(:terms AS TEXT[]), CAST(:factors AS FLOAT8[])) AS w (term, factor) ON u.lexeme = w.term
    GROUP BY m.passage_key ORDER BY score DESC, m.passage_key LIMIT :limit
""").bindparams(  # noqa: S608  # nosec B608
    bindparam("kinds", type_=ARRAY(Text)),
    bindparam("terms", type_=ARRAY(Text)),
    bindparam("factors", type_=ARRAY(Float)),
)
_FREQUENCIES = text(
    "SELECT term, passages FROM knowledge_terms WHERE tenant = :tenant AND term = ANY(:terms)"
).bindparams(bindparam("terms", type_=ARRAY(Text)))
_SIZES = text("SELECT count(*), coalesce(avg(length), 1) FROM knowledge_words WHERE tenant = :tenant")
_FORGET_TERMS = text(
    "DELETE FROM knowledge_terms WHERE tenant = :tenant"
    " AND NOT EXISTS (SELECT 1 FROM knowledge_words w WHERE w.tenant = :tenant)"
)
"""Where the words were thrown away, their counts begin anew."""
_ADD_WORDS = text(
    "INSERT INTO knowledge_words (passage_key, tenant, length, terms)"
    " VALUES (:passage_key, :tenant, :length, CAST(:terms AS tsvector))"
)
_ADD_TERMS = text(
    "INSERT INTO knowledge_terms (tenant, term, passages)"
    " SELECT :tenant, w.term, w.more"
    " FROM unnest(CAST(:terms AS TEXT[]), CAST(:more AS BIGINT[])) AS w (term, more)"
    " ON CONFLICT (tenant, term) DO UPDATE SET passages = knowledge_terms.passages + EXCLUDED.passages"
).bindparams(bindparam("terms", type_=ARRAY(Text)), bindparam("more", type_=ARRAY(BigInteger)))


def prepare(database: Database) -> bool:
    """Make the tables of words and the extension for vectors; False where this database cannot have them."""

    def work(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        for statement in _MAKE_WORDS:
            connection.execute(text(statement))
        if connection.execute(_READ_MAKER).scalar() != _MAKER:
            for statement in _BEGIN_ANEW:
                connection.execute(text(statement))

    try:
        database.write(work)
    except DBAPIError:
        return False
    return True


def name_table(model: str) -> str:
    """The table of a model's vectors: a constant and a hash, so that it may stand in a statement."""
    return f"knowledge_near_{hashlib.sha256(model.encode()).hexdigest()[:16]}"


def bring_up_to_date(database: Database, tenant: str, models: Sequence[str]) -> None:
    """Copy what the tables of words and vectors do not have yet, batch by batch."""
    while database.write(partial(_add_words, tenant=tenant)):
        pass
    for model in models:
        database.write(partial(_make_near, tenant=tenant, model=model))
        while database.write(partial(_add_near, tenant=tenant, model=model)):
            pass


class PostgresIndex(StatedIndex):
    """ports.knowledge.PassageIndex. Thread-safe."""

    def __init__(self, database: Database, tenant: str, state: State) -> None:
        self._database = database
        self._tenant = tenant
        super().__init__(state)
        size, mean = database.read(lambda each: each.execute(_SIZES, {"tenant": tenant}).one())
        self._size, self._mean = int(size), float(mean) or 1.0
        self._seen: OrderedDict[int, Passage] = OrderedDict()
        self._gate = threading.Lock()

    def match_words(
        self, weights: Mapping[str, float], scope: Scope, *, limit: int
    ) -> tuple[tuple[WordMatch, ...], float]:
        """BM25 of the best passages, best first, and the most that any passage could score for the query."""
        wanted = {"tenant": self._tenant, "terms": list(weights)}
        rows = self._database.read(lambda each: each.execute(_FREQUENCIES, wanted).all())
        frequencies = {row.term: int(row.passages) for row in rows}
        bound = upper_bound(weights, frequencies, self._size)
        chosen = _choose(frequencies)
        if not chosen:
            return (), bound
        asked = self._in_force(scope) | {
            "chosen": " | ".join(f"'{term}'" for term in chosen),
            "terms": list(frequencies),
            "factors": [weights[term] * weigh(often, self._size) for term, often in frequencies.items()],
            "mean": self._mean,
            "limit": limit,
        }
        found = self._database.read(lambda each: each.execute(_MATCH, asked).all())
        return tuple(WordMatch(int(row.passage_key), float(row.score)) for row in found), bound

    def nearest(
        self, model: str, vector: Vector, scope: Scope, *, limit: int
    ) -> tuple[tuple[int, float], ...]:
        """Keys and cosines of the most similar passages. Raises ConfigurationError for another model."""
        table = self._require(model)
        asked = self._in_force(scope) | {"vector": write_vector(vector), "limit": limit}
        statement = text(
            f"SELECT s.passage_key, -(s.embedding <#> CAST(:vector AS vector)) AS cosine FROM {table} s"  # noqa: S608  # nosec B608
            f" {_IN_FORCE} ORDER BY s.embedding <#> CAST(:vector AS vector) LIMIT :limit"
        ).bindparams(bindparam("kinds", type_=ARRAY(Text)))

        def work(connection: Connection) -> Sequence[Any]:
            connection.execute(text("SET LOCAL hnsw.ef_search = 200"))
            connection.execute(text("SET LOCAL hnsw.iterative_scan = 'relaxed_order'"))
            return connection.execute(statement, asked).all()

        rows = self._ask(work)
        ranked = sorted(rows, key=lambda row: (-row.cosine, row.passage_key))
        return tuple((int(row.passage_key), float(row.cosine)) for row in ranked)

    def similarities(self, model: str, vector: Vector, keys: Sequence[int]) -> list[float]:
        """Cosines of these passages, in their order."""
        table = self._require(model)
        if not keys:
            return []
        statement = text(
            f"SELECT passage_key, -(embedding <#> CAST(:vector AS vector)) AS cosine FROM {table}"  # noqa: S608  # nosec B608
            " WHERE tenant = :tenant AND passage_key = ANY(:keys)"
        ).bindparams(bindparam("keys", type_=ARRAY(BigInteger)))
        asked = {"tenant": self._tenant, "vector": write_vector(vector), "keys": list(keys)}
        rows = self._ask(lambda each: each.execute(statement, asked).all())
        found = {int(row.passage_key): float(row.cosine) for row in rows}
        if len(found) < len(set(keys)):
            raise NotFound("There is no such passage.")
        return [found[key] for key in keys]

    def passage(self, key: int) -> Passage:
        """The passage that a key names."""
        with self._gate:
            if (seen := self._seen.get(key)) is not None:
                self._seen.move_to_end(key)
                return seen
        wanted = passages_of(self._tenant).where(PASSAGES.c.passage_key == key)
        passage = read_passage(self._database.read(lambda each: each.execute(wanted).one()))
        with self._gate:
            self._seen[key] = passage
            if len(self._seen) > MOST_SEEN:
                self._seen.popitem(last=False)
        return passage

    def _in_force(self, scope: Scope) -> dict[str, Any]:
        kinds = [kind.value for kind in scope.kinds]
        return {"tenant": self._tenant, "day": scope.as_of.isoformat(), "kinds": kinds}

    def _require(self, model: str) -> str:
        if model not in self.state.models:
            raise ConfigurationError(
                f"the index has no vectors of the model {model}; run: casewright knowledge verify --repair"
            )
        return name_table(model)

    def _ask(self, work: Any) -> Sequence[Any]:
        try:
            found: Sequence[Any] = self._database.read(work)
        except DBAPIError as error:
            if "different vector dimensions" in str(error.orig):
                raise ConfigurationError(
                    "a vector of another length than the index's was asked for"
                ) from error
            raise
        return found


def write_vector(vector: Vector) -> str:
    """A vector as pgvector reads it."""
    return f"[{','.join(map(repr, array('f', vector)))}]"


def _choose(frequencies: Mapping[str, int]) -> list[str]:
    """The rarest words, as many as choose among few enough passages; at least one."""
    chosen: list[str] = []
    among = 0
    for term, often in sorted(frequencies.items(), key=lambda item: (item[1], item[0])):
        among += often
        if chosen and among > MOST_CHOSEN:
            break
        chosen.append(term)
    return chosen


def _add_words(connection: Connection, tenant: str) -> int:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    missing = (
        passages_of(tenant)
        .where(
            text(
                "NOT EXISTS (SELECT 1 FROM knowledge_words w"
                " WHERE w.passage_key = knowledge_passages.passage_key)"
            )
        )
        .order_by(PASSAGES.c.passage_key)
        .limit(_BATCH)
    )
    rows = connection.execute(missing).all()
    if rows:
        connection.execute(_FORGET_TERMS, {"tenant": tenant})
    counted: dict[str, int] = {}
    adding = []
    for row in rows:
        terms = read_terms(embedded_text(read_passage(row)))
        for term in set(terms):
            counted[term] = counted.get(term, 0) + 1
        adding.append(
            {
                "passage_key": row.passage_key,
                "tenant": tenant,
                "length": len(terms),
                "terms": _write_terms(terms),
            }
        )
    if adding:
        connection.execute(_ADD_WORDS, adding)
        ordered = sorted(counted.items())
        more = {"terms": [term for term, _ in ordered], "more": [count for _, count in ordered]}
        connection.execute(_ADD_TERMS, {"tenant": tenant, **more})
    return len(adding)


def _write_terms(terms: Sequence[str]) -> str:
    """A tsvector as text: each term with its places. Terms hold nothing that would have to be quoted."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(terms, start=1):
        places.setdefault(term, []).append(min(place, _LAST_POSITION))
    return " ".join(
        f"'{term}':{','.join(map(str, found[:_MOST_POSITIONS]))}" for term, found in places.items()
    )


def _make_near(connection: Connection, tenant: str, model: str) -> None:
    table = name_table(model)
    if connection.execute(text("SELECT to_regclass(:name)"), {"name": table}).scalar() is not None:
        return
    sample = select(VECTORS.c.vector).where(VECTORS.c.tenant == tenant, VECTORS.c.model == model).limit(1)
    vector = connection.execute(sample).scalar_one()
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    connection.execute(
        text(
            f"CREATE TABLE IF NOT EXISTS {table} (passage_key BIGINT PRIMARY KEY, tenant TEXT NOT NULL,"
            f" embedding vector({len(vector) // 4}) NOT NULL)"
        )
    )
    connection.execute(
        text(
            f"CREATE INDEX IF NOT EXISTS ix_{table} ON {table} USING hnsw (embedding vector_ip_ops)"
            " WITH (m = 16, ef_construction = 128)"
        )
    )


def _add_near(connection: Connection, tenant: str, model: str) -> int:
    table = name_table(model)
    missing = (
        select(VECTORS.c.passage_key, VECTORS.c.vector)
        .where(VECTORS.c.tenant == tenant, VECTORS.c.model == model)
        .where(
            text(
                f"NOT EXISTS (SELECT 1 FROM {table} n"  # noqa: S608  # nosec B608
                " WHERE n.passage_key = knowledge_vectors.passage_key)"
            )
        )
        .limit(_BATCH)
    )
    rows = connection.execute(missing).all()
    if rows:
        connection.execute(
            text(
                f"INSERT INTO {table} (passage_key, tenant, embedding)"  # noqa: S608  # nosec B608
                " VALUES (:key, :tenant, CAST(:vector AS vector)) ON CONFLICT DO NOTHING"
            ),
            [{"key": row.passage_key, "tenant": tenant, "vector": write_vector(row.vector)} for row in rows],
        )
    return len(rows)
