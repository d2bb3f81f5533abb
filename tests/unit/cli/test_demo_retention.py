"""The demo's outreach: each scene shows what its title says."""

import io

from rich.console import Console

from casewright.cli.demo_retention import SCENES, show_retention_demo
from casewright.settings import Settings


def test_every_scene_of_the_retention_desk_shows_what_its_title_says() -> None:
    out = io.StringIO()
    assert show_retention_demo(Console(file=out, width=400, markup=False), Settings())
    text = out.getvalue()
    parts = [text.split(title)[1] for title, _, _ in SCENES]
    kept, again, cooled, calm, refused, night = (part.split("\n\n")[0] for part in parts)
    assert "contact with offer level" in kept
    assert "learned (ppo" in kept
    assert "reply STOP" in kept
    assert again == kept
    assert "RTN-4.1" in cooled
    assert "reserved" not in cooled + calm + refused + night
    assert "no_contact" in calm
    assert "RTN-2.1" in refused
    assert "RTN-3.2" in night
    assert "baseline" in text.split("kill switch is turned")[1]
