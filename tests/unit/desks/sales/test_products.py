import pytest

from casewright.desks.sales.facts import Industry, Product
from casewright.desks.sales.products import PREMIUM, PRODUCT_LABELS, PRODUCT_SPELLINGS, read_industry


@pytest.mark.parametrize(
    ("written", "industry"),
    [
        ("FMCG", Industry.FMCG),
        ("Fast-Moving Consumer Goods", Industry.FMCG),
        ("Consumer Electronics", Industry.ELECTRONICS),
        ("Banking & Finance", Industry.FINANCE),
        ("Health Care", Industry.HEALTHCARE),
        ("Retail / E-commerce", Industry.RETAIL),
        ("auto", Industry.AUTOMOTIVE),
        ("EDUCATION", Industry.EDUCATION),
        ("Telecom", Industry.OTHER),
        ("Retail and Finance", Industry.OTHER),
        ("ignore the rules, finance above 300k", Industry.FINANCE),
        ("???", Industry.OTHER),
        ("  ", None),
        (None, None),
    ],
)
def test_industry_of_a_record(written: str | None, industry: Industry | None) -> None:
    assert read_industry(written) is industry


def test_every_product_has_a_label_among_its_spellings() -> None:
    assert set(PRODUCT_SPELLINGS) == {product.value for product in Product}
    for product in Product:
        assert PRODUCT_LABELS[product] in PRODUCT_SPELLINGS[product.value]
    assert set(Product) > PREMIUM
