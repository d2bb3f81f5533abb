"""The gatehouse: everything that has to do with who comes in, built once from the accounts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from casewright.ports.accounts import Accounts, Passwords
from casewright.service.access import Access, SessionLimits
from casewright.service.account_book import AccountBook
from casewright.service.sign_in import AttemptLimits, SignIn


@dataclass(frozen=True, slots=True)
class Gatehouse:
    """Who asks, how they come in, and who may."""

    access: Access
    sign_in: SignIn
    book: AccountBook
    tenant: str
    """Where people sign in who name no tenant: this installation's own."""


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
