"""Plans as documents: what an open action keeps, so that another process can carry it to its end.

Invariant: reading what was written gives an equal plan. Only open actions keep one, so a document is read by
the version that wrote it, or by a newer one while an action is under way; `schema_version` tells which.
"""

import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from casewright.adapters.store.metadata import read_json, write_json
from casewright.domain.action import Plan
from casewright.domain.errors import TerminalError

SCHEMA_VERSION = 1


class DocumentUnknown(TerminalError):
    """A newer version has begun the action; that version ends it."""

    code = "document_unknown"


@dataclass(frozen=True, slots=True)
class ActionDocument:
    """What an open action keeps: the plan, and who let it happen."""

    plan: Plan
    confirmed_by: str | None = None
    approved_by: str | None = None


def write_document(document: ActionDocument) -> str:
    """Canonical JSON of it."""
    return write_json({"schema_version": SCHEMA_VERSION, **_plain(document)})


def read_document(text: str) -> ActionDocument:
    """What `write_document` wrote. Raises DocumentUnknown for a version that is not known."""
    content = read_json(text)
    version = content.pop("schema_version", None)
    if version != SCHEMA_VERSION:
        raise DocumentUnknown(f"an open action has a document of version {version}, which is not known here")
    document: ActionDocument = _reader(ActionDocument)(content)
    return document


def _plain(value: Any) -> Any:
    """The value in maps, lists, text and integers."""
    if value is None or isinstance(value, str | int):
        return value.value if isinstance(value, StrEnum) else value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return {name: _plain(getattr(value, name)) for name in _names(value.__class__)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How to read one type of the plan's fields."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _read_optional(arguments)
    if origin is tuple:
        return _read_tuple(arguments)
    if origin is not None and issubclass(origin, Mapping):
        part = _reader(arguments[1])
        return lambda value: {name: part(each) for name, each in value.items()}
    if is_dataclass(kind):
        return _read_fields(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return lambda value: value


def _read_fields(kind: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)
    readers = {name: _reader(hints[name]) for name in _names(kind)}
    return lambda value: kind(**{name: readers[name](each) for name, each in value.items()})


def _read_optional(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    """`X | None` where X has a form of its own; a union of plain values as it is."""
    shaped = [each for each in arguments if each not in (type(None), bool, int, str)]
    if not shaped:
        return lambda value: value
    part = _reader(shaped[0])
    return lambda value: None if value is None else part(value)


def _read_tuple(arguments: tuple[Any, ...]) -> Callable[[Any], Any]:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        part = _reader(arguments[0])
        return lambda value: tuple(part(each) for each in value)
    parts = tuple(_reader(each) for each in arguments)
    return lambda value: tuple(part(each) for part, each in zip(parts, value, strict=True))
