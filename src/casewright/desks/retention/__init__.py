"""The retention desk: whom to contact, with what, when."""

from casewright.desks.retention.desk import DESK

__all__ = ["DESK"]
