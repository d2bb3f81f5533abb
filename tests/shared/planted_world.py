# ruff: noqa: SIM905 - lists of words read better as one text
"""One client, its rules, and what may be said of them; and foreign facts to plant into an answer."""

import random
from collections.abc import Iterator, Sequence
from datetime import date

from casewright.domain.answer import Bounds, Draft
from casewright.domain.knowledge import Citation

CLAUSE = Citation("sales/policy.md", 1, "Sales policy", clause="SAL-3.1")
TOOLS = frozenset({"client_lookup", "playbook_search"})
PRODUCTS = {
    "mobile_app_banners": ("mobile app banners", "app banners"),
    "online_display": ("online display", "display ads"),
    "in_store_screens": ("in-store digital screens", "in-store screens"),
    "premium_video": ("premium video", "video ads"),
    "branded_content": ("branded content", "sponsored content"),
}
BOUNDS = Bounds(
    facts=frozenset(
        {
            "Meadow & Pine Foods",
            "CL-204",
            "FMCG",
            "240,000 BDT",
            date(2026, 5, 12).isoformat(),
            "40 days",
            "Rina Akter",
            "in-store digital screens",
            "mobile app banners",
            "SAL-2.1",
            "SAL-3.1",
        }
    ),
    passages=(
        "FMCG clients: lead with in-store digital screens.",
        "Under 150k, pitch only mobile app banners, whatever the industry. A spend of exactly 150k is not under 150k.",
        "Where the last meeting is more than 90 days ago, start with re-engagement, before any upsell.",
    ),
    citable=frozenset({CLAUSE}),
    tools_expected=TOOLS,
    tools_allowed=TOOLS,
    products=PRODUCTS,
    forbidden_products=frozenset({"online_display", "premium_video", "branded_content"}),
    restricted={"q3_pricing": ("q3 2026 pricing", "q3 pricing", "q3 prices", "third quarter prices")},
)

LATIN_NAMES = """Rahim Uddin|Farhana|Tanvir|Nusrat Jahan|Jonathan|Priya|Elena Petrova|Miguel|Svetlana|Kwame|Ingrid|Hassan|
Contoso|Globex|Initech|Umbrella Health|Northwind Traders|Bright Harbor Retail|TechGiant|Acme Motors|Blue Lagoon Bank|Stark Industries|
Wayne Foods|Meadow & Vine Drinks|Green Valley Dairy|Pine & Partners|Riverdale Group|Sunrise Pharma|Mr Chowdhury|Zubair""".replace(
    "\n", ""
).split("|")
BANGLA_NAMES = """রহিম উদ্দিন|ফারহানা|তানভীর|নুসরাত|জোনাথন|এলেনা|হাসান|জুবায়ের|আক্তার|চৌধুরী|টেকজায়ান্ট|গ্লোবেক্স|কন্টোসো|
মেডো ফুডস|সানরাইজ ফার্মা""".replace("\n", "").split("|")
OTHER_NAMES = "राहुल शर्मा|टेकजायंट|محمد|شركة النور|Иван|Северсталь|李伟|Ｇｌｏｂｅｘ|Μαρία|ตะวัน".split("|")
LATIN_PRODUCTS = """premium video|Premium Videos|video (premium)|premium-video|premium in-stream video|premum video|premiumvideo|vide0 premium|
online display|on-line display|display ads|branded content|content, branded|sponsored content|billboards|radio spots|cinema trailers|podcast sponsorship|
newsletter placements|influencer posts|Spotify ads|YouTube pre-roll|TikTok|connected TV|transit posters|SMS blasts|search ads|native articles|email campaigns|
homepage takeovers""".replace("\n", "").split("|")
BANGLA_PRODUCTS = "বিলবোর্ড|রেডিও|টেলিভিশন|প্রিমিয়াম ভিডিও|পডকাস্ট|ব্র্যান্ডেড কনটেন্ট".split("|")
OTHER_PRODUCTS = "प्रीमियम वीडियो|премиум видео|فيديو مميز|Ｐｒｅｍｉｕｍ Ｖｉｄｅｏ".split("|")
IDS = "CL-205|CL204-9|CAMP-7781|INV-2026-004|TXN-9101|client-88|SAL-9.9|ORD-55231|+8801799999999|01811122233|AB12CD".split(
    "|"
)
LATIN_AMOUNTS = """250k|240,001 BDT|$240,000|1.2 million|one hundred and twenty thousand|thirty five thousand taka|15%|twenty percent|3x|double|half of it|
91 days|13 May 2026|2026-06-12|June 2026|Q4 2026|€240,000|12 meetings|four hundred|2.5 lakh|5 crore|1,50,001|300k|a dozen stores|10:30""".replace(
    "\n", ""
).split("|")
BANGLA_AMOUNTS = "২৫০,০০০|২,৪০,০০১ টাকা|পাঁচ লাখ|সাড়ে তিন লাখ|১৫ শতাংশ|১৩ মে ২০২৬|সাড়ে তিন হাজার|৯১ দিন".split("|")
OTHER_AMOUNTS = "२५०००१|٢٥٠٬٠٠١|𝟐𝟓𝟎𝟎𝟎𝟏|２５０，００１".split("|")
_FRAMES = {
    "name": (
        "{} spends more than they do.",
        "You could mention {} as an example.",
        "Compare it with {} before the meeting.",
        "The contact there is {}.",
        "As {} does, keep the pitch short.",
    ),
    "product": (
        "Then add {} to the proposal.",
        "{} would suit them as well.",
        "Close with {} if there is time.",
        "There is no room for {} here.",
    ),
    "id": ("See {} for the details.", "The reference is {}.", "({}) is the record."),
    "amount": (
        "The figure to mention is {}.",
        "They reached {} last time.",
        "Aim for {} in the proposal.",
        "It was {}, roughly.",
    ),
}
_KINDS: Sequence[tuple[str, Sequence[str]]] = (
    ("name", LATIN_NAMES),
    ("name", BANGLA_NAMES),
    ("name", OTHER_NAMES),
    ("product", LATIN_PRODUCTS),
    ("product", BANGLA_PRODUCTS),
    ("product", OTHER_PRODUCTS),
    ("id", IDS),
    ("amount", LATIN_AMOUNTS),
    ("amount", BANGLA_AMOUNTS),
    ("amount", OTHER_AMOUNTS),
)


def draft(message: str, rationale: str = "The playbook leads FMCG with in-store digital screens.") -> Draft:
    """A model's answer with the right tools and citations."""
    return Draft(
        message, rationale, (CLAUSE,), ("client_lookup", "playbook_search"), source="model:test/writer"
    )


def plant(count: int, honest: Sequence[str], seed: int) -> Iterator[tuple[str, str]]:
    """`count` answers, each with one foreign fact before, after or inside an honest one; each kind in turn."""
    rng = random.Random(seed)
    for number in range(count):
        kind, values = _KINDS[number % len(_KINDS)]
        value = values[(number // len(_KINDS)) % len(values)]
        sentence = rng.choice(_FRAMES[kind]).format(value)
        base = rng.choice(honest)
        message = rng.choice((f"{base} {sentence}", f"{sentence} {base}", f"{base} {sentence} {base}"))
        yield value, message
