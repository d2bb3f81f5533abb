"""The benchmark's calls under our names; an answer that is none is an outage, never a verdict."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from casewright.domain.errors import Unavailable
from casewright.evaluation.tau_calls import TauCaller, map_arguments
from casewright.evaluation.tau_set import TauCall

Answers = dict[str, tuple[int, Any]]
CANCEL = TauCall("cancel_pending_order", {"order_id": "#1", "reason": "no longer needed"})
PROPOSED = {
    "status": "proposed",
    "reason_codes": [],
    "proposal": {"proposal_id": "prp_1", "state": "open", "confirmation": "yes"},
}


@pytest.fixture
def asked() -> list[httpx2.Request]:
    return []


@pytest.fixture
def answers() -> Answers:
    return {}


@pytest.fixture
def caller(asked: list[httpx2.Request], answers: Answers) -> Iterator[TauCaller]:
    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        status, document = answers[request.url.path]
        return httpx2.Response(status, content=json.dumps(document))

    made = TauCaller("http://service", {"ann": "key-of-ann"})
    made._client = httpx2.Client(base_url="http://service", transport=httpx2.MockTransport(answer))
    yield made
    made.close()


def test_arguments_get_our_names_and_an_address_is_one() -> None:
    call = TauCall("modify_user_address", {"user_id": "ann", "address1": "1 Elm Row", "zip": "1"})
    assert map_arguments(call) == {"customer_id": "ann", "address": {"address1": "1 Elm Row", "zip": "1"}}
    swap = {"order_id": "#1", "item_ids": ["a"], "new_item_ids": ["b"], "payment_method_id": "c"}
    assert map_arguments(TauCall("modify_pending_order_items", swap)) == {
        "order_id": "#1",
        "item_ids": ["a"],
        "new_variant_ids": ["b"],
        "method_id": "c",
    }


def test_proposal_is_committed_with_its_confirmation_in_the_same_session(
    caller: TauCaller, asked: list[httpx2.Request], answers: Answers
) -> None:
    answers["/tools/cancel_order"] = (202, PROPOSED)
    answers["/proposals/prp_1/commit"] = (200, {"status": "done", "reason_codes": []})
    verdict = caller.call(CANCEL, "ann")
    assert verdict.is_permitted
    assert [request.headers["x-api-key"] for request in asked] == ["key-of-ann"] * 2
    assert asked[0].headers["idempotency-key"]
    assert json.loads(asked[1].content) == {"confirmation": "yes"}


@pytest.mark.parametrize(
    ("status", "document", "shown"),
    [
        (
            200,
            {"status": "refused", "reason_codes": ["order_not_found"]},
            "refused (order_not_found)",
        ),
        (
            202,
            {
                **PROPOSED,
                "proposal": {"proposal_id": "p", "state": "awaiting_approval", "confirmation": None},
            },
            "awaiting_approval",
        ),
        (422, {"error": {"code": "invalid_arguments"}}, "invalid_arguments"),
        (202, {"status": "under_way", "reason_codes": []}, "under_way"),
    ],
)
def test_whatever_is_not_done_is_not_permitted(
    caller: TauCaller, answers: Answers, status: int, document: Any, shown: str
) -> None:
    answers["/tools/cancel_order"] = (status, document)
    verdict = caller.call(CANCEL, "ann")
    assert (verdict.is_permitted, str(verdict)) == (False, shown)


def test_call_in_nobodys_session_goes_without_a_key(
    caller: TauCaller, asked: list[httpx2.Request], answers: Answers
) -> None:
    answers["/tools/get_customer"] = (401, {"error": {"code": "not_authenticated"}})
    assert not caller.call(TauCall("get_user_details", {"user_id": "ann"}), None).is_permitted
    assert "x-api-key" not in asked[0].headers


def test_tool_that_we_do_not_have_is_not_permitted(caller: TauCaller) -> None:
    assert str(caller.call(TauCall("calculate", {}), "ann")) == "unknown_tool"


@pytest.mark.parametrize(("status", "document"), [(500, {"error": {"code": "internal_error"}}), (200, [])])
def test_service_that_fails_is_an_outage(
    caller: TauCaller, answers: Answers, status: int, document: Any
) -> None:
    answers["/tools/cancel_order"] = (status, document)
    with pytest.raises(Unavailable):
        caller.call(CANCEL, "ann")
