"""Every honest request gets the answer that policy gives, by hand, and moves nothing before it is confirmed."""

import pytest
from shop_situations import SITUATIONS, Situation
from support_house import SupportHouse, support_house, support_houses

__all__ = ["support_house", "support_houses"]


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.message[:40])
def test_a_request_gets_the_answer_that_policy_gives(
    situation: Situation, support_house: SupportHouse
) -> None:
    before = support_house.business_rows()
    (result,) = support_house.talk(support_house.customer(situation.customer), situation.message)
    outcome = result.outcome
    assert (outcome.status.value, outcome.tool) == (situation.status, situation.tool)
    if situation.reasons is not None:
        assert outcome.reasons == situation.reasons
    if situation.status == "refused" and situation.reasons != ("order_not_found",):
        assert outcome.clauses
    after = support_house.business_rows()
    moved = {name for name in after if after[name] != before[name]}
    assert moved == ({"escalations"} if situation.status == "escalated" else set())
    assert support_house.gateway.moves == []
