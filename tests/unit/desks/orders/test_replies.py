"""Every reason and every stage has its words, in both languages; that they pass the shield is tested where
they are filled."""

from casewright.desks.orders.reasons import REASONS
from casewright.desks.orders.replies import load_templates

LANGUAGES = {"en", "bn"}


def test_every_reason_that_is_told_is_one_of_the_desk_and_stands_in_both_languages() -> None:
    told = load_templates()["reasons"]
    assert set(told) <= set(REASONS)
    assert all(set(text) == LANGUAGES for text in told.values())


def test_every_stage_of_every_tool_has_words_in_both_languages() -> None:
    templates = load_templates()
    assert set(templates["proposed"]) == set(templates["done"])
    for stage in ("proposed", "done"):
        assert all(set(text) == LANGUAGES for text in templates[stage].values())
    for kind in templates["money"].values():
        assert all(set(text) == LANGUAGES for text in kind.values())
