"""The gatehouse: everything that has to do with who comes in, built once from the accounts.

Opening it is the only part that touches a file, the database or a clock; the rest takes them as arguments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from casewright.ports.accounts import Accounts, Passwords
from casewright.service.access import Access, SessionLimits
from casewright.service.account_book import AccountBook
from casewright.service.sign_in import AttemptLimits, SignIn

if TYPE_CHECKING:
    from casewright.adapters.store.engine import Database
    from casewright.settings import Settings


@dataclass(frozen=True, slots=True)
class Gatehouse:
    """Who asks, how they come in, and who may."""

    access: Access
    sign_in: SignIn
    book: AccountBook
    tenant: str
    """Where people sign in who name no tenant: this installation's own."""


def open_gatehouse(settings: "Settings", database: "Database") -> Gatehouse:
    """The gatehouse of this installation. Raises ConfigurationError for a vault key that is not the one."""
    from casewright.adapters import clock, ids
    from casewright.adapters.accounts.opening import open_accounts
    from casewright.adapters.accounts.passwords import PasswordHasher
    from casewright.adapters.vault import open_vault

    given_key = settings.vault_key.get_secret_value() if settings.vault_key else None
    open_vault(database, settings.tenant, settings.home, given_key=given_key)
    return build_gatehouse(
        open_accounts(database, settings.home, given_key=given_key),
        PasswordHasher(),
        tenant=settings.tenant,
        now=clock.now,
        draw_id=ids.new_id,
        draw_secret=ids.new_secret,
    )


def build_gatehouse(
    accounts: Accounts,
    passwords: Passwords,
    *,
    tenant: str,
    now: Callable[[], datetime],
    draw_id: Callable[[str], str],
    draw_secret: Callable[[], str],
    sessions: SessionLimits | None = None,
    attempts: AttemptLimits | None = None,
) -> Gatehouse:
    """The gatehouse over these accounts."""
    return Gatehouse(
        access=Access(accounts, now, sessions),
        sign_in=SignIn(
            accounts,
            passwords,
            now=now,
            draw_id=draw_id,
            draw_secret=draw_secret,
            sessions=sessions,
            attempts=attempts,
        ),
        book=AccountBook(accounts, passwords, now=now, draw_id=draw_id, draw_secret=draw_secret),
        tenant=tenant,
    )
