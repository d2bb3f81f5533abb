"""The acceptance model: levels told apart, one model for all, refusals that say why."""

from dataclasses import replace
from pathlib import Path

import pytest

from casewright.adapters.retention.models import read_acceptance_model
from casewright.domain.errors import ConfigurationError
from casewright.learning.retention.acceptance import train_acceptance
from casewright.learning.retention.blend import BlendSettings
from casewright.learning.retention.shipped_models import draw_contact_table

FEW = BlendSettings(rounds=15)


def test_predictions_by_level_follow_what_was_observed(tmp_path: Path) -> None:
    table = draw_contact_table(customers=2_000)
    trained, levels = train_acceptance(table, tmp_path, settings=FEW)
    assert [each.level for each in levels] == ["0", "1", "2", "3"]
    assert sum(each.rows for each in levels) == 2_000
    for each in levels:
        assert abs(each.accepted - each.predicted) < 0.06
    assert read_acceptance_model(tmp_path).version == trained.model.version


def test_levels_must_be_there_and_be_two_or_more(tmp_path: Path) -> None:
    table = draw_contact_table(customers=200)
    with pytest.raises(ConfigurationError, match="no column 'discount' of offer levels"):
        train_acceptance(table, tmp_path, "discount", FEW)
    alone = replace(table, columns={**table.columns, "offer_level": ("1",) * 200})
    with pytest.raises(ConfigurationError, match="one level alone"):
        train_acceptance(alone, tmp_path, settings=FEW)


def test_a_model_of_other_levels_is_judged_but_not_served(tmp_path: Path) -> None:
    table = draw_contact_table(customers=600)
    named = tuple("low" if level in {"0", "1"} else "high" for level in table.columns["offer_level"])
    train_acceptance(replace(table, columns={**table.columns, "offer_level": named}), tmp_path, settings=FEW)
    with pytest.raises(ConfigurationError, match="offers have 0 to 3"):
        read_acceptance_model(tmp_path)
