"""Headings of client files: told by their words, and not guessed at."""

import pytest

from casewright.adapters.importers.client_columns import read_client_headings

ANY = ("id", "name")


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Client #", "client_id"),
        ("Account No.", "client_id"),
        ("CRM ID", "client_id"),
        ("Customer reference", "client_id"),
        ("Organization", "name"),
        ("Legal name of the company", "name"),
        ("Sector", "industry"),
        ("Customer segment", "industry"),
        ("Total Spend YTD", "spend"),
        ("YTD revenue", "spend"),
        ("spend_ytd_bdt", "spend"),
        ("YTDSpend", "spend"),
        ("Ad spend this year (USD)", "spend"),
        ("Amount spent, year to date", "spend"),
        ("Currency code", "currency"),
        ("Last met", "last_meeting"),
        ("lastmeeting", "last_meeting"),
        ("Date of the most recent meeting", "last_meeting"),
        ("Last contacted on", "last_meeting"),
        ("Acct. Manager", "account_manager"),
        ("Acc Mgr", "account_manager"),
        ("Relationship manager", "account_manager"),
        ("AM", "account_manager"),
        ("Key Account Manager name", "account_manager"),
        ("Sales rep", "account_manager"),
    ],
)
def test_heading_is_told_by_its_words(heading: str, field: str) -> None:
    others = [name for name in ANY if field not in ("client_id", "name")]
    assert read_client_headings([heading, *others])[heading] == field


@pytest.mark.parametrize(
    "heading",
    [
        "Last year's spend",
        "Q3 spend",
        "Annual revenue",
        "Budget",
        "Spend in lakh",
        "Next meeting date",
        "Last meeting notes",
        "Manager email",
        "Owner ID",
        "Contact name",
        "Last contact name",
        "Phone",
        "গ্রাহক",
        "",
    ],
)
def test_heading_with_another_word_means_nothing(heading: str) -> None:
    assert read_client_headings([heading, *ANY]) == {"id": "client_id", "name": "name"}


@pytest.mark.parametrize("heading", ["Client", "customer", "Account"])
def test_client_is_the_name_beside_an_id_and_the_id_beside_a_name(heading: str) -> None:
    assert read_client_headings([heading, "ID"]) == {heading: "name", "ID": "client_id"}
    assert read_client_headings(["Company name", heading]) == {"Company name": "name", heading: "client_id"}
    assert heading not in read_client_headings([heading, "ID", "Name"])
