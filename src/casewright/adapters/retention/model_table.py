"""Tables of commas that models are trained on: an outcome, ids, and whatever other columns there are.

A column is of numbers where nearly all of its cells are, else of kinds. Invariant: a row that cannot be read
is left out and told with its line and column; a table that cannot be used at all is a ConfigurationError.
Nothing here knows what a column means.
"""

import csv
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from casewright.domain.errors import ConfigurationError

Cell = float | str | None
"""A number, a kind, or None for a blank."""
IDS = ("customerID", "customer_id", "id")
"""Columns that name a customer: no model reads them."""
FEWEST_ROWS = 50
_MOST_KINDS = 40
_MOST_BAD = 0.5
_NUMBER_SHARE = 0.9
_YES_NO = {"yes": 1.0, "true": 1.0, "1": 1.0, "1.0": 1.0, "no": 0.0, "false": 0.0, "0": 0.0, "0.0": 0.0}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row, or a column of it, was not used."""

    line: int
    """In the file, from 1; the header is line 1."""
    column: str
    what: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.what}"


@dataclass(frozen=True, slots=True)
class ModelTable:
    """What could be read: n rows, column by column."""

    outcome: tuple[float, ...]
    columns: dict[str, tuple[Cell, ...]]
    """By name, in the order of the file, without ids and outcome; numbers or kinds, None where blank."""
    problems: tuple[RowProblem, ...]
    left_out: tuple[str, ...] = ()
    """Columns with too many kinds to learn from, such as names."""
    ids: tuple[str, ...] = ()
    """Of the customers, where the table has a column of them."""

    def __len__(self) -> int:
        return len(self.outcome)

    def names_of_numbers(self) -> tuple[str, ...]:
        """Columns that were read as numbers; the others are kinds."""
        return tuple(
            name for name, cells in self.columns.items() if any(isinstance(cell, float) for cell in cells)
        )

    def rows(self, names: Collection[str] | None = None) -> Iterator[dict[str, float | str]]:
        """Each row by column name, blanks left out, as a serving model is asked."""
        chosen = {name: cells for name, cells in self.columns.items() if names is None or name in names}
        for index in range(len(self)):
            yield {name: cell for name, cells in chosen.items() if (cell := cells[index]) is not None}


def read_model_table(
    path: Path,
    outcome: str,
    *,
    is_yes_no: bool = True,
    kinds: Collection[str] = (),
    unused: Collection[str] = (),
    later: Collection[str] = (),
    from_zero: Collection[str] = (),
) -> ModelTable:
    """Read a table with a header. Raises ConfigurationError where nothing can be learned from it.

    `outcome` is yes or no (or 1 and 0; any number where `is_yes_no` is false). `kinds` are columns that are
    never numbers. `unused` are left out, as are `later` where they are there. Numbers of `from_zero` may not
    be negative.
    """
    header, rows = _read_rows(path)
    if outcome not in header:
        hint = "; cells are parted by commas" if len(header) == 1 and set(header[0]) & set(";\t|") else ""
        there = ", ".join(header)
        raise ConfigurationError(f"{path}: line 1: no column {outcome!r}; there are: {there}{hint}")
    absent = [name for name in unused if name not in header]
    if absent:
        there = ", ".join(header)
        raise ConfigurationError(
            f"{path}: line 1: no column {', '.join(map(repr, absent))} to leave out; there are: {there}"
        )
    names = [name for name in header if name not in (*IDS, outcome, *unused, *later)]
    problems: list[RowProblem] = []
    whole = []
    for line, cells in rows:
        if len(cells) != len(header):
            what = f"{len(cells)} cells, where the header has {len(header)}"
            problems.append(RowProblem(line, "the whole row", what))
        else:
            whole.append((line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
    numbers = [
        name for name in names if name not in kinds and _is_of_numbers([row[name] for _, row in whole])
    ]
    id_column = next((name for name in header if name in IDS), None)
    read = [_read_row(line, row, outcome, is_yes_no, names, numbers, from_zero) for line, row in whole]
    problems += [each for each in read if isinstance(each, RowProblem)]
    good = [each for each in read if not isinstance(each, RowProblem)]
    ids = [row[id_column] for (_, row), each in zip(whole, read, strict=True)
           if id_column and not isinstance(each, RowProblem)]  # fmt: skip
    _check_enough(path, len(good), sorted(problems, key=lambda each: each.line))
    columns = {name: tuple(cells[name] for _, cells in good) for name in names}
    left_out = tuple(name for name, cells in columns.items() if _is_too_various(cells))
    return ModelTable(
        tuple(value for value, _ in good),
        {name: cells for name, cells in columns.items() if name not in left_out},
        tuple(sorted(problems, key=lambda each: each.line)),
        left_out,
        tuple(ids),
    )


def read_unlabelled_table(path: Path, *, kinds: Collection[str], needed: Collection[str]) -> ModelTable:
    """The columns `needed`, without an outcome; `kinds` of them are never numbers.

    Raises ConfigurationError where a column is missing, or nothing can be read.
    """
    header, rows = _read_rows(path)
    missing = [name for name in needed if name not in header]
    if missing:
        raise ConfigurationError(f"{path}: line 1: these columns are missing: {', '.join(missing)}")
    numbers = [name for name in needed if name not in kinds]
    problems: list[RowProblem] = []
    good: list[dict[str, Cell]] = []
    for line, cells in rows:
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        found = _read_cells(line, row, list(needed), numbers, ())
        if isinstance(found, RowProblem):
            problems.append(found)
        else:
            good.append(found)
    _check_enough(path, len(good), problems)
    columns = {name: tuple(cells[name] for cells in good) for name in needed}
    return ModelTable((0.0,) * len(good), columns, tuple(problems))


def _read_rows(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = [name.strip() for name in next(reader, [])]
            rows = [(reader.line_num, cells) for cells in reader if cells]
    except FileNotFoundError:
        raise ConfigurationError(f"{path}: there is no such file; give the table with --data") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ConfigurationError(f"{path}: cannot be read as a table of commas in UTF-8 ({error})") from None
    repeated = sorted({name for name in header if header.count(name) > 1})
    if not header or repeated:
        what = f"these columns stand twice: {', '.join(repeated)}" if header else "the file is empty"
        raise ConfigurationError(f"{path}: line 1: {what}")
    return header, rows


def _read_row(
    line: int,
    row: dict[str, str],
    outcome: str,
    is_yes_no: bool,
    names: list[str],
    numbers: list[str],
    from_zero: Collection[str],
) -> tuple[float, dict[str, Cell]] | RowProblem:
    found = _YES_NO.get(row[outcome].lower()) if is_yes_no else _as_number(row[outcome])
    if found is None:
        return RowProblem(
            line, outcome, f"{row[outcome]!r} is not {'Yes or No' if is_yes_no else 'a number'}"
        )
    cells = _read_cells(line, row, names, numbers, from_zero)
    return cells if isinstance(cells, RowProblem) else (found, cells)


def _read_cells(
    line: int, row: dict[str, str], names: list[str], numbers: list[str], from_zero: Collection[str]
) -> dict[str, Cell] | RowProblem:
    cells: dict[str, Cell] = {}
    for name in names:
        text = row.get(name, "")
        if not text:
            cells[name] = None
        elif name not in numbers:
            cells[name] = text
        else:
            number = _as_number(text)
            if number is None:
                return RowProblem(line, name, f"{text!r} is not a number")
            if number < 0 and name in from_zero:
                return RowProblem(line, name, f"{text} is below 0")
            cells[name] = number
    return cells


def _is_of_numbers(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(_as_number(cell) is not None for cell in filled) >= _NUMBER_SHARE * len(
        filled
    )


def _as_number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_too_various(cells: tuple[Cell, ...]) -> bool:
    return len({cell for cell in cells if isinstance(cell, str)}) > _MOST_KINDS


def _check_enough(path: Path, good: int, problems: list[RowProblem]) -> None:
    if good >= FEWEST_ROWS and len(problems) <= _MOST_BAD * (good + len(problems)):
        return
    shown = "; ".join(str(each) for each in problems[:_SHOWN])
    more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    raise ConfigurationError(
        f"{path}: {good} rows can be used, {len(problems)} cannot; a model needs {FEWEST_ROWS} or more,"
        f" and most of those there are{': ' if shown else ''}{shown}{more}"
    )
