"""The language of a complaint, and of its reply."""

import pytest

from casewright.domain.case import Language
from casewright.language.detect import Detected, detect_language
from casewright.language.normalise import normalise
from casewright.language.tokens import tokenise

ENGLISH = Detected(Language.EN, is_romanised=False)
BANGLA = Detected(Language.BN, is_romanised=False)
ROMANISED = Detected(Language.MIXED, is_romanised=True)
MIXED_ENGLISH = Detected(Language.MIXED, is_romanised=False)


def detect(text: str) -> Detected:
    return detect_language(tokenise(normalise(text).text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "5000",
        "৳৫০০",
        "🙂",
        "I sent 5000 taka to the wrong person, please help",
        "My bKash payment failed but the balance was deducted",
        "refund please",
        "payment failed",
        "Money deducted, cash out not complete",
        "Bhai, I did not get my money yet",
        "I paid the dokan 500 taka yesterday and they did not give me the goods",
        "sent to my vai but he has not received it",
        "pls help, wrong number",
        "Someone called and asked for my OTP",
        "my cash in was not added, the agent said it will come later",
    ],
)
def test_english_stays_english(text: str) -> None:
    assert detect(text) == ENGLISH


@pytest.mark.parametrize(
    "text",
    [
        "আমি ভুল নম্বরে ৫০০০ টাকা পাঠিয়েছি",
        "আমার bKash একাউন্ট থেকে টাকা কেটে নিয়েছে",
        "টাকা",
        "পেমেন্ট ফেইল হয়েছে কিন্তু টাকা কেটেছে, TXN-9101",
        "এজেন্টের কাছে cash in করেছি কিন্তু টাকা আসেনি এখনো",
    ],
)
def test_bangla_script_is_bangla(text: str) -> None:
    assert detect(text) == BANGLA


@pytest.mark.parametrize(
    "text",
    [
        "ami vul number e 5000 taka pathaisi",
        "amar taka ferot den",
        "taka nai",
        "payment korsi kintu failed hoise",
        "bhai cash in korlam agent er kache, ekhono balance e add hoy nai, please help",
        "2 bar taka kete nise",
        "refund pai nai",
        "Send money korsilam, wrong number e chole gese. Please refund koren",
        "recharge kortesilam, hoyni",
        "dokane payment dilam duibar",
    ],
)
def test_banglish_is_mixed_and_answered_in_bangla(text: str) -> None:
    assert detect(text) == ROMANISED


@pytest.mark.parametrize(
    "text",
    [
        "payment failed হয়েছে",
        "আমার payment failed but balance deducted হয়েছে please refund",
        "merchant settlement pending আছে কেন",
    ],
)
def test_bangla_with_much_english_is_mixed_and_answered_in_bangla(text: str) -> None:
    assert detect(text) == ROMANISED


@pytest.mark.parametrize(
    "text",
    [
        "I made a payment in the shop and it was taken twice, kintu the shop got only one, keno is this",
        "I have sent the money to my brother but he did not get it, কেন হলো, please check this",
    ],
)
def test_english_with_some_bangla_is_mixed_and_answered_in_english(text: str) -> None:
    assert detect(text).is_romanised is False


def test_hint_of_case_does_not_matter() -> None:
    assert detect("AMI VUL NUMBER E TAKA PATHAISI") == ROMANISED
