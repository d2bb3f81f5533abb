"""The closed set of states: where a contact leads, and how it fades."""

from casewright.evaluation.retention.states import DECLINED, NEUTRAL, build_states

STATES = build_states()


def key(index: int) -> tuple[int, int, int]:
    return int(STATES.mode[index]), int(STATES.weeks[index]), int(STATES.contacts[index])


def test_at_first_nothing_was_said() -> None:
    assert key(0) == (NEUTRAL, 12, 0)
    assert STATES.may_contact[0]


def test_a_term_runs_twelve_weeks_and_a_refusal_is_remembered_six() -> None:
    for start, weeks in ((int(STATES.accepted[0, 2]), 12), (int(STATES.declined[0]), 6)):
        state, lasted = start, 0
        while STATES.mode[state] != NEUTRAL:
            state, lasted = int(STATES.after_week[state]), lasted + 1
        assert lasted == weeks
    assert key(int(STATES.declined[0])) == (DECLINED, 0, 1)


def test_two_weeks_of_cooldown_and_four_contacts_bind() -> None:
    state = int(STATES.declined[0])
    allowed = []
    for _ in range(3):
        allowed.append(bool(STATES.may_contact[state]))
        state = int(STATES.after_week[state])
    assert allowed == [False, False, True]
    assert not STATES.may_contact[STATES.contacts == 4].any()


def test_states_are_all_different() -> None:
    assert len({key(index) for index in range(len(STATES))}) == len(STATES) == 1 + 4 * (48 + 6 + 7)
