"""Pitches: one decision in plain sentences, about a client or about a case that was asked about.

Invariant: only products that the decision holds are named; what is closed is not named at all.
"""

from collections.abc import Iterator, Mapping

from casewright.desks.sales.asked import Asked
from casewright.desks.sales.facts import Industry, PitchFacts, Product
from casewright.desks.sales.products import PREMIUM, PRODUCT_LABELS
from casewright.desks.sales.sentences import article_of, join_words, say, say_industry, say_money
from casewright.domain.answer import Element
from casewright.domain.client import Client
from casewright.domain.decision import Decision

_PLACES = ("first", "second", "third", "fourth")
RE_ENGAGEMENT = Element("re_engagement", ("re-engagement", "re-engage", "reengage"))


def planned_products(decision: Decision) -> tuple[Product, ...]:
    """What the decision pitches, in its order."""
    named = (decision.outcome.get(place) for place in _PLACES)
    return tuple(Product(str(name)) for name in named if name is not None)


def open_products(decision: Decision) -> frozenset[Product]:
    """What may be named at all: what is planned, and what the spend rule leaves open."""
    planned = frozenset(planned_products(decision))
    if decision.outcome.get("reach") != "all_formats":
        return planned
    return planned | (frozenset(Product) - PREMIUM)


def say_client(client: Client, facts: PitchFacts) -> Iterator[str]:
    """Who it is for: industry and spend."""
    industry = say_industry(client)
    spend = None if client.spend is None else say_money(client.spend)
    if industry is not None:
        values = {"name": client.name, "article": article_of(industry), "industry": industry}
        yield (
            say("client", "without_spend", **values)
            if spend is None
            else say("client", "whole", spend=spend, **values)
        )
    elif spend is not None:
        yield say("client", "without_industry", name=client.name, spend=spend)


def say_pitch(
    decision: Decision, facts: PitchFacts, limits: Mapping[str, str], *, is_foreign: bool = False
) -> Iterator[str]:
    """What comes first, what is pitched, on which condition, and what is asked for."""
    outcome = decision.outcome
    is_later = outcome.get("opening") == "re_engagement"
    if is_later:
        opening = (
            "unknown" if outcome.get("is_meeting_unknown") else "stale" if facts.is_about_client else "case"
        )
        yield say("opening", opening, **limits)
    is_only_banners = outcome.get("programme") == "banners_only"
    if is_only_banners:
        band = "foreign" if is_foreign and facts.spend_minor is None else str(outcome.get("band"))
        pitch = say("pitch", band, **limits)
        yield pitch
    else:
        programme = str(outcome.get("programme"))
        is_narrow = programme == "non_premium" and outcome.get("premium") == "closed"
        pitch = say("pitch", "non_premium_only" if is_narrow else programme)
        yield say("pitch", "after", pitch=pitch[0].lower() + pitch[1:]) if is_later else pitch
        if facts.industry is Industry.OTHER:
            yield say("premium", "lead")
        if programme == "full_funnel" and not facts.is_about_client:
            yield say("reason", programme, **limits)
    if outcome.get("band") == "low":
        yield say("premium", "low")
    elif outcome.get("premium") in ("after", "limited"):
        yield say("premium", str(outcome["premium"]))
    for name in ("spend", "industry", "meeting"):
        if outcome.get(f"asks_{name}") is True and (facts.is_about_client or name == "spend"):
            yield say("asks", name)


def say_asked_products(
    asked: Asked, decision: Decision, name: str | None, *, is_one: bool = True
) -> Iterator[str]:
    """Yes or no to the products that were asked about. What is closed is called "that format", and so is
    what may be closed to another client of the same answer."""
    planned, may_be_named = planned_products(decision), open_products(decision)
    group = "asked_forbidden" if asked.is_negated else "asked_product"
    case = "" if name is not None else "_case"
    premium = decision.outcome.get("premium")
    wanted = set(asked.products)
    if "premium" in asked.topics and not wanted:
        yield from _say_asked_premium(asked, decision)
    if asked.is_yes_or_no and not (asked.is_negated or asked.is_choice or wanted):
        yield from _say_asked_programme(asked, decision)
    closed = [one for one in wanted if one not in may_be_named]
    yes = [one for one in planned if one in wanted]
    if any(one in PREMIUM for one in closed) and premium == "limited":
        yield say(group, "limited")
    elif closed:
        yield say(group, f"closed{case}" if asked.is_yes_or_no else f"told{case}", name=name)
    if len(yes) > 1 and asked.is_choice:
        first, *rest = (PRODUCT_LABELS[one] for one in yes)
        yield say("asked_product", "order", first=first, rest=join_words(rest))
    elif yes:
        product = join_words([PRODUCT_LABELS[one] for one in yes])
        after = "_after" if decision.outcome.get("opening") == "re_engagement" else ""
        yield say(group, f"planned{after}{case}", product=product, name=name)
    unlisted = [one for one in Product if one in wanted and one in may_be_named and one not in planned]
    if unlisted:
        product = join_words([PRODUCT_LABELS[one] for one in unlisted]) if is_one else "that format"
        yield say("asked_product", f"unlisted{case}", product=product, name=name)


def _say_asked_programme(asked: Asked, decision: Decision) -> Iterator[str]:
    """Yes or no to a programme that has a name of its own."""
    after = "_after" if decision.outcome.get("opening") == "re_engagement" else ""
    for programme in ("full_funnel", "bundle"):
        if programme in asked.topics:
            is_open = decision.outcome.get("programme") == programme
            which = f"open{after}" if is_open else "closed"
            yield say("asked_programme", which, programme=programme.replace("_", " "))


def _say_asked_premium(asked: Asked, decision: Decision) -> Iterator[str]:
    """Yes or no to premium formats as such."""
    premium = str(decision.outcome.get("premium"))
    if decision.outcome.get("reach") != "all_formats":
        premium = "closed"
    if asked.is_yes_or_no:
        yield say("asked_premium", f"{'forbidden' if asked.is_negated else 'open'}_{premium}")
    elif premium == "unnamed":
        yield say("premium", premium)


def say_closed(decision: Decision) -> str:
    """What is not open, where that is asked: no closed format is named."""
    is_all_open = open_products(decision) == frozenset(Product)
    if is_all_open:
        return say("closed", "nothing")
    return say("closed", "others" if decision.outcome.get("reach") != "all_formats" else "premium")


def required_elements(decision: Decision) -> Iterator[Element]:
    """What an answer must say, in its order: re-engagement first, then the first product."""
    if decision.outcome.get("opening") == "re_engagement":
        yield RE_ENGAGEMENT
    first = planned_products(decision)[0]
    yield Element(first.value, (PRODUCT_LABELS[first],))
