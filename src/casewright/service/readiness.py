"""Readiness: what the service depends on, and in what state each is.

A text model that does not answer does not make the service unready: templates write then. So only what is
known of it is named here, and no call leaves for it.
"""

from typing import TYPE_CHECKING

from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.ports.text_model import WatchedTextModel

if TYPE_CHECKING:
    from casewright.bootstrap import Application

READY = "ready"


def describe_dependencies(application: "Application") -> dict[str, dict[str, str]]:
    """Each dependency by name, with its `state` and what identifies it."""
    road = application.road
    named = ", ".join(f"{model.preset}/{model.model}" for model in application.settings.text_models)
    text = {"state": READY, "source": TEMPLATE_SOURCE if road.model is None else named or "model"}
    if isinstance(road.model, WatchedTextModel):
        failing = [f"{each.provider}/{each.model}" for each in road.model.health() if each.is_open]
        text["left_alone"] = ", ".join(failing) or "none"
    return {
        f"ruleset:{road.desk.name}": {"state": READY, "id": road.ruleset.id},
        "text": text,
    }
