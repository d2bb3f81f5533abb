"""Asked: a question as codes, ids and figures; no words of it but those for the search."""

from dataclasses import dataclass
from enum import StrEnum

from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.figures import Figure
from casewright.desks.sales.names import Name
from casewright.desks.sales.periods import Period

CLIENT_LOOKUP, PLAYBOOK_SEARCH = "client_lookup", "playbook_search"
LISTING = "listing"
"""Several clients are asked for by what they have in common, which no look-up does."""


class Kind(StrEnum):
    """What is answered."""

    FACTS = "facts"
    RULE = "rule"
    RECOMMENDATION = "recommendation"
    OFF_TOPIC = "off_topic"
    UNCLEAR = "unclear"


class Field(StrEnum):
    """What of a record is asked about."""

    SPEND = "spend"
    INDUSTRY = "industry"
    MEETING = "meeting"
    MANAGER = "manager"
    IDENTITY = "identity"
    OVERVIEW = "overview"


TOOLS_OF = {
    Kind.FACTS: (CLIENT_LOOKUP,),
    Kind.RULE: (PLAYBOOK_SEARCH,),
    Kind.RECOMMENDATION: (CLIENT_LOOKUP, PLAYBOOK_SEARCH),
    Kind.OFF_TOPIC: (),
    Kind.UNCLEAR: (),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as codes, ids and figures; the names are those of records."""

    kind: Kind
    fields: tuple[Field, ...] = ()
    client_ids: tuple[str, ...] = ()
    candidates: tuple[Name, ...] = ()
    near: tuple[Name, ...] = ()
    is_unknown_client: bool = False
    names_another: bool = False
    """Beside a client stands a name that no client has."""
    has_more_clients: bool = False
    """More clients are named than are answered about."""
    industries: tuple[Industry, ...] = ()
    spends: tuple[Figure, ...] = ()
    days_since_meeting: int | None = None
    products: tuple[Product, ...] = ()
    topics: frozenset[str] = frozenset()
    asks_prices: bool = False
    periods: tuple[Period, ...] = ()
    """Times of the year that are spoken of."""
    wants_pitch: bool = False
    """More than a fact or a price is asked about."""
    is_advice: bool = False
    """What to do is asked, not how the rule reads."""
    is_negated: bool = False
    """Whether something is closed is asked, not whether it is open."""
    asks_rule: bool = False
    names_industry: bool = False
    """An industry is named, not left over from the question before."""
    asks_closed: bool = False
    """What is closed is asked."""
    asks_why: bool = False
    """The reasons of the answer before are asked for."""
    asks_overdue: bool = False
    """Whether the last meeting is too long ago is asked."""
    asks_difference: bool = False
    asks_unheld: bool = False
    """Something is asked that no record holds."""
    is_yes_or_no: bool = False
    is_open_question: bool = False
    """Who, what, when or how is asked: yes or no is no answer."""
    is_choice: bool = False
    """One of several is to be chosen: "this or that"."""
    asks_how_long: bool = False
    """How long ago the last meeting was is asked, not only its day."""
    is_about_matters: bool = False
    """Something is asked that the policy has no rule about, and the playbook may have."""
    is_other_period: bool = False
    """A time is meant that the record does not tell of."""
    plain: str = ""
    """The question's words without names: for choosing sentences of passages, never for a decision."""
