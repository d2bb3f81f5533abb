"""Verdicts: yes, no or how much, where a question asks for one about a record; computed from the record.

Invariant: an amount of the question is named only where it is a limit of the playbook.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from casewright.desks.sales.asked import Asked, Field, Kind
from casewright.desks.sales.figures import Side
from casewright.desks.sales.gathering import comparable_minor, days_since
from casewright.desks.sales.products import read_industry
from casewright.desks.sales.sentences import say, say_day, say_limit, say_money
from casewright.desks.sales.vocabulary import is_ordinary, load_vocabulary, split_words
from casewright.domain.client import Client
from casewright.domain.decision import Decision
from casewright.domain.money import Money
from casewright.language.normalise import normalise
from casewright.policy.ruleset import Ruleset

_OLDER = frozenset({"older", "more", "over", "longer", "before", "beyond", "exceed", "exceeds", "past"})
_YOUNGER = frozenset({"in", "within", "during", "less", "under", "fewer", "younger"})


def say_verdicts(
    asked: Asked,
    client: Client,
    decision: Decision | None,
    limits: Mapping[str, str],
    ruleset: Ruleset,
    as_of: date,
) -> Iterator[str]:
    """The sentences of one client."""
    if asked.asks_overdue and decision is not None:
        yield from _say_overdue(client, decision, limits, as_of)
    if asked.kind is Kind.FACTS and asked.spends:
        yield from _say_spend_against(asked, client, limits, ruleset)
    if asked.kind is Kind.FACTS and asked.industries and Field.INDUSTRY in asked.fields:
        yield from _say_industry(asked, client)
    if asked.kind is Kind.FACTS and asked.is_yes_or_no and Field.MANAGER in asked.fields:
        yield from _say_manager(asked, client)
    if asked.kind is Kind.FACTS and asked.is_yes_or_no and Field.MEETING in asked.fields:
        yield from _say_age(asked, client, as_of)
    if asked.is_other_period and Field.SPEND in asked.fields:
        yield say("missing", "other_spend")
    if asked.is_other_period and Field.MEETING in asked.fields:
        yield say("missing", "other_meeting")
    if asked.asks_unheld:
        yield say("missing", "unheld", name=client.name)


def _say_overdue(client: Client, decision: Decision, limits: Mapping[str, str], as_of: date) -> Iterator[str]:
    days = days_since(client.last_meeting, as_of)
    if days is None or client.last_meeting is None:
        yield say("overdue", "unknown", name=client.name)
        return
    which = "due" if decision.outcome.get("opening") == "re_engagement" else "not_due"
    yield say("overdue", which, name=client.name, date=say_day(client.last_meeting), days=days, **limits)


def _say_spend_against(
    asked: Asked, client: Client, limits: Mapping[str, str], ruleset: Ruleset
) -> Iterator[str]:
    own = None
    if client.spend is not None:
        own = comparable_minor(client.spend.minor, client.spend.currency, ruleset)
    if own is None or client.spend is None:
        yield say("against", "unknown", name=client.name)
        return
    first = asked.spends[0]
    stated = first.stated_minor
    amount = say_limit(stated)
    amount = amount if amount in limits.values() else say("against", "amount")
    if comparable_minor(stated, first.currency, ruleset) is None:
        yield say("against", "unknown", name=client.name)
        return
    order = "more" if own > stated else "less" if own < stated else "equal"
    asks = {Side.UNDER: "less", Side.ABOVE: "more"}.get(first.side)
    values = {"name": client.name, "spend": say_money(client.spend), "amount": amount}
    if asks is None and "boundary" in asked.topics and asked.is_yes_or_no:
        yield say("against", "yes_equal" if order == "equal" else "no_equal", **values)
    elif asks is None or asked.asks_difference:
        gap = say_money(Money(abs(own - stated), client.spend.currency))
        yield say("against", f"gap_{order}", gap=gap, **values)
    else:
        yield say("against", f"{'yes' if order == asks else 'no'}_{asks}", **values)


def _say_industry(asked: Asked, client: Client) -> Iterator[str]:
    if client.industry is not None and len(asked.industries) == 1:
        yield say("against", "same" if read_industry(client.industry) in asked.industries else "other")


def _say_manager(asked: Asked, client: Client) -> Iterator[str]:
    """Whether the person of the question is the account manager: by every word of a name that it says."""
    if client.account_manager is None:
        return
    known = load_vocabulary()
    said = asked.plain.split()
    own = {known.mend(word) for word, _, _ in split_words(normalise(client.account_manager).text)}
    others = {word for word in said if not known.is_known(word) and not is_ordinary(word)} - own
    if others or own & set(said):
        yield say("against", "other_manager" if others else "same_manager")


def _say_age(asked: Asked, client: Client, as_of: date) -> Iterator[str]:
    """Whether the last meeting lies within the days of the question, or before them."""
    days, limit = days_since(client.last_meeting, as_of), asked.days_since_meeting
    if days is None or limit is None:
        return
    words = set(asked.plain.split())
    if "boundary" in asked.topics:
        yield say("against", "yes_days" if days == limit else "no_days")
    elif words & _OLDER and not words & _YOUNGER:
        yield say("against", "older" if days > limit else "not_older")
    else:
        yield say("against", "within" if days <= limit else "not_within")
