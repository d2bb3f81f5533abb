"""Parquet tables: row groups, both forms of a history, and what a missing extra says."""

import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as arrow
import pyarrow.parquet as parquet
import pytest

from casewright.adapters.parquet_tables import ParquetTable, write_parquet
from casewright.adapters.tables import CHUNK_ROWS, Position
from casewright.domain.errors import ConfigurationError


def parquet_file(tmp_path: Path, rows: list[dict[str, Any]], **options: Any) -> Path:
    path = tmp_path / "tickets.parquet"
    parquet.write_table(arrow.Table.from_pylist(rows), path, **options)
    return path


def ticket(number: int, **more: Any) -> dict[str, Any]:
    return {"ticket_id": f"T-{number}", "complaint": "My payment failed.", **more}


def documents(path: Path, start: Position) -> list[tuple[int, Any]]:
    return [row for chunk in ParquetTable(path).chunks(start) for row in chunk.rows()]


def test_a_history_of_structs_reads_as_json_would(tmp_path: Path) -> None:
    row = {
        "transaction_id": "TXN-1",
        "timestamp": datetime(2026, 3, 1, 10, 0, tzinfo=UTC),
        "amount": Decimal("700.50"),
    }
    path = parquet_file(tmp_path, [ticket(1, transaction_history=[row])])
    ((number, document),) = documents(path, Position())
    assert number == 1
    assert document["transaction_history"] == [
        {"transaction_id": "TXN-1", "timestamp": "2026-03-01T10:00:00+00:00", "amount": "700.50"}
    ]


@pytest.mark.parametrize(
    ("history", "read"),
    [('[{"transaction_id": "TXN-1"}]', [{"transaction_id": "TXN-1"}]), ("", None), ("[broken", "[broken")],
)
def test_a_history_in_a_string_is_json_or_left_as_it_is(tmp_path: Path, history: str, read: object) -> None:
    path = parquet_file(tmp_path, [ticket(1, transaction_history=history)])
    assert documents(path, Position())[0][1]["transaction_history"] == read


def test_reading_goes_on_from_any_chunk_in_any_row_group(tmp_path: Path) -> None:
    count = 3 * CHUNK_ROWS + 11
    rows = [ticket(number) for number in range(1, count + 1)]
    path = parquet_file(tmp_path, rows, row_group_size=CHUNK_ROWS + 30)
    whole = documents(path, Position())
    assert [number for number, _ in whole] == list(range(1, count + 1))
    assert [document["ticket_id"] for _, document in whole] == [row["ticket_id"] for row in rows]
    ends = [chunk.end for chunk in ParquetTable(path).chunks()]
    for end in (*ends, Position(5, 5)):
        assert documents(path, end) == whole[end.row :]
    assert ends[-1] == Position(count, count)
    assert ParquetTable(path).total == count


def test_columns_that_are_no_part_of_a_ticket_are_not_read(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, [ticket(1, embedding=[0.5] * 8)])
    assert set(documents(path, Position())[0][1]) == {"ticket_id", "complaint"}


def test_a_file_without_a_required_column_is_refused_with_its_columns(tmp_path: Path) -> None:
    path = parquet_file(tmp_path, [{"id": "T-1", "complaint": "My payment failed."}])
    with pytest.raises(ConfigurationError, match="no column ticket_id; its columns are id, complaint"):
        ParquetTable(path)


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "tickets.parquet"
    path.write_bytes(b'{"ticket_id": "T-1"}\n')
    with pytest.raises(ConfigurationError, match="cannot be read as Parquet"):
        ParquetTable(path)


def test_a_missing_extra_is_named_with_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'casewright\[parquet\]'"):
        ParquetTable(tmp_path / "tickets.parquet")


def test_verdicts_are_written_with_their_types_and_half_surrogates_repaired(tmp_path: Path) -> None:
    lines = tmp_path / "verdicts.jsonl"
    lines.write_text(
        '{"ticket_id": "T-1", "relevant_transaction_id": null, "human_review_required": true, '
        '"confidence": 0.5, "reason_codes": ["a", "b"]}\n'
        '{"ticket_id": "T-\\ud800", "relevant_transaction_id": "TXN-1", "human_review_required": false, '
        '"confidence": 1, "reason_codes": []}\n',
        "utf-8",
    )
    target = tmp_path / "verdicts.parquet"
    assert write_parquet(lines, target) == 2
    rows = parquet.read_table(target).to_pylist()
    assert [row["ticket_id"] for row in rows] == ["T-1", "T-\ufffd"]
    assert [row["relevant_transaction_id"] for row in rows] == [None, "TXN-1"]
    assert [row["confidence"] for row in rows] == [0.5, 1.0]
    assert [row["reason_codes"] for row in rows] == [["a", "b"], []]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["verdicts.jsonl", "verdicts.parquet"]


def test_no_verdicts_make_an_empty_table(tmp_path: Path) -> None:
    lines = tmp_path / "verdicts.jsonl"
    lines.write_bytes(b"")
    assert write_parquet(lines, tmp_path / "verdicts.parquet") == 0
    assert parquet.read_table(tmp_path / "verdicts.parquet").num_rows == 0
