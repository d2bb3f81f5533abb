import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from casewright.adapters.journal.plan_documents import (
    ActionDocument,
    DocumentUnknown,
    read_document,
    write_document,
)
from casewright.domain.action import (
    Change,
    CustomerHistory,
    EscalationRecord,
    GiftCardEntry,
    LabelRecord,
    RefundRecord,
    ReplacementRecord,
)
from casewright.domain.shop import (
    Category,
    Customer,
    ExchangeRequest,
    Fulfilment,
    MethodKind,
    PaymentMethod,
    ReturnRequest,
)
from casewright.evaluation.action_subject import AT, make_order, plan_cancel, plan_refusal

LATE = datetime(2026, 3, 2, 3, 4, 5, 678901, tzinfo=UTC)


def full_plan_document() -> ActionDocument:
    line = replace(make_order(1).lines[0], options={"size": "এম"}, category=Category.ELECTRONICS)
    order = replace(
        make_order(1),
        lines=(line,),
        fulfilments=(Fulfilment(("t1",), ("l1", "l2")),),
        returned=ReturnRequest(("l1",), "card_1", "damaged"),
        exchanged=ExchangeRequest((("l1", "v2"), ("l2", "v3")), "card_1", -5),
        delivered_at=LATE,
    )
    change = Change(
        order=order,
        new_order=replace(order, order_id="o2"),
        customer=Customer("c1", (PaymentMethod("g", MethodKind.GIFT_CARD, "Gift", 5),), name_token="name_x"),
        payments=order.payments,
        gift_cards=(GiftCardEntry("g", -5),),
        refund=RefundRecord("r1", "o1", "c1", 5, "damaged", ("l1",)),
        replacement=ReplacementRecord("rp1", "o1", "c1", "l1"),
        label=LabelRecord("lb1", "o1", ("l1",)),
        escalation=EscalationRecord("e1", "case-1", "q", "reason", "summary", LATE),
    )
    plan = replace(
        plan_cancel(make_order(1), parts=2), change=change, history=CustomerHistory("c1", 1, AT, LATE)
    )
    return ActionDocument(plan, "c1", None)


def test_what_is_written_is_read_as_an_equal_plan() -> None:
    document = full_plan_document()
    assert read_document(write_document(document)) == document


def test_a_refusal_survives_too() -> None:
    document = ActionDocument(plan_refusal(make_order(1)))
    assert read_document(write_document(document)) == document


def test_the_text_is_the_same_for_the_same_plan() -> None:
    assert write_document(full_plan_document()) == write_document(full_plan_document())


def test_a_document_of_a_newer_version_is_refused() -> None:
    content = json.loads(write_document(full_plan_document())) | {"schema_version": 2}
    with pytest.raises(DocumentUnknown, match="version 2"):
        read_document(json.dumps(content))
