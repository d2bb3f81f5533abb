"""A reply says no result that the decision's own text does not say."""

import pytest

from casewright.reflection.outcomes import states_other_outcome

REFUSED = "I am sorry, we cannot do this. The return window is over. The rule is RET-2.1."


@pytest.mark.parametrize(
    "text",
    [
        "Your refund is on its way.",
        "It is approved.",
        "It was sent this morning.",
        "We make an exception.",
        "A voucher is yours.",
        "The courier comes today.",
        "আপনার রিফান্ড হয়ে গেছে।",
        "অর্ডারটি বাতিল করা হয়েছে।",
        "apnar taka ferot dewa hobe",
    ],
)
def test_a_result_of_its_own_is_found(text: str) -> None:
    assert states_other_outcome(f"{REFUSED} {text}", (REFUSED,))


@pytest.mark.parametrize(
    "text",
    ["Thank you for writing.", "We know that this is not what you hoped for.", "Returns have a window."],
)
def test_courtesy_and_words_of_the_text_are_none(text: str) -> None:
    assert not states_other_outcome(f"{REFUSED} {text}", (REFUSED,))
