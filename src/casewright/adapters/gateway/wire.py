"""What every protocol of a provider shares: an answer, an output's schema, and reading JSON warily. Pure.

An answer is text or an outcome, never an exception. Whatever a server says of itself is believed only in
the form that it may have: counts are counts, and a version is a short plain word.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from casewright.ports.text_model import AttemptOutcome, OutputT

MAX_TEXT_CHARS = 16_000
ANSWER_NAME = "answer"
_STRICT_KEYS = frozenset(
    {"type", "properties", "required", "additionalProperties", "enum", "const", "description"}
)
_BYTES_PER_TOKEN = 3
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,79}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider said: text, or the outcome that stands for its absence."""

    text: str = ""
    failure: AttemptOutcome | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    version: str = ""
    """Which model the provider says it used; nothing where it says none."""
    retry_after_s: float | None = None
    """Of a refusal for too many requests: when to come back; None: not said."""


@lru_cache(maxsize=256)
def build_schema(output: type[BaseModel]) -> Mapping[str, object]:
    """The output's JSON schema in the subset that strict servers take; lengths are checked on our side."""
    schema = output.model_json_schema()
    properties = {
        name: {key: value for key, value in definition.items() if key in _STRICT_KEYS}
        for name, definition in schema["properties"].items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def estimate_tokens(body: bytes) -> int:
    """Tokens of a prompt before the server has counted them: three bytes each, about one Bangla letter."""
    return len(body) // _BYTES_PER_TOKEN + 1


def read_document(body: bytes) -> Any:
    """The JSON in a body; None where there is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def read_text(text: object) -> str | AttemptOutcome:
    """The text of an answer, or why it is none."""
    if not isinstance(text, str) or not text.strip():
        return AttemptOutcome.EMPTY
    return AttemptOutcome.TOO_LONG if len(text) > MAX_TEXT_CHARS else text


def parse_output(text: str, output: type[OutputT]) -> OutputT | AttemptOutcome:
    """The validated value, or why it is none."""
    try:
        return output.model_validate_json(text, strict=True)
    except ValidationError as error:
        is_long = any(problem["type"] == "string_too_long" for problem in error.errors(include_input=False))
        return AttemptOutcome.TOO_LONG if is_long else AttemptOutcome.INVALID


def member(document: Any, name: str) -> Any:
    """A member of an object; None of anything else."""
    return document.get(name) if isinstance(document, dict) else None


def count(usage: Any, name: str) -> int | None:
    """A count of tokens; None where it cannot be one."""
    value = member(usage, name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None


def version(document: Any) -> str:
    """The model that a server names; nothing where it names none, or what could not be a name."""
    named = member(document, "model")
    return named if isinstance(named, str) and _VERSION.fullmatch(named) else ""
