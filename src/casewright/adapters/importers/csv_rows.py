"""CSV files of a foreign shop, row by row, whatever stands in them.

Invariant: memory is bounded by one chunk of lines, however long the file or a line; a record is one line, so
that a stray quote spoils its own line only. A line that cannot be taken is a problem with its number.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from casewright.adapters.importers.shop import Problem
from casewright.adapters.importers.values import BadValue
from casewright.adapters.tables import LineTable
from casewright.domain.errors import ConfigurationError

MAX_LINE_BYTES = 64 * 1024
Row = Mapping[str, str]
Report = Callable[[str, int, int], None]
"""Called with the file's name, how many bytes are read, and of how many."""


class CsvFile:
    """One file with a header. Problems are collected in `problems`, the caller's own among them."""

    def __init__(
        self,
        path: Path,
        columns: Sequence[str],
        more_columns: Sequence[str],
        problems: list[Problem],
        report: Report,
    ) -> None:
        """`more_columns` may be absent, and are empty then. Raises ConfigurationError for no such file."""
        self.path = path
        self._columns = columns
        self._more_columns = more_columns
        self._problems = problems
        self._report = report
        self._table = LineTable(str(path), max_line_bytes=MAX_LINE_BYTES)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Line number and wanted columns of every good line. Raises ConfigurationError for a bad header."""
        places: dict[str, int] | None = None
        width = 0
        absent = dict.fromkeys(self._more_columns, "")
        for chunk in self._table.chunks():
            for line, content in chunk.rows():
                try:
                    fields = _split(content)
                    if places is None:
                        width, places = len(fields), self._find_columns(fields)
                    elif fields:
                        if len(fields) != width:
                            raise BadValue(f"{len(fields)} fields, and the header has {width}")
                        yield line, absent | {name: fields[place] for name, place in places.items()}
                except BadValue as error:
                    if places is None:
                        raise ConfigurationError(f"{self.path}, line 1: {error}") from None
                    self.refuse(line, "line", error)
            self._report(self.path.name, chunk.end.offset, self._table.total or 0)
        if places is None:
            raise ConfigurationError(f"{self.path} is empty; its first line must name the columns")

    def refuse(self, line: int, row: str, reason: BadValue) -> None:
        """Note a row that is not taken."""
        self._problems.append(Problem(self.path.name, line, row, str(reason)))

    def _find_columns(self, header: list[str]) -> dict[str, int]:
        names = [name.strip().lower() for name in header]
        missing = [name for name in self._columns if name not in names]
        if missing:
            raise BadValue(f"the header lacks {', '.join(missing)}")
        wanted = (*self._columns, *(name for name in self._more_columns if name in names))
        return {name: names.index(name) for name in wanted}


def _split(content: object) -> list[str]:
    if not isinstance(content, bytes) or len(content) > MAX_LINE_BYTES:
        raise BadValue(f"longer than {MAX_LINE_BYTES} bytes")
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise BadValue(f"no UTF-8 text at byte {error.start + 1}") from None
    if not text.strip():
        return []
    try:
        return next(csv.reader([text], strict=True))
    except (csv.Error, StopIteration):
        raise BadValue("its quotes do not match") from None
