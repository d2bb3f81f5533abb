"""What `POST /retain` is told: a customer's id or facts, in either of two shapes, under any usual name.

One table of fields reads bodies and rows of files, and makes the published schema. Invariants: every problem
is told at once, by its field, without what stood in it; a field under two names with two values is refused;
an unknown field is refused. An override may narrow the policy; whether it does is found out later.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from casewright.desks.retention.situation import OutreachChannel
from casewright.domain.case import Language
from casewright.domain.errors import MeaninglessRequest
from casewright.domain.outreach import OFFER_LEVELS, Plan, Tier
from casewright.tools.arguments import check_identifier, identifier_schema

INVALID = "invalid_arguments"
Kind = Literal["id", "share", "whole", "money", "flag", "choice", "zone"]
MINOR = 100
MOST_FEATURES, LONGEST_FEATURE, MOST_SPEND = 100, 100, 10_000_000
_ZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ .-]{0,63}")
_FACTS, _OVERRIDES, _FEATURES = "customer_facts", "policy_overrides", "features"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: what it may hold, and what else it is called."""

    kind: Kind
    meaning: str
    aliases: tuple[str, ...] = ()
    least: int = 0
    most: int = 10_000
    choices: Mapping[str, str] = field(default_factory=dict)
    """Accepted spelling to the value that is meant."""


_PLANS = {
    "monthly": "monthly",
    "month-to-month": "monthly",
    "month_to_month": "monthly",
    "Month-to-month": "monthly",
    "one_year": "one_year",
    "One year": "one_year",
    "annual": "one_year",
    "two_year": "two_year",
    "Two year": "two_year",
    **{tier.value: tier.value for tier in Tier},
}
FIELDS: Mapping[str, Field] = {
    "customer_id": Field("id", "An imported customer, or whose contacts are counted.", ("customer",)),
    "churn_risk": Field(
        "share",
        "Probability to leave within the quarter.",
        ("p_churn", "churn_probability", "risk", "risk_score"),
    ),
    "tenure_months": Field("whole", "Months as a customer.", ("tenure",), most=1_200),
    "plan": Field("choice", "What binds the customer; a tier is read as one.", ("contract",), choices=_PLANS),
    "monthly_spend": Field(
        "money", "A month's bill in major units.", ("spend", "monthly_charges", "avg_monthly_spend")
    ),
    "contacts_7d": Field(
        "whole",
        "Contacts in the last 7 days, over all channels.",
        ("contacts_last_7d", "contacts_last_7_days", "contacts_in_7_days"),
    ),
    "days_since_last_contact": Field("whole", "Null: never.", ("days_since_contact",), most=100_000),
    "contacts": Field("whole", "Contacts in the budget period.", ("contacts_period", "contacts_26w")),
    "last_offer_level": Field("whole", "Of the last contact.", ("last_offer",), most=OFFER_LEVELS - 1),
    "last_offer_accepted": Field("flag", "Whether the last offer was accepted."),
    "consent": Field("flag", "To be contacted with offers.", ("has_consent", "marketing_consent")),
    "unsubscribed": Field("flag", "From outreach.", ("is_unsubscribed", "opted_out")),
    "channel": Field(
        "choice",
        "By which the customer agreed to be contacted.",
        choices={each.value: each.value for each in OutreachChannel},
    ),
    "timezone": Field("zone", "IANA name, such as Asia/Dhaka.", ("zone", "time_zone", "tz")),
    "language": Field(
        "choice",
        "Of the message.",
        choices={"en": Language.EN.value, "bn": Language.BN.value, "mixed": Language.MIXED.value},
    ),
    "services": Field("whole", "Services in use.", ("services_count", "num_services"), most=100),
    "has_support": Field("flag", "Technical support is booked.", ("support", "tech_support")),
    "pays_automatically": Field("flag", "By card or bank, each month.", ("auto_pay", "autopay")),
    "tier": Field("choice", "Grade of service.", choices={tier.value: tier.value for tier in Tier}),
    "is_senior": Field("flag", "Senior citizen.", ("senior", "senior_citizen")),
}
OVERRIDES: Mapping[str, Field] = {
    "budget": Field("money", "Most that this decision may reserve, in major units.", ("max_budget",)),
    "cooldown_days": Field("whole", "Days of peace after a contact.", ("min_cooldown_days",), most=3_650),
    "max_contacts_7d": Field("whole", "Contacts in 7 days.", ("weekly_cap", "contacts_7d_limit")),
    "max_contacts": Field("whole", "Contacts in the budget period.", ("period_cap", "contacts_limit")),
    "max_offer_level": Field("whole", "The highest offer.", ("highest_offer_level",), most=OFFER_LEVELS - 1),
    "force_baseline": Field("flag", "The baseline proposes."),
}
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it was read. Money is in minor units; what was not given is absent."""

    facts: Values
    features: Mapping[str, float | str] = field(default_factory=dict)
    """Columns for a risk model."""
    overrides: Values = field(default_factory=dict)

    @property
    def customer_id(self) -> str | None:
        found: str | None = self.facts.get("customer_id")
        return found


def read_body(document: object) -> Asked:
    """Either shape. Raises MeaninglessRequest with every problem."""
    if not isinstance(document, Mapping):
        raise MeaninglessRequest("Send a JSON object: an id or facts of a customer.", code=INVALID)
    problems: list[str] = []
    top = {name: value for name, value in document.items() if name not in (_FACTS, _OVERRIDES, _FEATURES)}
    nested = _section(document, _FACTS, problems)
    inner = {name: value for name, value in nested.items() if name != _FEATURES}
    facts = read_fields(FIELDS, top, problems)
    for name, value in read_fields(FIELDS, inner, problems, f"{_FACTS}.").items():
        if facts.setdefault(name, value) != value:
            problems.append(f"{name}: is given twice, beside {_FACTS} and in it, and not the same")
    overrides = read_fields(OVERRIDES, _section(document, _OVERRIDES, problems), problems, f"{_OVERRIDES}.")
    features = {
        **_features(_section(nested, _FEATURES, problems), problems),
        **_features(_section(document, _FEATURES, problems), problems),
    }
    if (
        not problems
        and "customer_id" not in facts
        and "churn_risk" not in facts
        and not facts
        and not features
    ):
        problems.append("customer_id: give an id, or facts of a customer")
    if problems:
        raise MeaninglessRequest(f"{'; '.join(problems[:20])}.", code=INVALID)
    return Asked(facts, features, overrides)


def read_fields(
    table: Mapping[str, Field], given: Mapping[str, Any], problems: list[str], place: str = ""
) -> dict[str, Any]:
    """Values by their one name; a null counts as absent. What is wrong is added to `problems`."""
    names = _names_of(table)
    found: dict[str, Any] = {}
    said_as: dict[str, str] = {}
    for alias, raw in given.items():
        name = names.get(alias)
        if name is None:
            problems.append(f"{place}{shown(alias)}: there is no such field")
            continue
        if raw is None:
            continue
        value, problem = _read(table[name], raw)
        if problem:
            problems.append(f"{place}{alias}: {problem}")
        elif found.setdefault(name, value) != value:
            both = f"{place}{said_as[name]} and {place}{alias}"
            problems.append(f"{both}: {name} is given twice, and not the same")
        said_as.setdefault(name, alias)
    return found


def body_schema() -> dict[str, Any]:
    """The published shape of a body."""
    facts = _properties(FIELDS)
    features = {
        "type": "object",
        "maxProperties": MOST_FEATURES,
        "propertyNames": {"pattern": f"^{_NAME.pattern}$", "maxLength": 64},
        "additionalProperties": {
            "anyOf": [
                {"type": "number", "minimum": -1e9, "maximum": 1e9},
                {"type": "string", "maxLength": LONGEST_FEATURE},
                {"type": "boolean"},
                {"type": "null"},
            ]
        },
        "description": "Columns of the risk model, where churn_risk is not known.",
    }
    nullable = {"anyOf": [features, {"type": "null"}]}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            **facts,
            _FEATURES: nullable,
            _FACTS: _nullable_object({**facts, _FEATURES: nullable}, "The same facts, in the older shape."),
            _OVERRIDES: _nullable_object(
                _properties(OVERRIDES), "Limits for this decision; they can only narrow the policy."
            ),
        },
    }


def _nullable_object(properties: dict[str, Any], description: str) -> dict[str, Any]:
    inner = {"type": "object", "additionalProperties": False, "properties": properties}
    return {"anyOf": [inner, {"type": "null"}], "description": description}


def _properties(table: Mapping[str, Field]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, each in table.items():
        shape = {"anyOf": [_schema_of(each), {"type": "null"}], "description": each.meaning}
        properties[name] = shape
        for alias in each.aliases:
            properties[alias] = {**shape, "description": f"The same as {name}."}
    return properties


def _schema_of(each: Field) -> dict[str, Any]:
    if each.kind == "id":
        return dict(identifier_schema())
    if each.kind == "share":
        return {"type": "number", "minimum": 0, "maximum": 1}
    if each.kind == "money":
        return {"type": "number", "minimum": 0, "maximum": MOST_SPEND}
    if each.kind == "whole":
        return {"type": "integer", "minimum": each.least, "maximum": each.most}
    if each.kind == "flag":
        return {"type": "boolean"}
    if each.kind == "zone":
        return {"type": "string", "pattern": f"^{_ZONE.pattern}(?!\\n)$"}
    return {"type": "string", "enum": list(each.choices)}


def _read(each: Field, raw: object) -> tuple[Any, str]:
    """The value, or what is wrong with it."""
    if each.kind == "flag":
        return (raw, "") if isinstance(raw, bool) else (None, "is true or false")
    if each.kind in ("id", "zone", "choice"):
        return _read_text(each, raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None, "is a number"
    most = {"share": 1, "money": MOST_SPEND}.get(each.kind, each.most)
    if not each.least <= raw <= most:
        return None, f"lies between {each.least} and {most}"
    if each.kind == "whole":
        return (int(raw), "") if raw == int(raw) else (None, "is a whole number")
    return (round(raw * MINOR) if each.kind == "money" else float(raw)), ""


def _read_text(each: Field, raw: object) -> tuple[Any, str]:
    if not isinstance(raw, str):
        return None, "is a text"
    if each.kind == "choice":
        known = {spelling.lower(): value for spelling, value in each.choices.items()}
        value = known.get(raw.strip().lower())
        return (value, "") if value else (None, f"is one of {', '.join(sorted(set(each.choices.values())))}")
    if each.kind == "zone":
        return (raw, "") if _ZONE.fullmatch(raw) else (None, "is no name of a time zone")
    try:
        return check_identifier(raw), ""
    except ValueError as error:
        return None, str(error)


def _section(document: Mapping[str, Any], name: str, problems: list[str]) -> Mapping[str, Any]:
    section = document.get(name)
    if section is None or isinstance(section, Mapping):
        return section or {}
    problems.append(f"{name}: is an object")
    return {}


def _features(given: Mapping[str, Any], problems: list[str]) -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    if len(given) > MOST_FEATURES:
        problems.append(f"{_FEATURES}: at most {MOST_FEATURES}")
        return found
    for name, value in given.items():
        place = f"{_FEATURES}.{shown(name)}"
        if not _NAME.fullmatch(name):
            problems.append(f"{place}: is no name of a column")
        elif isinstance(value, str):
            if len(value) > LONGEST_FEATURE:
                problems.append(f"{place}: at most {LONGEST_FEATURE} characters")
            found[name] = value
        elif isinstance(value, int | float):
            if not -1e9 <= value <= 1e9:
                problems.append(f"{place}: lies between -1e9 and 1e9")
            found[name] = float(value)
        elif value is not None:
            problems.append(f"{place}: is a number or a text")
    return found


def _names_of(table: Mapping[str, Field]) -> Mapping[str, str]:
    held = _NAMES.get(id(table))
    if held is None:
        held = {alias: name for name, each in table.items() for alias in (name, *each.aliases)}
        _NAMES[id(table)] = held
    return held


_NAMES: dict[int, Mapping[str, str]] = {}
_TIER_NAMES = frozenset(tier.value for tier in Tier)


def plan_and_tier(facts: Values) -> tuple[Plan, Tier]:
    """What binds the customer, and the grade; a plan that names a grade says nothing of what binds."""
    plan, tier = facts.get("plan", Plan.MONTHLY.value), facts.get("tier")
    if plan in _TIER_NAMES:
        return Plan.MONTHLY, Tier(tier or plan)
    return Plan(plan), Tier(tier or Tier.STANDARD.value)


def shown(name: object) -> str:
    """A name that a caller chose, where it looks like one; else a question mark."""
    text = str(name)
    return text if text.isidentifier() and len(text) <= 40 else "?"
