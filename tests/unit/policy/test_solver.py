"""The solver against enumeration, and its budget."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewright.policy.solver import BudgetSpent, Literal, Solver

SIZES = (2, 3, 4, 2)
LITERALS = st.integers(0, 3).flatmap(
    lambda name: st.tuples(st.just(name), st.integers(0, (1 << SIZES[name]) - 1))
)
CLAUSES = st.lists(st.lists(LITERALS, min_size=1, max_size=4), max_size=8)


def holds(literal: Literal, values: tuple[int, ...]) -> bool:
    return bool(literal[1] >> values[literal[0]] & 1)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(CLAUSES, st.lists(LITERALS, max_size=3)), min_size=1, max_size=3))
def test_answers_agree_with_enumeration_over_several_questions(
    rounds: list[tuple[list[list[Literal]], list[Literal]]],
) -> None:
    solver = Solver()
    for size in SIZES:
        solver.variable(size)
    demanded: list[list[Literal]] = []
    for clauses, assumptions in rounds:
        for clause in clauses:
            solver.add(clause)
        demanded += clauses

        def fits(
            values: tuple[int, ...],
            clauses: list[list[Literal]] = demanded,
            given: list[Literal] = assumptions,
        ) -> bool:
            is_given = all(holds(literal, values) for literal in given)
            return is_given and all(any(holds(literal, values) for literal in clause) for clause in clauses)

        answer = solver.solve(assumptions, 10_000)
        if answer is None:
            assert not any(fits(values) for values in product(*map(range, SIZES)))
        else:
            assert fits(tuple(answer))


def pigeons(count: int) -> Solver:
    """`count` pigeons in one hole fewer, no two in one hole: impossible, and not quickly seen."""
    solver = Solver()
    birds = [solver.variable(count - 1) for _ in range(count)]
    for first, second in combinations(birds, 2):
        for hole in range(count - 1):
            others = solver.full(first) & ~(1 << hole)
            solver.add([(first, others), (second, others)])
    return solver


def test_impossible_question_is_answered_with_none() -> None:
    assert pigeons(6).solve([], 10_000) is None


def test_question_beyond_the_budget_is_said_to_be_open() -> None:
    with pytest.raises(BudgetSpent):
        pigeons(8).solve([], 20)


def test_first_values_are_preferred() -> None:
    solver = Solver()
    first, second = solver.variable(3), solver.variable(3)
    solver.add([(first, 0b110), (second, 0b100)])
    assert solver.solve([], 100) == [0, 2]


def test_contradiction_stays_one() -> None:
    solver = Solver()
    name = solver.variable(2)
    solver.add([(name, 1)])
    solver.add([(name, 2)])
    assert solver.solve([], 10) is None
    assert solver.solve([(name, 1)], 10) is None
