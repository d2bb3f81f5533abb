"""The shop, opened: rulesets by tenant and day, traces without personal values, no payments where none is set."""

import io
import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from casewright.adapters.log import configure_logging
from casewright.domain.action import GatewayCall, GatewayOperation
from casewright.domain.errors import ConfigurationError, Unavailable
from casewright.service.shop import NoPayments, RulesetShelf, build_shop
from casewright.tools.answers import ToolTrace

AT = datetime(2026, 6, 1, 23, tzinfo=UTC)
CALL = GatewayCall(GatewayOperation.REFUND, "card-1", 100, "USD", "refund-1")


def test_ruleset_is_compiled_once_for_a_desk_a_tenant_and_a_day() -> None:
    shelf = RulesetShelf(None)
    first = shelf("returns", "main", AT)
    assert shelf("returns", "main", AT.replace(hour=1)) is first
    assert shelf("returns", "tau2", AT).parameters["policy_scope"] == "order_life"
    assert first.parameters["policy_scope"] == "full"


def test_date_that_is_set_holds_whatever_the_clock_says() -> None:
    shelf = RulesetShelf(date(2026, 6, 1))
    assert shelf("orders", "main", AT) is shelf("orders", "main", AT.replace(year=2030))


def test_without_a_payment_service_surely_nothing_moves() -> None:
    with pytest.raises(Unavailable, match="casewright sandbox") as caught:
        NoPayments().move(CALL, key="k")
    assert caught.value.code == "payments_not_configured"
    with pytest.raises(Unavailable):
        NoPayments().find("k")


def test_address_of_the_payment_service_is_checked_when_the_shop_opens(shop_world: Any) -> None:
    environment = {"CASEWRIGHT_PAYMENTS_URL": "ftp://payments"}
    with pytest.raises(ConfigurationError, match="CASEWRIGHT_PAYMENTS_URL"):
        build_shop(shop_world.settings, shop_world.shop.database, environment=environment)


def test_call_is_logged_with_labels_and_times_and_nothing_of_what_was_said(
    shop_world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logging("info")
    shop = build_shop(shop_world.settings, shop_world.shop.database, payments=shop_world.gateway)
    try:
        asker = replace(shop_world.customer(1), subject_id="my pin is 4821")
        arguments = {"reason": "other", "summary": "my PIN is 4821 and I live at 1 Elm Row"}
        shop.tools.call(asker, "create_escalation", arguments, key="k1")
    finally:
        shop.close()
        configure_logging("error")
    [line] = [json.loads(each) for each in stream.getvalue().splitlines() if "case:tool:called" in each]
    assert (line["tool"], line["outcome"]) == ("create_escalation", "done")
    assert line["timings_us"]["call"] >= 0
    assert "4821" not in json.dumps(line)
    assert "Elm Row" not in json.dumps(line)


def test_trace_is_plain_data() -> None:
    trace = ToolTrace("t", "main", "usr_1", {}, "done", (), AT, {"call": 1})
    assert trace.note == ""
