"""Parquet tables: tickets read from row groups, verdicts written from JSON lines; by the extra `parquet`.

Invariant: one batch of rows is in memory at a time. A ticket's history is a list of structs, or JSON in a
string; what is neither is left as it is, for the reader of tickets to name.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casewright.adapters.tables import CHUNK_ROWS, START, Position, fingerprint_file, size_of, sync_folder
from casewright.domain.errors import ConfigurationError

if TYPE_CHECKING:
    from types import ModuleType

HISTORY = "transaction_history"
REQUIRED = ("ticket_id", "complaint")
COLUMNS = (*REQUIRED, "language", "channel", "user_type", "campaign_context", HISTORY)
"""What is read; other columns cost nothing."""
WRITE_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class ArrowChunk:
    """Rows as an Arrow stream: decoded where they are decided, not where they are read."""

    first: int
    stream: bytes
    end: Position

    def rows(self) -> Iterator[tuple[int, object]]:
        """Number and document of every row."""
        arrow = load_arrow()
        with arrow.ipc.open_stream(self.stream) as reader:
            documents = reader.read_all().to_pylist()
        for number, document in enumerate(documents, start=self.first):
            yield number, _read_document(document)


class ParquetTable:
    """A Parquet file with one ticket a row. Raises ConfigurationError where it is none."""

    def __init__(self, path: Path) -> None:
        self._arrow = load_arrow()
        self._path = path
        self.name = str(path)
        size_of(path)
        with self._open() as table:
            present = table.schema_arrow.names
            self.total: int | None = table.metadata.num_rows
        missing = [name for name in REQUIRED if name not in present]
        if missing:
            raise ConfigurationError(
                f"{path} has no column {' and no column '.join(missing)}; "
                f"its columns are {', '.join(present)}"
            )
        self._columns = [name for name in COLUMNS if name in present]

    def fingerprint(self) -> str:
        """Size and both ends; the footer is at the end."""
        return fingerprint_file(self._path)

    def chunks(self, start: Position = START) -> Iterator[ArrowChunk]:
        """Chunks of rows, row group after row group; a row group before the start is not read."""
        with self._open() as table:
            first = 0
            for group in range(table.num_row_groups):
                count = table.metadata.row_group(group).num_rows
                if first + count > start.row:
                    yield from self._read_group(table, group, first, start.row)
                first += count

    def _read_group(self, table: Any, group: int, first: int, skip_to: int) -> Iterator[ArrowChunk]:
        row = first
        for batch in table.iter_batches(CHUNK_ROWS, row_groups=[group], columns=self._columns):
            end = row + batch.num_rows
            if end > skip_to:
                kept = batch.slice(max(0, skip_to - row))
                yield ArrowChunk(end - kept.num_rows + 1, self._encode(kept), Position(end, end))
            row = end

    def _open(self) -> Any:
        try:
            return self._arrow.parquet.ParquetFile(self._path, pre_buffer=False, buffer_size=1 << 20)
        except (self._arrow.ArrowInvalid, OSError) as error:
            raise ConfigurationError(
                f"{self._path} cannot be read as Parquet: {type(error).__name__}"
            ) from None

    def _encode(self, batch: Any) -> bytes:
        sink = self._arrow.BufferOutputStream()
        with self._arrow.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        stream: bytes = sink.getvalue().to_pybytes()
        return stream


def load_arrow() -> "ModuleType":
    """pyarrow with its Parquet part. Raises ConfigurationError with the command that installs it."""
    try:
        import pyarrow as arrow  # type: ignore[import-untyped, unused-ignore]
        import pyarrow.parquet  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise ConfigurationError(
            "Parquet files need pyarrow, which is not installed; run: pip install 'casewright[parquet]'"
        ) from None
    module: ModuleType = arrow
    return module


def write_parquet(lines: Path, target: Path) -> int:
    """Write verdicts, one JSON object a line, as a Parquet file: whole or not at all. Returns the rows."""
    arrow = load_arrow()
    schema = _build_schema(arrow)
    draft = target.with_name(f"{target.name}.tmp")
    rows = 0
    with arrow.parquet.ParquetWriter(draft, schema, compression="zstd") as writer, lines.open("rb") as handle:
        while batch := _read_batch(handle):
            writer.write_batch(_build_batch(arrow, batch, schema))
            rows += len(batch)
    with draft.open("rb+") as written:
        os.fsync(written.fileno())
    draft.replace(target)
    sync_folder(target.parent)
    return rows


def _build_schema(arrow: Any) -> Any:
    text = (
        "ticket_id",
        "relevant_transaction_id",
        "evidence_verdict",
        "case_type",
        "severity",
        "department",
        "agent_summary",
        "recommended_next_action",
        "customer_reply",
    )
    return arrow.schema(
        [
            *((name, arrow.string()) for name in text),
            ("human_review_required", arrow.bool_()),
            ("confidence", arrow.float64()),
            ("reason_codes", arrow.list_(arrow.string())),
        ]
    )


def _read_batch(handle: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for _, line in zip(range(WRITE_ROWS), handle, strict=False)]


def _build_batch(arrow: Any, rows: list[dict[str, Any]], schema: Any) -> Any:
    try:
        return arrow.RecordBatch.from_pylist(rows, schema=schema)
    except UnicodeEncodeError:
        repaired = [{name: _repair(value) for name, value in row.items()} for row in rows]
        return arrow.RecordBatch.from_pylist(repaired, schema=schema)


def _repair(value: object) -> object:
    """Half a surrogate pair, which no Parquet file can hold, as a replacement character."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value


def _read_document(document: dict[str, Any]) -> dict[str, Any]:
    """A ticket as JSON would have brought it."""
    history = document.get(HISTORY)
    if isinstance(history, str):
        with suppress(ValueError, RecursionError):
            document[HISTORY] = json.loads(history) if history.strip() else None
    elif isinstance(history, list):
        document[HISTORY] = [_read_row(row) for row in history]
    return document


def _read_row(row: object) -> object:
    if not isinstance(row, Mapping):
        return row
    return {name: _read_value(value) for name, value in row.items()}


def _read_value(value: object) -> object:
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
