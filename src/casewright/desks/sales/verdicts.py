"""Verdicts: yes, no or how much, where a question asks for one about a record; computed from the record.

Invariant: an amount of the question is named only where it is a limit of the playbook.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from casewright.desks.sales.asked import Asked, Field, Kind
from casewright.desks.sales.figures import Side
from casewright.desks.sales.gathering import comparable_minor, days_since
from casewright.desks.sales.manner import AUXILIARIES
from casewright.desks.sales.products import read_industry
from casewright.desks.sales.sentences import say, say_day, say_industry, say_limit, say_money
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


@dataclass(frozen=True, slots=True)
class Compared:
    """A spend beside an amount that was asked about: `more`, `less` or `equal`, and the words for both."""

    order: str
    words: Mapping[str, str]
    """`spend`, `amount` and the `gap` between them."""


def compare_spend(
    asked: Asked, client: Client, limits: Mapping[str, str], ruleset: Ruleset
) -> Compared | None:
    """The spend of a record beside the first amount of a question; None where they cannot be compared."""
    first = asked.spends[0]
    stated = comparable_minor(first.stated_minor, first.currency, ruleset)
    if client.spend is None or stated is None:
        return None
    own = comparable_minor(client.spend.minor, client.spend.currency, ruleset)
    if own is None:
        return None
    amount = say_limit(stated)
    words = {
        "spend": say_money(client.spend),
        "amount": amount if amount in limits.values() else say("against", "amount"),
        "gap": say_money(Money(abs(own - stated), client.spend.currency)),
    }
    return Compared("more" if own > stated else "less" if own < stated else "equal", words)


def _say_spend_against(
    asked: Asked, client: Client, limits: Mapping[str, str], ruleset: Ruleset
) -> Iterator[str]:
    compared = compare_spend(asked, client, limits, ruleset)
    if compared is None:
        yield say("against", "unknown", name=client.name)
        return
    order = compared.order
    asks = {Side.UNDER: "less", Side.ABOVE: "more"}.get(asked.spends[0].side)
    if asks is None and "boundary" in asked.topics and asked.is_yes_or_no:
        which = "yes_equal" if order == "equal" else "no_equal"
    elif asks is None or asked.asks_difference:
        which = f"gap_{order}"
    else:
        which = f"{'yes' if order == asks else 'no'}_{asks}"
    yield say("against", which, **compared.words)


def _say_industry(asked: Asked, client: Client) -> Iterator[str]:
    if client.industry is not None and len(asked.industries) == 1:
        industry = say_industry(client) or client.industry
        is_so = read_industry(client.industry) in asked.industries
        yield _say_whether("industry", is_so=is_so, name=client.name, industry=industry)


def _say_manager(asked: Asked, client: Client) -> Iterator[str]:
    """Whether the person of the question is the account manager: by every word of a name that it says."""
    if client.account_manager is None:
        return
    known = load_vocabulary()
    said = asked.plain.split()
    own = {known.mend(word) for word, _, _ in split_words(normalise(client.account_manager).text)}
    others = {word for word in said if not known.is_known(word) and not is_ordinary(word)}
    others = (others | _words_of_person(said)) - own
    if others or own & set(said):
        manager = client.account_manager
        yield _say_whether("manager", is_so=not others, name=client.name, manager=manager)


def _words_of_person(said: Sequence[str]) -> set[str]:
    """Words that stand where a person is named, whatever else they mean: "does Grace handle", "by Mark"."""
    known = load_vocabulary()
    found: set[str] = set()
    for place, word in enumerate(said):
        if word in AUXILIARIES or word == "by":
            rest = said[place + 1 :]
            found.update(takewhile(lambda one: not known.is_known(one), rest))
    return found


def _say_age(asked: Asked, client: Client, as_of: date) -> Iterator[str]:
    """Whether the last meeting lies within the days of the question, or before them."""
    days, limit = days_since(client.last_meeting, as_of), asked.days_since_meeting
    if days is None or limit is None or client.last_meeting is None:
        return
    words = set(asked.plain.split())
    if "boundary" in asked.topics:
        is_so = days == limit
    else:
        is_so = days > limit if words & _OLDER and not words & _YOUNGER else days <= limit
    yield _say_whether("meeting", is_so=is_so, name=client.name, date=say_day(client.last_meeting))


def _say_whether(field: str, *, is_so: bool, **values: object) -> str:
    """Yes or no, and what the record says of it."""
    return say("against", f"{'yes' if is_so else 'no'}_{field}", **values)
