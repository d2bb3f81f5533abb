"""The chat completions protocol of OpenAI-compatible servers: bodies out, answers in. Pure.

Only the text of the first choice is read. Tool calls, reasoning and every other field have no meaning here.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ValidationError

from casewright.adapters.gateway.providers import Provider, StructuredOutput
from casewright.ports.text_model import AttemptOutcome, Message, OutputT

MAX_TEXT_CHARS = 16_000
PATH = "/chat/completions"
_STRICT_KEYS = frozenset(
    {"type", "properties", "required", "additionalProperties", "enum", "const", "description"}
)
_BYTES_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: text, or the outcome that stands for its absence."""

    text: str = ""
    failure: AttemptOutcome | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None


def build_headers(provider: Provider) -> dict[str, str]:
    """Headers of a request, with the key where the provider has one."""
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    if provider.key:
        headers["Authorization"] = f"Bearer {provider.key.reveal()}"
    return headers


def build_body(provider: Provider, messages: Sequence[Message], output: type[BaseModel]) -> bytes:
    """The request. Where the server enforces no schema, the first message spells it out."""
    schema = build_schema(output)
    turns = [{"role": message.role.value, "content": message.content} for message in messages]
    body: dict[str, object] = {"model": provider.model, "messages": turns, "stream": False}
    body[provider.max_tokens_field] = provider.max_tokens
    if provider.temperature is not None:
        body["temperature"] = provider.temperature
    if provider.structured_output is StructuredOutput.JSON_SCHEMA:
        named = {"name": "answer", "strict": True, "schema": schema}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    else:
        rule = "Answer with one JSON object and nothing else. It must match this JSON schema:\n"
        turns.insert(0, {"role": "system", "content": rule + json.dumps(schema, ensure_ascii=False)})
        if provider.structured_output is StructuredOutput.JSON_OBJECT:
            body["response_format"] = {"type": "json_object"}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


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


def read_answer(body: bytes, mode: StructuredOutput) -> Answer:
    """The text of the first choice. Never raises: what cannot be read is an outcome."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return Answer(failure=AttemptOutcome.INVALID)
    usage = _member(document, "usage")
    tokens_in, tokens_out = _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")
    choices = _member(document, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    text = _member(_member(choice, "message"), "content")
    failure = None
    if choice is None:
        failure = AttemptOutcome.INVALID
    elif _member(choice, "finish_reason") == "length":
        failure = AttemptOutcome.TOO_LONG
    elif not isinstance(text, str) or not text.strip():
        failure = AttemptOutcome.EMPTY
    elif len(text) > MAX_TEXT_CHARS:
        failure = AttemptOutcome.TOO_LONG
    if failure is not None:
        return Answer(failure=failure, tokens_in=tokens_in, tokens_out=tokens_out)
    return Answer(_json_part(str(text), mode), None, tokens_in, tokens_out)


def parse_output(text: str, output: type[OutputT]) -> OutputT | AttemptOutcome:
    """The validated value, or why it is none."""
    try:
        return output.model_validate_json(text, strict=True)
    except ValidationError as error:
        is_long = any(problem["type"] == "string_too_long" for problem in error.errors(include_input=False))
        return AttemptOutcome.TOO_LONG if is_long else AttemptOutcome.INVALID


def _json_part(text: str, mode: StructuredOutput) -> str:
    """Servers that enforce nothing wrap the object in a fence or a sentence, or think aloud before it."""
    if mode is not StructuredOutput.NONE:
        return text
    text = text.rpartition("</think>")[2]
    return text[text.find("{") : text.rfind("}") + 1]


def _member(document: Any, name: str) -> Any:
    return document.get(name) if isinstance(document, dict) else None


def _count(usage: Any, name: str) -> int | None:
    value = _member(usage, name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
