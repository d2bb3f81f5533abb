"""What ships can be made again: tables by seed, and the files that the commands read."""

from pathlib import Path

from casewright.adapters.retention.model_table import read_model_table
from casewright.adapters.retention.models import read_acceptance_model
from casewright.evaluation.retention.world import read_law
from casewright.learning.retention.shipped_models import (
    LEFT,
    draw_churn_table,
    draw_contact_table,
    make_models,
    write_table,
)


def test_tables_are_the_same_for_the_same_seed_and_read_back_as_drawn(tmp_path: Path) -> None:
    table = draw_churn_table(seed=3, customers=200)
    assert table == draw_churn_table(seed=3, customers=200)
    assert table != draw_churn_table(seed=4, customers=200)
    write_table(tmp_path / "churn.csv", table, LEFT)
    read = read_model_table(tmp_path / "churn.csv", LEFT)
    assert (read.outcome, read.columns, read.ids) == (table.outcome, table.columns, table.ids)


def test_levels_are_drawn_evenly_and_better_offers_are_taken_more_often() -> None:
    table = draw_contact_table(customers=4_000)
    taken = {}
    for level in "0123":
        own = [
            outcome
            for outcome, given in zip(table.outcome, table.columns["offer_level"], strict=True)
            if given == level
        ]
        assert 850 < len(own) < 1_150
        taken[level] = sum(own) / len(own)
    assert taken["0"] < taken["1"] < taken["2"] < taken["3"]


def test_both_models_are_made(tmp_path: Path) -> None:
    done: list[int] = []
    made = make_models(tmp_path, customers=300, tell=done.append)
    assert done == [1, 2]
    assert [each.model.card["name"] for each in made] == ["risk", "acceptance"]
    assert {path.name for path in tmp_path.iterdir()} == {"risk", "acceptance"}


def test_the_shipped_acceptance_model_is_of_the_law_in_force() -> None:
    card = read_acceptance_model().model.card
    assert card["law"] == read_law().version[:12], "make it again: casewright retention make-models"
