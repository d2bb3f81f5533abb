"""METADATA: every table of the business database hangs here, each part's tables in the part's own module.

Invariants: `tenant` comes first in every primary key or in a unique index; times are BIGINT microseconds
(`times`); documents are canonical JSON in TEXT with a `schema_version`; money is a BIGINT of minor units.
Names of constraints follow one convention, so that a migration can name what it drops. Nothing is created
from here outside tests: the migrations are what a database is made of.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
RowNumber = BigInteger().with_variant(Integer, "sqlite")
"""Type of a key that the database counts up by itself: SQLite does so for INTEGER only."""


def write_json(document: Mapping[str, Any] | list[Any]) -> str:
    """Canonical JSON: keys sorted, no blanks, and the same text for the same content for ever."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def read_json(text: str) -> Any:
    """What `write_json` wrote."""
    return json.loads(text)
