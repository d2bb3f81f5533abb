"""What errors of a database mean: which ones say that it is gone or busy, and that nothing was written.

Invariant: no message holds a statement's values or a password. A violated constraint and a wrong statement
are not translated: they belong to whoever wrote the work.
"""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from casewright.domain.errors import Unavailable

_WRONG_STATEMENT = sqlite3.SQLITE_ERROR
_AGAIN = frozenset({"40001", "40P01"})
"""PostgreSQL rolled the transaction back for another's sake: serialisation failure, deadlock."""


def is_vanished(error: DBAPIError) -> bool:
    """Whether the database is gone, full, or locked for too long, so that the work itself is not to blame."""
    if error.connection_invalidated:
        return True
    if isinstance(error, IntegrityError | ProgrammingError):
        return False
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", _WRONG_STATEMENT)
        return isinstance(cause, sqlite3.DatabaseError) and code & 0xFF != _WRONG_STATEMENT
    return isinstance(error, OperationalError | InterfaceError)


def is_to_be_repeated(error: DBAPIError) -> bool:
    """Whether the transaction was rolled back only because it met another one."""
    return getattr(error.orig, "sqlstate", None) in _AGAIN


def describe_vanished(error: BaseException) -> Unavailable:
    """The error that callers see: what kind it was, without a word of the statement."""
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    kind = f"{type(cause).__name__}, {name}" if name else type(cause).__name__
    return Unavailable(
        f"the database does not answer ({kind}); nothing was written", code="store_unavailable"
    )
