"""Rules: the policy's rules as plain sentences, and which of them a question is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from casewright.desks.sales.asked import Asked
from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.products import PREMIUM
from casewright.language.data_files import load_packaged

_FIRST_TOPICS = frozenset(
    {
        *(
            "prices",
            "stale",
            "precedence",
            "restricted_list",
            "approval",
            "define_premium",
            "define_performance",
        ),
        *("unknown_spend", "unknown_industry", "unknown_meeting"),
    }
)
"""Topics that say what the question is about, whatever else it names."""
_PREMIUM_TOPICS = frozenset({"premium", "full_funnel"})
_VAGUE = frozenset({"boundary", "subject", "avoid", "how_long", "unknown"})
_IN_GENERAL = ("spend_low", "stale", "stale_spend", "precedence", "premium_named")


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of the policy, with its clause and what it is about. Empty: about all of them."""

    rule_id: str
    clause: str
    text: str
    """With places for the limits in force."""
    industries: frozenset[Industry] = frozenset()
    bands: frozenset[str] = frozenset()
    products: frozenset[Product] = frozenset()
    topics: frozenset[str] = frozenset()
    also: frozenset[Industry] = frozenset()
    """Industries whose own rules say this too."""
    at: str | None = None
    """The limit that it is about, of a rule about exact amounts."""
    only_in_band: bool = False
    """Said only where a spend of its band is asked about."""

    def say(self, limits: Mapping[str, str]) -> str:
        """The sentence, filled."""
        return self.text.format(**limits)


@cache
def load_rules() -> tuple[Rule, ...]:
    """The packaged rules, in their order."""
    return tuple(
        Rule(
            rule_id=one["id"],
            clause=one["clause"],
            text=one["text"],
            industries=frozenset(map(Industry, one.get("industries", ()))),
            bands=frozenset(one.get("bands", ())),
            products=frozenset(map(Product, one.get("products", ()))),
            topics=frozenset(one.get("topics", ())),
            also=frozenset(map(Industry, one.get("also", ()))),
            at=one.get("at"),
            only_in_band=one.get("only_in_band", False),
        )
        for one in load_packaged("casewright.desks.sales", "rules.yaml")
    )


def select_rules(asked: Asked, bands: frozenset[str], limits: frozenset[str]) -> tuple[Rule, ...]:
    """The rules that a question is about. `limits` are those whose exact amount it names."""
    first = asked.topics & _FIRST_TOPICS
    if "stale" in first and "boundary" in asked.topics:
        first = frozenset({"boundary_days"})
    if "stale" in first and "spend_rule" not in asked.topics and not asked.industries:
        first = frozenset({"stale"})
    if first == {"stale"} and asked.industries:
        return tuple(
            rule for rule in load_rules() if rule.topics & first or _is_for_industry(rule, asked, bands)
        )
    if first:
        return tuple(rule for rule in load_rules() if rule.topics & first and _fits(rule, bands))
    if "boundary" in asked.topics and not asked.industries:
        return tuple(rule for rule in load_rules() if rule.at in (limits or {"low"}))
    if "every_industry" in asked.topics and not (asked.industries or asked.products):
        return tuple(rule for rule in load_rules() if rule.industries and not rule.only_in_band)
    if asked.industries:
        rules = tuple(rule for rule in load_rules() if _is_for_industry(rule, asked, bands))
        if not _is_about_premium(asked) or any("premium" in rule.text for rule in rules):
            return rules
        return (*rules, *(rule for rule in load_rules() if "premium_in_general" in rule.topics))
    if asked.products or asked.topics - _VAGUE:
        return tuple(rule for rule in load_rules() if _is_for_product(rule, asked, bands))
    if bands:
        return tuple(rule for rule in load_rules() if _is_for_band(rule, bands))
    return ()


def general_rules() -> tuple[Rule, ...]:
    """What is said of the playbook as a whole."""
    return tuple(rule for rule in load_rules() if rule.rule_id in _IN_GENERAL)


def _fits(rule: Rule, bands: frozenset[str]) -> bool:
    """Whether a rule of some spends is about one of those that are asked about."""
    return not rule.bands or bool(rule.bands & bands)


def _is_for_industry(rule: Rule, asked: Asked, bands: frozenset[str]) -> bool:
    wanted = frozenset(asked.industries)
    is_in_band = not bands or not rule.bands or bool(rule.bands & bands)
    if rule.industries:
        is_told = (
            bool(bands) or not rule.only_in_band or (_is_about_formats(asked) and "low" not in rule.bands)
        )
        return bool(rule.industries & wanted) and is_in_band and is_told
    if (
        not rule.bands
        or rule.only_in_band
        or (rule.products & PREMIUM and not rule.products & set(asked.products))
    ):
        return False
    if "premium" in rule.topics and not _is_about_premium(asked):
        return False
    if bands:
        own = {Industry.HEALTHCARE} >= wanted
        return bool(rule.bands & bands) and (not own or not _is_about_premium(asked))
    return bool(rule.also & wanted)


def _is_for_product(rule: Rule, asked: Asked, bands: frozenset[str]) -> bool:
    if rule.only_in_band and not bands:
        return False
    if bands and rule.bands and not rule.bands & bands:
        return False
    return bool(rule.products & set(asked.products) or rule.topics & asked.topics)


def _is_for_band(rule: Rule, bands: frozenset[str]) -> bool:
    """Of a low spend the spend rule; of others what the industries say."""
    if not rule.bands & bands or rule.only_in_band:
        return False
    return not rule.products & PREMIUM and (bands != {"low"} or not rule.industries)


def _is_about_formats(asked: Asked) -> bool:
    """Premium formats as such, not the programme that holds them."""
    return "premium" in asked.topics or bool(set(asked.products) & PREMIUM)


def _is_about_premium(asked: Asked) -> bool:
    return bool(asked.topics & _PREMIUM_TOPICS or set(asked.products) & PREMIUM)
