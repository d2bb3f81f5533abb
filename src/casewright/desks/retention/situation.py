"""What a caller knows about contacting one customer now: consent, channel, time zone, switches, limits. Pure
data.

Invariant: what is left out is unknown, and an unknown lets no contact through.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from casewright.domain.case import Language
from casewright.domain.outreach import OFFER_LEVELS, ContactHistory


class Offer(StrEnum):
    """No contact, or a contact with an offer of a level; ascending."""

    NONE = "none"
    LEVEL_0 = "level_0"
    """Help, without a discount."""
    LEVEL_1 = "level_1"
    LEVEL_2 = "level_2"
    LEVEL_3 = "level_3"

    @classmethod
    def of_level(cls, level: int | None) -> Self:
        """The offer of a level; a level that does not exist is no contact."""
        if level is None or isinstance(level, bool) or not 0 <= level < OFFER_LEVELS:
            return cls("none")
        return cls(f"level_{level}")

    @property
    def level(self) -> int | None:
        """None: no contact."""
        return _LEVELS[self]


OFFERS = tuple(Offer)
"""Ascending: no contact first."""
_LEVELS: dict[Offer, int | None] = {offer: rank - 1 if rank else None for rank, offer in enumerate(OFFERS)}


class Consent(StrEnum):
    """What the customer said about being contacted with offers."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class OutreachChannel(StrEnum):
    """By which a message would go."""

    SMS = "sms"
    EMAIL = "email"
    APP = "app"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class OwnLimits:
    """Limits that a caller sets for one request. They narrow the policy's, and cannot widen them."""

    highest_offer: Offer = Offer.LEVEL_3
    contacts_7d: int | None = None
    contacts_period: int | None = None
    cooldown_days: int | None = None

    def is_reached(self, history: ContactHistory) -> bool:
        """Whether one of them forbids a contact."""
        days = history.days_since_contact
        return (
            (self.contacts_7d is not None and history.contacts_7d >= self.contacts_7d)
            or (self.contacts_period is not None and history.contacts >= self.contacts_period)
            or (self.cooldown_days is not None and days is not None and days < self.cooldown_days)
        )


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything but the customer and what was said to them."""

    consent: Consent | None = None
    is_unsubscribed: bool | None = None
    channel: OutreachChannel | None = None
    time_zone: str | None = None
    """Name of the IANA time zone database, of where the recipient is: `Asia/Dhaka`."""
    is_kill_switch_on: bool = False
    """The desk's kill switch, or CASEWRIGHT_FORCE_BASELINE."""
    budget_left_minor: int | None = None
    """What may still be reserved."""
    has_complaint_room: bool | None = None
    limits: OwnLimits = field(default_factory=OwnLimits)
    language: Language = Language.EN
    week: int = 0
    """Of the budget period, from 0."""
    budget_price: float = 0.0
    complaint_price: float = 0.0
    """Multipliers that a price-conditioned policy takes."""
