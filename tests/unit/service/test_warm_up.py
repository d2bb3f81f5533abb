"""Warming up: what a first ticket would wait for is loaded, and no model is asked."""

from casewright.adapters.scripted_model import ScriptedModel
from casewright.bootstrap import build_application
from casewright.intake.rulebook import load_rulebook
from casewright.service.warm_up import warm_up
from casewright.settings import Settings


def test_warming_up_loads_the_rules_and_asks_no_model() -> None:
    model = ScriptedModel()
    application = build_application(Settings(), model=model)
    load_rulebook.cache_clear()
    warm_up(application)
    assert load_rulebook.cache_info().currsize == 1
    assert model.seen == []
