"""Moments in the database: BIGINT microseconds since 1970 in UTC, the same on every database.

Invariant: a moment survives the way there and back exactly, and comes back in UTC. A time without a zone is
refused: nobody can know which moment it was.
"""

from datetime import UTC, datetime, timedelta
from typing import overload

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@overload
def to_micros(moment: datetime) -> int:
    """A moment has its microseconds."""


@overload
def to_micros(moment: None) -> None:
    """None stays None."""


def to_micros(moment: datetime | None) -> int | None:
    """Microseconds of an aware moment; None stays None. Raises ValueError for a time without a zone."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give an aware datetime")
    return (moment - _EPOCH) // _MICROSECOND


@overload
def from_micros(micros: int) -> datetime:
    """Microseconds are a moment."""


@overload
def from_micros(micros: None) -> None:
    """None stays None."""


def from_micros(micros: int | None) -> datetime | None:
    """The moment in UTC; None stays None."""
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)
