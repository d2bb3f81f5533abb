"""The returns desk: items that come back, are exchanged, or are refunded."""

from casewright.desks.returns.desk import DESK

__all__ = ["DESK"]
