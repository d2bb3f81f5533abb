"""Sentences: the desk's packaged words, filled with values of records, parameters and decisions alone."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from casewright.desks.sales.facts import Industry
from casewright.desks.sales.products import INDUSTRY_LABELS, read_industry
from casewright.domain.client import Client
from casewright.domain.money import MINOR_PER_MAJOR, Money
from casewright.language.data_files import load_packaged
from casewright.policy.ruleset import Ruleset

_VOWELS = "AEIOF"
"""First letters before which "an" stands, for the labels of industries: FMCG is spelt out."""
_LONGEST_INDUSTRY = 40


@cache
def load_sentences() -> Mapping[str, Any]:
    """The packaged sentences by group."""
    sentences: Mapping[str, Any] = load_packaged("casewright.desks.sales", "replies.yaml")
    return sentences


def say(group: str, which: str, /, **values: object) -> str:
    """One sentence, filled."""
    return str(load_sentences()[group][which]).format(**values)


def say_amount(minor: int) -> str:
    """120,000 or 120,000.50: whole units in groups of three."""
    major, rest = divmod(minor, MINOR_PER_MAJOR)
    return f"{major:,}.{rest:02d}" if rest else f"{major:,}"


def say_money(money: Money) -> str:
    """BDT 120,000: an amount never stands without its currency."""
    return f"{money.currency} {say_amount(money.minor)}"


def say_limit(minor: int) -> str:
    """A threshold as the playbook writes it: 150k, or in full where it is no round number."""
    thousands, rest = divmod(minor, 1_000 * MINOR_PER_MAJOR)
    return say_amount(minor) if rest else f"{thousands}k"


def limits_of(ruleset: Ruleset) -> dict[str, str]:
    """The values in force that sentences name."""
    values = ruleset.parameters
    return {
        "low": say_limit(int(values["low_spend_minor"])),
        "high": say_limit(int(values["high_spend_minor"])),
        "recent_days": str(values["recent_meeting_days"]),
    }


def say_industry(client: Client) -> str | None:
    """The industry as the playbook calls it; one that it does not know, as the record does."""
    read = read_industry(client.industry)
    if read is None:
        return None
    if read is not Industry.OTHER:
        return INDUSTRY_LABELS[read]
    written = " ".join((client.industry or "").split())
    return written if len(written) <= _LONGEST_INDUSTRY and written.replace(" ", "").isalpha() else None


def article_of(label: str) -> str:
    """`a` or `an`."""
    return "an" if label[:1].upper() in _VOWELS and label != "Finance" else "a"


def join_words(words: list[str]) -> str:
    """a, b and c"""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def say_day(day: date) -> str:
    """2026-05-31"""
    return day.isoformat()
