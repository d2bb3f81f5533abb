"""Client: a company that an account manager looks after, as the records know it."""

from dataclasses import dataclass
from datetime import date

from casewright.domain.money import Money


@dataclass(frozen=True, slots=True)
class Client:
    """`spend` is the year to date. None: the records do not say."""

    client_id: str
    name: str
    industry: str | None
    spend: Money | None
    last_meeting: date | None
    account_manager: str | None
