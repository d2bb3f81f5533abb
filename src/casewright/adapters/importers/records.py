"""Records of a file that people made: CSV, JSON or JSON lines, each with the line on which it stands.

Columns are found by any of their usual names, in any order and spelling; those that mean nothing here are
named, and so are two that mean one field and differ. A record that cannot be read is a problem with its line
and spoils no other; a file that is none of these is refused whole. In CSV a value may run over several lines,
and a quote that never ends spoils its own line only.
"""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from casewright.adapters.importers.shop import Problem
from casewright.adapters.importers.values import is_nothing
from casewright.adapters.tables import size_of
from casewright.domain.errors import ConfigurationError, MalformedRequest, TooLarge

MOST_BYTES = 64 * 1024 * 1024
MOST_LINES_OF_A_RECORD = 400
Aliases = Mapping[str, Sequence[str]]
"""Name of a field to the names that its column may have, folded: lower case, words joined by `_`."""
_DELIMITERS = ",;\t|"
_WORDS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_BLANK = re.compile(r"[ \t\r\n,]*")
_DECODER = json.JSONDecoder(parse_float=Decimal)
_LONGEST_SHOWN = 40
Means = Callable[[Sequence[str]], Mapping[str, str]]
"""Of the headings of a file, as they are written, those that mean one of our fields: and which."""
Found = tuple[int, Sequence[tuple[str, Any]]]
"""A line, and the headings of its record with their values."""


@dataclass(frozen=True, slots=True)
class FoundRecord:
    """One record: its line in the file, from 1, and its fields under our names."""

    line: int
    fields: Mapping[str, Any]
    headings: Mapping[str, str] = field(default_factory=dict)
    """Fields to the headings under which they stand."""
    rivals: Mapping[str, str] = field(default_factory=dict)
    """Fields to the heading of another column that means the same and says something else."""


@dataclass(frozen=True, slots=True)
class FoundRecords:
    """Everything of a file. `columns`: which of our fields its header, or any record, has."""

    records: tuple[FoundRecord, ...]
    problems: tuple[Problem, ...]
    columns: frozenset[str]
    unread: tuple[str, ...] = ()
    """Headings that mean none of our fields, to be shown."""


def read_file(path: Path) -> str:
    """The text of a file of records. Raises ConfigurationError, MalformedRequest or TooLarge."""
    if not path.exists():
        raise ConfigurationError(f"{path}: there is no such file")
    if size_of(path) > MOST_BYTES:
        raise TooLarge(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MiB; import it in parts")
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"{path} is not UTF-8 text (byte {error.start})") from None


def read_records(
    path: Path, aliases: Aliases, required: Sequence[str] = (), *, means: Means | None = None
) -> FoundRecords:
    """The records of a file. Raises as `read_file`, and MalformedRequest where a wanted column is absent.

    `means` reads the headings; without it they are the aliases.
    """
    text = read_file(path)
    means = means or read_aliases(aliases)
    problems: list[Problem] = []
    rows = list(_read(path, text, means, problems))
    headings = tuple(dict.fromkeys(heading for _, row in rows for heading, _ in row))
    names = means(headings)
    found = [_rename(line, row, names) for line, row in rows]
    columns = frozenset(name for record in found for name in record.fields)
    valued = {
        heading for _, row in rows for heading, value in row if heading.strip() or not is_nothing(value)
    }
    unread = tuple(show_heading(each) for each in headings if each not in names and each in valued)
    missing = [name for name in required if name not in columns]
    if found and missing:
        spellings = " or ".join((missing[0], *aliases[missing[0]][:3]))
        others = f"; not understood: {', '.join(unread)}" if unread else ""
        raise MalformedRequest(
            f"{path} has no column for {', '.join(missing)}; call it {spellings}, for example{others}"
        )
    return FoundRecords(tuple(found), tuple(problems), columns, unread)


def read_aliases(aliases: Aliases) -> Means:
    """Reads headings that are a field's name or one of its aliases, however they are spelled."""
    names = {alias: name for name, others in aliases.items() for alias in (name, *others)}
    return lambda headings: {
        heading: names[folded] for heading in headings if (folded := fold_column(heading)) in names
    }


def show_heading(heading: str) -> str:
    """A heading as a sentence can hold it."""
    plain = "".join(letter if letter.isprintable() else " " for letter in heading).strip()
    return (plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…") or "(no heading)"


def fold_column(name: object) -> str:
    """`Last Meeting-Date` and `lastMeetingDate` are one column."""
    return _WORDS.sub("_", _CAMEL.sub("_", str(name).strip()).lower()).strip("_")


def _rename(line: int, row: Sequence[tuple[str, Any]], names: Mapping[str, str]) -> FoundRecord:
    """Our fields; where two columns mean one field, the first that says something counts."""
    fields: dict[str, Any] = {}
    headings: dict[str, str] = {}
    rivals: dict[str, str] = {}
    for heading, value in row:
        name = names.get(heading)
        if name is None:
            continue
        if name not in fields or is_nothing(fields[name]):
            fields[name], headings[name] = value, heading
        elif not is_nothing(value) and str(value).strip() != str(fields[name]).strip():
            rivals.setdefault(name, heading)
    return FoundRecord(line, fields, headings, rivals)


def _read(path: Path, text: str, means: Means, problems: list[Problem]) -> Iterator[Found]:
    match path.suffix.lower():
        case ".json":
            return _read_json(path, text, problems)
        case ".jsonl" | ".ndjson":
            return _read_json_lines(path, text, problems)
        case ".csv" | ".tsv":
            return _read_csv(path, text, means, problems)
        case ending:
            raise MalformedRequest(f"{path} ends in {ending or 'nothing'}; name a .csv, .json or .jsonl file")


def _read_json_lines(path: Path, text: str, problems: list[Problem]) -> Iterator[Found]:
    for line, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        try:
            record = _DECODER.decode(written.strip())
        except (ValueError, RecursionError):
            problems.append(Problem(path.name, line, "record", "is not JSON"))
            continue
        yield from _take(path, line, record, problems)


def _read_json(path: Path, text: str, problems: list[Problem]) -> Iterator[Found]:
    """The objects of a list, of the one list in an object, or a single object."""
    try:
        document = _DECODER.decode(text)
    except RecursionError:
        raise MalformedRequest(f"{path} is nested too deeply") from None
    except ValueError as error:
        place = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise MalformedRequest(f"{path}{place}: not JSON") from None
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        document = lists[0] if len(lists) == 1 else [document]
    if not isinstance(document, list):
        raise MalformedRequest(f"{path}: a list of JSON objects is needed")
    for line, record in zip(_lines_of_items(text, document), document, strict=True):
        yield from _take(path, line, record, problems)


def _take(path: Path, line: int, record: object, problems: list[Problem]) -> Iterator[Found]:
    if isinstance(record, dict):
        yield line, tuple((str(heading), value) for heading, value in record.items())
    else:
        problems.append(Problem(path.name, line, "record", "is no JSON object"))


def _lines_of_items(text: str, items: list[Any]) -> list[int]:
    """The line on which each item of the first list begins; their numbers, where it is another list."""
    lines: list[int] = []
    place = text.find("[") + 1
    line = 1 + text.count("\n", 0, place)
    try:
        for item in items:
            gap = _BLANK.match(text, place)
            begin = place if gap is None else gap.end()
            line += text.count("\n", place, begin)
            again, place = _DECODER.raw_decode(text, begin)
            if again != item:
                return list(range(1, len(items) + 1))
            lines.append(line)
            line += text.count("\n", begin, place)
    except ValueError:
        return list(range(1, len(items) + 1))
    return lines


def _read_csv(path: Path, text: str, means: Means, problems: list[Problem]) -> Iterator[Found]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise MalformedRequest(f"{path} is empty; its first line must name the columns")
    delimiter = max(_DELIMITERS, key=lambda mark: _known(lines[first], mark, means))
    header, place = _read_row(lines, first, delimiter)
    if header is None:
        raise MalformedRequest(f"{path}, line {first + 1}: its quotes do not match")
    while place < len(lines):
        begin = place
        if not lines[begin].strip():
            place += 1
            continue
        row, place = _read_row(lines, begin, delimiter)
        if row is None:
            problems.append(Problem(path.name, begin + 1, "record", "its quotes do not match"))
        elif len(row) != len(header):
            reason = f"{len(row)} fields, and the header has {len(header)}"
            problems.append(Problem(path.name, begin + 1, "record", reason))
        else:
            yield begin + 1, tuple(zip(header, row, strict=True))


def _known(header: str, delimiter: str, means: Means) -> int:
    """How many columns we know, if the header is cut at this mark."""
    return len(means(next(csv.reader([header], delimiter=delimiter), [])))


def _read_row(lines: Sequence[str], begin: int, delimiter: str) -> tuple[list[str] | None, int]:
    """The row that begins on a line, and where the next one does. None: its quotes do not match."""
    reader = csv.reader(
        (f"{line}\n" for line in islice(lines, begin, begin + MOST_LINES_OF_A_RECORD)),
        delimiter=delimiter,
        strict=True,
    )
    try:
        row = next(reader)
    except (csv.Error, StopIteration):
        return None, begin + 1
    return row, begin + reader.line_num
