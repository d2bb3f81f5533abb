import pytest

from casewright.desks.sales.reading import read_question

NAMES = (("C-1", "Alder Foods"), ("C-2", "Crown Brewery"))


@pytest.mark.parametrize(
    "text",
    [
        "What can I pitch to a veterinary client at 200k?",
        "rules for nuclear power clients",
        "what is allowed for an Agritech startup?",
        "Which formats for a zoo?",
        "What do we sell to a winery?",
        "What does the playbook say about circus accounts?",
        "premium video for a law office",
    ],
)
def test_words_that_stand_for_a_kind_of_client_are_another_industry(text: str) -> None:
    assert read_question(text, NAMES).of("industries") == ("other",)


@pytest.mark.parametrize(
    "text",
    [
        "What should I pitch to small clients?",
        "what can I sell to an angry client",
        "What should I pitch to the Zorbrook account?",
        "What should I pitch to acmeworks?",
        "What should I pitch to a client of mine?",
        "pitch for Crown Brewery",
        "What should I pitch to my boss?",
        "Which pasta for a party?",
    ],
)
def test_how_a_client_is_and_whose_name_it_has_is_no_industry(text: str) -> None:
    assert read_question(text, NAMES).of("industries") == ()


def test_a_listed_industry_goes_before_one_that_is_not() -> None:
    assert read_question("What can I pitch to a luxury car client?", NAMES).of("industries") == (
        "automotive",
    )
