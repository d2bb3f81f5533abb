"""Access: who is asking, told from a session or a key; and which static keys open the stateless routes.

Invariant: a secret is looked up by its SHA-256 digest, and never compared, logged or kept as it is. Static
keys are compared in constant time, against every key, whether or not one has matched already; they name
nobody, so they open no customer's data. It knows nothing of HTTP.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from casewright.domain.principal import SCOPES_OF_ROLE, Principal
from casewright.ports.accounts import Accounts, ApiKey, Session, User

HASH_PREFIX = "sha256:"
LABEL_DIGITS = 8
TOUCH_EVERY_S = 60
"""How old the note of a session's last use may be: a write per minute, and not per request."""
_TENANT = r"[a-z0-9][a-z0-9_-]{0,62}"
_RANDOM = r"[A-Za-z0-9_-]{43}"
_TENANT_FORM = re.compile(_TENANT)
_SESSION_FORM = re.compile(rf"({_TENANT})\.{_RANDOM}")
_KEY_FORM = re.compile(rf"cw_({_TENANT})_{_RANDOM}")


class KeyRing:
    """The accepted keys. Each is given plain, or as `sha256:` and the digest in hexadecimal."""

    __slots__ = ("_digests",)

    def __init__(self, keys: Iterable[str]) -> None:
        self._digests = tuple(_digest_of(key) for key in keys)

    def __bool__(self) -> bool:
        return bool(self._digests)

    def find_label(self, presented: str) -> str | None:
        """A short public name of the key, for limits and logs; None where the key is not accepted."""
        digest = hashlib.sha256(presented.encode("utf-8", "surrogatepass")).digest()
        is_known = False
        for accepted in self._digests:
            is_known |= hmac.compare_digest(digest, accepted)
        return f"key-{digest.hex()[:LABEL_DIGITS]}" if is_known else None


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lasts: without use, and at all."""

    idle_s: int = 30 * 60
    absolute_s: int = 12 * 60 * 60


class Access:
    """Principals from what a caller presents. A secret that is unknown, expired or revoked gives None."""

    def __init__(
        self, accounts: Accounts, now: Callable[[], datetime], limits: SessionLimits | None = None
    ) -> None:
        self._accounts = accounts
        self._now = now
        self._limits = limits or SessionLimits()

    def principal_of_session(self, secret: str) -> Principal | None:
        """Whose session this is; using it keeps it from lapsing."""
        tenant = tenant_of_session(secret)
        if tenant is None:
            return None
        digest = digest_secret(secret)
        found = self._accounts.find_session(tenant, digest)
        if found is None:
            return None
        session, user = found
        now = self._now()
        if not self._is_open(session, user, now):
            return None
        if now - session.last_seen_at >= timedelta(seconds=TOUCH_EVERY_S):
            self._accounts.touch_session(tenant, digest, now)
        return principal_of_user(user, session.session_id)

    def principal_of_key(self, secret: str) -> Principal | None:
        """Whom this key stands for."""
        form = _KEY_FORM.fullmatch(secret)
        if form is None:
            return None
        key = self._accounts.find_key(form[1], digest_secret(secret))
        return None if key is None or not is_key_valid(key, self._now()) else _principal_of_key(key)

    def _is_open(self, session: Session, user: User, now: datetime) -> bool:
        idle = timedelta(seconds=self._limits.idle_s)
        return not user.is_disabled and now < session.expires_at and now - session.last_seen_at < idle


def is_tenant_name(name: str) -> bool:
    """Whether a tenant may be called so."""
    return _TENANT_FORM.fullmatch(name) is not None


def tenant_of_session(secret: str) -> str | None:
    """The tenant that a session's secret names; None for what is no such secret."""
    form = _SESSION_FORM.fullmatch(secret)
    return None if form is None else form[1]


def digest_secret(secret: str) -> str:
    """What is kept of a session's secret or a key: it is random, so a plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def csrf_token_of(secret: str) -> str:
    """The token that a page sends back with every write of this session; it does not give the secret away."""
    return hmac.digest(secret.encode("utf-8", "surrogatepass"), b"casewright.csrf.v1", "sha256").hex()


def is_csrf_token(secret: str, presented: str) -> bool:
    """Whether that is the session's token; compared in constant time."""
    return hmac.compare_digest(
        csrf_token_of(secret).encode("ascii"), presented.encode("utf-8", "surrogatepass")
    )


def is_key_valid(key: ApiKey, at: datetime) -> bool:
    """Whether a key is neither revoked nor expired."""
    return key.revoked_at is None and at < key.expires_at


def principal_of_user(user: User, session_id: str) -> Principal:
    """The principal of a signed-in person."""
    return Principal(
        subject_id=user.user_id,
        role=user.role,
        tenant=user.tenant,
        session_id=session_id,
        scopes=SCOPES_OF_ROLE[user.role],
        customer_id=user.customer_id,
    )


def _principal_of_key(key: ApiKey) -> Principal:
    return Principal(
        subject_id=key.key_id,
        role=key.role,
        tenant=key.tenant,
        session_id=key.key_id,
        scopes=key.scopes & SCOPES_OF_ROLE[key.role],
        customer_id=key.customer_id,
        is_key=True,
    )


def _digest_of(key: str) -> bytes:
    if key.startswith(HASH_PREFIX):
        return bytes.fromhex(key.removeprefix(HASH_PREFIX))
    return hashlib.sha256(key.encode("utf-8")).digest()
