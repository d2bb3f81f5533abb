"""The catalogue: exact names, and each desk's own tools."""

import pytest

from casewright.domain.errors import NotFound, NotPermitted
from casewright.tools.arguments import Arguments
from casewright.tools.catalogue import Catalogue
from casewright.tools.spec import ReadOutcome, ToolEffect, ToolSpec

TOOL = ToolSpec("look", "orders", "Look.", ToolEffect.READ, Arguments, read=lambda *_: ReadOutcome())


def test_tool_is_found_by_its_exact_name_only() -> None:
    catalogue = Catalogue([TOOL])
    assert catalogue.find("look") is TOOL
    for name in ("Look", "loo", "look ", "look_up", ""):
        with pytest.raises(NotFound) as caught:
            catalogue.find(name)
        assert caught.value.code == "unknown_tool"


def test_desk_that_does_not_list_it_may_not_call_it() -> None:
    catalogue = Catalogue([TOOL])
    assert catalogue.find("look", desk="orders") is TOOL
    with pytest.raises(NotPermitted) as caught:
        catalogue.find("look", desk="sales")
    assert caught.value.code == "tool_not_allowed"


def test_two_tools_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="look"):
        Catalogue([TOOL, TOOL])
