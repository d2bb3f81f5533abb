"""A client's record, in sentences."""

from datetime import date

from casewright.domain.client import Client
from casewright.domain.money import Money
from casewright.evaluation.answers.records import describe_client


def test_every_known_field_is_a_sentence() -> None:
    client = Client("CL-7", "Pebble Foods", "FMCG", Money(12_000_050, "BDT"), date(2026, 8, 1), "Ines Roy")
    assert describe_client(client) == (
        "Pebble Foods is a client with the id CL-7. Pebble Foods is a client in the FMCG industry. "
        "The spend of Pebble Foods this year to date is 120000.50 BDT. "
        "The last meeting with Pebble Foods was on 2026-08-01. "
        "The account manager of Pebble Foods is Ines Roy."
    )


def test_unknown_fields_are_not_mentioned() -> None:
    assert describe_client(Client("CL-7", "Pebble Foods", None, None, None, None)) == (
        "Pebble Foods is a client with the id CL-7."
    )
