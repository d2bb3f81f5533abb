"""The clauses that customers are told have Bangla words, and these may leave."""

from datetime import date

import pytest

from casewright.bootstrap import load_ruleset
from casewright.domain.case import Language
from casewright.policy.clauses import Clause
from casewright.text.shield import ShieldContext, check
from casewright.writing.shop_replies import say_policy

CLAUSES = [
    clause
    for desk in ("orders", "returns")
    for clause in load_ruleset(desk, date(2026, 6, 1)).clauses.values()
]


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: str(clause.id))
def test_a_clause_has_bangla_words_that_pass_the_shield(clause: Clause) -> None:
    words, _ = say_policy(Language.BN, [clause.id], [clause.told["bn"]])
    assert words.text.startswith(clause.told["bn"][:20])
    assert any("\u0980" <= mark <= "\u09ff" for mark in words.text)
    assert check(words.text, ShieldContext(words.facts, frozenset(), Language.BN)) == ()


def test_every_clause_of_both_desks_is_looked_at() -> None:
    assert len(CLAUSES) == len({clause.id for clause in CLAUSES}) == 72


def test_a_number_that_policy_states_is_the_same_in_bangla() -> None:
    for clause in CLAUSES:
        stated, told = (
            sorted(filter(str.isdigit, text.replace(clause.id, "")))
            for text in (clause.text, clause.told["bn"])
        )
        assert stated == told, clause.id
