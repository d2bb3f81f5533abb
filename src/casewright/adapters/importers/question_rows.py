"""Rows of questions and answers from a file: JSON, JSON lines or CSV; lists as JSON, Python literal or a;b.

It reads records; what a column means, and which rows are usable, its callers say.
"""

import ast
import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from casewright.domain.errors import MalformedRequest

_LONGEST_FIELD = 10_000_000


def read_records(path: Path) -> Iterator[Mapping[str, Any]]:
    """Every record of the file, by the ending of its name. Raises MalformedRequest with the line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise MalformedRequest(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"{path} is no UTF-8 text at byte {error.start + 1}") from error
    match path.suffix.lower():
        case ".csv":
            yield from _read_csv(path, text)
        case ".jsonl" | ".ndjson":
            yield from _read_lines(path, text)
        case ".json":
            yield from _read_json(path, text)
        case ending:
            raise MalformedRequest(f"{path} ends in {ending or 'nothing'}; write .json, .jsonl or .csv")


def read_list(value: object) -> tuple[str, ...]:
    """A list as it was written: a list, JSON, a Python literal, text with semicolons; tool calls by name."""
    if value is None:
        return ()
    if isinstance(value, str):
        text = value.strip()
        if not text or text.lower() in ("none", "null", "nan", "n/a"):
            return ()
        if text[0] in "[({":
            value = _read_literal(text)
        if isinstance(value, str):
            return tuple(part.strip() for part in text.split(";") if part.strip())
    if isinstance(value, Mapping):
        value = [value]
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(item for item in map(_name_of, value) if item)
    return (str(value),)


def _name_of(item: object) -> str:
    """An item as text; of a tool call, its name."""
    if isinstance(item, Mapping):
        inner = item.get("function")
        named = inner if isinstance(inner, Mapping) else item
        for key in ("name", "tool", "tool_name", "text", "content", "id"):
            if isinstance(named.get(key), str):
                return str(named[key]).strip()
        return json.dumps(item, ensure_ascii=False, sort_keys=True, default=str)
    return str(item).strip()


def _read_literal(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text


def _read_csv(path: Path, text: str) -> Iterator[Mapping[str, Any]]:
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.DictReader(text.splitlines(keepends=True))
    try:
        for record in reader:
            yield {(name or "").strip().lower(): value for name, value in record.items() if name is not None}
    except csv.Error as error:
        raise MalformedRequest(f"{path}, line {reader.line_num}: {error}") from error


def _read_lines(path: Path, text: str) -> Iterator[Mapping[str, Any]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise MalformedRequest(f"{path}, line {number}: not JSON: {error}") from error
        if not isinstance(record, dict):
            raise MalformedRequest(f"{path}, line {number}: a JSON object is needed")
        yield record


def _read_json(path: Path, text: str) -> Iterator[Mapping[str, Any]]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise MalformedRequest(f"{path}: not JSON: {error}") from error
    if isinstance(document, dict):
        lists = [value for value in document.values() if isinstance(value, list)]
        document = lists[0] if len(lists) == 1 else [document]
    if not isinstance(document, list) or not all(isinstance(record, dict) for record in document):
        raise MalformedRequest(f"{path}: a list of JSON objects is needed")
    yield from document
