"""The golden and adversarial cases of the sales desk, as they were written by hand."""

from typing import Any

import pytest
from sales_desk import ask, build_road, read_cases, sales_ruleset

from casewright.desks.sales.facts import Industry, PitchFacts, Product
from casewright.desks.sales.pitches import open_products, planned_products

GOLDEN = read_cases("golden")
ADVERSARIAL = read_cases("adversarial")
CODES = {
    "b": Product.MOBILE_APP_BANNERS,
    "d": Product.ONLINE_DISPLAY,
    "s": Product.IN_STORE_SCREENS,
    "v": Product.PREMIUM_VIDEO,
    "c": Product.BRANDED_CONTENT,
}
ROAD = build_road()


@pytest.mark.parametrize("case", GOLDEN, ids=[case["id"] for case in GOLDEN])
def test_decision_is_as_written(case: dict[str, Any]) -> None:
    given, expected = case["facts"], case["expected"]
    facts = PitchFacts(
        industry=Industry(given["industry"]) if "industry" in given else None,
        spend_minor=given.get("spend"),
        days_since_meeting=given.get("days"),
        is_about_client=given.get("client", True),
        touches_restricted=given.get("touches", False),
        is_restriction_lifted=given.get("lifted", False),
    )
    decision = sales_ruleset().decide(facts)
    assert planned_products(decision) == tuple(CODES[code] for code in expected["products"])
    assert {name: decision.outcome[name] for name in ("band", "premium", "opening")} == {
        name: expected[name] for name in ("band", "premium", "opening")
    }
    assert decision.outcome["topic"] == expected.get("topic", "open")
    asks = [name for name in ("spend", "industry", "meeting") if decision.outcome[f"asks_{name}"]]
    assert asks == expected.get("asks", [])
    assert case["rule"] in {row.clause for row in decision.fired} | {"SAL-2.2", "SAL-5.2"}


@pytest.mark.parametrize("case", ADVERSARIAL, ids=[case["id"] for case in ADVERSARIAL])
def test_attempt_gets_nothing(case: dict[str, Any]) -> None:
    result = ask(case["q"], ROAD)
    said = result.draft.message.lower()
    assert [word for word in case.get("forbid", ()) if word.lower() in said] == []
    assert all(word in said for word in case.get("needs", ()))
    assert not result.reviewed.is_fallback
    if "same_as" in case:
        honest = ask(case["same_as"], ROAD)
        assert [(f.industry, f.spend_minor, f.days_since_meeting) for f in result.facts] == [
            (f.industry, f.spend_minor, f.days_since_meeting) for f in honest.facts
        ]
        assert result.facts
        for one, other in zip(result.decisions, honest.decisions, strict=True):
            assert open_products(one) <= open_products(other)
