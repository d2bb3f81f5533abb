"""Halves of hundreds written as one word."""

import pytest

from casewright.language.normalise import normalise
from casewright.language.quantities import read_quantities
from casewright.language.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "taka"),
    [("সাড়ে তিনশো টাকা", 350), ("sare panchsho tk", 550), ("সাড়ে সাতশ টাকা", 750), ("সাড়ে তিন হাজার টাকা", 3500)],
)
def test_half_belongs_to_the_scale_behind_it(text: str, taka: int) -> None:
    amounts = read_quantities(tokenise(normalise(text).text)).amounts
    assert [amount.minor for amount in amounts] == [taka * 100]
