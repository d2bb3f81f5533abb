"""Courier and mail over HTTP: what the outbox holds is delivered once per key.

    POST /deliveries         `Idempotency-Key`; {kind, payload} → 2xx {key, result}

    refused, 401, 403, 404, 405, 425, 429              Unavailable
    time-out, broken, 408, 409, 3xx, 5xx, no result    OutcomeUnknown: the same key again is safe
    another 4xx                                        Undeliverable

Invariant: personal values are looked up here, at the last moment, and go to the service only. A payload's
`<name>_token` becomes `<name>`, at any depth; a token whose value was erased makes the message undeliverable.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casewright.adapters.connectors.link import ServiceLink
from casewright.domain.errors import OutcomeUnknown, Unavailable, Undeliverable

Resolve = Callable[[Sequence[str]], Mapping[str, str]]
"""Values of vault tokens; `Vault.resolve` of one tenant."""
TOKEN_SUFFIX = "_token"  # noqa: S105  a field's ending, no secret
NOT_NOW = frozenset({401, 403, 404, 405, 425, 429})
IN_DOUBT = frozenset({408, 409})


class HttpDelivery:
    """A courier or a mail service behind a link, for one tenant. Thread-safe; links may be shared."""

    def __init__(self, link: ServiceLink, resolve: Resolve) -> None:
        self._link = link
        self._resolve = resolve

    def deliver(self, kind: str, payload: Mapping[str, Any], *, key: str) -> Mapping[str, Any]:
        """Deliver once per key, and say what came of it, such as `{"tracking_id": …}`."""
        name = self._link.address.name
        tokens = sorted(find_tokens(payload))
        values = self._resolve(tokens) if tokens else {}
        if len(values) < len(tokens):
            raise Undeliverable(
                f"{name}: a personal value of this message no longer exists", code="value_erased"
            )
        answer = self._link.post(
            "/deliveries", {"kind": kind, "payload": fill_tokens(payload, values)}, key=key
        )
        if answer.status in NOT_NOW:
            raise Unavailable(f"{name} answered {answer.status}: check its address and token, or wait")
        if 400 <= answer.status < 500 and answer.status not in IN_DOUBT:
            raise Undeliverable(
                f"{name} refused: {answer.error_code or answer.status}", code=answer.error_code
            )
        result = answer.document.get("result")
        if (
            not 200 <= answer.status < 300
            or answer.document.get("key") != key
            or not isinstance(result, dict)
        ):
            raise OutcomeUnknown(f"{name} answered {answer.status}; it may or may not have delivered")
        return result


def find_tokens(payload: object) -> set[str]:
    """Every token of a payload."""
    if isinstance(payload, Mapping):
        own = {
            value for name, value in payload.items() if name.endswith(TOKEN_SUFFIX) and isinstance(value, str)
        }
        return own.union(*(find_tokens(value) for value in payload.values()))
    if isinstance(payload, Sequence) and not isinstance(payload, str):
        return set().union(*(find_tokens(value) for value in payload))
    return set()


def fill_tokens(payload: object, values: Mapping[str, str]) -> Any:
    """The payload with each `<name>_token` replaced by `<name>` and its value."""
    if isinstance(payload, Mapping):
        return {
            name.removesuffix(TOKEN_SUFFIX) if _is_token(name, value) else name: values[value]
            if _is_token(name, value)
            else fill_tokens(value, values)
            for name, value in payload.items()
        }
    if isinstance(payload, Sequence) and not isinstance(payload, str):
        return [fill_tokens(value, values) for value in payload]
    return payload


def _is_token(name: str, value: object) -> bool:
    return name.endswith(TOKEN_SUFFIX) and isinstance(value, str)
