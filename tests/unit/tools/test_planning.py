"""Planning: no approval rule means refuse, and so does a limit that the policy does not hold."""

from dataclasses import replace
from typing import Any

import pytest

from casewright.domain.principal import Role
from casewright.tools.catalogue import Catalogue
from casewright.tools.executor import ToolExecutor
from casewright.tools.spec import ApprovalRule

CANCEL = {"order_id": "ORD-1001", "reason": "no longer needed"}
ADDRESS = {"address1": "1 New Road", "city": "Exampleton", "country": "USA"}


def executor_with(world: Any, tool: str, approval: ApprovalRule | None) -> ToolExecutor:
    equipment = world.shop.tools._with
    changed = (
        replace(each, approval=approval) if each.name == tool else each for each in equipment.catalogue
    )
    return ToolExecutor(replace(equipment, catalogue=Catalogue(changed)))


@pytest.mark.parametrize("rule", [None, ApprovalRule("no_such_limit")])
@pytest.mark.parametrize(
    ("tool", "arguments"),
    [("cancel_order", CANCEL), ("modify_customer_address", {"address": ADDRESS})],
)
def test_write_that_nobody_may_allow_is_refused(
    shop_world: Any, rule: ApprovalRule | None, tool: str, arguments: dict[str, Any]
) -> None:
    executor = executor_with(shop_world, tool, rule)
    answer = executor.call(shop_world.customer(1), tool, arguments, key="k1")
    assert answer.reason_codes == ("no_approval_rule",)
    assert answer.proposal is None
    profile = shop_world.shop.tools.call(shop_world.customer(1), "get_customer", {}).result
    assert profile["address"]["address1"] != "1 New Road"


def test_file_that_nobody_may_allow_is_not_kept(shop_world: Any) -> None:
    executor = executor_with(shop_world, "store_evidence", None)
    arguments = {"order_id": "ORD-1002", "content": "AAAA"}
    answer = executor.call(shop_world.customer(1), "store_evidence", arguments, key="k1")
    assert answer.reason_codes == ("no_approval_rule",)


def test_amount_above_the_limit_that_a_rule_names_waits_for_an_agent(
    shop_world: Any,
) -> None:
    executor = executor_with(shop_world, "cancel_order", ApprovalRule("shipping_fee_minor"))
    answer = executor.call(shop_world.customer(1), "cancel_order", CANCEL, key="k1")
    assert answer.proposal is not None
    assert answer.proposal.approval is not None
    assert answer.proposal.approval.needed is Role.AGENT


def test_case_of_a_call_is_its_conversations_or_its_orders_or_its_customers(shop_world: Any) -> None:
    asker = shop_world.customer(1)
    tools = shop_world.shop.tools
    own = tools.call(asker, "cancel_order", CANCEL, key="k1")
    told = tools.call(asker, "cancel_order", CANCEL, key="k2", case_id="CNV-7")
    assert own.proposal.case_id == "order:ORD-1001"
    assert told.proposal.case_id == "CNV-7"
    tools.call(asker, "modify_customer_address", {"address": ADDRESS}, key="k3")
    chains = shop_world.shop.database.read(
        lambda connection: connection.exec_driver_sql("SELECT case_id FROM ledger_heads").fetchall()
    )
    assert [row[0] for row in chains] == ["customer:CUS-1001"]
