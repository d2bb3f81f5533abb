from datetime import date

import pytest
from sales_desk import AS_OF, case_clients, sales_ruleset

from casewright.desk import Question
from casewright.desks.sales.asked import Kind
from casewright.desks.sales.gathering import touches_restricted
from casewright.desks.sales.routing import read_asked, remember, route
from casewright.domain.answer import Memory

NAMES = tuple((client.client_id, client.name) for client in case_clients().values())
FACTS, RULE, PITCH, OFF, UNCLEAR = (
    Kind.FACTS,
    Kind.RULE,
    Kind.RECOMMENDATION,
    Kind.OFF_TOPIC,
    Kind.UNCLEAR,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How much has Northlight Foods spent so far?", FACTS),
        ("whos the AM on beacon trust", FACTS),
        ("Silverlane last mtg date?", FACTS),
        ("Is Voltcraft in electronics?", FACTS),
        ("Give me the profile of Urban Basket", FACTS),
        ("Quillmere industry?", FACTS),
        ("Has Lakeshore Bank spent more than 150k?", FACTS),
        ("What products are suitable for Urban Basket?", PITCH),
        ("help me prep for Ironway Motors", PITCH),
        ("Does Voltcraft qualify for premium formats?", PITCH),
        ("what rules apply to Wellspring Health?", PITCH),
        ("Best formats for Carefield Hospitals and Voltcraft?", PITCH),
        ("Which ads would fit Openleaf's budget?", PITCH),
        ("Can I upsell Summit Drive?", PITCH),
        ("what to pitch to Zorbrook Industries?", PITCH),
        ("What products are allowed for clients below 150k?", RULE),
        ("Tell me the rule about re-engagement", RULE),
        ("Does the spend rule override the industry rule?", RULE),
        ("Finance client spending 320k: full funnel?", RULE),
        ("What if the industry is unknown?", RULE),
        ("what is the artwork deadline for in-store screens?", RULE),
        ("summarise the playbook", RULE),
        ("retail @ 150k?", RULE),
        ("FMCG?", RULE),
        ("What is the weather like today?", OFF),
        ("Recommend a good movie", OFF),
        ("recommend a book", OFF),
        ("Which laptop should I buy?", OFF),
        ("How do I fix my car engine?", OFF),
        ("What are the rules of chess?", OFF),
        ("how old is the universe", OFF),
        ("Write a poem about Northlight Foods", OFF),
        ("Who is the president of the United States?", OFF),
        ("thanks!", UNCLEAR),
        ("", OFF),
        ("\x00\ud800", OFF),
        ("What should I pitch?", UNCLEAR),
        ("What's their spend?", UNCLEAR),
    ],
)
def test_kind_of_question(text: str, kind: Kind) -> None:
    wanted = route(Question(text, AS_OF), lambda: NAMES)
    assert wanted.kind == kind.value
    assert (wanted.query is not None) == (kind in (RULE, PITCH))
    assert (wanted.client_ids == ()) or kind in (FACTS, PITCH)


@pytest.mark.parametrize(
    ("text", "as_of", "touches"),
    [
        ("Q3 2026 pricing for Urban Basket", AS_OF, True),
        ("2026 third quarter rates for Urban Basket", AS_OF, True),
        ("prices in August 2026 for Urban Basket", AS_OF, True),
        ("Q3 prices for Urban Basket", AS_OF, True),
        ("next quarter's prices for Urban Basket", date(2026, 5, 31), True),
        ("next quarter's prices for Urban Basket", date(2026, 9, 30), False),
        ("this quarter's rate card for Urban Basket", date(2026, 7, 1), True),
        ("Q3 2025 pricing for Urban Basket", AS_OF, False),
        ("Q2 2025 pricing for Urban Basket", AS_OF, False),
        ("Q3 plans for Urban Basket", AS_OF, False),
        ("What should I pitch to Urban Basket?", AS_OF, False),
    ],
)
def test_restricted_topic_is_seen_in_whatever_words(text: str, as_of: date, touches: bool) -> None:
    asked = read_asked(Question(text, as_of), NAMES)
    assert touches_restricted(asked, sales_ruleset(as_of)) is touches


def test_follow_up_is_about_the_client_before() -> None:
    memory = Memory(client_ids=("C-108",), kind="facts")
    for text in ("and what about video for them?", "when did we last meet?", "can I pitch premium video?"):
        assert read_asked(Question(text, AS_OF, memory), NAMES).client_ids == ("C-108",), text
    asked = read_asked(Question("What is the rule for premium video?", AS_OF, memory), NAMES)
    assert (asked.kind, asked.client_ids) == (RULE, ())


def test_choice_among_offered_goes_on_with_the_question_before() -> None:
    memory = Memory(offered=("C-124", "C-125"), kind="facts", topics=("field:spend",))
    for text, client in (("the second one", "C-125"), ("Foods", "C-124"), ("C-125", "C-125"), ("2", "C-125")):
        asked = read_asked(Question(text, AS_OF, memory), NAMES)
        assert (asked.client_ids, asked.fields) == ((client,), ("spend",)), text


def test_reading_holds_no_word_of_a_name() -> None:
    asked = read_asked(Question("What should I pitch to Northlight Foods?", AS_OF), NAMES)
    assert "northlight" not in asked.plain


@pytest.mark.parametrize(
    ("before", "text", "kind", "client", "fields"),
    [
        ("Who manages Voltcraft?", "and when did we see them last?", FACTS, "Voltcraft", ["meeting"]),
        (
            "Can Voltcraft have premium video?",
            "and when did we see them last?",
            FACTS,
            "Voltcraft",
            ["meeting"],
        ),
        ("Who manages Voltcraft?", "And Openleaf, when did we see them?", FACTS, "Openleaf", ["meeting"]),
        (
            "What to pitch to Voltcraft?",
            "And Openleaf, when did we see them?",
            FACTS,
            "Openleaf",
            ["meeting"],
        ),
        ("Who manages Voltcraft?", "and when were they last seen?", FACTS, "Voltcraft", ["meeting"]),
        ("Who manages Voltcraft?", "have we seen them?", FACTS, "Voltcraft", ["meeting"]),
        ("Who manages Voltcraft?", "when did I see them?", FACTS, "Voltcraft", ["meeting"]),
        ("Who manages Voltcraft?", "is premium video allowed there?", PITCH, "Voltcraft", []),
        ("Who manages Voltcraft?", "and are display ads possible there?", PITCH, "Voltcraft", []),
        ("Who manages Voltcraft?", "would branded content work there?", PITCH, "Voltcraft", []),
    ],
)
def test_follow_up_asks_what_it_says(
    before: str, text: str, kind: Kind, client: str, fields: list[str]
) -> None:
    first = read_asked(Question(before, AS_OF), NAMES)
    asked = read_asked(Question(text, AS_OF, remember(first, Memory(), None)), NAMES)
    name = dict(NAMES)[asked.client_ids[0]]
    assert (asked.kind, list(asked.fields)) == (kind, fields)
    assert name.startswith(client)


def test_there_alone_is_no_client() -> None:
    memory = Memory(client_ids=("C-108",), kind="facts")
    asked = read_asked(Question("Is there a rule for premium video?", AS_OF, memory), NAMES)
    assert (asked.kind, asked.client_ids) == (RULE, ())
