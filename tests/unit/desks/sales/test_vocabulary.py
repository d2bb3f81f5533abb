from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.vocabulary import load_vocabulary, split_words
from casewright.language.data_files import load_packaged

WORDS = load_packaged("casewright.desks.sales", "words.yaml")


def test_every_product_and_industry_has_words() -> None:
    assert set(WORDS["products"]) == {product.value for product in Product}
    assert set(WORDS["industries"]) == {industry.value for industry in Industry}


def test_misspelt_words_are_mended_and_ordinary_ones_stay() -> None:
    known = load_vocabulary()
    assert known.mend("electonics") == "electronics"
    assert known.mend("playbok") == "playbook"
    assert known.mend("window") == "window"
    assert known.mend("xq") == "xq"


def test_possessive_and_hyphen_fall_away() -> None:
    assert [word for word, _, _ in split_words("the client's in-store plan")] == [
        "the",
        "client",
        "in",
        "store",
        "plan",
    ]
