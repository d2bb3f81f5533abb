"""The disputes desk: complaints of a wallet's customers against their ledger rows."""

from casewright.desks.disputes.desk import DESK

__all__ = ["DESK"]
