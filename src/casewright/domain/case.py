"""Case: one customer matter, as it was received and read."""

from dataclasses import dataclass
from enum import StrEnum

from casewright.domain.record import Record


class Language(StrEnum):
    EN = "en"
    BN = "bn"
    MIXED = "mixed"


class Channel(StrEnum):
    IN_APP_CHAT = "in_app_chat"
    CALL_CENTER = "call_center"
    EMAIL = "email"
    MERCHANT_PORTAL = "merchant_portal"
    FIELD_AGENT = "field_agent"


class UserType(StrEnum):
    CUSTOMER = "customer"
    MERCHANT = "merchant"
    AGENT = "agent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Case:
    """One message and the records that came with it.

    `message` is the customer's own text: it is read for claims, and never shown, logged or decided on.
    """

    case_id: str
    message: str
    records: tuple[Record, ...] = ()
    language_hint: Language | None = None
    channel: Channel | None = None
    user_type: UserType | None = None
    problems: tuple[str, ...] = ()
    """Reason codes of what could not be read (a skipped row, an unknown value)."""
