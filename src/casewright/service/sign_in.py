"""Signing in and out: throttled, equally slow for everyone, a new session every time.

Invariant: the answer to a wrong password, an unknown login and a disabled account is the same value after
the same work; an attempt is counted before the password is looked at, so that guessing in parallel gains
nothing. A refusal is a value. It knows nothing of cookies.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from casewright.domain.errors import NotFound
from casewright.domain.principal import Principal
from casewright.ports.accounts import Accounts, Passwords, Session
from casewright.service.access import (
    SessionLimits,
    csrf_token_of,
    digest_secret,
    is_tenant_name,
    principal_of_user,
    tenant_of_session,
)
from casewright.service.password_rule import LONGEST_PASSWORD, check_password

LONGEST_LOGIN = 254


class RefusalCode(StrEnum):
    """Why nobody was signed in."""

    WRONG = "wrong_login_or_password"
    TOO_MANY = "too_many_attempts"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`retry_after_s` is 0 where trying again at once is allowed."""

    code: RefusalCode
    retry_after_s: int = 0


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. The secret goes into the cookie and nowhere else."""

    secret: str = field(repr=False)
    csrf_token: str = field(repr=False)
    principal: Principal
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptLimits:
    """Failed attempts allowed within the window: of one account from one address, and of each alone."""

    window_s: int = 15 * 60
    per_pair: int = 5
    per_account: int = 50
    per_address: int = 50


class SignIn:
    """The flows of one installation, over its accounts. `draw_secret` gives 43 random URL-safe characters."""

    def __init__(
        self,
        accounts: Accounts,
        passwords: Passwords,
        *,
        now: Callable[[], datetime],
        draw_id: Callable[[str], str],
        draw_secret: Callable[[], str],
        sessions: SessionLimits | None = None,
        attempts: AttemptLimits | None = None,
    ) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._now = now
        self._draw_id = draw_id
        self._draw_secret = draw_secret
        self._sessions = sessions or SessionLimits()
        self._attempts = attempts or AttemptLimits()

    def sign_in(
        self, tenant: str, login: str, password: str, *, address: str, former: str | None = None
    ) -> SignedIn | Refusal:
        """Sign in from a network address; the session of the secret `former` ends.

        Raises Unavailable when too many are signing in at once.
        """
        if not is_tenant_name(tenant) or len(login) > LONGEST_LOGIN or len(password) > LONGEST_PASSWORD:
            return Refusal(RefusalCode.WRONG)
        pair, account, source = _name_subjects(login, address)
        limits = self._attempts
        most = {pair: limits.per_pair, account: limits.per_account, source: limits.per_address}
        now = self._now()
        wait_s = self._accounts.count_attempts(tenant, most, now, limits.window_s)
        if wait_s:
            return Refusal(RefusalCode.TOO_MANY, wait_s)
        user = self._accounts.find_user(tenant, login)
        is_known = user is not None and not user.is_disabled
        is_right = self._passwords.verify(user.password_hash if user and is_known else None, password)
        if user is None or not is_right:
            return Refusal(RefusalCode.WRONG)
        self._accounts.forget_attempts(tenant, (pair,))
        session = Session(
            session_id=self._draw_id("ses"),
            tenant=tenant,
            user_id=user.user_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(seconds=self._sessions.absolute_s),
        )
        secret = f"{tenant}.{self._draw_secret()}"
        replaced = digest_secret(former) if former and tenant_of_session(former) == tenant else None
        self._accounts.start_session(session, digest_secret(secret), replaces=replaced)
        principal = principal_of_user(user, session.session_id)
        return SignedIn(secret, csrf_token_of(secret), principal, session.expires_at)

    def sign_out(self, secret: str) -> None:
        """End the session on the server, whatever the browser does with its cookie."""
        tenant = tenant_of_session(secret)
        if tenant is not None:
            self._accounts.end_session(tenant, digest_secret(secret))

    def change_password(
        self, principal: Principal, current: str, new: str, *, address: str
    ) -> Refusal | None:
        """Change the own password; every session of the account ends. None when it is done.

        Raises MeaninglessRequest for a new password that is too weak, NotFound for a key: it has none.
        """
        user = self._accounts.user(principal.tenant, principal.subject_id)
        if user is None:
            raise NotFound("There is no such user.")
        check_password(new)
        limits = self._attempts
        most = {f"password {user.user_id}": limits.per_pair, f"address {address}": limits.per_address}
        wait_s = self._accounts.count_attempts(user.tenant, most, self._now(), limits.window_s)
        if wait_s:
            return Refusal(RefusalCode.TOO_MANY, wait_s)
        if not self._passwords.verify(user.password_hash, current):
            return Refusal(RefusalCode.WRONG)
        self._accounts.forget_attempts(user.tenant, (f"password {user.user_id}",))
        self._accounts.change_user(user.tenant, user.user_id, password_hash=self._passwords.hash(new))
        return None


def _name_subjects(login: str, address: str) -> tuple[str, str, str]:
    """Names of what is counted: the account from this address, the account, the address."""
    account = " ".join(login.casefold().split())
    return f"pair {address} {account}", f"account {account}", f"address {address}"
