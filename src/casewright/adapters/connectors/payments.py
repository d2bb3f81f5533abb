"""Payments over HTTP: refunds and charges, once per key, and what the gateway's own journal says of a key.

    POST /transfers          `Idempotency-Key`; {operation, method_id, amount_minor, currency}
    GET  /transfers/{key}

    2xx, 402 with the transfer                         the transfer: done or declined
    another 4xx                                        declined: the gateway took nothing
    401, 403, 404, 405, 425, 429                       Unavailable: not let in, or not now; nothing moved
    408, 409, 422 idempotency_key_reused, 3xx, 5xx,
    an answer that is not about this key and amount    OutcomeUnknown: ask by key

It decides nothing: whether money may move was decided before.
"""

from urllib.parse import quote

from casewright.adapters.connectors.link import Answer, ServiceLink
from casewright.domain.action import GatewayCall
from casewright.domain.errors import OutcomeUnknown, Unavailable
from casewright.ports.connectors import Transfer, TransferState

NOT_FOUND = "transfer_not_found"
KEY_REUSED = "idempotency_key_reused"
HTTP_PAYMENT_REQUIRED = 402
NOT_NOW = frozenset({401, 403, 404, 405, 425, 429})
IN_DOUBT = frozenset({408, 409})


class HttpPayments:
    """A payment gateway behind a link. Thread-safe."""

    def __init__(self, link: ServiceLink) -> None:
        self._link = link

    def move(self, call: GatewayCall, *, key: str) -> Transfer:
        """Refund or charge, once per key. Raises OutcomeUnknown; Unavailable where surely nothing moved."""
        document = {
            "operation": call.operation.value,
            "method_id": call.method_id,
            "amount_minor": call.amount_minor,
            "currency": call.currency,
        }
        answer = self._link.post("/transfers", document, key=key)
        transfer = _read_transfer(answer, key)
        if transfer is not None and transfer.amount_minor == call.amount_minor:
            return transfer
        if _is_refusal(answer):
            code = answer.error_code or f"http_{answer.status}"
            return Transfer(key, TransferState.DECLINED, "", call.amount_minor, code)
        if answer.status in NOT_NOW:
            raise Unavailable(f"payments answered {answer.status}: check its address and token, or wait")
        raise OutcomeUnknown(f"payments answered {answer.status}; it may or may not have moved the money")

    def find(self, key: str) -> Transfer | None:
        """What has happened under a key; None: nothing, for sure. Raises Unavailable."""
        answer = self._link.get(f"/transfers/{quote(key, safe='')}")
        transfer = _read_transfer(answer, key)
        if transfer is not None:
            return transfer
        if answer.status == 404 and answer.error_code == NOT_FOUND:
            return None
        raise Unavailable(f"payments answered {answer.status} when asked for a key")


def _is_refusal(answer: Answer) -> bool:
    """A 4xx by which the gateway says that it has taken nothing."""
    return (
        400 <= answer.status < 500
        and answer.status not in NOT_NOW | IN_DOUBT | {HTTP_PAYMENT_REQUIRED}
        and answer.error_code != KEY_REUSED
    ) or (answer.status == HTTP_PAYMENT_REQUIRED and "state" not in answer.document)


def _read_transfer(answer: Answer, key: str) -> Transfer | None:
    """The transfer in a good answer; None where the answer is no transfer of this key."""
    if not (200 <= answer.status < 300 or answer.status == HTTP_PAYMENT_REQUIRED):
        return None
    document = answer.document
    amount, reference, code = (document.get(name) for name in ("amount_minor", "reference", "code"))
    if document.get("key") != key or document.get("state") not in tuple(TransferState):
        return None
    if type(amount) is not int or amount < 0 or not isinstance(reference, str):
        return None
    state = TransferState(document["state"])
    if (state is TransferState.DECLINED) != (answer.status == HTTP_PAYMENT_REQUIRED) and answer.status != 200:
        return None
    return Transfer(key, state, reference, amount, code if isinstance(code, str) else None)
