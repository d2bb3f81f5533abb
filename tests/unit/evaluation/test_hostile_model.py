import contextlib
from collections import Counter

from casewright.evaluation.hostile_model import HostileModel
from casewright.ports.text_model import Choice, Message, Role, Written
from casewright.writing.prompts import TextField, texts_output

FIELDS = tuple(
    TextField(name, "A text.", 600) for name in ("agent_summary", "recommended_next_action", "customer_reply")
)
ASK = (Message(Role.SYSTEM, "You write."), Message(Role.USER, "A case."))


def play(seed: int, times: int) -> tuple[Counter[str], list[object]]:
    model = HostileModel(seed, leaks=("secret-77",))
    ways: Counter[str] = Counter()
    answers: list[object] = []
    for _ in range(times):
        try:
            answers.append(model.write(ASK, texts_output(FIELDS), prompt_version="t.v1", accept=lambda _: ()))
        except Exception as error:  # noqa: BLE001 - it raises anything, on purpose
            answers.append(type(error))
        ways[model.behaviour] += 1
    return ways, answers


def test_every_behaviour_comes_up() -> None:
    ways, _ = play(1, 1_000)
    assert len(ways) == 20


def test_it_raises_answers_nothing_and_answers_with_wrong_types() -> None:
    _, answers = play(2, 1_000)
    assert None in answers
    assert any(isinstance(answer, type) for answer in answers)
    assert any(isinstance(answer, str) for answer in answers)
    assert any(isinstance(answer, Written) and answer.value is not None for answer in answers)


def test_it_tries_to_leak_what_it_was_given() -> None:
    _, answers = play(3, 1_000)
    assert any("secret-77" in str(getattr(answer, "value", "")) for answer in answers)


def test_the_same_seed_behaves_the_same() -> None:
    assert play(4, 200)[0] == play(4, 200)[0]


def test_a_sound_proposal_is_remembered_and_anything_else_is_not() -> None:
    model = HostileModel(5, case_types=("other", "wrong_transfer"))
    sound = 0
    for _ in range(300):
        choice: object = None
        with contextlib.suppress(Exception):
            choice = model.choice("state", "Which?", ("other", "wrong_transfer"))
        if model.proposed is not None:
            sound += 1
            assert isinstance(choice, Choice)
            assert choice.probabilities[model.proposed] > 0.5
    assert 100 < sound < 200


def test_noise_holds_lone_surrogates() -> None:
    noise = HostileModel(6).noise(2_000)
    assert any(0xD800 <= ord(char) <= 0xDFFF for char in noise)
