"""Bounds: what an answer of this desk may and must say, built from records, policy and passages alone."""

from dataclasses import dataclass, field
from datetime import date
from typing import cast

from casewright.desk import Answerable, LookedUp, Wanted
from casewright.desks.sales.asked import TOOLS_OF, Asked, Kind
from casewright.desks.sales.facts import Product
from casewright.desks.sales.gathering import comparable_minor
from casewright.desks.sales.products import INDUSTRY_LABELS, PRODUCT_LABELS, PRODUCT_SPELLINGS
from casewright.desks.sales.routing import remember
from casewright.desks.sales.rules import load_rules
from casewright.desks.sales.sentences import limits_of
from casewright.domain.answer import Bounds, Draft, Element, Memory
from casewright.domain.client import Client
from casewright.domain.knowledge import Citation, FoundPassage
from casewright.policy.ruleset import Ruleset
from casewright.reflection.checks import check_draft

WEB_SEARCH = "web_search"
RESTRICTED_TOPIC = "q3_2026_pricing"
_QUARTERS = ("q3", "third quarter", "3rd quarter", "quarter three")
_PRICES = ("pricing", "price", "rate", "rate card", "cost", "tariff")
_RESTRICTED = (
    *(f"{quarter} {price}" for quarter in _QUARTERS for price in _PRICES),
    "q3 2026",
    "third quarter of 2026",
    "third quarter 2026",
)


@dataclass(slots=True)
class Said:
    """An answer as it grows: sentences, why, and what stands behind them."""

    message: list[str]
    rationale: list[str]
    facts: set[str] = field(default_factory=set)
    clients: list[Client] = field(default_factory=list)
    passages: tuple[FoundPassage, ...] = ()
    planned: set[Product] = field(default_factory=set)
    open: list[frozenset[Product]] = field(default_factory=list)
    """What each decision leaves open: an answer about several names what all of them do."""
    required: tuple[Element, ...] = ()
    fallback: list[str] = field(default_factory=list)
    """The sentences without anything from a record; empty: all of the message."""
    is_irrelevant: bool = False
    is_quoting_rules: bool = False
    """Rules are told as they are, closed products and restricted topics among them."""


def build_answerable(
    said: Said, wanted: Wanted, looked_up: LookedUp, ruleset: Ruleset, as_of: date, memory: Memory
) -> Answerable:
    """The draft, the safest draft, their bounds, and what is remembered."""
    asked = cast(Asked, wanted.asked)
    citations = _citations(said, looked_up)
    tools = (*TOOLS_OF[asked.kind], *((WEB_SEARCH,) if looked_up.web else ()))
    message, rationale = " ".join(said.message), " ".join(said.rationale)
    draft = Draft(message, rationale, citations, tools, said.is_irrelevant)
    plain = " ".join(one[:1].upper() + one[1:] for one in said.fallback or said.message)
    fallback = Draft(plain, "", citations, tools, said.is_irrelevant)
    return Answerable(
        draft=draft,
        fallback=fallback,
        bounds=_bounds(said, asked, looked_up, ruleset, citations, tools, as_of),
        memory=remember(asked, memory, _remembered_minor(asked, ruleset)),
        statements=(*said.message, *said.rationale),
    )


def may_leave(sentence: str) -> bool:
    """Whether a sentence of a passage keeps the rules for every answer, so that it may be quoted."""
    bounds = Bounds(facts=frozenset(), passages=(sentence,), restricted={RESTRICTED_TOPIC: _RESTRICTED})
    return not check_draft(Draft(sentence, ""), bounds)


def client_citation(client: Client) -> Citation:
    """How an answer cites a client's record."""
    return Citation(f"client:{client.client_id}", 1, f"Client record {client.client_id}")


def _citations(said: Said, looked_up: LookedUp) -> tuple[Citation, ...]:
    records = tuple(client_citation(client) for client in said.clients)
    pages = tuple(Citation(result.url, 1, result.title) for result in looked_up.web)
    return records + tuple(found.citation for found in said.passages) + pages


def _bounds(
    said: Said,
    asked: Asked,
    looked_up: LookedUp,
    ruleset: Ruleset,
    citations: tuple[Citation, ...],
    tools: tuple[str, ...],
    as_of: date,
) -> Bounds:
    limits = limits_of(ruleset)
    may_be_named = _may_be_named(said, asked)
    clauses = tuple(clause.text for clause in ruleset.clauses.values())
    is_telling_rules = said.is_quoting_rules or (asked.kind is Kind.RULE and not said.open)
    facts = said.facts | set(limits.values()) | set(ruleset.clauses) | set(INDUSTRY_LABELS.values())
    facts |= {PRODUCT_LABELS[one] for one in may_be_named}
    facts |= {
        f"{limits['recent_days']} days",
        as_of.isoformat(),
        str(ruleset.parameters["playbook_currency"]),
    }
    restricted = {} if _tells_restriction(asked, said) else _restricted(ruleset)
    return Bounds(
        facts=frozenset(facts),
        names=frozenset(client.name for client in looked_up.clients)
        | {name for _, name in (*asked.candidates, *asked.near)},
        passages=(
            *(rule.say(limits) for rule in load_rules()),
            *(clauses if is_telling_rules else ()),
            *(found.passage.text for found in looked_up.retrieved.found),
            *(f"{result.title}. {result.snippet}" for result in looked_up.web),
        ),
        citable=frozenset(citations) | frozenset(found.citation for found in looked_up.retrieved.found)
        if citations
        else frozenset(),
        tools_expected=frozenset(tools),
        tools_allowed=frozenset((*tools, WEB_SEARCH)),
        products=PRODUCT_SPELLINGS,
        forbidden_products=frozenset(one.value for one in Product if one not in may_be_named),
        restricted=restricted,
        required=said.required,
        is_ordered=bool(said.required),
    )


def _may_be_named(said: Said, asked: Asked) -> frozenset[Product]:
    """Products that the answer may name: all in an answer about rules, those left open in a pitch."""
    if said.open:
        return frozenset.intersection(*said.open) | frozenset(said.planned)
    return frozenset(Product) if asked.kind is Kind.RULE else frozenset()


def _tells_restriction(asked: Asked, said: Said) -> bool:
    return said.is_quoting_rules and bool({"restricted_list", "approval"} & asked.topics)


def _restricted(ruleset: Ruleset) -> dict[str, tuple[str, ...]]:
    if ruleset.parameters["is_q3_2026_pricing_approved"] is True:
        return {}
    return {RESTRICTED_TOPIC: _RESTRICTED}


def _remembered_minor(asked: Asked, ruleset: Ruleset) -> int | None:
    """The amount of a case without a client, where it can be compared."""
    if asked.kind is not Kind.RULE or not asked.spends:
        return None
    first = asked.spends[0]
    return comparable_minor(first.minor, first.currency, ruleset)
