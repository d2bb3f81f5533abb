"""The benchmark's calls as calls of our tools, made over HTTP in the session of one customer.

A write is prepared and, where it is proposed, committed with its confirmation, as a customer's page does it.
Whoever calls is known from the key alone; an argument that names a customer is passed on as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from casewright.domain.errors import Unavailable
from casewright.evaluation.tau_set import TauCall
from casewright.evaluation.tau_states import read_order, read_user

TIMEOUT_S = 60.0
TOOLS = {
    "cancel_pending_order": "cancel_order",
    "modify_pending_order_address": "modify_address",
    "modify_pending_order_items": "modify_items",
    "modify_pending_order_payment": "modify_payment",
    "return_delivered_order_items": "create_return",
    "exchange_delivered_order_items": "create_exchange",
    "modify_user_address": "modify_customer_address",
    "get_order_details": "lookup_order",
    "get_user_details": "get_customer",
    "transfer_to_human_agents": "create_escalation",
}
"""The benchmark's tools, and ours that do the same."""
_NAMES = {
    "new_item_ids": "new_variant_ids",
    "payment_method_id": "method_id",
    "user_id": "customer_id",
}
_ADDRESS = ("address1", "address2", "city", "state", "country", "zip")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one call."""

    is_permitted: bool
    status: str
    """Of the answer, or the code of the error."""
    reason_codes: tuple[str, ...] = ()

    def __str__(self) -> str:
        codes = f" ({', '.join(self.reason_codes)})" if self.reason_codes else ""
        return f"{self.status}{codes}"


def map_arguments(call: TauCall) -> dict[str, Any]:
    """The arguments under our names; what we have no name for goes along and is for the tool to judge."""
    if call.name == "transfer_to_human_agents":
        return {"reason": "person_requested", "summary": str(call.arguments.get("summary", "-"))[:500]}
    mapped = {_NAMES.get(name, name): value for name, value in call.arguments.items() if name not in _ADDRESS}
    address = {name: call.arguments[name] for name in _ADDRESS if name in call.arguments}
    return mapped | ({"address": address} if address else {})


class TauCaller:
    """Calls one service. Keys by customer; a call in nobody's session is made without one."""

    def __init__(self, url: str, keys: Mapping[str, str]) -> None:
        self._client = httpx2.Client(base_url=url, timeout=TIMEOUT_S)
        self._keys = keys
        self._calls = 0

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def call(self, call: TauCall, user: str | None) -> Verdict:
        """Make a call, and confirm what it proposes. Raises Unavailable where the service fails."""
        tool = TOOLS.get(call.name)
        if tool is None:
            return Verdict(is_permitted=False, status="unknown_tool")
        self._calls += 1
        answer = self._post(f"/tools/{tool}", map_arguments(call), user, key=f"call-{self._calls}")
        if answer.get("status") == "proposed":
            proposal = answer["proposal"]
            if proposal["confirmation"] is None:
                return Verdict(is_permitted=False, status=str(proposal["state"]))
            path = f"/proposals/{proposal['proposal_id']}/commit"
            answer = self._post(path, {"confirmation": proposal["confirmation"]}, user)
        if "error" in answer:
            return Verdict(is_permitted=False, status=str(answer["error"]["code"]))
        status = str(answer["status"])
        return Verdict(status == "done", status, tuple(answer["reason_codes"]))

    def order(self, order_id: str, owner: str) -> dict[str, Any]:
        """An order as its owner sees it, in the benchmark's form."""
        [shown] = self._read("lookup_order", {"order_id": order_id}, owner)["orders"]
        return read_order(shown)

    def order_version(self, order_id: str, owner: str) -> int:
        """How often the order was written."""
        [shown] = self._read("lookup_order", {"order_id": order_id}, owner)["orders"]
        return int(shown["version"])

    def user(self, user_id: str) -> dict[str, Any]:
        """A customer as they see themselves, in the benchmark's form."""
        return read_user(
            self._read("get_customer", {}, user_id), self._read("list_orders", {"limit": 50}, user_id)
        )

    def _read(self, tool: str, arguments: Mapping[str, Any], user: str) -> Any:
        answer = self._post(f"/tools/{tool}", arguments, user)
        if answer.get("status") != "done":
            raise Unavailable(f"{tool} did not answer its own customer: {answer.get('status', 'error')}")
        return answer["result"]

    def _post(
        self, path: str, document: Mapping[str, Any], user: str | None, *, key: str | None = None
    ) -> dict[str, Any]:
        headers = {} if key is None else {"idempotency-key": key}
        if user is not None:
            headers["x-api-key"] = self._keys[user]
        try:
            response = self._client.post(path, json=document, headers=headers)
            answer = response.json()
        except (httpx2.HTTPError, ValueError) as error:
            raise Unavailable(f"{path}: the service gave no answer: {type(error).__name__}") from None
        if response.status_code >= 500 or not isinstance(answer, dict):
            raise Unavailable(f"{path}: the service answered {response.status_code}")
        return answer
