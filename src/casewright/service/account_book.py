"""The account book: adding, listing, changing users and API keys, for the command line and for admins.

Invariant: what an account or key may do is never more than its role; a customer's always names the customer,
and nobody else's does; a key is shown once, when it is made. Raises the errors a person meets.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from casewright.domain.errors import Conflict, MeaninglessRequest, NotFound
from casewright.domain.principal import SCOPES_OF_ROLE, Role, Scope
from casewright.ports.accounts import Accounts, ApiKey, Passwords, User
from casewright.service.access import digest_secret, is_tenant_name
from casewright.service.password_rule import check_password
from casewright.service.sign_in import LONGEST_LOGIN

T = TypeVar("T")
LONGEST_KEY_LIFE_DAYS = 366
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")
_CUSTOMER_ID = re.compile(r"[!-~]{1,128}")


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key with its secret, which is shown now and never again."""

    key: ApiKey
    secret: str = field(repr=False)


class AccountBook:
    """The accounts of every tenant, as admins see them."""

    def __init__(
        self,
        accounts: Accounts,
        passwords: Passwords,
        *,
        now: Callable[[], datetime],
        draw_id: Callable[[str], str],
        draw_secret: Callable[[], str],
    ) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._now = now
        self._draw_id = draw_id
        self._draw_secret = draw_secret

    def add_user(
        self, tenant: str, login: str, password: str, role: Role, customer_id: str | None = None
    ) -> User:
        """Add an account. Raises MeaninglessRequest, and Conflict for a login that is taken."""
        _check_tenant(tenant)
        _check_customer(role, customer_id)
        name = login.strip()
        if not name or len(name) > LONGEST_LOGIN or not name.isprintable():
            raise MeaninglessRequest(
                f"login: 1 to {LONGEST_LOGIN} printable characters, such as a mail address.",
                code="invalid_login",
            )
        check_password(password, name)
        user = User(
            user_id=self._draw_id("usr"),
            tenant=tenant,
            role=role,
            login_token="",
            password_hash=self._passwords.hash(password),
            created_at=self._now(),
            customer_id=customer_id,
        )
        added = self._accounts.add_user(user, name)
        if added is None:
            raise Conflict("That login is taken; choose another one.", code="login_taken")
        return added

    def users(self, tenant: str) -> Sequence[tuple[User, str]]:
        """Every account with its login name."""
        return self._accounts.users(tenant)

    def user(self, tenant: str, user_id: str) -> User:
        """One account. Raises NotFound."""
        return _found(self._accounts.user(tenant, user_id), "user")

    def change_user(
        self,
        tenant: str,
        user_id: str,
        *,
        role: Role | None = None,
        is_disabled: bool | None = None,
        password: str | None = None,
    ) -> User:
        """Change an account, which ends its sessions. Raises NotFound, MeaninglessRequest."""
        user = self.user(tenant, user_id)
        if role is not None:
            _check_customer(role, user.customer_id)
        password_hash = None
        if password is not None:
            check_password(password)
            password_hash = self._passwords.hash(password)
        changed = self._accounts.change_user(
            tenant, user_id, role=role, is_disabled=is_disabled, password_hash=password_hash
        )
        return _found(changed, "user")

    def add_key(
        self,
        tenant: str,
        label: str,
        role: Role,
        scopes: Iterable[Scope],
        *,
        days: int,
        customer_id: str | None = None,
    ) -> IssuedKey:
        """Make a key. Raises MeaninglessRequest for one that may more than its role, or that never ends."""
        _check_tenant(tenant)
        _check_customer(role, customer_id)
        wanted = frozenset(scopes)
        if not _LABEL.fullmatch(label):
            raise MeaninglessRequest(
                "label: 1 to 64 letters, digits, blanks, dots, hyphens.", code="invalid_label"
            )
        if not wanted or not wanted <= SCOPES_OF_ROLE[role]:
            allowed = ", ".join(sorted(SCOPES_OF_ROLE[role]))
            raise MeaninglessRequest(
                f"scopes: choose at least one; a key of role {role} may have {allowed}.",
                code="invalid_scopes",
            )
        if not 1 <= days <= LONGEST_KEY_LIFE_DAYS:
            raise MeaninglessRequest(f"days: 1 to {LONGEST_KEY_LIFE_DAYS}.", code="invalid_expiry")
        secret = f"cw_{tenant}_{self._draw_secret()}"
        now = self._now()
        key = ApiKey(
            key_id=self._draw_id("key"),
            tenant=tenant,
            label=label,
            role=role,
            scopes=wanted,
            created_at=now,
            expires_at=now + timedelta(days=days),
            customer_id=customer_id,
        )
        self._accounts.add_key(key, digest_secret(secret))
        return IssuedKey(key, secret)

    def keys(self, tenant: str) -> Sequence[ApiKey]:
        """Every key, revoked and expired ones too."""
        return self._accounts.keys(tenant)

    def revoke_key(self, tenant: str, key_id: str) -> ApiKey:
        """Revoke a key. Raises NotFound."""
        return _found(self._accounts.revoke_key(tenant, key_id, self._now()), "key")


def _check_tenant(tenant: str) -> None:
    if not is_tenant_name(tenant):
        raise MeaninglessRequest(
            "tenant: up to 63 of a-z, 0-9, _ and -, a letter or digit first.", code="invalid_tenant"
        )


def _check_customer(role: Role, customer_id: str | None) -> None:
    if (role is Role.CUSTOMER) != (customer_id is not None):
        raise MeaninglessRequest(
            "customer_id: name the customer for the role customer, and for no other.", code="invalid_customer"
        )
    if customer_id is not None and not _CUSTOMER_ID.fullmatch(customer_id):
        raise MeaninglessRequest(
            "customer_id: 1 to 128 ASCII characters without blanks.", code="invalid_customer"
        )


def _found(value: T | None, what: str) -> T:
    if value is None:
        raise NotFound(f"There is no such {what}.")
    return value
