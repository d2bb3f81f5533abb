"""The catalogue of this installation: every tool of the specification, and a sentence for every reason."""

import pytest

from casewright.bootstrap import load_desk
from casewright.service.tool_catalogue import TOOL_REASONS, build_catalogue, describe_reason
from casewright.tools.committing import NOT_CONFIRMABLE
from casewright.tools.spec import ToolEffect

READS = {
    "lookup_order",
    "list_orders",
    "find_products",
    "get_policy",
    "check_eligibility",
    "compute_refund",
    "get_case_status",
    "get_customer",
    "search_knowledge",
}
WRITES = {
    "create_order",
    "cancel_order",
    "modify_address",
    "modify_customer_address",
    "modify_payment",
    "modify_items",
    "create_return",
    "create_label",
    "create_exchange",
    "create_replacement",
    "issue_refund",
    "store_evidence",
    "create_escalation",
}


def test_every_tool_is_there_with_its_effect() -> None:
    by_effect = {
        effect: {tool.name for tool in build_catalogue() if tool.effect is effect} for effect in ToolEffect
    }
    assert by_effect == {ToolEffect.READ: READS, ToolEffect.WRITE: WRITES}


def test_every_write_says_who_may_approve_it() -> None:
    assert [tool.name for tool in build_catalogue() if tool.name in WRITES and tool.approval is None] == []


def test_only_what_moves_neither_money_nor_goods_is_done_in_one_step() -> None:
    direct = {tool.name for tool in build_catalogue() if tool.name in WRITES and not tool.is_two_step}
    assert direct == {"modify_customer_address", "store_evidence", "create_escalation"}
    assert {tool.name for tool in build_catalogue() if tool.is_harmless} == {
        "store_evidence",
        "create_escalation",
    }


@pytest.mark.parametrize("desk", ["orders", "returns"])
def test_every_reason_of_a_desk_has_its_sentence(desk: str) -> None:
    for code in load_desk(desk).reasons:
        assert describe_reason(code).endswith("."), code


def test_every_reason_of_the_executor_has_its_sentence() -> None:
    assert set(TOOL_REASONS) >= NOT_CONFIRMABLE
    assert describe_reason("something_else") == "Something else."
