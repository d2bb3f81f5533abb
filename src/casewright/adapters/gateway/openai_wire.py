"""The chat completions protocol of OpenAI-compatible servers: bodies out, answers in. Pure.

Only the text of the first choice is read. Tool calls, reasoning and every other field have no meaning here.
"""

import json
from collections.abc import Sequence

from pydantic import BaseModel

from casewright.adapters.gateway.providers import Provider, StructuredOutput
from casewright.adapters.gateway.wire import (
    ANSWER_NAME,
    Answer,
    build_schema,
    count,
    member,
    read_document,
    read_text,
    version,
)
from casewright.ports.text_model import AttemptOutcome, Message

PATH = "/chat/completions"


def build_headers(provider: Provider) -> dict[str, str]:
    """Headers of a request, with the key where the provider has one."""
    return {"Authorization": f"Bearer {provider.key.reveal()}"} if provider.key else {}


def build_body(provider: Provider, messages: Sequence[Message], output: type[BaseModel]) -> bytes:
    """The request. Where the server enforces no schema, the first message spells it out."""
    schema = build_schema(output)
    turns = [{"role": message.role.value, "content": message.content} for message in messages]
    body: dict[str, object] = {"model": provider.model, "messages": turns, "stream": False}
    body[provider.max_tokens_field] = provider.max_tokens
    if provider.temperature is not None:
        body["temperature"] = provider.temperature
    if provider.structured_output is StructuredOutput.JSON_SCHEMA:
        named = {"name": ANSWER_NAME, "strict": True, "schema": schema}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    else:
        rule = "Answer with one JSON object and nothing else. It must match this JSON schema:\n"
        turns.insert(0, {"role": "system", "content": rule + json.dumps(schema, ensure_ascii=False)})
        if provider.structured_output is StructuredOutput.JSON_OBJECT:
            body["response_format"] = {"type": "json_object"}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def read_answer(body: bytes, mode: StructuredOutput) -> Answer:
    """The text of the first choice. Never raises: what cannot be read is an outcome."""
    document = read_document(body)
    usage = member(document, "usage")
    tokens_in, tokens_out = count(usage, "prompt_tokens"), count(usage, "completion_tokens")
    choices = member(document, "choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    text = read_text(member(member(choice, "message"), "content"))
    failure = None
    if choice is None:
        failure = AttemptOutcome.INVALID
    elif member(choice, "finish_reason") == "length":
        failure = AttemptOutcome.TOO_LONG
    elif isinstance(text, AttemptOutcome):
        failure = text
    if failure is not None:
        return Answer("", failure, tokens_in, tokens_out, version(document))
    return Answer(_json_part(str(text), mode), None, tokens_in, tokens_out, version(document))


def _json_part(text: str, mode: StructuredOutput) -> str:
    """Servers that enforce nothing wrap the object in a fence or a sentence, or think aloud before it."""
    if mode is not StructuredOutput.NONE:
        return text
    text = text.rpartition("</think>")[2]
    return text[text.find("{") : text.rfind("}") + 1]
