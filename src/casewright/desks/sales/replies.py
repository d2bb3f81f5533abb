"""Replies: what is said, by template, with everything that may be said by anybody else who writes.

Each answer is whole sentences that follow from a record, a decision or a rule; nothing in it comes from the
question. The message of a recommendation names no closed product and no restricted topic.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from casewright.desk import Answerable, LookedUp, Wanted
from casewright.desks.sales.asked import CLIENT_LOOKUP, LISTING, PLAYBOOK_SEARCH, Asked, Field, Kind
from casewright.desks.sales.bounds import Said, build_answerable, may_leave
from casewright.desks.sales.evidence import evidence_of
from casewright.desks.sales.extracts import choose_citations, content_words, quote, stem
from casewright.desks.sales.facts import PitchFacts
from casewright.desks.sales.gathering import bands_of, days_since, touches_restricted
from casewright.desks.sales.pitches import (
    open_products,
    planned_products,
    required_elements,
    say_asked_products,
    say_client,
    say_closed,
    say_pitch,
)
from casewright.desks.sales.products import INDUSTRY_LABELS, PREMIUM, PRODUCT_LABELS
from casewright.desks.sales.reasons import REASONS
from casewright.desks.sales.rules import Rule, general_rules, load_rules, select_rules
from casewright.desks.sales.sentences import (
    join_words,
    limits_of,
    load_sentences,
    say,
    say_day,
    say_industry,
    say_money,
)
from casewright.desks.sales.verdicts import say_verdicts
from casewright.domain.answer import Memory
from casewright.domain.client import Client
from casewright.domain.decision import Decision
from casewright.policy.ruleset import Ruleset

_UNREMARKABLE = frozenset({"no_restricted_topic", "no_meeting_to_count", "meeting_recent"})
"""Reasons that are on the record and need no words."""
_IN_GENERAL = frozenset({"SAL-1.1", "SAL-1.2", "SAL-1.3", "SAL-2.2", "SAL-2.3"})
"""Clauses about all pitches, which no answer repeats."""
_OF_MEETINGS = frozenset({"re-engagement", "preparing a meeting"})
"""Headings that say nothing about what is pitched."""
_VERDICTS = ("Yes, ", "No, ")
_FEWEST_OTHER_WORDS = 2
"""So many words beside what the policy knows make a question about something else in the playbook."""


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything one answer is written from."""

    asked: Asked
    looked_up: LookedUp
    facts: Sequence[PitchFacts]
    decisions: Sequence[Decision]
    ruleset: Ruleset
    as_of: date
    memory: Memory
    limits: dict[str, str] = field(default_factory=dict)


def write_answer(
    wanted: Wanted,
    looked_up: LookedUp,
    facts: Sequence[PitchFacts],
    decisions: Sequence[Decision],
    ruleset: Ruleset,
    as_of: date,
    memory: Memory,
) -> Answerable:
    """The template's answer, the safest one, and their bounds."""
    asked = cast(Asked, wanted.asked)
    case = _Case(asked, looked_up, facts, decisions, ruleset, as_of, memory, limits_of(ruleset))
    if asked.kind is Kind.OFF_TOPIC:
        said = Said([say_plain("off_topic")], [say("rationale", "off_topic")], is_irrelevant=True)
    elif asked.kind is Kind.UNCLEAR:
        said = _say_unclear(asked)
    elif asked.kind is Kind.RULE:
        said = _say_rule(case)
    else:
        said = _say_nobody(case) or _say_clients(case)
    answerable = build_answerable(said, wanted, looked_up, ruleset, as_of, memory)
    message = answerable.draft.message
    return replace(answerable, evidence=evidence_of(asked, looked_up, decisions, ruleset, as_of, message))


def say_plain(name: str) -> str:
    """A sentence that stands alone in the packaged file."""
    from casewright.desks.sales.sentences import load_sentences

    return str(load_sentences()[name])


def _say_unclear(asked: Asked) -> Said:
    """No look-up: small talk, a list of clients, or a client who is not named."""
    chat = next((topic for topic in asked.topics if topic in load_sentences()["chat"]), None)
    if chat is not None:
        return Said([say("chat", chat)], [say("rationale", "chat")])
    which = "one_by_one" if LISTING in asked.topics else "which"
    return Said([say("names", which)], [say("rationale", "unclear")])


def _say_nobody(case: _Case) -> Said | None:
    """Where no record is found: several names, no name, or no answer from the records."""
    asked = case.asked
    if CLIENT_LOOKUP in case.looked_up.failed:
        return Said([say_plain("records_off")], [])
    if asked.candidates:
        listed = join_words([f"{name} ({client_id})" for client_id, name in asked.candidates])
        which = "several" if len(asked.candidates) > 1 else "one"
        facts = {part for name in asked.candidates for part in name}
        sentences = [say("names", which, candidates=listed)]
        sentences += [say("names", "rest")] if asked.has_more_clients else []
        return Said(sentences, [say("rationale", "several")], facts=facts)
    if asked.is_unknown_client or not asked.client_ids:
        return Said([say("names", "nobody")], [say("rationale", "nobody")])
    if not case.looked_up.clients:
        return Said([say("names", "gone")], [say("rationale", "nobody")])
    return None


def _say_clients(case: _Case) -> Said:
    """Facts of the clients that were found, and what may be pitched to each."""
    if case.asked.asks_prices and not (case.asked.wants_pitch or case.asked.fields):
        return _say_prices(case)
    said = Said([], [])
    if _is_closed(case):
        said.message += [say("restricted", "named"), say("restricted", "until")]
        said.fallback += said.message
    elif case.asked.asks_prices:
        said.message.append(say("playbook", "no_prices"))
    elif "restricted_list" in case.asked.topics and not case.asked.products:
        said.message.append(say("restricted", "in_general"))
    for place, client in enumerate(case.looked_up.clients):
        said.facts |= _facts_of(client, case)
        said.clients.append(client)
        if case.asked.asks_why:
            said.message += _say_why(case, client, place)
            said.open += [open_products(one) for one in case.decisions]
            said.planned |= {one for each in case.decisions for one in planned_products(each)}
            said.rationale += _say_record(case, client)
            continue
        verdicts = list(_plainly(case.asked, _say_verdicts(case, client, place)))
        answers = [one for one in verdicts if one.startswith(_VERDICTS)]
        others = [one for one in verdicts if one not in answers]
        fields = [
            one
            for one in _say_fields(case, client, client.name)
            if not any(answer.endswith(one[1:]) for answer in answers)
        ]
        told = [*answers, *fields, *others]
        said.message += told
        said.fallback += [one.replace(client.name, f"client {client.client_id}") for one in told]
        said.facts |= set(verdicts)
        if case.asked.kind is Kind.RECOMMENDATION and case.asked.wants_pitch:
            _add_pitch(said, case, client, case.facts[place], case.decisions[place])
        said.rationale += _say_record(case, client)
    if case.asked.kind is Kind.RECOMMENDATION:
        said.rationale += _say_decided(case)
        said.passages = choose_citations(case.looked_up.retrieved, _stated(case), _apart(case))
    beside = [say("names", "another")] if case.asked.names_another else []
    beside += [say("names", "first_few")] if case.asked.has_more_clients else []
    said.message += beside
    said.fallback += beside
    if case.asked.near:
        near = join_words([f"{name} ({client_id})" for client_id, name in case.asked.near])
        said.facts |= {part for name in case.asked.near for part in name}
        said.rationale.append(say("rationale", "near", near=near))
    if case.asked.spends and case.looked_up.clients:
        said.rationale.append(say("rationale", "figure"))
    return said


def _say_prices(case: _Case) -> Said:
    """What closes prices, or that there are none: nothing else of a record or a rule is said or cited."""
    topic, clause = ("restricted_list", "SAL-5.1") if _is_closed(case) else ("prices", "SAL-5.3")
    if topic == "prices":
        message = [say("playbook", "no_prices")]
    elif case.asked.asks_why:
        message = [REASONS["topic_restricted"]]
    else:
        refusal = "refused" if case.asked.is_yes_or_no else "named"
        message = [say("restricted", refusal), say("restricted", "until")]
    message += [say("why", "rules", clauses=clause)] if case.asked.asks_why else []
    closing = [rule.say(case.limits) for rule in load_rules() if topic in rule.topics]
    passages = choose_citations(case.looked_up.retrieved, closing)
    return Said(message, [say("rationale", "decided", clauses=clause)], passages=passages[:1])


def _plainly(asked: Asked, sentences: Iterable[str]) -> Iterator[str]:
    """Without yes or no where a question asks for more than that."""
    for sentence in sentences:
        head = next((one for one in _VERDICTS if sentence.startswith(one)), "")
        rest = sentence.removeprefix(head).strip(" ").removeprefix("but ")
        if not (head and asked.is_open_question):
            yield sentence
        elif rest:
            yield rest[0].upper() + rest[1:]


def _say_rules_beside(case: _Case, decision: Decision) -> list[str]:
    """The rules of an industry that is asked about beside a client, where they name nothing closed."""
    bands = bands_of(case.asked.spends, case.ruleset)
    rules = select_rules(replace(case.asked, products=(), topics=frozenset()), bands, frozenset())
    open_here = open_products(decision)
    return [rule.say(case.limits) for rule in rules if rule.products and rule.products <= open_here]


def _say_verdicts(case: _Case, client: Client, place: int) -> Iterator[str]:
    decision = case.decisions[place] if place < len(case.decisions) else None
    return say_verdicts(case.asked, client, decision, case.limits, case.ruleset, case.as_of)


def _say_why(case: _Case, client: Client, place: int) -> list[str]:
    """The reasons of a decision with their clauses, or the record."""
    if place >= len(case.decisions):
        return [say("why", "record", id=client.client_id, today=say_day(case.as_of))]
    rows = [row for row in case.decisions[place].fired if row.reason not in _UNREMARKABLE]
    reasons = [REASONS[reason] for reason in dict.fromkeys(row.reason for row in rows) if reason]
    clauses = list(dict.fromkeys(row.clause for row in rows if row.clause))
    return [*reasons, say("why", "rules", clauses=join_words(clauses))]


def _add_pitch(said: Said, case: _Case, client: Client, facts: PitchFacts, decision: Decision) -> None:
    is_foreign = client.spend is not None and facts.spend_minor is None
    pitch = list(say_pitch(decision, facts, case.limits, is_foreign=is_foreign))
    is_one = len(case.decisions) == 1
    if case.asked.asks_rule and case.asked.industries:
        said.message += _say_rules_beside(case, decision)
    said.message += _plainly(case.asked, say_asked_products(case.asked, decision, client.name, is_one=is_one))
    said.message += say_client(client, facts)
    said.message += pitch
    if case.asked.asks_closed:
        said.message.append(say_closed(decision))
    said.fallback += pitch
    said.planned |= set(planned_products(decision))
    said.open.append(open_products(decision))
    if len(case.decisions) == 1:
        said.required = tuple(required_elements(decision))


def _say_fields(case: _Case, client: Client, name: str) -> list[str]:
    """What of the record is asked, in whole sentences; what is missing is said to be."""
    fields = case.asked.fields
    group, wanted = "facts", tuple(one for one in Field if one in fields)
    if Field.OVERVIEW in fields:
        group, wanted = "overview", (Field.INDUSTRY, Field.SPEND, Field.MEETING, Field.MANAGER)
    values = {
        Field.INDUSTRY: say_industry(client) or client.industry,
        Field.SPEND: None if client.spend is None else say_money(client.spend),
        Field.MEETING: None if client.last_meeting is None else say_day(client.last_meeting),
        Field.MANAGER: client.account_manager,
        Field.IDENTITY: client.client_id,
    }
    is_ahead = client.last_meeting is not None and client.last_meeting > case.as_of
    named = {Field.MEETING: "date", Field.IDENTITY: "id"}
    sentences = []
    for one in wanted:
        value = values.get(one)
        if value is None:
            sentences.append(say("missing", one.value, name=name))
        else:
            key = named.get(one, one.value)
            if one is Field.MEETING and is_ahead:
                sentences.append(say("facts", "planned", name=name, date=value))
                continue
            sentences.append(say(group, one.value, **{"name": name, key: value}))
    days = days_since(client.last_meeting, case.as_of)
    if Field.MEETING in fields and case.asked.asks_how_long and days is not None:
        sentences.append(say("facts", "days", days=days))
    return sentences


def _facts_of(client: Client, case: _Case) -> set[str]:
    """Everything of a record that may be said."""
    days = days_since(client.last_meeting, case.as_of)
    values = (
        client.client_id,
        client.name,
        client.industry,
        say_industry(client),
        client.account_manager,
        None if client.spend is None else say_money(client.spend),
        None if client.spend is None else client.spend.currency,
        None if client.last_meeting is None else say_day(client.last_meeting),
        None if days is None else f"{days} days",
        say_day(case.as_of),
    )
    return {value for value in values if value}


def _say_record(case: _Case, client: Client) -> list[str]:
    today = say_day(case.as_of)
    sentences = [say("rationale", "record", id=client.client_id, today=today)]
    days = days_since(client.last_meeting, case.as_of)
    if client.last_meeting is not None and days is not None:
        day = say_day(client.last_meeting)
        sentences.append(say("rationale", "meeting", date=day, days=days, today=today))
    return sentences


def _say_decided(case: _Case) -> list[str]:
    rows = [row for one in case.decisions for row in one.fired if row.reason not in _UNREMARKABLE]
    clauses = tuple(dict.fromkeys(row.clause for row in rows))
    if not clauses:
        return []
    currency = str(case.ruleset.parameters["playbook_currency"])
    return [
        say("rationale", "decided", clauses=join_words(list(clauses))),
        say("rationale", "currency", currency=currency),
    ]


def _say_rule(case: _Case) -> Said:
    """Rules of the policy; a case that was asked about; or sentences of the playbook about anything else."""
    asked = case.asked
    if PLAYBOOK_SEARCH in case.looked_up.failed and not case.decisions:
        return Said([say("playbook", "off")], [])
    if _is_closed(case) and not (asked.is_advice and asked.industries):
        return _say_prices(case)
    if case.decisions and (asked.is_advice or asked.days_since_meeting is not None):
        return _say_cases(case)
    bands = bands_of(asked.spends, case.ruleset)
    rules = select_rules(asked, bands, _limits_named(case))
    words = content_words(asked.plain)
    sentences, passages = quote(
        case.looked_up.retrieved,
        words,
        [word for one in asked.products for word in PRODUCT_LABELS[one].replace("-", " ").split()],
        least_words=_FEWEST_OTHER_WORDS if rules and not asked.is_about_matters else 1,
        may_leave=may_leave,
    )
    if sentences:
        return Said(list(sentences), [say("rationale", "quoted")], passages=passages)
    if passages and not rules:
        return Said([say("playbook", "unquoted")], [], passages=passages)
    if asked.is_about_matters:
        return Said([say("playbook", "silent")], [])
    if not rules and not words:
        rules = general_rules()
    if not rules:
        return Said([say("playbook", "silent")], [])
    return _say_rules(case, rules)


def _say_rules(case: _Case, rules: Sequence[Rule]) -> Said:
    clauses = tuple(dict.fromkeys(rule.clause for rule in rules))
    sentences = [rule.say(case.limits) for rule in rules]
    return Said(
        [*_say_read_as(case.asked), *sentences],
        [say("rationale", "rule", clauses=join_words(list(clauses)))],
        passages=choose_citations(case.looked_up.retrieved, sentences),
        is_quoting_rules=True,
    )


def _say_read_as(asked: Asked) -> list[str]:
    """Which industry a client is counted in, where the question calls it something else."""
    labels = [INDUSTRY_LABELS[one] for one in asked.industries if one in INDUSTRY_LABELS]
    is_said = all(stem(label.lower()) in asked.plain.replace(" ", "") for label in labels)
    if len(labels) != 1 or is_said or not asked.names_industry:
        return []
    return [say("playbook", "read_as", industry=labels[0])]


def _say_cases(case: _Case) -> Said:
    """What may be pitched in a case without a client."""
    said = Said([], [])
    if _is_closed(case):
        said.message += [say("restricted", "named"), say("restricted", "until")]
    for facts, decision in zip(case.facts, case.decisions, strict=True):
        if len(case.asked.industries) > 1 and facts.industry is not None:
            said.message.append(f"{INDUSTRY_LABELS.get(facts.industry, 'Other industries')}:")
        said.message += _plainly(case.asked, say_asked_products(case.asked, decision, None))
        said.message += say_pitch(decision, facts, case.limits)
        said.planned |= set(planned_products(decision))
        said.open.append(open_products(decision))
    if len(case.decisions) == 1:
        said.required = tuple(required_elements(case.decisions[0]))
    said.rationale += _say_decided(case)
    said.passages = choose_citations(case.looked_up.retrieved, _stated(case), _apart(case))
    return said


def _is_closed(case: _Case) -> bool:
    """Whether a restricted topic is touched that nobody has opened."""
    return touches_restricted(case.asked, case.ruleset) and any(
        one.outcome.get("topic") == "closed" for one in case.decisions
    )


def _limits_named(case: _Case) -> frozenset[str]:
    """Which limits the question names to the last unit."""
    values = case.ruleset.parameters
    minors = {one.minor for one in case.asked.spends}
    return frozenset(name for name in ("low", "high") if int(values[f"{name}_spend_minor"]) in minors)


def _apart(case: _Case) -> frozenset[str]:
    """Industries, and parts of a conversation, that none of the decisions is about."""
    own = {facts.industry for facts in case.facts}
    others = {label.lower() for industry, label in INDUSTRY_LABELS.items() if industry not in own}
    if any(one.outcome.get("opening") == "re_engagement" for one in case.decisions):
        return frozenset(others)
    return frozenset(others | _OF_MEETINGS)


def _stated(case: _Case) -> list[str]:
    """The rules that the decisions rest on, as sentences: each is to be cited."""
    rows = (row for one in case.decisions for row in one.fired if row.reason not in _UNREMARKABLE)
    clauses = dict.fromkeys(row.clause for row in rows if row.clause not in _IN_GENERAL)
    rules = [
        rule.say(case.limits)
        for clause in clauses
        for rule in load_rules()
        if rule.clause == clause
        and (rule.industries or not (rule.products & PREMIUM or "premium" in rule.topics))
    ]
    closed = [rule.say(case.limits) for rule in load_rules() if "prices" in rule.topics]
    return [*(closed if case.asked.asks_prices and not _is_closed(case) else ()), *rules]
