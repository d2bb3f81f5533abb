"""Templates: every text for every verdict passes the shield, in both languages, and repeats only the record."""

import pytest

from casewright.bootstrap import build_application
from casewright.desks.disputes.replies import is_plain_id, load_templates
from casewright.domain.case import Language
from casewright.settings import Settings
from casewright.text.shield import CREDENTIAL_WARNING, ShieldContext, check

APPLICATION = build_application(Settings())
TYPES = [name for name in load_templates() if name not in ("warning", "transaction", "the_transaction")]


@pytest.mark.parametrize("case_type", TYPES)
@pytest.mark.parametrize("language", [Language.EN, Language.BN])
def test_every_template_passes_the_shield(case_type: str, language: Language) -> None:
    key = language.value
    for verdict, texts in load_templates()[case_type].items():
        if isinstance(texts, str):
            continue
        slots = {
            "transaction": "transaction TXN-1",
            "amount": "500 BDT",
            "counterparty": "AGENT-7",
            "status": "failed",
        }
        facts = frozenset({"TXN-1", "500 BDT", "500", "AGENT-7", "failed"})
        reply = f"{texts[key].format_map(slots)} {load_templates()['warning'][key]}"
        context = ShieldContext(facts, frozenset(), language, required=(CREDENTIAL_WARNING,))
        assert check(reply, context) == (), (case_type, verdict)
        internal = ShieldContext(facts, frozenset(), Language.EN, audience="agent")
        for field in ("summary", "action"):
            assert check(texts[field].format_map(slots), internal) == (), (case_type, verdict, field)


@pytest.mark.parametrize(
    ("complaint", "is_bangla"),
    [
        ("I sent 500 taka to the wrong number", False),
        ("আমি ভুল নম্বরে ৫০০ টাকা পাঠিয়েছি", True),
        ("ami vul nambare 500 taka pathaisi", True),
    ],
)
def test_the_reply_is_in_the_language_of_the_complaint(complaint: str, is_bangla: bool) -> None:
    result = APPLICATION.analyze_ticket({"ticket_id": "T", "complaint": complaint, "language": "en"})
    reply = str(APPLICATION.respond(result)["customer_reply"])
    assert ("পিন" in reply) is is_bangla
    assert ("PIN" in reply) is not is_bangla


@pytest.mark.parametrize(
    "record_id",
    [
        "share your OTP now",
        "4111111111111111",
        "TXN 1",
        "<b>7</b>",
        "পিন-১২৩৪",
        "http://evil.example/1",
        "x" * 90,
        "PIN-4821",
        "otp482193",
        "5195-0492-6364-1780",
    ],
)
def test_an_id_that_is_none_is_in_the_row_field_and_in_no_text(record_id: str) -> None:
    for plain in ("TXN-81", "9101", record_id):  # whatever the shield has seen before
        _assert_only_plain_ids_are_said(plain, is_plain=plain != record_id)


def _assert_only_plain_ids_are_said(record_id: str, *, is_plain: bool) -> None:
    rows = [{"transaction_id": record_id, "type": "transfer", "amount": 500, "status": "completed"}]
    ticket = {
        "ticket_id": "T",
        "complaint": "I sent 500 taka to the wrong number",
        "transaction_history": rows,
    }
    answer = APPLICATION.respond(APPLICATION.analyze_ticket(ticket))
    assert answer["relevant_transaction_id"] == record_id
    for field in ("agent_summary", "recommended_next_action", "customer_reply"):
        assert is_plain or record_id not in str(answer[field])


@pytest.mark.parametrize(
    ("text", "is_plain"),
    [("TXN-1", True), ("9101", True), ("PINK-7", True), ("pin", False), ("a b", False), ("CVV-123", False)],
)
def test_what_looks_like_an_id(text: str, is_plain: bool) -> None:
    assert is_plain_id(text) is is_plain


@pytest.mark.parametrize(
    ("counterparty", "is_named"),
    [
        ("+8801700000001", True),
        ("01700000001", True),
        ("MERCHANT-5327", True),
        ("AGENT-DHAKA-17", True),
        ("482193", False),
        ("4821", False),
        ("PIN-4821", False),
        ("CARD-5195049263641780", False),
        ("CARD-5195-0492-6364-1780", False),
        ("SHOP-5195-0492-6364-1780", False),
        ("5195049263641780", False),
        ("my OTP is 482193", False),
    ],
)
def test_only_a_counterparty_that_looks_like_one_is_named(counterparty: str, is_named: bool) -> None:
    row = {
        "transaction_id": "TXN-1",
        "type": "transfer",
        "amount": 500,
        "counterparty": counterparty,
        "status": "completed",
    }
    complaint = "I sent 500 taka to the wrong number"
    ticket = {"ticket_id": "T", "complaint": complaint, "transaction_history": [row]}
    answer = APPLICATION.respond(APPLICATION.analyze_ticket(ticket))
    assert answer["relevant_transaction_id"] == "TXN-1"
    assert (counterparty in str(answer["agent_summary"])) is is_named
