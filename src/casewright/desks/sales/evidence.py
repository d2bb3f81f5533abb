"""Evidence: what an answer rests on, in sentences: records, look-ups, decisions with reasons and clauses.

It is what a judge reads to say whether an answer is supported. Passages stand beside it, not in it.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from casewright.desk import LookedUp
from casewright.desks.sales.asked import Asked, Kind
from casewright.desks.sales.gathering import days_since
from casewright.desks.sales.pitches import open_products
from casewright.desks.sales.products import PRODUCT_LABELS
from casewright.desks.sales.reasons import REASONS
from casewright.desks.sales.rules import load_rules
from casewright.desks.sales.sentences import join_words, limits_of, say, say_day, say_industry, say_money
from casewright.domain.client import Client
from casewright.domain.decision import Decision
from casewright.policy.ruleset import Ruleset

_LOW, _HIGH = "low", "high"


def evidence_of(
    asked: Asked,
    looked_up: LookedUp,
    decisions: Sequence[Decision],
    ruleset: Ruleset,
    as_of: date,
    message: str,
) -> tuple[str, ...]:
    """Every text that the message may be held against, but for the passages."""
    found = [" ".join(_say_look_up(asked))]
    found += [" ".join(_say_record(client, as_of)) for client in looked_up.clients]
    limits = limits_of(ruleset)
    for place, decision in enumerate(decisions):
        name = looked_up.clients[place].name if place < len(looked_up.clients) else "that case"
        found.append(" ".join(_say_decision(decision, name, limits)))
        clauses = dict.fromkeys(row.clause for row in decision.fired if row.clause)
        found += [f"{ruleset.clauses[clause].text}" for clause in clauses]
    if asked.kind is Kind.RULE:
        said = [rule for rule in load_rules() if rule.say(limits) in message]
        found += [rule.say(limits) for rule in said]
    return tuple(text for text in dict.fromkeys(found) if text)


def _say_look_up(asked: Asked) -> Iterator[str]:
    if asked.kind is Kind.UNCLEAR:
        yield say("rationale", "unclear")
        yield "A client is looked up by a name or an id that people give."
    elif asked.candidates:
        listed = join_words([f"{name} ({client_id})" for client_id, name in asked.candidates])
        yield f"Clients that match that name: several, {listed}."
        yield "No client has exactly that name."
    elif asked.is_unknown_client:
        yield say("names", "nobody")


def _say_record(client: Client, as_of: date) -> Iterator[str]:
    """All of a record, and what it does not say."""
    name, industry = client.name, say_industry(client) or client.industry
    yield say("facts", "identity", name=name, id=client.client_id)
    yield (
        say("facts", "industry", name=name, industry=industry)
        if industry
        else say("missing", "industry", name=name)
    )
    if client.spend is None:
        yield say("missing", "spend", name=name)
    else:
        yield say("facts", "spend", name=name, spend=say_money(client.spend))
    days = days_since(client.last_meeting, as_of)
    if client.last_meeting is None:
        yield say("missing", "meeting", name=name)
    else:
        yield say("facts", "meeting", name=name, date=say_day(client.last_meeting))
        if days is not None:
            yield say("facts", "days", days=days)
    if client.account_manager is not None:
        yield say("facts", "manager", name=name, manager=client.account_manager)


def _say_decision(decision: Decision, name: str, limits: dict[str, str]) -> Iterator[str]:
    """The decision: what is open, in which band, for which reasons."""
    opened = [PRODUCT_LABELS[one] for one in PRODUCT_LABELS if one in open_products(decision)]
    yield f"Formats that are open for {name}: {join_words(opened)}."
    yield f"Any other format is not open for {name}."
    band = decision.outcome.get("band")
    if band == _LOW:
        yield f"The spend of {name} is under {limits['low']}."
    elif band == _HIGH:
        yield f"The spend of {name} is above {limits['high']}."
    if decision.outcome.get("opening") == "re_engagement":
        yield "Start with re-engagement. The pitch comes after that."
    if decision.outcome.get("is_meeting_unknown"):
        yield "The day of the last meeting is not known."
        yield "So start with re-engagement before any upsell."
    if decision.outcome.get("premium") == "after":
        yield "Premium formats may follow; the spend rule allows them."
    for reason in decision.reasons:
        yield REASONS[reason]
