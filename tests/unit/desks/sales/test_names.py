import pytest

from casewright.desks.sales.name_units import Openness, Written
from casewright.desks.sales.names import find_clients, match_client
from casewright.desks.sales.reading import read_question

NAMES = (
    ("C-1", "Delta Crest Foods Ltd"),
    ("C-2", "Delta Crest Motors"),
    ("C-3", "Meridian Bank"),
    ("C-4", "Meridiam Bank"),
    ("C-5", "TechHarbor"),
    ("C-6", "Zenith"),
    ("C-7", "Zenith Motors"),
    ("C-8", "Café Niño"),
    ("C-9", "Northlight Foods"),
    ("C-10", "Kohl's & Sons"),
    ("C-11", "Urban Basket"),
)


@pytest.mark.parametrize(
    ("written", "client_id"),
    [
        ("Delta Crest Foods", "C-1"),
        ("delta crest motors", "C-2"),
        ("tech harbor", "C-5"),
        ("Techhabor", "C-5"),
        ("zenith motors", "C-7"),
        ("cafe nino", "C-8"),
        ("CAFÉ NIÑO", "C-8"),
        ("northlight's", "C-9"),
        ("nortlight", "C-9"),
        ("northl", "C-9"),
        ("North Light", "C-9"),
        ("kohls and sons", "C-10"),
        ("C-9", "C-9"),
        ("c9", "C-9"),
        ("Meridian Bank", "C-3"),
        ("Zenith", "C-6"),
        ("Meridiam Bank (C-4)", "C-4"),
    ],
)
def test_one_client_is_meant(written: str, client_id: str) -> None:
    assert match_client(written, NAMES).client_id == client_id


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("Delta Crest", {"C-1", "C-2"}),
        ("Dleta Crest", {"C-1", "C-2"}),
        ("Zeniths", {"C-6", "C-7"}),
        ("meridian", {"C-3", "C-4"}),
        ("Meridain Bank", {"C-3", "C-4"}),
        ("Northlight Motors", {"C-9"}),
    ],
)
def test_several_or_nearly_are_asked_about(written: str, candidates: set[str]) -> None:
    found = match_client(written, NAMES)
    assert found.client_id is None
    assert {client_id for client_id, _ in found.candidates} == candidates


@pytest.mark.parametrize("written", ["Zorbrook", "foods", "bank", "", "???", "x" * 500, "Bangladesh Ltd"])
def test_nobody_is_meant(written: str) -> None:
    assert match_client(written, NAMES).is_nobody


def test_name_in_full_tells_its_near_namesakes() -> None:
    assert match_client("Meridian Bank", NAMES).near == (("C-4", "Meridiam Bank"),)


def test_two_of_one_name_are_both_offered() -> None:
    twins = (("C-1", "Alder Foods"), ("C-2", "Alder Foods"))
    assert [client_id for client_id, _ in match_client("alder foods", twins).candidates] == ["C-1", "C-2"]


def write(text: str, *open_at: Openness) -> Written:
    words = tuple(text.split())
    return Written(
        words=words,
        open_at=open_at or (Openness.NAME,) * len(words),
        raws=words,
        gaps=("",) + (" ",) * (len(words) - 1),
        capitals=(False,) * len(words),
        known=(False,) * len(words),
    )


def test_ordinary_words_need_a_place_for_a_name() -> None:
    closed = write("an urban audience", Openness.CLOSED, Openness.CUED, Openness.CLOSED)
    assert find_clients(closed, NAMES) == ()
    cued = write("an urban audience", Openness.CLOSED, Openness.WORD, Openness.CLOSED)
    assert [one.client_id for one in find_clients(cued, NAMES)] == ["C-11"]


def test_several_clients_are_found_in_their_order() -> None:
    found = find_clients(write("techharbor with northlight foods"), NAMES)
    assert [one.client_id for one in found] == ["C-5", "C-9"]


def test_name_in_full_tells_those_that_go_on_after_it() -> None:
    assert match_client("Zenith", NAMES).near == (("C-7", "Zenith Motors"),)


def test_id_that_heads_a_name_is_none() -> None:
    names = (("A1", "Elder Mills"), ("B1", "A 1 Traders"))
    assert match_client("A 1 Traders", names).client_id == "B1"
    assert match_client("A1", names).client_id == "A1"
    assert match_client("A 1 Trading", names).client_id is None


TWINS = (
    ("K1", "Skylark Mobile"),
    ("K2", "Skylarks Mobile"),
    ("P1", "Padma Kitchen"),
    ("P2", "Padma Kitchens Ltd"),
    ("R1", "Cobbler's Row"),
    ("R2", "Cobbler Row"),
    ("B1", "Jones Bakery"),
    ("B2", "Jone Bakery"),
    ("M1", "Meridian Bank"),
)


@pytest.mark.parametrize(
    ("written", "candidates"),
    [
        ("skylark's mobile", {"K1", "K2"}),
        ("Skylark’s Mobile", {"K1", "K2"}),
        ("padma kitchen's", {"P1", "P2"}),
        ("Padma Kitchen's", {"P1", "P2"}),
        ("jone's bakery", {"B1", "B2"}),
    ],
)
def test_apostrophe_that_two_names_explain_is_asked_about(written: str, candidates: set[str]) -> None:
    found = match_client(written, TWINS)
    assert found.client_id is None
    assert {client_id for client_id, _ in found.candidates} == candidates


@pytest.mark.parametrize(
    ("written", "client_id"),
    [
        ("Skylark Mobile's", "K1"),
        ("Skylarks Mobile's", "K2"),
        ("Skylarks Mobile", "K2"),
        ("Padma Kitchen", "P1"),
        ("Padma Kitchens Ltd's", "P2"),
        ("Cobbler's Row", "R1"),
        ("Meridian Bank's", "M1"),
    ],
)
def test_apostrophe_that_one_name_explains_is_its_own(written: str, client_id: str) -> None:
    assert match_client(written, TWINS).client_id == client_id


NUMBERED = (("A-2", "Alder Toys"), ("1001", "Maple Foods"), ("7", "Cedar Snacks"), ("2026", "Birch Devices"))


@pytest.mark.parametrize(
    ("text", "client_ids"),
    [
        ("What should I pitch to A-2?", ["A-2"]),
        ("a 2 day campaign", []),
        ("1001", ["1001"]),
        ("1001 spend?", ["1001"]),
        ("spend of 1001", ["1001"]),
        ("What is 1001's industry?", ["1001"]),
        ("what can I pitch to 1001 and A-2?", ["1001", "A-2"]),
        ("Is 1001 above 150k?", ["1001"]),
        ("a client with a spend of 1001", []),
        ("retail client with 1001", []),
        ("what can I pitch at 1001?", []),
        ("retail under 1001", []),
        ("clients between 1001 and 2000", []),
        ("retail at 1,001", []),
        ("1001 taka", []),
        ("tell me about 7", ["7"]),
        ("top 7 clients", []),
        ("2026 Q3 pricing", []),
        ("client 2026", ["2026"]),
    ],
)
def test_an_id_is_read_as_one_and_an_amount_is_not(text: str, client_ids: list[str]) -> None:
    assert [one.client_id for one in read_question(text, NUMBERED).clients] == client_ids
