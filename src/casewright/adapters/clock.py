"""Clock: the one place that asks the system what time or day it is.

Everything else gets its date (`as_of`) or its clock as an argument. It keeps no state.
"""

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day, in UTC: every replica takes up a new policy at the same moment."""
    return now().date()


def timestamp() -> str:
    """This moment as ISO 8601 with milliseconds, for logs."""
    return now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
