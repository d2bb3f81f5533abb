"""Sample clients: every industry, spend band and meeting age, as of any day."""

from datetime import date
from itertools import product

from casewright.adapters.importers.sample_clients import build_sample_clients

DAY = date(2026, 7, 1)
INDUSTRIES = ("FMCG", "Electronics", "Retail", "Automotive", "Healthcare", "Finance", "Education")


def band(minor: int) -> str:
    return "low" if minor < 15_000_000 else "middle" if minor <= 30_000_000 else "high"


def test_every_industry_band_and_meeting_age_is_there() -> None:
    found = {
        (client.industry, band(client.spend.minor), (DAY - client.last_meeting).days > 90)
        for client in build_sample_clients(DAY, currency="BDT")
        if client.spend is not None and client.last_meeting is not None
    }
    wanted = set(product(INDUSTRIES, ("low", "middle", "high"), (True, False)))
    assert wanted - found == set()


def test_ids_and_names_are_unique_and_one_client_is_barely_known() -> None:
    clients = build_sample_clients(DAY, currency="BDT")
    assert len({client.client_id for client in clients}) == len({client.name for client in clients}) == 47
    (unknown,) = [client for client in clients if client.spend is None]
    assert unknown.last_meeting is None
    assert {client.spend.currency for client in clients if client.spend} == {"BDT"}
