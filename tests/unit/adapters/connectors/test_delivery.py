"""Deliveries: personal values stand where their tokens stood, and nowhere else."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from casewright.adapters.connectors.delivery import HttpDelivery, fill_tokens, find_tokens
from casewright.adapters.connectors.link import Answer, ServiceAddress, ServiceLink
from casewright.domain.errors import OutcomeUnknown, Unavailable, Undeliverable

PAYLOAD = {
    "order_id": "#W1",
    "email_token": "email_a",
    "parcels": [{"address_token": "address_b", "lines": ["1", "2"]}, {"address_token": None}],
    "token": "stays",
    "count_token": 3,
}
VALUES = {"email_a": "ada@example.com", "address_b": "1 Sample Road"}


class Answering(ServiceLink):
    """A link that has the answer already, and keeps what it was sent."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(ServiceAddress("mail", "http://127.0.0.1:1"))
        self.answer = answer
        self.sent: list[Mapping[str, Any]] = []

    def post(self, path: str, document: Mapping[str, Any], *, key: str) -> Answer:
        self.sent.append(document)
        return self.answer


def resolve(tokens: Sequence[str]) -> Mapping[str, str]:
    return {token: VALUES[token] for token in tokens if token in VALUES}


def test_tokens_are_found_and_filled_at_any_depth() -> None:
    assert find_tokens(PAYLOAD) == {"email_a", "address_b"}
    assert fill_tokens(PAYLOAD, VALUES) == {
        "order_id": "#W1",
        "email": "ada@example.com",
        "parcels": [{"address": "1 Sample Road", "lines": ["1", "2"]}, {"address_token": None}],
        "token": "stays",
        "count_token": 3,
    }


def test_what_came_of_it_is_the_services_result() -> None:
    link = Answering(Answer(201, {"key": "k", "result": {"message_id": "m"}}))
    assert HttpDelivery(link, resolve).deliver("notice", PAYLOAD, key="k") == {"message_id": "m"}
    assert link.sent == [{"kind": "notice", "payload": fill_tokens(PAYLOAD, VALUES)}]


def test_a_value_that_was_erased_is_not_replaced_by_anything() -> None:
    link = Answering(Answer(201, {"key": "k", "result": {}}))
    with pytest.raises(Undeliverable) as raised:
        HttpDelivery(link, lambda tokens: {}).deliver("notice", PAYLOAD, key="k")
    assert raised.value.code == "value_erased"
    assert link.sent == []


@pytest.mark.parametrize(
    ("status", "document", "error"),
    [
        (400, {}, Undeliverable),
        (422, {"error": {"code": "no_such_address"}}, Undeliverable),
        (401, {}, Unavailable),
        (404, {}, Unavailable),
        (429, {}, Unavailable),
        (409, {}, OutcomeUnknown),
        (500, {}, OutcomeUnknown),
        (302, {}, OutcomeUnknown),
        (200, {}, OutcomeUnknown),
        (200, {"key": "other", "result": {}}, OutcomeUnknown),
        (200, {"key": "k", "result": "m"}, OutcomeUnknown),
    ],
)
def test_what_is_no_clear_yes_is_an_error_of_its_kind(
    status: int, document: Mapping[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        HttpDelivery(Answering(Answer(status, document)), resolve).deliver("notice", {}, key="k")
