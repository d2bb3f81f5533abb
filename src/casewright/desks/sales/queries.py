"""Queries: what the playbook is searched for, in its own words wherever the question has known ones."""

from datetime import date

from casewright.desks.sales.asked import PLAYBOOK_SEARCH, TOOLS_OF, Asked, Kind
from casewright.desks.sales.extracts import content_words
from casewright.desks.sales.vocabulary import is_ordinary
from casewright.domain.knowledge import Query, SourceKind

_SEARCHED = frozenset({SourceKind.PLAYBOOK, SourceKind.GUIDE})
_MOST_PASSAGES = 8
PITCH_QUERY = "playbook industries spend meeting"
"""What every recommendation looks for; passages of the client's industry are chosen from what is found."""
_PRICED_PITCH_QUERY = "playbook industries conversations spend"
"""The same, and what is left out of a conversation: for a pitch in which prices are asked about."""

_TERMS = {
    "stale": "re-engagement last meeting more than 90 days",
    "restricted_list": "restricted topics pricing Finance approves",
    "approval": "restricted topics pricing Finance approves",
    "prices": "playbook holds no prices restricted topics pricing Finance approves",
    "define_premium": "premium formats non-premium formats",
    "define_performance": "performance products",
    "precedence": "spend rule comes before the rule of the industry",
    "spend_rule": "spend rule",
    "premium": "premium formats",
    "goal": "limited premium measurable goal",
    "full_funnel": "finance clients full funnel premium video branded content",
    "bundle": "retail clients bundle mobile app banners in-store digital screens",
    "awareness": "cost-efficient awareness",
    "boundary": "exactly",
    "unknown_spend": "spend not known",
    "unknown_meeting": "day of the last meeting not known",
    "every_industry": "clients industry",
    "other": "any other industry non-premium formats sales lead",
    **dict.fromkeys(("how_long", "unknown", "subject", "avoid", "unknown_industry"), ""),
}
"""Topics in the playbook's words."""
_FEWEST_OTHER_WORDS = 3


def build_query(asked: Asked, as_of: date) -> Query | None:
    """What is searched for; None where nothing is."""
    if PLAYBOOK_SEARCH not in TOOLS_OF[asked.kind]:
        return None
    if asked.kind is Kind.RULE:
        return Query(_words_of(asked), as_of, _SEARCHED, _MOST_PASSAGES)
    text = PITCH_QUERY
    if asked.asks_prices:
        text = _PRICED_PITCH_QUERY if asked.wants_pitch else _TERMS["prices"]
    return Query(text, as_of, _SEARCHED, 3 * _MOST_PASSAGES)


def _words_of(asked: Asked) -> str:
    """What is searched for: the playbook's words for what is known, the question's for anything else."""
    products = () if asked.asks_prices else asked.products
    codes = (*asked.industries, *products, *sorted(asked.topics))
    terms = " ".join(dict.fromkeys(_TERMS.get(code, code.replace("_", " ")) for code in codes))
    terms = f"{terms} clients spend rule" if asked.spends or asked.industries else terms
    others = [word for word in content_words(asked.plain) if is_ordinary(word)]
    if terms and not asked.is_about_matters and len(others) < _FEWEST_OTHER_WORDS:
        return terms
    return f"{asked.plain} {terms}"
