from datetime import date

import pytest

from casewright.desk import Question
from casewright.desks.sales.asked import Asked, Kind
from casewright.desks.sales.choosing import choose, is_denied, is_reply, tells_place
from casewright.desks.sales.routing import read_asked, remember
from casewright.domain.answer import Memory

AS_OF = date(2026, 5, 31)
NAMES = (
    ("N1", "Delphi Schools North"),
    ("N2", "Delphi Schools South"),
    ("T1", "Teakwood Group"),
    ("T2", "Teakwood Holdings"),
    ("R1", "Rosalind Labs UK"),
    ("R2", "Rosalind Labs US"),
    ("K1", "Skylark Mobile"),
    ("K2", "Skylarks Mobile"),
    ("S1", "Stonegate 1"),
    ("S2", "Stonegate 2"),
    ("D-1", "Delta Foods"),
    ("D-2", "Delta Motors"),
    ("D-3", "Delta Airlines"),
    ("U1", "Urban Basket"),
)
PAIRS = {letter: tuple(name for name in NAMES if name[0].startswith(letter)) for letter in "NTRKSD"}


def reply(pair: str, text: str) -> Asked:
    memory = Memory(offered=tuple(one for one, _ in PAIRS[pair]), kind="facts", topics=("field:spend",))
    return read_asked(Question(text, AS_OF, memory), NAMES)


@pytest.mark.parametrize(
    ("pair", "text", "client"),
    [
        ("N", "South", "N2"),
        ("N", "south please", "N2"),
        ("N", "the southern one", "N2"),
        ("N", "the north one", "N1"),
        ("N", "I mean the one called North", "N1"),
        ("N", "Delphi Schools South", "N2"),
        ("N", "delphi south", "N2"),
        ("N", "N2", "N2"),
        ("N", "2", "N2"),
        ("N", "2.", "N2"),
        ("N", "the 2nd", "N2"),
        ("N", "the second one", "N2"),
        ("N", "the second one, please", "N2"),
        ("N", "what about the second one?", "N2"),
        ("N", "number two", "N2"),
        ("N", "option 2", "N2"),
        ("N", "no. 2", "N2"),
        ("N", "the first one", "N1"),
        ("N", "number one", "N1"),
        ("N", "the last one", "N2"),
        ("N", "the former", "N1"),
        ("N", "the latter", "N2"),
        ("N", "no, the second one", "N2"),
        ("T", "the other one, not Holdings", "T1"),
        ("T", "it's the one with Holdings in its name", "T2"),
        ("T", "the group, not the holdings", "T1"),
        ("N", "not the first one, the other one", "N2"),
        ("N", "not the first but the second", "N2"),
        ("N", "not South, the other one", "N1"),
        ("N", "prothom ta", "N1"),
        ("N", "দ্বিতীয়টা", "N2"),
        ("T", "the group one", "T1"),
        ("T", "Holdings", "T2"),
        ("R", "US one", "R2"),
        ("R", "the american one", "R2"),
        ("R", "the british one", "R1"),
        ("S", "Stonegate 2", "S2"),
        ("D", "the third", "D-3"),
        ("D", "d2", "D-2"),
        ("D", "D-2 please", "D-2"),
        ("D", "Motors", "D-2"),
        ("D", "the foods one, not motors", "D-1"),
    ],
)
def test_words_that_name_one_pick_it(pair: str, text: str, client: str) -> None:
    assert choose(text, PAIRS[pair]) == client
    asked = reply(pair, text)
    assert (asked.client_ids, asked.candidates, asked.fields) == ((client,), (), ("spend",))


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        ("T", "the one under 150k"),
        ("T", "the smaller one"),
        ("T", "any one of them"),
        ("T", "the finance one"),
        ("T", "the one in finance"),
        ("T", "the bank one"),
        ("T", "the other one"),
        ("T", "not the first one"),
        ("T", "neither one"),
        ("T", "no idea, any one"),
        ("T", "yes"),
        ("T", "both"),
        ("T", "whichever one spends more"),
        ("T", "the one I met on 1 November"),
        ("T", "one"),
        ("T", "either"),
        ("T", "either one"),
        ("T", "none of them"),
        ("T", "not sure, the first maybe"),
        ("T", "the first or the second"),
        ("T", "1 and 2"),
        ("T", "the two"),
        ("T", "all of them"),
        ("T", "the bigger one"),
        ("T", "the one with the higher spend"),
        ("T", "the retail one"),
        ("T", "another one"),
        ("T", "not Holdings"),
        ("T", "anything but the group one"),
        ("T", "the one Orla manages"),
        ("T", "no"),
        ("T", "idk"),
        ("T", "the one we met last"),
        ("T", "the fifth one"),
        ("T", "Teakwood"),
        ("D", "the latter"),
        ("D", "not the first one, the other one"),
        ("D", "third last"),
        ("D", "the last but one"),
        ("D", "neither the first nor the second"),
        ("R", "the one who pays us most"),
        ("K", "skylark's"),
        ("K", "the mobile one"),
        ("N", "the school"),
        ("N", "no not South"),
        ("N", "the second, no the first"),
        ("N", "the first, sorry, the second"),
        ("N", "the first. not sure"),
        ("T", "the 1 under 150k"),
        ("T", "the first one is wrong"),
        ("T", "Group's the wrong one"),
        ("T", "one moment"),
        ("D", "foods and motors"),
        ("D", "the second to last"),
        ("D", "not foods, not motors"),
        ("N", "the first one, Delphi Schools South"),
        ("N", "which one is bigger?"),
    ],
)
def test_other_words_are_asked_again(pair: str, text: str) -> None:
    assert choose(text, PAIRS[pair]) is None
    asked = reply(pair, text)
    assert (asked.client_ids, asked.candidates) == ((), PAIRS[pair])
    assert (asked.kind, asked.fields) == (Kind.FACTS, ("spend",))
    after = remember(asked, Memory(), None)
    assert after.offered == tuple(one for one, _ in PAIRS[pair])


@pytest.mark.parametrize(
    ("text", "kind", "clients"),
    [
        ("What should I pitch to Urban Basket?", Kind.RECOMMENDATION, ("U1",)),
        ("Urban Basket spend", Kind.FACTS, ("U1",)),
        ("What is the rule for FMCG?", Kind.RULE, ()),
        ("any rule for hotels?", Kind.RULE, ()),
        ("tell me one joke", Kind.OFF_TOPIC, ()),
        ("thanks!", Kind.UNCLEAR, ()),
        ("Who manages Delphi Schools South?", Kind.FACTS, ("N2",)),
    ],
)
def test_question_of_its_own_is_no_reply(text: str, kind: Kind, clients: tuple[str, ...]) -> None:
    asked = reply("N", text)
    assert (asked.kind, asked.client_ids, asked.candidates) == (kind, clients, ())


def test_after_a_pick_nothing_is_asked_again() -> None:
    memory = Memory(client_ids=("N1",), offered=("N1", "N2"), kind="facts", topics=("field:spend",))
    assert read_asked(Question("and the other one?", AS_OF, memory), NAMES).client_ids == ("N2",)
    assert read_asked(Question("yes", AS_OF, memory), NAMES).candidates == ()


def test_reply_and_denial_are_told_by_small_words() -> None:
    assert is_reply("the bigger one", PAIRS["N"])
    assert not is_reply("", PAIRS["N"])
    assert not is_reply("what is the rule for retail clients?", PAIRS["N"])
    assert is_denied("not that")
    assert not is_denied("that one")
    assert tells_place("the second", PAIRS["S"])
    assert not tells_place("Stonegate 2", PAIRS["S"])
