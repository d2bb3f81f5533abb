"""The vault: personal values sealed with a key outside the database; everywhere else stand their tokens.

Values are sealed with XChaCha20-Poly1305, bound to their tenant, customer, kind and token, so that a row
moved to another place does not open; they are padded, so that a length says little. Tokens are drawn, not
computed: after an erasure not even the key tells what one stood for. Blind indexes are keyed hashes.
Invariant: no value leaves in an error or a `repr`. It does not decide who may resolve a token.
"""

import hashlib
import hmac
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.secret import Aead
from sqlalchemy import Connection, Table, bindparam, delete, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite

from casewright.adapters import clock
from casewright.adapters.key_files import key_path, load_key
from casewright.adapters.store.engine import Database
from casewright.adapters.store.times import to_micros
from casewright.adapters.vault_tables import VAULT_ERASURES, VAULT_KEY_MARKS, VAULT_VALUES
from casewright.domain.errors import ConfigurationError, TerminalError

VAULT_KEY = "vault"
"""The name of the key among the key files."""
_KIND = re.compile(r"[a-z][a-z0-9_]{0,15}")
_PAD_TO_BYTES = 32
_AT_ONCE = 400
"""Values per statement: under every limit on the number of its parameters."""
_LETTERS = bytes.maketrans(b"0123456789abcdef", b"abcdefghijklmnop")
"""Tokens have no digits, so that no reader of numbers takes one for a phone or an amount."""

_BY_DIGEST = select(VAULT_VALUES.c.digest, VAULT_VALUES.c.token).where(
    VAULT_VALUES.c.tenant == bindparam("tenant"),
    VAULT_VALUES.c.digest.in_(bindparam("digests", expanding=True)),
)
_COLUMNS = (VAULT_VALUES.c.token, VAULT_VALUES.c.customer_id, VAULT_VALUES.c.kind, VAULT_VALUES.c.sealed)
_BY_TOKEN = select(*_COLUMNS).where(
    VAULT_VALUES.c.tenant == bindparam("tenant"),
    VAULT_VALUES.c.token.in_(bindparam("tokens", expanding=True)),
)
_BY_CUSTOMER = (
    select(*_COLUMNS)
    .where(
        VAULT_VALUES.c.tenant == bindparam("tenant"), VAULT_VALUES.c.customer_id == bindparam("customer_id")
    )
    .order_by(VAULT_VALUES.c.kind, VAULT_VALUES.c.created_at, VAULT_VALUES.c.token)
)
_ANY_MARK = select(VAULT_KEY_MARKS.c.tenant).limit(1)
_MARK = select(VAULT_KEY_MARKS.c.mark).where(VAULT_KEY_MARKS.c.tenant == bindparam("tenant"))


@dataclass(frozen=True, slots=True, repr=False)
class PersonalValue:
    """One value to keep, and whose it is."""

    customer_id: str
    kind: str
    value: str


class SealedVault:
    """The vault of one tenant. Methods that end in `_in` work in the caller's own transaction."""

    def __init__(
        self,
        database: Database,
        tenant: str,
        key: bytes,
        *,
        now: Callable[[], datetime] = clock.now,
        draw: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._tenant = tenant
        self._now = now
        self._draw = draw
        self._box = Aead(_derive(key, "seal", tenant))
        self._digest_key = _derive(key, "digest", tenant)
        self._index_key = _derive(key, "index", tenant)
        self._mark = _derive(key, "mark", tenant).hex()

    def put(self, customer_id: str, kind: str, value: str) -> str:
        """Store a value, and return its token. The same value gives the same token."""
        return self.put_many((PersonalValue(customer_id, kind, value),))[0]

    def put_many(self, values: Sequence[PersonalValue]) -> tuple[str, ...]:
        """Store values in one transaction: their tokens, in the same order."""
        return self._database.write(lambda connection: self.put_many_in(connection, values))

    def put_many_in(self, connection: Connection, values: Sequence[PersonalValue]) -> tuple[str, ...]:
        """`put_many` in a transaction of the caller's: with it, the values come or go."""
        digests = [self._digest(item) for item in values]
        known = self._find_tokens(connection, digests)
        missing = {digest: item for digest, item in zip(digests, values, strict=True) if digest not in known}
        if missing:
            known |= self._add(connection, missing)
        return tuple(known[digest] for digest in digests)

    def resolve(self, tokens: Sequence[str]) -> Mapping[str, str]:
        """The values of those tokens that exist; erased ones, and another tenant's, are absent."""
        return self._database.read(lambda connection: self.resolve_in(connection, tokens))

    def resolve_in(self, connection: Connection, tokens: Sequence[str]) -> dict[str, str]:
        """`resolve` in a transaction of the caller's."""
        values: dict[str, str] = {}
        for some in _in_portions(list(dict.fromkeys(tokens))):
            for row in connection.execute(_BY_TOKEN, {"tenant": self._tenant, "tokens": some}):
                values[row.token] = self._open(row.customer_id, row.kind, row.token, row.sealed)
        return values

    def index(self, kind: str, value: str) -> str:
        """A blind index of a value, after the way it is written has been evened out."""
        return _keyed_hash(self._index_key, _checked(kind), _even_out(kind, value))

    def export(self, customer_id: str) -> Mapping[str, Sequence[str]]:
        """Everything held of a customer, by kind, in the order it came."""
        return self._database.read(lambda connection: self.export_in(connection, customer_id))

    def export_in(self, connection: Connection, customer_id: str) -> dict[str, list[str]]:
        """`export` in a transaction of the caller's."""
        held: dict[str, list[str]] = {}
        rows = connection.execute(_BY_CUSTOMER, {"tenant": self._tenant, "customer_id": customer_id})
        for row in rows:
            held.setdefault(row.kind, []).append(self._open(customer_id, row.kind, row.token, row.sealed))
        return held

    def erase(self, customer_id: str, *, requested_by: str = "operator") -> int:
        """Destroy every value of a customer; how many. The tokens stay where they are, and open nothing."""
        return self._database.write(
            lambda connection: self.erase_in(connection, customer_id, requested_by=requested_by)
        )

    def erase_in(self, connection: Connection, customer_id: str, *, requested_by: str = "operator") -> int:
        """`erase` in a transaction of the caller's; it leaves a row that says when and by whom."""
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA secure_delete = ON"))  # overwrites what it frees
        count = connection.execute(
            delete(VAULT_VALUES).where(
                VAULT_VALUES.c.tenant == self._tenant, VAULT_VALUES.c.customer_id == customer_id
            )
        ).rowcount
        connection.execute(
            insert(VAULT_ERASURES).values(
                tenant=self._tenant,
                erasure_id=f"ers_{self._draw(12).hex()}",
                customer_id=customer_id,
                erased_at=to_micros(self._now()),
                value_count=count,
                requested_by=requested_by,
            )
        )
        return count

    def require_same_key(self) -> None:
        """Raises ConfigurationError where the tenant's values were sealed with another key.

        The first call for a tenant leaves the mark of this key.
        """
        found = self._database.read(self._read_mark)
        if found is None:
            found = self._database.write(self._leave_mark)
        if found is None or not hmac.compare_digest(found, self._mark):
            raise _other_key()

    def _read_mark(self, connection: Connection) -> str | None:
        found: str | None = connection.execute(_MARK, {"tenant": self._tenant}).scalar_one_or_none()
        return found

    def _leave_mark(self, connection: Connection) -> str | None:
        """The mark that stands afterwards: where another process was quicker, its own."""
        row = {"tenant": self._tenant, "mark": self._mark}
        _add_where_absent(connection, VAULT_KEY_MARKS, ["tenant"], [row])
        return self._read_mark(connection)

    def _find_tokens(self, connection: Connection, digests: Sequence[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for some in _in_portions(list(dict.fromkeys(digests))):
            rows = connection.execute(_BY_DIGEST, {"tenant": self._tenant, "digests": some})
            found |= {row.digest: row.token for row in rows}
        return found

    def _add(self, connection: Connection, missing: Mapping[str, PersonalValue]) -> dict[str, str]:
        """Rows for new values; where another writer was quicker with one, its token counts."""
        at = to_micros(self._now())
        rows: list[dict[str, object]] = []
        for digest, item in missing.items():
            token = f"{item.kind}_{self._draw(16).hex().encode('ascii').translate(_LETTERS).decode('ascii')}"
            rows.append(
                {
                    "tenant": self._tenant,
                    "token": token,
                    "customer_id": item.customer_id,
                    "kind": item.kind,
                    "digest": digest,
                    "sealed": self._seal(item, token),
                    "created_at": at,
                }
            )
        _add_where_absent(connection, VAULT_VALUES, ["tenant", "digest"], rows)
        return self._find_tokens(connection, list(missing))

    def _digest(self, item: PersonalValue) -> str:
        return _keyed_hash(self._digest_key, _checked(item.kind), item.customer_id, item.value)

    def _seal(self, item: PersonalValue, token: str) -> bytes:
        padded = sodium_pad(item.value.encode("utf-8", "surrogatepass"), _PAD_TO_BYTES)
        return bytes(self._box.encrypt(padded, self._bind(item.customer_id, item.kind, token)))

    def _open(self, customer_id: str, kind: str, token: str, sealed: bytes) -> str:
        try:
            padded = self._box.decrypt(bytes(sealed), self._bind(customer_id, kind, token))
        except CryptoError:
            raise TerminalError(
                "A value of the vault does not open: its row was changed, or the key is another one.",
                code="vault_value_damaged",
            ) from None
        return sodium_unpad(padded, _PAD_TO_BYTES).decode("utf-8", "surrogatepass")

    def _bind(self, customer_id: str, kind: str, token: str) -> bytes:
        return _join(self._tenant, customer_id, kind, token)


def load_vault_key(database: Database, home: Path, *, given: str | None = None) -> bytes:
    """The key of this database's values; made at the first start, never where there are values already.

    Raises ConfigurationError.
    """
    is_new = not (given or "").strip() and not key_path(VAULT_KEY, home).exists()
    if is_new and database.read(lambda connection: connection.execute(_ANY_MARK).first()) is not None:
        raise _other_key()
    return load_key(VAULT_KEY, home, given=given)


def open_vault(database: Database, tenant: str, home: Path, *, given_key: str | None = None) -> SealedVault:
    """The vault of a tenant with this installation's key, made at the first start.

    Raises ConfigurationError for a key that cannot be used, or is not the one the values were sealed with.
    """
    vault = SealedVault(database, tenant, load_vault_key(database, home, given=given_key))
    vault.require_same_key()
    return vault


def _other_key() -> ConfigurationError:
    return ConfigurationError(
        "the vault's key is not the one its values were sealed with: restore keys/vault.key in "
        "CASEWRIGHT_HOME, or set CASEWRIGHT_VAULT_KEY to the former key"
    )


def _add_where_absent(
    connection: Connection, table: Table, unique: list[str], rows: Sequence[Mapping[str, object]]
) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(index_elements=unique), list(rows))
    else:
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(index_elements=unique), list(rows))


def _derive(key: bytes, purpose: str, tenant: str) -> bytes:
    return hmac.digest(key, _join("casewright.vault.v1", purpose, tenant), "sha256")


def _keyed_hash(key: bytes, *parts: str) -> str:
    return hmac.new(key, _join(*parts), hashlib.sha256).hexdigest()


def _join(*parts: str) -> bytes:
    """The parts, each behind its length, so that no two lists of parts are the same bytes."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(part).to_bytes(8, "big") + part for part in encoded)


def _checked(kind: str) -> str:
    if not _KIND.fullmatch(kind):
        raise ValueError("a kind is one short lower-case word, such as email")
    return kind


def _even_out(kind: str, value: str) -> str:
    """One spelling for what people write in several ways: case and blanks, and the marks in a phone."""
    plain = unicodedata.normalize("NFKC", value)
    if kind.startswith("phone"):
        digits = "".join(str(unicodedata.digit(c)) for c in plain if unicodedata.digit(c, None) is not None)
        return digits.removeprefix("00")
    return " ".join(plain.casefold().split())


def _in_portions(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
