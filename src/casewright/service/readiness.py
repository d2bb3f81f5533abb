"""Readiness: what the service depends on, and in what state each is.

A text model that does not answer does not make the service unready: templates write then. So only what is
known of it is named here, and no call leaves for it.
"""

from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from casewright.bootstrap import desk_names, load_ruleset, read_ruleset_source
from casewright.domain.errors import CasewrightError
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.ports.text_model import WatchedTextModel

if TYPE_CHECKING:
    from casewright.bootstrap import Application

from casewright.policy.locks import require_lock

READY = "ready"
BROKEN = "broken"


@cache
def describe_rulesets(day: date) -> dict[str, dict[str, str]]:
    """The packaged ruleset of every desk on a day; `broken`: it does not compile, or is not the released one.

    Read once a day: the first call takes a tenth of a second and blocks.
    """
    return {f"ruleset:{desk}": _describe_ruleset(desk, day) for desk in desk_names()}


def _describe_ruleset(desk: str, day: date) -> dict[str, str]:
    try:
        require_lock(read_ruleset_source(desk))
        return {"state": READY, "id": load_ruleset(desk, day).id}
    except CasewrightError as error:
        return {"state": BROKEN, "problem": error.code}


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
