"""Support is wired with the words of each tool's desk."""

from casewright.service.support import load_desk_templates


def test_every_tool_speaks_in_the_words_of_its_desk() -> None:
    templates = load_desk_templates()
    assert "cancel_order" in templates["cancel_order"]["proposed"]
    assert "create_return" in templates["create_return"]["proposed"]
    assert templates["create_replacement"] is templates["cancel_order"]
    for name, desk in templates.items():
        assert {"reasons", "proposed", "done", "under_way", "money"} <= desk.keys(), name
