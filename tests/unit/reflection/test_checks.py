"""The checks of an answer: what is honest passes, what is foreign, forbidden, restricted or unsafe does not."""

from dataclasses import replace
from pathlib import Path

import pytest
from planted_world import BOUNDS, CLAUSE, draft, plant

from casewright.domain.answer import Bounds, Draft, Element, Finding, FindingCode
from casewright.domain.knowledge import Citation
from casewright.reflection.checks import check_draft, is_final

HONEST = [
    line
    for line in (Path(__file__).parent / "answers" / "honest.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
ANSWER = "Meadow & Pine Foods: lead with in-store digital screens, then mobile app banners."


def codes(message: str, bounds: Bounds = BOUNDS) -> set[str]:
    return {finding.code.value for finding in check_draft(draft(message), bounds)}


def test_of_a_hundred_honest_answers_two_at_most_are_held_back() -> None:
    held = [(line, check_draft(draft(line), BOUNDS)) for line in HONEST]
    blocked = [item for item in held if item[1]]
    assert len(HONEST) >= 100
    assert len(blocked) <= 2, blocked


def test_of_five_hundred_answers_with_a_foreign_fact_none_passes() -> None:
    passed = [
        (value, message)
        for value, message in plant(500, HONEST, seed=20_260_301)
        if not check_draft(draft(message), BOUNDS)
    ]
    assert passed == []


def test_an_answer_within_its_bounds_has_no_finding() -> None:
    assert check_draft(draft(ANSWER), BOUNDS) == ()


@pytest.mark.parametrize(
    ("message", "finding"),
    [
        (f"{ANSWER} They spent about 241k.", Finding(FindingCode.UNSUPPORTED_NUMBER, "number")),
        (f"{ANSWER} They spent €240,000.", Finding(FindingCode.UNSUPPORTED_NUMBER, "currency")),
        (f"{ANSWER} You met on 13 May 2026.", Finding(FindingCode.UNSUPPORTED_NUMBER, "date")),
        (f"{ANSWER} Growth was 15%.", Finding(FindingCode.UNSUPPORTED_NUMBER, "percentage")),
        (f"{ANSWER} See CL-205.", Finding(FindingCode.UNSUPPORTED_NUMBER, "id")),
        (f"{ANSWER} Compare with Contoso.", Finding(FindingCode.UNSUPPORTED_NAME)),
        (f"{ANSWER} Add premium videos.", Finding(FindingCode.FORBIDDEN_PRODUCT, "premium_video")),
        (f"{ANSWER} Add on-line display.", Finding(FindingCode.FORBIDDEN_PRODUCT, "online_display")),
        (f"{ANSWER} Add billboards.", Finding(FindingCode.UNSUPPORTED_PRODUCT, "media")),
        (f"{ANSWER} Prices in Q3 rise.", Finding(FindingCode.RESTRICTED_TOPIC, "q3_pricing")),
        (f"{ANSWER} Please share your OTP.", Finding(FindingCode.SHIELD, "credential_ask")),
        (f"{ANSWER} See www.example.com.", Finding(FindingCode.SHIELD, "unofficial_channel")),
        (f"{ANSWER} <b>Now</b>", Finding(FindingCode.SHIELD, "markup")),
        ("", Finding(FindingCode.SHIELD, "length")),
        ("screens " * 400, Finding(FindingCode.SHIELD, "length")),
    ],
)
def test_what_is_wrong_is_named_by_its_code(message: str, finding: Finding) -> None:
    assert finding in check_draft(draft(message), BOUNDS)


def test_the_rationale_is_checked_like_the_message() -> None:
    found = check_draft(draft(ANSWER, "They spent 241k, so premium video is out."), BOUNDS)
    assert Finding(FindingCode.UNSUPPORTED_NUMBER, "number") in found
    assert Finding(FindingCode.FORBIDDEN_PRODUCT, "premium_video") in found


def test_tools_are_those_that_belong_to_the_question() -> None:
    used = replace(draft(ANSWER), tools_used=("client_lookup", "issue_refund"))
    assert check_draft(used, BOUNDS) == (
        Finding(FindingCode.TOOL_MISSING, "playbook_search"),
        Finding(FindingCode.TOOL_NOT_ALLOWED, "issue_refund"),
    )


def test_citations_point_to_what_was_retrieved_and_one_is_there() -> None:
    foreign = replace(draft(ANSWER), citations=(CLAUSE, Citation("elsewhere.md", 1, "Elsewhere")))
    assert check_draft(foreign, BOUNDS) == (Finding(FindingCode.CITATION_UNKNOWN),)
    none = replace(draft(ANSWER), citations=())
    assert check_draft(none, BOUNDS) == (Finding(FindingCode.CITATION_MISSING),)
    assert check_draft(replace(none, is_irrelevant=True), BOUNDS) == ()


def test_required_elements_are_there_and_in_their_order() -> None:
    lead = Element("lead", ("in-store digital screens", "in-store screens"))
    then = Element("then", ("mobile app banners",))
    bounds = replace(BOUNDS, required=(lead, then), is_ordered=True)
    assert check_draft(draft("Lead with in-store screens, then Mobile App Banners."), bounds) == ()
    assert check_draft(draft("Mobile app banners, then in-store digital screens."), bounds) == (
        Finding(FindingCode.ORDER_BROKEN),
    )
    assert check_draft(draft("Lead with mobile app banners."), bounds) == (
        Finding(FindingCode.ELEMENT_MISSING, "lead"),
    )
    unordered = replace(bounds, is_ordered=False)
    assert check_draft(draft("Mobile app banners, then in-store digital screens."), unordered) == ()


def test_what_a_passage_says_may_be_said() -> None:
    bounds = replace(BOUNDS, passages=(*BOUNDS.passages, "Contoso grew by 15% on radio spots."))
    assert check_draft(draft(f"{ANSWER} Contoso grew by 15 percent on radio spots."), bounds) == ()


def test_a_record_that_names_itself_like_an_order_gets_no_unsafe_text_out() -> None:
    bounds = replace(BOUNDS, facts=BOUNDS.facts | {"Send Your OTP Ltd", "We refund you 5000 taka"})
    assert "shield" in codes("Send Your OTP Ltd is the client.", bounds)
    assert "shield" in codes("We refund you 5000 taka.", bounds)


def test_for_a_customer_business_english_is_no_excuse() -> None:
    bounds = replace(BOUNDS, is_for_staff=False, products={})
    assert "unsupported_name" in codes("Our upsell for FMCG is strong, with a KPI.", bounds)


def test_a_text_is_as_long_as_it_stands() -> None:
    bounds = replace(BOUNDS, max_chars=len(ANSWER))
    assert check_draft(draft(ANSWER, "FMCG."), bounds) == ()
    assert "shield" in codes(f"{ANSWER} 240,000 BDT", bounds)


def test_a_list_is_plain_text_for_staff_alone() -> None:
    listed = "1. Lead with in-store digital screens.\n2. Follow with mobile app banners."
    assert codes(listed) == set()
    assert "shield" in codes(listed, replace(BOUNDS, is_for_staff=False, products={}))


def test_only_a_rule_of_the_shield_is_final() -> None:
    assert is_final((Finding(FindingCode.SHIELD, "promise"),))
    assert not is_final((Finding(FindingCode.UNSUPPORTED_NAME), Finding(FindingCode.FORBIDDEN_PRODUCT, "x")))


def test_a_finding_holds_no_word_of_the_answer() -> None:
    found = check_draft(draft("Zubair of Globex spends 99,999 on Zorbvertising."), BOUNDS)
    told = " ".join(f"{finding.code} {finding.detail}" for finding in found)
    assert not any(word in told for word in ("Zubair", "Globex", "99", "Zorb"))


def test_a_product_word_or_bangla_in_the_name_of_a_record_is_no_finding() -> None:
    for name in ("Video Valley", "শাপলা ফুডস ১২"):
        bounds = Bounds(
            facts=frozenset({name, "240,000", "BDT"}),
            names=frozenset({name}),
            products={"premium_video": ("premium video", "video")},
            forbidden_products=frozenset({"premium_video"}),
        )
        assert check_draft(Draft(f"The spend of {name} is BDT 240,000.", ""), bounds) == ()
        assert "forbidden_product" in codes(f"Pitch video to {name}.", bounds)
