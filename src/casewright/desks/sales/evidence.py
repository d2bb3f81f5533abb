"""Evidence: what an answer rests on, in sentences: records, look-ups, comparisons, decisions with reasons.

It is what a judge reads to say whether an answer is supported. Passages stand beside it, not in it. Nothing
of the answer goes into it but the names of the rules that it tells.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from casewright.desk import LookedUp
from casewright.desks.sales.asked import LISTING, Asked, Kind
from casewright.desks.sales.gathering import comparable_minor, days_since
from casewright.desks.sales.pitches import open_products
from casewright.desks.sales.products import INDUSTRY_LABELS, PRODUCT_LABELS
from casewright.desks.sales.reasons import REASONS
from casewright.desks.sales.rules import load_rules
from casewright.desks.sales.sentences import (
    join_words,
    limits_of,
    load_sentences,
    say,
    say_day,
    say_industry,
    say_money,
)
from casewright.desks.sales.verdicts import compare_spend
from casewright.domain.client import Client
from casewright.domain.decision import Decision
from casewright.policy.ruleset import Ruleset

_BANDS = ("low", "high")
_FOREIGN_CLAUSE = "SAL-2.4"


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
    found += [" ".join(_say_record(client, asked, ruleset, as_of)) for client in looked_up.clients]
    limits = limits_of(ruleset)
    for place, decision in enumerate(decisions):
        name = looked_up.clients[place].name if place < len(looked_up.clients) else "that case"
        found.append(" ".join(_say_decision(decision, name, limits)))
        clauses = dict.fromkeys(row.clause for row in decision.fired if row.clause)
        found += [f"{ruleset.clauses[clause].text}" for clause in clauses]
    if asked.kind is Kind.RULE:
        said = [rule for rule in load_rules() if rule.say(limits) in message]
        found += [rule.say(limits) for rule in said]
        found += [
            say("playbook", "read_as", industry=INDUSTRY_LABELS[one])
            for one in asked.industries[:1]
            if one in INDUSTRY_LABELS
        ]
    if say("playbook", "silent") in message:
        found.append(say("playbook", "silent"))
    if asked.asks_prices:
        found += [rule.say(limits) for rule in load_rules() if "prices" in rule.topics]
    return tuple(text for text in dict.fromkeys(found) if text)


def _say_look_up(asked: Asked) -> Iterator[str]:
    """What was looked up or not; of this desk, what it can do."""
    if asked.kind is Kind.UNCLEAR:
        chats = load_sentences()["chat"]
        yield from (str(chats[topic]) for topic in asked.topics if topic in chats)
        if LISTING in asked.topics:
            yield say("evidence", "desk")
        yield say("rationale", "unclear")
        yield say("evidence", "lookup")
    elif asked.candidates:
        listed = join_words([f"{name} ({client_id})" for client_id, name in asked.candidates])
        yield say("evidence", "several", candidates=listed)
        yield say("evidence", "exactly")
    elif asked.is_unknown_client:
        yield say("names", "nobody")


def _say_record(client: Client, asked: Asked, ruleset: Ruleset, as_of: date) -> Iterator[str]:
    """All of a record, what it does not say, and how it compares with what is asked."""
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
    if asked.asks_unheld:
        yield say("evidence", "holds", name=name)
    if asked.is_other_period:
        yield say("evidence", "period")
    yield from _say_compared(client, asked, ruleset, days)


def _say_compared(client: Client, asked: Asked, ruleset: Ruleset, days: int | None) -> Iterator[str]:
    """The spend beside the amount of the question and the playbook's currency; the days beside the limit."""
    limits, spend = limits_of(ruleset), client.spend
    if spend is not None and comparable_minor(spend.minor, spend.currency, ruleset) is None:
        yield say("evidence", "foreign", name=client.name)
        yield ruleset.clauses[_FOREIGN_CLAUSE].text
    compared = compare_spend(asked, client, limits, ruleset) if asked.spends else None
    if compared is not None:
        yield say("evidence", compared.order, **compared.words)
    if days is not None:
        is_old = days > int(ruleset.parameters["recent_meeting_days"])
        yield say("evidence", "old" if is_old else "recent", days=days, **limits)


def _say_decision(decision: Decision, name: str, limits: dict[str, str]) -> Iterator[str]:
    """The decision: what is open, in which band, for which reasons."""
    outcome = decision.outcome
    opened = [PRODUCT_LABELS[one] for one in PRODUCT_LABELS if one in open_products(decision)]
    yield say("evidence", "open", name=name, formats=join_words(opened))
    yield say("evidence", "closed", name=name)
    yield say("evidence", "shut", name=name)
    for programme in ("full_funnel", "bundle"):
        which = "programme_open" if outcome.get("programme") == programme else "programme_closed"
        yield say("evidence", which, programme=programme.replace("_", " "))
    if outcome.get("band") in _BANDS:
        yield say("evidence", f"band_{outcome['band']}", name=name, **limits)
    if outcome.get("opening") == "re_engagement":
        yield say("evidence", "opening")
    if outcome.get("is_meeting_unknown"):
        yield say("evidence", "unmet")
    if outcome.get("premium") == "after":
        yield say("evidence", "premium_after")
    for reason in decision.reasons:
        yield REASONS[reason]
    clauses = dict.fromkeys(row.clause for row in decision.fired if row.clause)
    yield say("rationale", "decided", clauses=join_words(list(clauses)))
