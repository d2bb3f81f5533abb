"""The orders desk: cancel, change, replace and place orders, and hand a case to a person."""

from casewright.desks.orders.desk import DESK

__all__ = ["DESK"]
