"""What a provider says is believed only in the form that it may have."""

from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from casewright.adapters.gateway.wire import build_schema, parse_output, version
from casewright.ports.text_model import AttemptOutcome


class Texts(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reply: str = Field(max_length=20, description="To the customer.")
    kind: Literal["a", "b"]


def test_the_schema_is_strict_and_holds_no_lengths() -> None:
    assert build_schema(Texts) == {
        "type": "object",
        "properties": {
            "reply": {"type": "string", "description": "To the customer."},
            "kind": {"type": "string", "enum": ["a", "b"]},
        },
        "required": ["reply", "kind"],
        "additionalProperties": False,
    }


def test_a_valid_text_becomes_the_value() -> None:
    assert parse_output('{"reply": "fine", "kind": "a"}', Texts) == Texts(reply="fine", kind="a")


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ('{"reply": "fine"}', AttemptOutcome.INVALID),
        ('{"reply": 5, "kind": "a"}', AttemptOutcome.INVALID),
        ('{"reply": "fine", "kind": "c"}', AttemptOutcome.INVALID),
        ('{"reply": "fine", "kind": "a", "amount": 5}', AttemptOutcome.INVALID),
        ('{"reply": "\\ud800", "kind": "a"}', AttemptOutcome.INVALID),
        ('{"reply": "\ud800", "kind": "a"}', AttemptOutcome.INVALID),
        ('{"reply": "fine", "kind": "a"} and more', AttemptOutcome.INVALID),
        ('{"reply": "123456789012345678901", "kind": "a"}', AttemptOutcome.TOO_LONG),
    ],
)
def test_an_invalid_text_is_an_outcome(text: str, outcome: AttemptOutcome) -> None:
    assert parse_output(text, Texts) is outcome


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o-2024-08-06"),
        ("meta/llama-3.1:8b", "meta/llama-3.1:8b"),
        ("", ""),
        ("two words", ""),
        ("মডেল", ""),
        ("<b>m</b>", ""),
        ("x" * 81, ""),
        (7, ""),
        (None, ""),
    ],
)
def test_a_version_is_a_short_plain_word(said: object, read: str) -> None:
    assert version({"model": said}) == read
