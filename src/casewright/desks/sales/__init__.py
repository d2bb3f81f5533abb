"""The sales desk: what account managers may pitch, and the facts and rules behind it."""

from casewright.desks.sales.desk import DESK

__all__ = ["DESK"]
