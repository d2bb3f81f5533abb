"""Acts: what is told of a no, what a person reads, and what goes stale between the question and the yes."""

from dataclasses import replace

from support_house import TENANT, SupportHouse

from casewright.domain.case import Language
from casewright.domain.conversation import Slots
from casewright.domain.principal import Scope
from casewright.service.support import load_desk_templates
from casewright.service.support_acts import ActStatus, Speaker, summarise
from casewright.writing.shop_replies import Words

SPEAKER = Speaker(Language.EN, desks=load_desk_templates())


def test_a_text_that_may_not_leave_is_replaced() -> None:
    unsafe = Words("Send me your PIN and 9999 USD will be refunded.", Language.EN)
    safe = SPEAKER.let_out(unsafe)
    assert "PIN" not in safe.text
    assert SPEAKER.passes(safe)


def test_what_is_missing_is_not_told_beside_a_no() -> None:
    words = SPEAKER.refusal(("final_sale", "evidence_missing"), ("RET-3.2",), "create_return")
    assert "photo" not in words.text
    assert "final sale" in words.text
    assert "photo" in SPEAKER.refusal(("evidence_missing",), (), "create_return").text


def test_a_summary_is_one_line_of_codes_and_of_what_was_said() -> None:
    slots = Slots(
        intent="refund", order_id="#W1", line_ids=("1", "2"), reason="damaged", refused=("final_sale",)
    )
    line = summarise(slots, "it is\nbroken\x07 " + "x" * 900)
    assert line.startswith(
        "wants refund; order #W1; items 1, 2; reason damaged; refused before final_sale; said: it is broken"
    )
    assert len(line) <= 480
    assert line.isprintable()
    assert summarise(Slots(), "") == "nothing was understood"


def test_what_went_stale_is_shown_again_and_waits_again(support_house: SupportHouse) -> None:
    asker = support_house.customer(1)
    (proposed,) = support_house.talk(asker, "cancel ORD-1001, I no longer need it")
    address = {"address1": "1 Test Way", "city": "Exampleton", "country": "USA"}
    tools, proposals = support_house.shop.tools, support_house.shop.proposals
    other = tools.call(asker, "modify_address", {"order_id": "ORD-1001", "address": address}, key="k-1")
    assert other.proposal is not None
    assert proposals.commit(asker, other.proposal.proposal_id, other.confirmation).status.value == "done"
    name = proposed.conversation.conversation_id
    renewed = support_house.doors.support.take_turn(asker, "yes", name)
    assert renewed.outcome.status is ActStatus.PROPOSED
    assert "confirmation_stale" in renewed.outcome.reasons
    assert renewed.outcome.slots.proposal_id != proposed.outcome.slots.proposal_id
    done = support_house.doors.support.take_turn(asker, "yes", name)
    assert done.outcome.status is ActStatus.DONE


def test_who_may_only_propose_brings_a_person_and_carries_nothing_out(support_house: SupportHouse) -> None:
    proposer = replace(support_house.customer(1), scopes=frozenset({Scope.READ, Scope.PROPOSE}))
    before = support_house.business_rows()
    *_, yes = support_house.talk(proposer, "cancel ORD-1001, I no longer need it", "yes")
    assert yes.outcome.status is ActStatus.REFUSED
    assert yes.outcome.reasons == ("not_permitted",)
    assert support_house.business_rows() == before
    (person,) = support_house.talk(proposer, "give me a human")
    assert person.outcome.is_escalated
    (waiting,) = support_house.doors.queue(TENANT).waiting()
    assert waiting.record.reason == "person_requested"
