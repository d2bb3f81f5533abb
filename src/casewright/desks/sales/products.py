"""Products and industries: how they are written, and which one a record means.

A record's industry is free text of an import: it is read onto the closed list, and what is not on it is
`other`, for which the policy names the cautious pitch.
"""

from collections.abc import Mapping

from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.vocabulary import load_vocabulary, split_words
from casewright.language.normalise import normalise

PRODUCT_LABELS: Mapping[Product, str] = {
    Product.MOBILE_APP_BANNERS: "mobile app banners",
    Product.ONLINE_DISPLAY: "online display",
    Product.IN_STORE_SCREENS: "in-store digital screens",
    Product.PREMIUM_VIDEO: "premium video",
    Product.BRANDED_CONTENT: "branded content",
}
PREMIUM = frozenset({Product.PREMIUM_VIDEO, Product.BRANDED_CONTENT})
INDUSTRY_LABELS: Mapping[Industry, str] = {
    Industry.FMCG: "FMCG",
    Industry.ELECTRONICS: "Electronics",
    Industry.RETAIL: "Retail",
    Industry.AUTOMOTIVE: "Automotive",
    Industry.HEALTHCARE: "Healthcare",
    Industry.FINANCE: "Finance",
    Industry.EDUCATION: "Education",
}


PRODUCT_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    Product.MOBILE_APP_BANNERS.value: ("mobile app banners", "mobile banners", "app banners", "banners"),
    Product.ONLINE_DISPLAY.value: ("online display", "display ads", "display"),
    Product.IN_STORE_SCREENS.value: (
        "in-store digital screens",
        "in-store screens",
        "instore",
        "screens",
        "dooh",
    ),
    Product.PREMIUM_VIDEO.value: ("premium video", "video"),
    Product.BRANDED_CONTENT.value: ("branded content", "sponsored content", "advertorial"),
}
"""Phrases that name a product in an answer, in lower case; other orders and typos are found by them too."""


def read_industry(text: str | None) -> Industry | None:
    """The industry that a record names; None where it names none."""
    if text is None or not text.strip():
        return None
    tags = load_vocabulary().tag([word for word, _, _ in split_words(normalise(text).text)])
    named = {Industry(tag.concept) for tag in tags if tag.group == "industries"}
    named -= {Industry.OTHER} if len(named) > 1 else set()
    return named.pop() if len(named) == 1 else Industry.OTHER
