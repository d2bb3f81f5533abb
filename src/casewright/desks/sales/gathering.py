"""Gathering: from a question, the records and the day to facts. Pure, and no text among the facts.

A client's facts come from its record alone; figures of the question count where no client is meant. An
amount in a currency that cannot be compared is unknown.
"""

from collections.abc import Iterable
from datetime import date
from typing import cast

from casewright.desk import LookedUp, Wanted
from casewright.desks.sales.asked import Asked, Kind
from casewright.desks.sales.facts import Industry, PitchFacts
from casewright.desks.sales.figures import Figure
from casewright.desks.sales.products import read_industry
from casewright.domain.client import Client
from casewright.domain.decision import Value
from casewright.policy.ruleset import Ruleset

_MOST_DECISIONS = 4


def build_facts(wanted: Wanted, looked_up: LookedUp, ruleset: Ruleset, as_of: date) -> tuple[PitchFacts, ...]:
    """Facts of each decision that the answer rests on: one a client, or one a case that is asked about."""
    asked = cast(Asked, wanted.asked)
    if asked.kind is Kind.RECOMMENDATION:
        return tuple(facts_of_client(client, asked, ruleset, as_of) for client in looked_up.clients)
    if asked.kind is Kind.RULE and (
        (asked.industries and asked.spends) or touches_restricted(asked, ruleset)
    ):
        return tuple(_facts_of_cases(asked, ruleset))[:_MOST_DECISIONS]
    return ()


def facts_of_client(client: Client, asked: Asked, ruleset: Ruleset, as_of: date) -> PitchFacts:
    """Facts of a pitch to one client."""
    spend = client.spend
    return PitchFacts(
        industry=read_industry(client.industry),
        spend_minor=None if spend is None else comparable_minor(spend.minor, spend.currency, ruleset),
        days_since_meeting=days_since(client.last_meeting, as_of),
        is_about_client=True,
        touches_restricted=touches_restricted(asked, ruleset),
        is_restriction_lifted=_is_lifted(ruleset),
    )


def touches_restricted(asked: Asked, ruleset: Ruleset) -> bool:
    """Whether prices of a time that may lie in the closed period are asked about."""
    first, last = (str(ruleset.parameters[f"closed_pricing_{end}_month"]) for end in ("first", "last"))
    return asked.asks_prices and any(period.may_touch(first, last) for period in asked.periods)


def days_since(day: date | None, as_of: date) -> int | None:
    """Whole days; None for no day, or one that has not come."""
    return (as_of - day).days if day is not None and day <= as_of else None


def comparable_minor(minor: int, currency: str | None, ruleset: Ruleset) -> int | None:
    """An amount in the playbook's currency; None in any other: there are no rates to compare it by."""
    if minor < 0:
        return None
    return minor if currency in (None, str(ruleset.parameters["playbook_currency"])) else None


def bands_of(spends: Iterable[Figure], ruleset: Ruleset) -> frozenset[str]:
    """The bands of amounts that are asked about."""
    minors = (comparable_minor(one.minor, one.currency, ruleset) for one in spends)
    return frozenset(str(ruleset.decide_table("spend", {"spend_minor": minor})["band"]) for minor in minors)


def _facts_of_cases(asked: Asked, ruleset: Ruleset) -> Iterable[PitchFacts]:
    """One case an industry and amount; of two amounts of one band the first."""
    spends: dict[Value, int | None] = {}
    for one in asked.spends:
        minor = comparable_minor(one.minor, one.currency, ruleset)
        spends.setdefault(ruleset.decide_table("spend", {"spend_minor": minor})["band"], minor)
    industries: tuple[Industry | None, ...] = asked.industries or (None,)
    for industry in industries:
        for minor in spends.values() or (None,):
            yield PitchFacts(
                industry=industry,
                spend_minor=minor,
                days_since_meeting=asked.days_since_meeting,
                is_about_client=False,
                touches_restricted=touches_restricted(asked, ruleset),
                is_restriction_lifted=_is_lifted(ruleset),
            )


def _is_lifted(ruleset: Ruleset) -> bool:
    return ruleset.parameters["is_q3_2026_pricing_approved"] is True
