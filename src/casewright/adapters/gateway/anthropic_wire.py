"""The messages protocol of Anthropic: bodies out, answers in. Pure.

The answer is asked for as the arguments of one tool that the model is forced to call. The tool is a form to
fill in: nothing is run, and any other tool or text in the answer has no meaning here.
"""

import json
from collections.abc import Sequence
from typing import Any

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
from casewright.ports.text_model import AttemptOutcome, Message, Role

PATH = "/messages"
PROTOCOL_VERSION = "2023-06-01"


def build_headers(provider: Provider) -> dict[str, str]:
    """Headers of a request, with the key where the provider has one."""
    key = {"x-api-key": provider.key.reveal()} if provider.key else {}
    return key | {"anthropic-version": PROTOCOL_VERSION}


def build_body(provider: Provider, messages: Sequence[Message], output: type[BaseModel]) -> bytes:
    """The request: what the system says apart, and one tool whose arguments are the answer."""
    turns = [{"role": "user", "content": turn.content} for turn in messages if turn.role is Role.USER]
    body: dict[str, object] = {
        "model": provider.model,
        "max_tokens": provider.max_tokens,
        "system": "\n\n".join(turn.content for turn in messages if turn.role is Role.SYSTEM),
        "messages": turns or [{"role": "user", "content": "Answer."}],
        "tools": [
            {
                "name": ANSWER_NAME,
                "description": "Hand in the answer.",
                "input_schema": build_schema(output),
            }
        ],
        "tool_choice": {"type": "tool", "name": ANSWER_NAME, "disable_parallel_tool_use": True},
        "stream": False,
    }
    if provider.temperature is not None:
        body["temperature"] = provider.temperature
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def read_answer(body: bytes, mode: StructuredOutput) -> Answer:
    """The arguments of the forced tool, as JSON. Never raises. `mode` has no meaning for this protocol."""
    document = read_document(body)
    usage = member(document, "usage")
    tokens_in, tokens_out = count(usage, "input_tokens"), count(usage, "output_tokens")
    blocks = member(document, "content")
    text = read_text(_arguments(blocks))
    failure = None
    if not isinstance(blocks, list):
        failure = AttemptOutcome.INVALID
    elif member(document, "stop_reason") == "max_tokens":
        failure = AttemptOutcome.TOO_LONG
    elif isinstance(text, AttemptOutcome):
        failure = text
    return Answer("" if failure else str(text), failure, tokens_in, tokens_out, version(document))


def _arguments(blocks: Any) -> str | None:
    """The first call of our tool; None where there is none."""
    for block in blocks if isinstance(blocks, list) else ():
        if member(block, "type") == "tool_use" and member(block, "name") == ANSWER_NAME:
            try:
                return json.dumps(member(block, "input"), ensure_ascii=False)
            except RecursionError:
                return None
    return None
