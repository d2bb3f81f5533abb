"""Lists as people write them in files of questions: JSON, a Python literal, text with semicolons.

Reading the files themselves is `records`'.
"""

import ast
import json
from collections.abc import Mapping


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
