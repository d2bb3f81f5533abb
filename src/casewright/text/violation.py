"""Violation: one rule of the outbound shield that a text breaks.

Invariant: a violation never carries words of the text, so that it may be logged, counted and audited.
"""

from dataclasses import dataclass
from enum import StrEnum


class ShieldRule(StrEnum):
    """Stable codes; new ones are added, old ones keep their meaning."""

    CREDENTIAL_ASK = "credential_ask"
    PROMISE = "promise"
    PAYMENT_REQUEST = "payment_request"
    UNOFFICIAL_CHANNEL = "unofficial_channel"
    UNSUPPORTED_FACT = "unsupported_fact"
    MISSING_ELEMENT = "missing_element"
    WRONG_LANGUAGE = "wrong_language"
    LENGTH = "length"
    ABUSE = "abuse"
    MARKUP = "markup"
    HIDDEN_TEXT = "hidden_text"
    LEAKAGE = "leakage"


@dataclass(frozen=True, slots=True)
class Violation:
    """The rule, and the span in the text; the whole text where a rule reads sentences."""

    rule: ShieldRule
    start: int
    end: int
