"""Payments: what each kind of answer means for the money."""

from collections.abc import Mapping
from typing import Any

import pytest

from casewright.adapters.connectors.link import Answer, ServiceAddress, ServiceLink
from casewright.adapters.connectors.payments import HttpPayments
from casewright.domain.action import GatewayCall, GatewayOperation
from casewright.domain.errors import OutcomeUnknown, Unavailable
from casewright.ports.connectors import Transfer, TransferState

CALL = GatewayCall(GatewayOperation.REFUND, "card_1", 500, "USD", "1")
DONE: dict[str, Any] = {"key": "k", "state": "done", "reference": "r", "amount_minor": 500, "code": None}
DECLINED = {**DONE, "state": "declined", "code": "expired"}


class Answering(ServiceLink):
    """A link that has the answer already."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(ServiceAddress("payments", "http://127.0.0.1:1"))
        self.answer = answer

    def post(self, path: str, document: Mapping[str, Any], *, key: str) -> Answer:
        return self.answer

    def get(self, path: str) -> Answer:
        return self.answer


def answered(status: int, document: Mapping[str, Any]) -> HttpPayments:
    return HttpPayments(Answering(Answer(status, document)))


@pytest.mark.parametrize(
    ("status", "document", "state"),
    [(201, DONE, "done"), (200, DONE, "done"), (402, DECLINED, "declined"), (200, DECLINED, "declined")],
)
def test_a_transfer_is_taken_at_its_word(status: int, document: Mapping[str, Any], state: str) -> None:
    moved = answered(status, document).move(CALL, key="k")
    assert (moved.state, moved.reference, moved.amount_minor) == (TransferState(state), "r", 500)


@pytest.mark.parametrize(
    ("status", "code"), [(400, "http_400"), (402, "http_402"), (410, "http_410"), (422, "http_422")]
)
def test_a_refusal_without_a_transfer_is_declined(status: int, code: str) -> None:
    assert answered(status, {}).move(CALL, key="k") == Transfer("k", TransferState.DECLINED, "", 500, code)


@pytest.mark.parametrize("status", [401, 403, 404, 405, 425, 429])
def test_not_let_in_or_not_now_is_unavailable_never_declined(status: int) -> None:
    with pytest.raises(Unavailable):
        answered(status, {"error": {"code": "x"}}).move(CALL, key="k")


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (500, {}),
        (503, DONE),
        (302, DONE),
        (408, {}),
        (409, {}),
        (422, {"error": {"code": "idempotency_key_reused"}}),
        (200, {}),
        (204, {}),
        (402, DONE),
        (201, DECLINED),
        (201, {**DONE, "key": "other"}),
        (201, {**DONE, "amount_minor": 501}),
        (201, {**DONE, "amount_minor": True}),
        (201, {**DONE, "amount_minor": 500.0}),
        (201, {**DONE, "amount_minor": -500}),
        (201, {**DONE, "state": "pending"}),
        (201, {**DONE, "state": ["done"]}),
        (201, {**DONE, "reference": 7}),
    ],
)
def test_whatever_does_not_say_clearly_what_became_of_this_call_is_in_doubt(
    status: int, document: Mapping[str, Any]
) -> None:
    with pytest.raises(OutcomeUnknown):
        answered(status, document).move(CALL, key="k")


def test_only_the_gateways_own_word_means_that_nothing_has_happened() -> None:
    assert answered(404, {"error": {"code": "transfer_not_found"}}).find("k") is None
    for status, document in (
        (404, {}),
        (404, {"error": {"code": "no_such_page"}}),
        (200, {}),
        (409, {}),
        (500, {}),
        (200, {**DONE, "key": "x"}),
    ):
        with pytest.raises(Unavailable):
            answered(status, document).find("k")


def test_what_is_found_under_a_key_is_told_whatever_its_amount() -> None:
    found = answered(200, {**DONE, "amount_minor": 7}).find("k")
    assert found == Transfer("k", TransferState.DONE, "r", 7)
