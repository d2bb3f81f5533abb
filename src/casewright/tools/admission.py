"""Admission: what a call must be before anything is read: permitted, valid, and named by a key. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casewright.domain.errors import MalformedRequest, NotPermitted
from casewright.domain.principal import Principal, Role, Scope
from casewright.text.redaction import redact_value
from casewright.tools.arguments import (
    Arguments,
    digest_of,
    personal_fields,
    pick,
    replace_personal,
    to_document,
)
from casewright.tools.spec import ToolEffect, ToolSpec

LONGEST_KEY = 255
_KEY = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True, slots=True)
class Request:
    """A call that may go on: its tool, its valid arguments, who asks, and under which key."""

    principal: Principal
    tool: ToolSpec
    arguments: Arguments
    key: str
    """Empty for a read."""
    case_id: str | None
    fingerprint: str
    """Tells one request from another under the same key; empty for a read."""


def authorise(principal: Principal, tool: ToolSpec) -> None:
    """Raises NotPermitted where the principal's role or scopes do not reach this tool."""
    needed = Scope.READ
    if tool.effect is ToolEffect.WRITE:
        # What is not confirmed in a second step happens at once: unless it is harmless, who may only propose
        # may not call it.
        needed = Scope.PROPOSE if tool.is_two_step or tool.is_harmless else Scope.CONFIRM
    if principal.role not in tool.roles or not principal.may(needed):
        raise NotPermitted(f"Who you are signed in as may not call {tool.name}.")
    if principal.role is Role.CUSTOMER and principal.customer_id is None:
        raise NotPermitted("This account belongs to no customer.")


def check_key(key: str | None) -> str:
    """An idempotency key. Raises MalformedRequest."""
    if key is None or not key.strip():
        raise MalformedRequest(
            "A write needs an Idempotency-Key header: draw a new one for each new request, and send the same"
            " one again when you repeat it.",
            code="idempotency_key_missing",
        )
    if not _KEY.fullmatch(key):
        raise MalformedRequest(
            f"The Idempotency-Key has at most {LONGEST_KEY} visible ASCII characters, and no blanks.",
            code="idempotency_key_invalid",
        )
    return key


def build_fingerprint(principal: Principal, tool: ToolSpec, indexed: Mapping[str, Any]) -> str:
    """`indexed` is the arguments' document with blind indexes for personal values."""
    return digest_of(tool.name, principal.customer_id, pick(indexed, tool.idempotency_fields))


def show_arguments(arguments: Arguments) -> dict[str, Any]:
    """The arguments as a trace may keep them: personal fields by their kind, the rest redacted."""
    hidden = replace_personal(arguments, lambda kind, _: f"[{kind}]")
    plain = {name: value for name, value in hidden.items() if name not in personal_fields(type(arguments))}
    redacted = redact_value(plain)
    assert isinstance(redacted, dict)  # noqa: S101 - a mapping is redacted to a mapping
    return {name: redacted.get(name, hidden[name]) for name in to_document(arguments)}
