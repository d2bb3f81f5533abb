"""Facts of a pitch: who it is for, how much is spent, how long ago the last meeting was, what it touches.

Invariants: every fact comes from a record, a date, or a figure that was asked about with no client; no text.
What is not known is None, and the tables take the cautious way. Facts hold no verdict.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Industry(StrEnum):
    """Industries that the playbook speaks of; `other` is known and not among them."""

    FMCG = "fmcg"
    ELECTRONICS = "electronics"
    RETAIL = "retail"
    AUTOMOTIVE = "automotive"
    HEALTHCARE = "healthcare"
    FINANCE = "finance"
    EDUCATION = "education"
    OTHER = "other"


class Product(StrEnum):
    """What may be pitched."""

    MOBILE_APP_BANNERS = "mobile_app_banners"
    ONLINE_DISPLAY = "online_display"
    IN_STORE_SCREENS = "in_store_screens"
    PREMIUM_VIDEO = "premium_video"
    BRANDED_CONTENT = "branded_content"


@dataclass(frozen=True, slots=True)
class PitchFacts:
    """Typed input of the sales tables."""

    industry: Industry | None
    spend_minor: int | None = field(default=None, metadata={"min": 0})
    """Year to date, in minor units of the playbook's currency; unknown where it cannot be compared."""
    days_since_meeting: int | None = field(default=None, metadata={"min": 0})
    """Whole days from the last meeting; unknown where the record has none, or one that is still to come."""
    is_about_client: bool = True
    """A client's record is meant; else a rule is asked about, with no meeting to speak of."""
    touches_restricted: bool = False
    """The question touches a topic that the playbook restricts."""
    is_restriction_lifted: bool = False
    """A dated approval has opened the topic."""
