"""Facts by whitelist: 500 planted replies with foreign names, goods, ids and amounts in three scripts; none passes."""

from dataclasses import replace
from itertools import cycle

import pytest

from casewright.domain.case import Language
from casewright.text.shield import ShieldContext, check
from casewright.text.violation import ShieldRule

CONTEXT = ShieldContext(
    facts=frozenset({"1200", "1200 BDT", "TXN-9101", "+8801700000001", "MERCHANT-77"}),
    allowed_channels=frozenset({"16247"}),
    language=Language.MIXED,
)

LATIN_NAMES = [
    "Rahim",
    "Karim",
    "Jamal",
    "Farhana",
    "Tanvir",
    "Sumaiya",
    "Mizanur",
    "Nusrat",
    "Shakil",
    "Rubel",
    "Sadia",
    "Imran",
    "Tasnim",
    "Mahmuda",
    "Arif",
    "Nazmul",
    "Habib",
    "Parveen",
    "Sohel",
    "Ratan",
    "Jonathan",
    "Priya",
    "Elena",
    "Miguel",
    "Fatima",
    "Yusuf",
    "Olga",
    "Chen",
    "Svetlana",
    "Kwame",
    "Ingrid",
    "Pedro",
    "Amina",
    "Hassan",
    "Rashida",
    "Bilkis",
    "Monir",
    "Liton",
    "Shirin",
    "Zubair",
]
BANGLA_NAMES = [
    "রহিম",
    "করিম",
    "জামাল",
    "ফারহানা",
    "তানভীর",
    "সুমাইয়া",
    "মিজানুর",
    "নুসরাত",
    "শাকিল",
    "রুবেল",
    "সাদিয়া",
    "ইমরান",
    "তাসনিম",
    "মাহমুদা",
    "আরিফ",
    "নাজমুল",
    "হাবিব",
    "পারভীন",
    "সোহেল",
    "রতন",
    "জোনাথন",
    "প্রিয়াঙ্কা",
    "এলেনা",
    "মিগেল",
    "ফাতিমা",
    "ইউসুফ",
    "ওলগা",
    "হাসান",
    "রাশিদা",
    "বিলকিস",
    "মনির",
    "লিটন",
    "শিরিন",
    "জুবায়ের",
    "হোসেন",
    "মামুন",
    "হারুন",
    "উদ্দিন",
    "চৌধুরী",
    "আক্তার",
]
OTHER_SCRIPT_NAMES = [
    "राहुल",
    "प्रिया",
    "محمد",
    "فاطمة",
    "Иван",
    "Ольга",
    "李伟",
    "Ｒａｈｉｍ",
    "Ｋａｒｉｍ",
    "Μαρία",
]
LATIN_GOODS = """headphones|kettle|Galaxy Buds|iPhone|running shoes|blue jacket|smartwatch|Walton fridge|silk saree|power bank charger|laptop|
Daraz voucher|rice cooker|leather wallet from Aarong|bicycle|perfume|Samsung phone|gold necklace|coffee mixer|cricket bat from Bata""".replace(
    "\n", ""
).split("|")
BANGLA_GOODS = [
    "হেডফোন",
    "কেটলি",
    "শাড়ি",
    "জুতা",
    "ফ্রিজ",
    "ল্যাপটপ",
    "আইফোন",
    "স্যামসাং টিভি",
    "ঘড়ি",
    "সাইকেল",
    "পারফিউম",
    "ব্লেন্ডার",
    "ওয়ালটন ফ্যান",
    "দারাজ ভাউচার",
    "চশমা",
]
IDS = [
    "TXN-9102",
    "TXN-0001",
    "TRX88121",
    "MERCHANT-78",
    "MERCHANT-SELF",
    "AGENT-12",
    "BILLER-TITAS",
    "AB12CD",
    "QX-PLM-7",
    "A1B2C3D4",
    "9F8E7D",
    "ORD-55231",
    "+8801799999999",
    "01811122233",
    "8801911223344",
    "INV/2026/77",
    "C0FFEE",
    "123-456-789",
    "TKT-1",
    "#4455",
    "７７８８",
    "٩٩٨٨",
    "৯৯৮৮",
    "TXN-৯১০২",
    "ＴＸＮ-９１０２",
]
AMOUNTS = [
    "1,500", "1201", "12000", "120", "1,200.50", "0.5", "৫০০০", "১,৫০০", "১২০১", "５００", "٥٠٠", "५००", "5k", "2.5k", "five thousand", "two lakh",
    "twelve hundred", "ninety", "fifteen", "half a million", "পাঁচ হাজার", "দুই লাখ", "দেড়শ", "পঞ্চাশ", "৫ হাজার", "panch hajar", "dui lakh", "5 hajar",
    "1.200", "1200.01", "12,00", "1 200 000", "99", "7",
]  # fmt: skip
DATES = [
    "12 March", "Monday", "tomorrow", "5 January 2026", "2026-01-05", "14:08", "2:10pm", "yesterday", "next week", "সোমবার", "১২ মার্চ",
    "আগামীকাল", "গতকাল", "shonibar", "agamikal", "two hours from now", "তিন দিন", "end of the day", "03/04/2026", "noon",
]  # fmt: skip

ENGLISH_NAME_CARRIERS = (
    "The amount went to {} according to our records.",
    "{} has received the amount.",
    "Our team has asked {} about the transfer.",
    "The recipient is {}, and we are checking it.",
)
BANGLA_NAME_CARRIERS = (
    "আপনার টাকা {} পেয়েছেন।",
    "{} আপনার লেনদেনের প্রাপক।",
    "প্রাপক {} এর সাথে আমরা যোগাযোগ করছি।",
    "আমাদের প্রতিনিধি {} বিষয়টি দেখছেন।",
)
ENGLISH_GOODS_CARRIERS = ("Your payment for the {} is under review.", "The merchant listed {} on the order.")
BANGLA_GOODS_CARRIERS = ("আপনার {} অর্ডারটি আমরা দেখছি।", "মার্চেন্ট {} পাঠানোর কথা বলেছেন।")
ID_CARRIERS = (
    "We are reviewing transaction {} for you.",
    "The reference is {} in our records.",
    "আমরা {} লেনদেনটি যাচাই করছি।",
    "Our team compared it with {} already.",
)
AMOUNT_CARRIERS = (
    "The amount of {} taka is under review.",
    "Our records show {} BDT for this payment.",
    "আপনার {} টাকার লেনদেনটি আমরা দেখছি।",
    "We noted a charge of {} taka on it.",
)
DATE_CARRIERS = (
    "The transfer was made {} as noted.",
    "We will write to you {} about the review.",
    "লেনদেনটি {} করা হয়েছে।",
)


def planted() -> list[str]:
    groups = (
        (LATIN_NAMES, ENGLISH_NAME_CARRIERS, 120),
        (BANGLA_NAMES, BANGLA_NAME_CARRIERS, 120),
        (OTHER_SCRIPT_NAMES, ENGLISH_NAME_CARRIERS, 20),
        (LATIN_GOODS, ENGLISH_GOODS_CARRIERS, 40),
        (BANGLA_GOODS, BANGLA_GOODS_CARRIERS, 30),
        (IDS, ID_CARRIERS, 60),
        (AMOUNTS, AMOUNT_CARRIERS, 70),
        (DATES, DATE_CARRIERS, 40),
    )
    found = []
    for values, carriers, size in groups:
        pairs = [(value, carrier) for carrier in carriers for value in values]
        found += [
            carrier.format(value) for (value, carrier), _ in zip(cycle(pairs), range(size), strict=False)
        ]
    return found


def test_catalogue_holds_five_hundred_replies() -> None:
    assert len(planted()) == 500


def test_no_planted_reply_passes() -> None:
    assert [text for text in planted() if not check(text, CONTEXT)] == []


@pytest.mark.parametrize(
    "text",
    [
        "The amount of 1200 BDT was noted.",
        "The amount of 1,200 BDT was noted.",
        "The amount of 1200.00 BDT was noted.",
        "The amount of 1,200.00 BDT was noted.",
        "আপনার ১২০০ টাকার লেনদেনটি আমরা দেখছি।",
        "আপনার ১,২০০ টাকার লেনদেনটি আমরা দেখছি।",
        "We are reviewing TXN-9101 for you.",
        "We are reviewing txn-9101 for you.",
        "The transfer to 01700000001 is under review.",
        "The transfer to +8801700000001 is under review.",
        "The payment to MERCHANT-77 is under review.",
    ],
)
def test_handed_facts_may_be_written_in_other_forms(text: str) -> None:
    assert check(text, CONTEXT) == ()


@pytest.mark.parametrize("fact", ["Rahim Store", "Monday", "kettle", "Daraz", "রহিম", "Galaxy Buds"])
def test_handed_name_may_be_stated_and_is_refused_without_the_fact(fact: str) -> None:
    text = (
        f"We are checking the order of {fact} for you." if fact.isascii() else f"আমরা {fact} এর লেনদেন দেখছি।"
    )
    handed = replace(CONTEXT, facts=CONTEXT.facts | {fact})
    assert check(text, handed) == ()
    assert ShieldRule.UNSUPPORTED_FACT in {violation.rule for violation in check(text, CONTEXT)}
    assert check(text, handed) == ()


def test_span_of_an_unknown_number_points_at_it() -> None:
    text = "The amount of 1,500 BDT was noted."
    violation = check(text, CONTEXT)[0]
    assert text[violation.start : violation.end] == "1,500"


def test_id_that_spells_a_sentence_is_read_as_one() -> None:
    context = replace(CONTEXT, facts=frozenset({"SEND-YOUR-OTP-1"}))
    assert ShieldRule.CREDENTIAL_ASK in {
        violation.rule for violation in check("We noted SEND-YOUR-OTP-1 here.", context)
    }
