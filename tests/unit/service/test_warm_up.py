"""Warming up: what a first ticket would wait for is loaded, and no model is asked."""

import time

from casewright.adapters.scripted_model import ScriptedModel
from casewright.bootstrap import build_application
from casewright.service.warm_up import warm_up
from casewright.settings import Settings


def test_first_ticket_after_warming_up_is_quick_and_no_model_was_asked() -> None:
    model = ScriptedModel()
    application = build_application(Settings(), model=model)
    warm_up(application)
    assert model.seen == []
    plain = build_application(Settings())
    started = time.perf_counter()
    plain.analyze_ticket({"ticket_id": "T", "complaint": "আমার পেমেন্ট ফেল করেছে কিন্তু ৬৪০ টাকা কেটে নিয়েছে"})
    assert time.perf_counter() - started < 0.1
