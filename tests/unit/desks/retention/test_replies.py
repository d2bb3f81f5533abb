"""The words of an outreach: what they must hold, and what no writer may put in their place."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from casewright.bootstrap import load_ruleset
from casewright.desks.retention.deciding import Decided, decide_proposal
from casewright.desks.retention.replies import OutreachMessage, check_message, write_message
from casewright.desks.retention.situation import Consent, OutreachChannel, Situation
from casewright.domain.case import Language
from casewright.domain.outreach import ContactHistory, CustomerProfile, Plan, RetentionProposal

RULESET = load_ruleset("retention", date(2026, 6, 1))
USUAL = Situation(
    Consent.GIVEN,
    is_unsubscribed=False,
    channel=OutreachChannel.SMS,
    time_zone="Asia/Dhaka",
    budget_left_minor=100_000,
    has_complaint_room=True,
)


def decide(level: int | None, hour: int = 6) -> Decided:
    customer = CustomerProfile(0.6, 10, Plan.MONTHLY, 7_000)
    proposal = RetentionProposal(level, 28, 0.5, "hand")
    return decide_proposal(
        customer, ContactHistory(), USUAL, proposal, RULESET, datetime(2026, 6, 1, hour, tzinfo=UTC)
    )


def message_of(level: int, language: Language = Language.EN) -> OutreachMessage:
    message = write_message(decide(level), language, RULESET)
    assert message is not None
    return message


@pytest.mark.parametrize("language", [Language.EN, Language.BN, Language.MIXED])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_every_template_may_leave(level: int, language: Language) -> None:
    message = message_of(level, language)
    assert check_message(message.text, message) == ()
    assert message.language is (Language.BN if language is Language.BN else Language.EN)


def test_a_discount_states_amount_term_what_comes_after_and_that_it_may_be_declined() -> None:
    assert message_of(2).text == (
        "Thank you for being our customer. We have an offer for you. 10% off your monthly bill for 12 weeks, from the"
        " day you accept it. After 12 weeks your normal price applies again. You are free to decline, and nothing"
        " changes then. If you do not want messages like this, reply STOP or switch them off in your profile."
    )
    assert message_of(2).applied_disclaimers == (
        "offer_terms",
        "price_afterwards",
        "may_decline",
        "unsubscribe",
    )


@pytest.mark.parametrize("language", [Language.EN, Language.BN])
@pytest.mark.parametrize("channel", list(OutreachChannel))
def test_the_way_out_is_one_of_the_channel(channel: OutreachChannel, language: Language) -> None:
    decided = decide(2)
    decided = replace(decided, facts=replace(decided.facts, channel=channel))
    message = write_message(decided, language, RULESET)
    assert message is not None
    assert check_message(message.text, message) == ()
    assert ("STOP" in message.text) is (channel in (OutreachChannel.SMS, OutreachChannel.EMAIL))


def test_help_states_no_number() -> None:
    message = message_of(0)
    assert not any(mark.isdigit() for mark in message.text)
    assert message.applied_disclaimers == ("unsubscribe",)


@pytest.mark.parametrize(("level", "hour"), [(None, 6), (2, 20)], ids=["no contact", "put off"])
def test_without_a_contact_there_are_no_words(level: int | None, hour: int) -> None:
    assert write_message(decide(level, hour), Language.EN, RULESET) is None


def test_a_writer_may_put_other_words_around_the_terms() -> None:
    message = message_of(1)
    text = "We are glad that you are with us. " + " ".join(message.required.values())
    assert check_message(text, message) == ()


@pytest.mark.parametrize(
    "added",
    [
        "You also get 20% off.",
        "The first month is free.",
        "It is half price.",
        "There is a bonus for you.",
        "The discount runs forever.",
        "We guarantee it.",
        "It runs for 24 weeks.",
        "It runs for ⑫ weeks.",
        "Your bill is lower for a year.",
        "Please tell us your PIN.",
        "Call +8801712345678.",
        "See http://offers.example.",
        "Send us money first.",
    ],
)
def test_a_writer_may_not_add_to_the_offer(added: str) -> None:
    message = message_of(1)
    assert check_message(f"{message.text} {added}", message) != ()


@pytest.mark.parametrize(
    "added",
    ["আরও 20% ছাড় পাবেন।", "এক মাস ফ্রি।", "বোনাস আছে।", "সবসময় অর্ধেক দাম।", "আপনার পিন জানান।"],
)
def test_a_writer_may_not_add_to_the_offer_in_bangla(added: str) -> None:
    message = message_of(1, Language.BN)
    assert check_message(f"{message.text} {added}", message) != ()


@pytest.mark.parametrize("missing", ["offer_terms", "price_afterwards", "may_decline", "unsubscribe"])
def test_no_required_sentence_may_be_dropped_or_changed(missing: str) -> None:
    message = message_of(3)
    sentence = message.required[missing]
    for text in (message.text.replace(sentence, ""), message.text.replace(sentence, sentence.upper())):
        assert any(violation.rule.value == "missing_element" for violation in check_message(text, message))


def test_another_offers_words_do_not_pass_for_this_one() -> None:
    assert check_message(message_of(3).text, message_of(1)) != ()
    assert check_message(message_of(0).text, message_of(1)) != ()
    assert check_message(message_of(1).text, message_of(0)) != ()
