"""Client files: columns by any usual name, values exactly, bad rows with their line and reason."""

import json
from datetime import date
from pathlib import Path

import pytest

from casewright.adapters.importers import clients as importer
from casewright.domain.client import Client
from casewright.domain.errors import ConfigurationError, MalformedRequest
from casewright.domain.money import Money

TODAY = date(2026, 11, 21)
MARKED_MANAGER = "account_manager has signs of markup, such as <, [ or `; write it in plain letters"


def read_clients(path: Path, currency: str = "USD") -> importer.ImportedClients:
    return importer.read_clients(path, currency=currency, today=TODAY)


def write(folder: Path, text: str, name: str = "clients.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def read_one(folder: Path, **values: str) -> Client | str:
    """A client from one row; or why it was refused."""
    values = {"client_id": "c1", "name": "Lumen Foods", **values}
    header = ",".join(values)
    row = ",".join(f'"{value}"' for value in values.values())
    found = read_clients(write(folder, f"{header}\n{row}\n"))
    return found.clients[0] if found.clients else found.problems[0].reason


def test_columns_are_found_by_usual_names_in_any_order_and_spelling(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Account Manager;Last Meeting Date;Spend (YTD);Sector;Company Name;ID;Ignored\n"
        "R. Mane;2026-03-05;$120,000.50;FMCG;Lumen Foods;c-1;x\n\n"
        ";;;;Second & Sons;c-2;\n",
    )
    found = read_clients(path, currency="EUR")
    assert (found.problems, found.unread) == ((), ("Ignored",))
    assert found.clients == (
        Client("c-1", "Lumen Foods", "FMCG", Money(12_000_050, "USD"), date(2026, 3, 5), "R. Mane"),
        Client("c-2", "Second & Sons", None, None, None, None),
    )


@pytest.mark.parametrize(
    ("written", "minor", "currency"),
    [
        ("120000", 12_000_000, "USD"),
        ("120,000", 12_000_000, "USD"),
        ("1,20,000", 12_000_000, "USD"),
        ("150k", 15_000_000, "USD"),
        ("1.25 million EUR", 125_000_000, "EUR"),
        ("£99.90", 9_990, "GBP"),
        ("0", 0, "USD"),
    ],
)
def test_amount_is_exact(tmp_path: Path, written: str, minor: int, currency: str) -> None:
    client = read_one(tmp_path, spend=written)
    assert isinstance(client, Client)
    assert client.spend == Money(minor, currency)


@pytest.mark.parametrize("written", ["", "-", "N/A", "none", "unknown", "nan", "NaN"])
def test_what_a_row_does_not_say_is_unknown(tmp_path: Path, written: str) -> None:
    client = read_one(tmp_path, spend=written, last_meeting=written, industry=written, owner=written)
    assert client == Client("c1", "Lumen Foods", None, None, None, None)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-25",
        "2026/03/25",
        "25.03.2026",
        "25/03/2026",
        "03/25/2026",
        "25 Mar 2026",
        "March 25, 2026",
        "2026-03-25T10:30:00Z",
    ],
)
def test_day_is_read_in_every_form_that_means_one_day(tmp_path: Path, written: str) -> None:
    client = read_one(tmp_path, last_meeting=written)
    assert isinstance(client, Client)
    assert client.last_meeting == date(2026, 3, 25)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"last_meeting": "03/04/2026"}, "last_meeting may be day/month or month/day; write 2026-03-05"),
        ({"last_meeting": "soon"}, "last_meeting is not a day; write 2026-03-05"),
        ({"last_meeting": "31/02/2026"}, "last_meeting is not a day; write 2026-03-05"),
        ({"last_meeting": "0026-03-05"}, "last_meeting is before 1990"),
        ({"spend": "a lot"}, "spend is not an amount"),
        ({"spend": "1,5"}, "spend is not an amount"),
        ({"spend": "-5"}, "spend is not an amount"),
        ({"spend": "1.005"}, "spend has more than two decimals"),
        ({"spend": "$5", "currency": "EUR"}, "spend names two currencies"),
        ({"spend": "5", "currency": "dollars"}, "currency is no code of three letters"),
        ({"name": "  "}, "name is missing"),
        ({"name": "nan"}, "name is missing"),
        ({"last_meeting": "2026-11-22"}, "last_meeting lies ahead: it is after 2026-11-21"),
        (
            {"name": "<b>Bold</b> Bakers"},
            "name has signs of markup, such as <, [ or `; write it in plain letters",
        ),
        ({"name": "Tab\tBakers"}, "name has characters that cannot be printed"),
        ({"owner": "[R](x) Mane"}, MARKED_MANAGER),
        ({"client_id": "no id!"}, "client_id is no id of up to 64 letters, digits and the marks _ . : # / -"),
    ],
)
def test_row_that_cannot_be_taken_says_why(tmp_path: Path, values: dict[str, str], reason: str) -> None:
    assert read_one(tmp_path, **values) == reason


def test_bad_rows_spoil_no_other_and_are_named_by_line(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        'client_id,name,spend\nc1,"Lumen\nFoods Ltd",1\nc2,Second\nc3,"Third,3\nc4,Fourth,x\nc5,Fifth,5\n',
    )
    found = read_clients(path)
    assert [client.client_id for client in found.clients] == ["c5"]
    assert [(problem.line, problem.reason) for problem in found.problems] == [
        (2, "name has characters that cannot be printed"),
        (4, "2 fields, and the header has 3"),
        (5, "its quotes do not match"),
        (6, "spend is not an amount"),
    ]


def test_id_that_stands_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    found = read_clients(write(tmp_path, "id,name\na,One\na,Two\n"))
    assert [client.name for client in found.clients] == ["One"]
    assert [(problem.line, problem.reason) for problem in found.problems] == [
        (3, "its client_id stands on line 2 already")
    ]


@pytest.mark.parametrize("form", ["list", "object", "lines"])
def test_json_in_three_forms_is_read_with_its_lines(tmp_path: Path, form: str) -> None:
    rows = [
        {"clientId": 7, "companyName": "Lumen Foods", "spendYtd": 120000.5},
        {"clientId": "b", "companyName": None},
    ]
    if form == "lines":
        path = write(tmp_path, "\n".join(json.dumps(row) for row in rows), "c.jsonl")
    elif form == "list":
        path = write(tmp_path, "[\n" + ",\n".join(json.dumps(row) for row in rows) + "]", "c.json")
    else:
        path = write(
            tmp_path, '{"clients": [\n' + ",\n".join(json.dumps(row) for row in rows) + "]}", "c.json"
        )
    found = read_clients(path)
    assert found.clients == (Client("7", "Lumen Foods", None, Money(12_000_050, "USD"), None, None),)
    assert [(problem.line, problem.reason) for problem in found.problems] == [
        (2 if form == "lines" else 3, "name is missing")
    ]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("c.csv", "a,b\n1,2\n", "no column for client_id, name"),
        ("c.csv", "", "is empty"),
        ("c.json", "{", "line 1: not JSON"),
        ("c.json", "3", "a list of JSON objects"),
        ("c.xls", "", ".csv, .json or .jsonl"),
    ],
)
def test_file_that_is_no_client_file_says_what_is_wrong(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    with pytest.raises(MalformedRequest) as caught:
        read_clients(write(tmp_path, text, name))
    assert says in caught.value.message


def test_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="absent"):
        read_clients(tmp_path / "absent.csv")


def test_meeting_of_today_has_been(tmp_path: Path) -> None:
    client = read_one(tmp_path, last_meeting="2026-11-21")
    assert isinstance(client, Client)
    assert client.last_meeting == TODAY


def test_amount_is_in_the_currency_that_its_heading_names(tmp_path: Path) -> None:
    (client,) = read_clients(write(tmp_path, "id,name,spend_ytd_bdt\na,One,5\n")).clients
    assert client.spend == Money(500, "BDT")
    (refused,) = read_clients(write(tmp_path, "id,name,spend_ytd_bdt\na,One,$5\n")).problems
    assert refused.reason == "spend names two currencies"


def test_two_columns_for_one_field_are_refused_unless_they_agree(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "id,Name,Company,Sector,Segment\na,One,One,FMCG,Gold\nb,Two,,FMCG,n/a\nc,Three,Three Ltd,FMCG,FMCG\n",
    )
    found = read_clients(path)
    assert [client.client_id for client in found.clients] == ["b"]
    assert [(problem.line, problem.reason) for problem in found.problems] == [
        (2, "industry stands in the columns 'Sector' and 'Segment', which differ; leave one out"),
        (4, "name stands in the columns 'Name' and 'Company', which differ; leave one out"),
    ]


def test_two_columns_of_one_heading_are_two_columns(tmp_path: Path) -> None:
    (problem,) = read_clients(write(tmp_path, "id,name,name\na,One,Two\n")).problems
    assert problem.reason == "name stands in the columns 'name' and 'name', which differ; leave one out"


def test_columns_that_mean_nothing_are_named_once_and_blank_ones_are_not(tmp_path: Path) -> None:
    found = read_clients(write(tmp_path, "id,name,Notes,Next meeting,\na,One,x,2027-01-01,\nb,Two,y,,\n"))
    assert found.unread == ("Notes", "Next meeting")
    assert [client.last_meeting for client in found.clients] == [None, None]


def test_number_that_is_none_in_json_is_unknown(tmp_path: Path) -> None:
    (client,) = read_clients(write(tmp_path, '[{"id": 1, "name": "One", "spend": NaN}]', "c.json")).clients
    assert client.spend is None
