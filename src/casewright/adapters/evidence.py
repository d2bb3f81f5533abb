"""Evidence of one tenant: clean copies of pictures under CASEWRIGHT_HOME/evidence, and the rows naming them.

Invariants: a file's name is drawn at random and is never one that a customer sent; the folder is no web root,
and its files are readable by their owner alone; a picture stands for one order of one customer in the whole
tenant, which the database holds by a unique key, so that of two who send it at once one has it accepted.
A file is on disk before its row is: a crash between the two leaves a file that no row names, and `sweep`
removes it.
"""

import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from casewright.adapters.ids import new_id
from casewright.adapters.pictures import (
    DEFAULT_LIMITS,
    Picture,
    PictureLimits,
    Unacceptable,
    check_picture,
)
from casewright.adapters.store.engine import Database
from casewright.adapters.store.shop_tables import EVIDENCE, EVIDENCE_REUSES
from casewright.adapters.store.times import from_micros, to_micros
from casewright.domain.errors import Unavailable
from casewright.ports.evidence import KeptEvidence, StoredEvidence

FOLDER = "evidence"
REUSED = "evidence_reused"
_ENDING = ".jpg"
_NAME = re.compile(r"evd_[0-9a-f]{24}\.jpg")

_TENANT: BindParameter[str] = bindparam("of_tenant")
_CUSTOMER: BindParameter[str] = bindparam("of_customer")
_ORDER: BindParameter[str] = bindparam("of_order")
_ID: BindParameter[str] = bindparam("of_id")
_BY_HASH = select(EVIDENCE).where(EVIDENCE.c.tenant == _TENANT, EVIDENCE.c.sha256 == bindparam("of_sha256"))
_BY_ID = select(EVIDENCE).where(EVIDENCE.c.tenant == _TENANT, EVIDENCE.c.evidence_id == _ID)
_OF_ORDER = (
    select(EVIDENCE)
    .where(EVIDENCE.c.tenant == _TENANT, EVIDENCE.c.customer_id == _CUSTOMER, EVIDENCE.c.order_id == _ORDER)
    .order_by(EVIDENCE.c.at, EVIDENCE.c.evidence_id)
)
_REUSES = (
    select(func.count())
    .select_from(EVIDENCE_REUSES)
    .where(
        EVIDENCE_REUSES.c.tenant == _TENANT,
        EVIDENCE_REUSES.c.customer_id == _CUSTOMER,
        EVIDENCE_REUSES.c.order_id == _ORDER,
    )
)
_IDS_OF_CUSTOMER = select(EVIDENCE.c.evidence_id).where(
    EVIDENCE.c.tenant == _TENANT, EVIDENCE.c.customer_id == _CUSTOMER
)
_DELETES = tuple(
    delete(table).where(table.c.tenant == _TENANT, table.c.customer_id == _CUSTOMER)
    for table in (EVIDENCE_REUSES, EVIDENCE)
)
_KNOWN = select(EVIDENCE.c.evidence_id).where(EVIDENCE.c.evidence_id.in_(bindparam("ids", expanding=True)))
_INSERTS = {
    "sqlite": (
        sqlite.insert(EVIDENCE).on_conflict_do_nothing(),
        sqlite.insert(EVIDENCE_REUSES).on_conflict_do_nothing(),
    ),
    "postgresql": (
        postgresql.insert(EVIDENCE).on_conflict_do_nothing(),
        postgresql.insert(EVIDENCE_REUSES).on_conflict_do_nothing(),
    ),
}


def draw_evidence_id() -> str:
    """A new id; it is also the name of the file."""
    return new_id("evd")


class StoredEvidenceFiles:
    """ports.evidence for one tenant: rows in the business database, pictures in a folder."""

    def __init__(
        self,
        database: Database,
        home: Path,
        tenant: str,
        *,
        limits: PictureLimits = DEFAULT_LIMITS,
        draw_id: Callable[[], str] = draw_evidence_id,
    ) -> None:
        self._database = database
        self._folder = home / FOLDER
        self._tenant = tenant
        self._limits = limits
        self._draw_id = draw_id

    def keep(self, customer_id: str, order_id: str, content: bytes, *, at: datetime) -> KeptEvidence:
        """Judge a file and keep a clean copy. The same file for the same order is the one that is there.

        Raises ConfigurationError without the extra `evidence`, Unavailable where the folder cannot be used.
        """
        picture = check_picture(content, self._limits)
        if isinstance(picture, Unacceptable):
            return KeptEvidence(None, (picture.reason,))
        evidence = StoredEvidence(
            evidence_id=self._draw_id(),
            customer_id=customer_id,
            order_id=order_id,
            sha256=picture.sha256,
            media_type=picture.media_type,
            size_bytes=picture.size_bytes,
            at=at,
            width=picture.width,
            height=picture.height,
        )
        path = self._path(evidence.evidence_id)
        _write_file(path, picture.clean)
        kept = self._database.write(lambda connection: self._record(connection, evidence, picture))
        if kept.evidence is None or kept.evidence.evidence_id != evidence.evidence_id:
            path.unlink(missing_ok=True)
        return kept

    def has_accepted(self, customer_id: str, order_id: str) -> bool:
        """Whether an accepted file belongs to this order of this customer."""
        return bool(self.of_order(customer_id, order_id))

    def was_reused(self, customer_id: str, order_id: str) -> bool:
        """Whether this customer sent a file for this order that stood for something else already."""
        wanted = self._of(customer_id, order_id)
        return bool(self._database.read(lambda connection: connection.execute(_REUSES, wanted).scalar_one()))

    def of_order(self, customer_id: str, order_id: str) -> tuple[StoredEvidence, ...]:
        """The accepted files of an order of a customer, oldest first."""
        wanted = self._of(customer_id, order_id)
        rows = self._database.read(lambda connection: connection.execute(_OF_ORDER, wanted).all())
        return tuple(map(_read_row, rows))

    def read(self, evidence_id: str, *, customer_id: str | None = None) -> bytes | None:
        """The clean copy, a JPEG. None where it does not exist, or is not this customer's."""
        wanted = {"of_tenant": self._tenant, "of_id": evidence_id}
        row = self._database.read(lambda connection: connection.execute(_BY_ID, wanted).first())
        if row is None or customer_id not in (None, row.customer_id):
            return None
        path = self._path(row.evidence_id)
        return path.read_bytes() if path.is_file() else None

    def erase(self, customer_id: str) -> int:
        """Destroy every file of a customer, and the rows that name them; how many files."""
        wanted = {"of_tenant": self._tenant, "of_customer": customer_id}

        def forget(connection: Connection) -> list[str]:
            ids = list(connection.execute(_IDS_OF_CUSTOMER, wanted).scalars())
            for statement in _DELETES:
                connection.execute(statement, wanted)
            return ids

        ids = self._database.write(forget)
        for evidence_id in ids:
            self._path(evidence_id).unlink(missing_ok=True)
        return len(ids)

    def sweep(self, before: datetime) -> int:
        """Remove files, of any tenant, that no row names and that are older than `before`; how many."""
        stale = {
            path.stem: path
            for path in self._folder.glob(f"*/*{_ENDING}")
            if _NAME.fullmatch(path.name) and path.stat().st_mtime < before.timestamp()
        }
        if not stale:
            return 0
        known = self._database.read(
            lambda connection: set(connection.execute(_KNOWN, {"ids": list(stale)}).scalars())
        )
        for evidence_id in stale.keys() - known:
            stale[evidence_id].unlink(missing_ok=True)
        return len(stale.keys() - known)

    def _record(self, connection: Connection, evidence: StoredEvidence, picture: Picture) -> KeptEvidence:
        insert_evidence, insert_reuse = _INSERTS[connection.dialect.name]
        connection.execute(insert_evidence, self._row(evidence))
        row = self._find_by_hash(connection, picture)
        found = evidence if row is None else _read_row(row)
        if (found.customer_id, found.order_id) == (evidence.customer_id, evidence.order_id):
            return KeptEvidence(found)
        reuse = {
            "tenant": self._tenant,
            "customer_id": evidence.customer_id,
            "order_id": evidence.order_id,
            "sha256": evidence.sha256,
            "at": to_micros(evidence.at),
        }
        connection.execute(insert_reuse, reuse)
        return KeptEvidence(None, (REUSED,))

    def _find_by_hash(self, connection: Connection, picture: Picture) -> Row[Any] | None:
        return connection.execute(_BY_HASH, {"of_tenant": self._tenant, "of_sha256": picture.sha256}).first()

    def _row(self, evidence: StoredEvidence) -> dict[str, Any]:
        return {
            "tenant": self._tenant,
            "evidence_id": evidence.evidence_id,
            "customer_id": evidence.customer_id,
            "order_id": evidence.order_id,
            "sha256": evidence.sha256,
            "media_type": evidence.media_type,
            "size_bytes": evidence.size_bytes,
            "width": evidence.width,
            "height": evidence.height,
            "at": to_micros(evidence.at),
        }

    def _of(self, customer_id: str, order_id: str) -> Mapping[str, str]:
        return {"of_tenant": self._tenant, "of_customer": customer_id, "of_order": order_id}

    def _path(self, evidence_id: str) -> Path:
        name = f"{evidence_id}{_ENDING}"
        if not _NAME.fullmatch(name):
            raise ValueError("an evidence id is evd_ and 24 hexadecimal digits")
        return self._folder / evidence_id[4:6] / name


def _read_row(row: Row[Any]) -> StoredEvidence:
    return StoredEvidence(
        evidence_id=row.evidence_id,
        customer_id=row.customer_id,
        order_id=row.order_id,
        sha256=row.sha256,
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        at=from_micros(row.at),
        width=row.width,
        height=row.height,
    )


def _write_file(path: Path, content: bytes) -> None:
    """A new file, its owner's alone, durable when this returns. Raises Unavailable."""
    try:
        path.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise Unavailable(f"{path.parent} cannot be written: {error.strerror}") from error
