"""A product is found however it is written, and not where it is not."""

import pytest

from casewright.reflection.mentions import Finder, places, singular, without, words_of_text


@pytest.mark.parametrize(
    "text",
    [
        "Add premium video to the plan.",
        "PREMIUM VIDEO",
        "Premium Videos",
        "premium-video",
        "premium‑video",
        "premium\u200b video",
        "prémium vidéo",
        "ｐｒｅｍｉｕｍ ｖｉｄｅｏ",
        "video, premium",
        "video (premium)",
        "premium in-stream video",
        "premium quality short video",
        "premiumvideo",
        "videopremium",
        "p r e m i u m  v i d e o",
        "p.r.e.m.i.u.m v.i.d.e.o",
        "premum video",
        "premiun video",
        "premuim vidoe",
        "prem1um v1deo",
        "pr3mium vide0",
        "premium\nvideo",
        "non-premium and premium video",
    ],
)
def test_a_product_is_found_in_any_spelling(text: str) -> None:
    assert Finder(words_of_text(text)).finds("premium video")


@pytest.mark.parametrize(
    "text",
    [
        "Premium formats are not open.",
        "A video call is enough. Premium clients come later.",
        "The premium on quality is high, so do not send a video.",
        "Online display and mobile app banners.",
        "preview the meadow",
        "",
    ],
)
def test_a_product_is_not_found_where_it_is_not(text: str) -> None:
    assert not Finder(words_of_text(text)).finds("premium video")


def test_an_ordinary_word_is_no_typo() -> None:
    assert not Finder(words_of_text("the pricking of the thumb")).finds("pricing")
    assert Finder(words_of_text("the pricng is open")).finds("pricing")


def test_a_permitted_product_hides_no_forbidden_one() -> None:
    words = words_of_text("Mobile app banners, then online display.")
    assert Finder(without(words, ["mobile app banners"])).finds("online display")
    assert not Finder(without(words, ["online display"])).finds("online display")


def test_places_count_the_words_of_the_text() -> None:
    words = words_of_text("Lead with in-store screens; in-store screens again.")
    assert places(words, "in store screen") == [(2, 5), (6, 9)]


@pytest.mark.parametrize(
    ("plural", "one"),
    [("banners", "banner"), ("stories", "story"), ("boxes", "box"), ("glass", "glass"), ("app", "app")],
)
def test_plurals_are_read_as_one(plural: str, one: str) -> None:
    assert singular(plural) == one
