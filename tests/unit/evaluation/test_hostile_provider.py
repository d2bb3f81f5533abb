"""The attacker's provider: repeatable, and of every behaviour for servers and for engines alike."""

from casewright.adapters.scripted_model import Says
from casewright.evaluation.hostile_provider import HostileScript
from casewright.evaluation.misbehaving_provider import Mode
from casewright.ports.text_model import Message, Role

BODY = {"messages": [{"role": "user", "content": "A case."}]}


def test_the_same_seed_says_the_same_and_another_does_not() -> None:
    first, again, other = HostileScript(1), HostileScript(1), HostileScript(2)
    drawn = [first.compose(BODY) for _ in range(40)]
    assert drawn == [again.compose(BODY) for _ in range(40)]
    assert drawn != [other.compose(BODY) for _ in range(40)]


def test_it_errs_lies_and_leaks_in_many_ways() -> None:
    script = HostileScript(1, leaks=("CANARY-1",))
    drawn = [script.compose(BODY) for _ in range(600)]
    assert {type(each) for each in drawn} == {str, Mode}
    assert any(isinstance(each, str) and "CANARY-1" in each for each in drawn)
    assert any(isinstance(each, str) and "issue_refund" in each for each in drawn)


def test_an_engine_is_given_what_a_server_would_have_sent() -> None:
    as_server, as_engine = HostileScript(3), HostileScript(3)
    turns = (Message(Role.USER, "A case."),)
    for _ in range(200):
        sent, said = as_server.compose({"messages": "A case."}), as_engine.play(turns)
        assert as_server.behaviour == as_engine.behaviour
        if not isinstance(sent, Mode):
            assert said == Says(sent)
