"""The sales scenes of the demo: every answer reviewed, the spend rule kept, nobody picked silently."""

import io

from rich.console import Console

from casewright.cli.demo_sales import SCENES, show_sales_demo
from casewright.settings import Settings


def test_every_scene_is_answered_and_says_what_it_must() -> None:
    out = io.StringIO()
    assert show_sales_demo(Console(file=out, width=400, markup=False), Settings())
    shown = out.getvalue()
    for title, question in SCENES:
        assert title in shown
        assert question in shown
    scenes = dict(zip([title for title, _ in SCENES], shown.split(" asked  ")[1:], strict=True))
    by_question = {question: scenes[title] for title, question in SCENES}
    spend = by_question["What should I pitch to Voltberry Devices?"]
    assert "mobile app banners" in spend
    assert "video" not in spend
    assert "Several clients match" in by_question["What can I offer Voltberry?"]
    assert "re-engage" in by_question["What do we pitch to Nimbus Noodels next week?"].lower()
    assert "Finance approves" in by_question["What will 2026 Q3 pricing be?"]
    assert "looked up  nothing" in by_question["Who won the football yesterday?"]
