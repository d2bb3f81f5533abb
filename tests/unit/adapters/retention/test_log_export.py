"""The log as files: whole or not there, the same rows in each form."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from casewright.adapters.retention.log_export import COLUMNS, CONTACT_COLUMNS, each_contact, write_log
from casewright.domain.errors import ConfigurationError


def rows() -> list[dict[str, Any]]:
    empty: dict[str, Any] = dict.fromkeys(COLUMNS)
    one = empty | {"decision_id": "ret_1", "offer_level": 2, "probability": 0.25, "accepted": True}
    return [one, empty | {"decision_id": "ret_2", "obs_tenure": 0.5}]


def test_json_lines(tmp_path: Path) -> None:
    target = tmp_path / "log.jsonl"
    assert write_log(iter(rows()), target) == 2
    assert [json.loads(line) for line in target.read_text().splitlines()] == rows()


def test_csv(tmp_path: Path) -> None:
    target = tmp_path / "log.csv"
    assert write_log(iter(rows()), target) == 2
    with target.open(newline="") as file:
        read = list(csv.DictReader(file))
    assert tuple(read[0]) == COLUMNS
    assert (read[0]["offer_level"], read[0]["probability"], read[1]["offer_level"]) == ("2", "0.25", "")


@pytest.mark.parametrize("count", [0, 2])
def test_parquet(tmp_path: Path, count: int) -> None:
    import pyarrow.parquet

    target = tmp_path / "log.parquet"
    assert write_log(iter(rows()[:count]), target) == count
    table = pyarrow.parquet.read_table(target)
    assert tuple(table.column_names) == COLUMNS
    assert table.to_pylist() == rows()[:count]


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"\.jsonl, \.csv or \.parquet"):
        write_log(iter(rows()), tmp_path / "log.xlsx")


def test_a_failure_leaves_no_file(tmp_path: Path) -> None:
    def broken() -> Any:
        yield rows()[0]
        raise OSError(28, "No space left on device")

    with pytest.raises(ConfigurationError, match="No space left"):
        write_log(broken(), tmp_path / "log.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_contacts_of_which_the_outcome_is_known_are_a_table_to_train_on(tmp_path: Path) -> None:
    empty: dict[str, Any] = dict.fromkeys(COLUMNS)
    known = {"tenure_months": 5.0, "plan": "monthly"}
    logged = [
        empty | known | {"customer_id": "a", "offer_level": 2, "accepted": True, "complained": False},
        empty | {"decision_id": "b", "offer_level": 1},
        empty | {"decision_id": "c", "churned": True},
    ]
    (row,) = each_contact(iter(logged))
    assert tuple(row) == CONTACT_COLUMNS
    assert (row["customer_id"], row["accepted"], row["complained"], row["churned"]) == (
        "a",
        "Yes",
        "No",
        None,
    )
    assert write_log(each_contact(iter(logged)), tmp_path / "contacts.parquet", CONTACT_COLUMNS) == 1


def test_the_guide_names_the_columns_in_their_order() -> None:
    text = (Path(__file__).parents[4] / "docs" / "retention.md").read_text("utf-8")
    table = text.split("| columns, in this order", 1)[1].split("\n\n", 1)[0]
    cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert tuple(name for cell in cells for name in re.findall(r"`([^`]+)`", cell)) == COLUMNS
