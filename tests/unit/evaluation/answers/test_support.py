"""The rule judge: honest restatements are supported, and no corrupted one is."""

import re
from collections.abc import Callable

import pytest

from casewright.evaluation.answers.support import (
    cover_question,
    is_evasive,
    is_supported_by,
    is_useful_for,
    read_values,
    same_text,
)

HARBOUR = (
    "Harbour Lane Foods (CL-2201) is an FMCG client. Its spend this year is 120,000 BDT. "
    "The last meeting was on 14 August 2026. Its account manager is Nadia Karim."
)
SPEND = (
    "A client with a spend under 150,000 is offered mobile app banners. "
    "Premium video is not permitted under 150,000."
)
DISPLAY = (
    "Electronics clients get performance products first. "
    "Online display follows when the spend rule leaves room for it."
)
RETURNS = (
    "An item may be returned within 30 days after delivery. Opened software is not refunded. "
    "Refunds above 500 dollars need a supervisor."
)
ORDER = "Order QX-7781 was delivered on 3 March 2026. The courier was Bluebird Express. It held 4 lamps."
CARE = (
    "Morning Star Clinics is a Healthcare client with a spend of 310,500 USD. "
    "It was last met on 5 January 2026 by Orla Fenn. Its contract ends on 30 June 2027."
)
RETAIL = (
    "Retail clients from 150,000 upwards get a bundle of mobile app banners and in-store screens. "
    "A bundle costs 45,000 and runs for 6 weeks. Discounts above 8 percent need approval."
)
SOURCES = (HARBOUR, SPEND, DISPLAY, RETURNS, ORDER, CARE, RETAIL)

HONEST = (
    "Harbour Lane Foods is an FMCG client.",
    "Harbour Lane Foods has spent 120k this year.",
    "The last meeting with Harbour Lane Foods was on 14 August 2026.",
    "Nadia Karim is the account manager of Harbour Lane Foods.",
    "Harbour Lane Foods has a spend of 120,000 BDT, and its account manager is Nadia Karim.",
    "Premium video is not permitted under 150,000.",
    "Premium video is forbidden below 150k.",
    "A client with a spend under 150,000 is offered mobile app banners.",
    "Electronics clients get performance products first.",
    "Online display follows when the spend rule leaves room for it.",
    "Items may be returned within 30 days after delivery.",
    "Opened software is not refunded.",
    "Refunds above 500 dollars need a supervisor.",
    "Order QX-7781 was delivered on 2026-03-03.",
    "The courier of order QX-7781 was Bluebird Express.",
    "Order QX-7781 held 4 lamps.",
    "Spend this year is ১,২০,০০০ টাকা.",
    "Morning Star Clinics is a Healthcare client.",
    "Morning Star Clinics has a spend of 310.5k USD.",
    "Orla Fenn met Morning Star Clinics on 5 January 2026.",
    "The contract of Morning Star Clinics ends on 30 June 2027.",
    "Retail clients from 150k upwards get a bundle of mobile app banners and in-store screens.",
    "A bundle costs 45,000 and runs for 6 weeks.",
    "Discounts above 8% need approval.",
    "Morning Star Clinics has spent 310,500 USD, and its contract ends on 30 June 2027.",
)

Corruption = Callable[[str], str]


def _swap(old: str, new: str) -> Corruption:
    return lambda text: re.sub(old, new, text)


CORRUPTIONS: dict[str, Corruption] = {
    "number raised": lambda text: re.sub(r"\d+", lambda found: str(int(found.group()) + 7), text),
    "number cut": lambda text: re.sub(r"(\d)\d\b", r"\1", text, count=1),
    "no added": _swap(r"\b(is|was|may|get|need|has|held|follows)\b(?! not)", r"\1 not"),
    "no taken away": _swap(r"\b not\b", ""),
    "person swapped": _swap("Nadia Karim|Orla Fenn", "Tomas Bergqvist"),
    "person swapped, Bangla": _swap("Nadia Karim|Orla Fenn", "রেহানা চৌধুরী"),
    "first name swapped": _swap("Nadia|Orla", "Farida"),
    "company swapped": _swap("Harbour Lane Foods|Morning Star Clinics", "Quillon Motors"),
    "company mixed": _swap("Harbour Lane|Morning Star", "Evening Harbour"),
    "year moved": _swap("2026|2027", "2025"),
    "spend tripled": _swap("120,000|120k|150,000|150k", "450,000"),
    "percent raised": _swap("8%|8 percent", "18%"),
    "weeks cut": _swap("6 weeks", "2 weeks"),
    "never": _swap(r"\b(is|has|get|runs|ends|met|held|need)\b(?! not)", r"never \1"),
    "name added": lambda text: text[:-1] + ", and Quillon Motors agreed.",
    "courier swapped": _swap("Bluebird Express", "Greyhound Parcel"),
    "product swapped": _swap(
        "mobile app banners|Premium video|Online display|performance products", "branded content"
    ),
    "goods swapped": _swap("lamps|software|Items", "bicycles"),
    "under to above": _swap(r"\b(under|below)\b", "above"),
    "above to under": _swap(r"\babove\b", "under"),
    "after to before": _swap(r"\bafter\b", "before"),
    "first to last": _swap(r"\bfirst\b", "last"),
    "month moved": _swap("August", "September"),
    "unit moved": _swap("30 days", "90 days"),
    "claim added": lambda text: text[:-1] + ", and a rebate of 12 percent applies.",
    "claim without number added": lambda text: text[:-1] + ", and gift vouchers were promised by Orla.",
    "forbidden to permitted": _swap("forbidden|not permitted", "permitted"),
    "id moved": _swap("QX-7781", "QX-7718"),
    "industry swapped": _swap("FMCG|Electronics", "Healthcare"),
}
CORRUPTED = [
    pytest.param(changed, id=f"{kind}: {statement[:34]}")
    for statement in HONEST
    for kind, corrupt in CORRUPTIONS.items()
    if (changed := corrupt(statement)) != statement
]


@pytest.mark.parametrize("statement", HONEST)
def test_honest_restatement_is_supported(statement: str) -> None:
    assert is_supported_by(statement, SOURCES)


def test_no_corrupted_statement_is_supported() -> None:
    statements = [param.values[0] for param in CORRUPTED]
    assert len(statements) >= 200
    assert [each for each in statements if is_supported_by(str(each), SOURCES)] == []


def test_nothing_is_supported_by_nothing() -> None:
    assert not is_supported_by("Harbour Lane Foods is an FMCG client.", ())
    assert not is_supported_by("It is.", SOURCES)


def test_accents_and_apostrophes_are_spellings() -> None:
    record = "Crème O'Dell is a client with the id K9. The account manager of Crème O'Dell is José Saúde."
    assert is_supported_by("Creme ODell's account manager is Jose Saude.", (record,))
    assert not is_supported_by("Crème O'Dell's account manager is José Mendes.", (record,))


def test_two_sources_may_carry_a_clause_each() -> None:
    said = "Harbour Lane Foods has spent 120,000, so premium video is not permitted."
    assert is_supported_by(said, SOURCES)


def test_rule_of_one_product_does_not_carry_another() -> None:
    assert not is_supported_by("A client with a spend under 150,000 is offered online display.", SOURCES)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("120k", {("number", 1_200_000_000)}),
        ("1,20,000 and 120,000", {("number", 1_200_000_000)}),
        ("on 2026-03-03", {("date", (2026, 3, 3))}),
        ("3 March 2026", {("date", (2026, 3, 3))}),
        ("nothing here", set()),
    ],
)
def test_values_are_the_same_in_every_spelling(text: str, values: set[object]) -> None:
    assert read_values(text) == values


def test_context_is_useful_when_it_says_a_true_statement_or_a_good_part_of_one() -> None:
    truth = ("Harbour Lane Foods has spent 120,000, so only mobile app banners are offered.",)
    assert is_useful_for(HARBOUR, truth)
    assert not is_useful_for(RETURNS, truth)


def test_question_is_covered_by_an_answer_that_takes_it_up() -> None:
    question = "Who is the account manager of Harbour Lane Foods?"
    assert cover_question(question, "Nadia Karim manages the account of Harbour Lane Foods.") == 1.0
    assert cover_question(question, "Opened software is not refunded.") == 0.0


def test_evasion_is_short_and_says_so() -> None:
    assert is_evasive("I could not find anything about that.")
    assert not is_evasive("Harbour Lane Foods has spent 120,000 this year.")


def test_expected_context_is_known_by_its_id_or_by_most_of_its_words() -> None:
    assert same_text("PB-2.1 Spend under 150k: only banners.", "PB-2.1")
    assert same_text("Opened software is not refunded, ever.", "Opened software is not refunded.")
    assert not same_text(ORDER, RETURNS)
