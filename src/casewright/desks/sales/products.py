"""Products and industries: how they are written, and which one a record means.

A record's industry is free text of an import: it is read onto the closed list, and what is not on it is
`other`, for which the policy names the cautious pitch.
"""

from collections.abc import Mapping
from functools import cache

from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.vocabulary import load_vocabulary, split_words
from casewright.language.data_files import load_packaged
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


@cache
def product_spellings() -> Mapping[str, tuple[str, ...]]:
    """Every product with the phrases that name it in an answer, in lower case."""
    words = load_packaged("casewright.desks.sales", "words.yaml")["products"]
    return {
        product: tuple(dict.fromkeys((PRODUCT_LABELS[Product(product)], *_phrases(phrases))))
        for product, phrases in words.items()
    }


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(" ".join(phrase.split()) for phrase in text.split("|"))


def read_industry(text: str | None) -> Industry | None:
    """The industry that a record names; None where it names none."""
    if text is None or not text.strip():
        return None
    tags = load_vocabulary().tag([word for word, _, _ in split_words(normalise(text).text)])
    named = {Industry(tag.concept) for tag in tags if tag.group == "industries"}
    named -= {Industry.OTHER} if len(named) > 1 else set()
    return named.pop() if len(named) == 1 else Industry.OTHER
