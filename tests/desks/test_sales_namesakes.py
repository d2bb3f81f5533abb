"""Near-namesakes among the clients: nobody is picked silently, and a name in full is found."""

import pytest
from sales_desk import ask, build_road, read_cases

from casewright.desks.sales.names import match_client
from casewright.domain.client import Client

PAIRS: list[list[str]] = read_cases("namesakes")
NAMES = tuple((f"N-{place}", name) for place, name in enumerate(name for pair in PAIRS for name in pair[:2]))
IDS = {name: client_id for client_id, name in NAMES}


def test_there_are_sixty_pairs() -> None:
    assert len(PAIRS) == 60
    assert len(IDS) == 120


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[2] for pair in PAIRS])
def test_words_that_could_mean_both_pick_neither(pair: list[str]) -> None:
    first, second, written = pair
    found = match_client(written, NAMES)
    assert found.client_id is None
    assert {IDS[first], IDS[second]} <= {client_id for client_id, _ in found.candidates}


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[2] for pair in PAIRS])
def test_a_question_about_either_asks_which(pair: list[str]) -> None:
    clients = {client_id: Client(client_id, name, "FMCG", None, None, None) for client_id, name in NAMES}
    result = ask(f"What should I pitch to {pair[2]}?", build_road(clients))
    assert result.looked_up.clients == ()
    assert result.decisions == ()
    assert result.draft.message.startswith("Several clients match that name")
    for name in pair[:2]:
        assert f"{name} ({IDS[name]})" in result.draft.message


def test_a_name_in_full_is_never_taken_for_another() -> None:
    for client_id, name in NAMES:
        found = match_client(name, NAMES)
        if found.client_id is not None:
            assert found.client_id == client_id, name
        else:
            assert client_id in {one for one, _ in found.candidates}, name
