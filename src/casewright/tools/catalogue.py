"""Catalogue: every tool by name, and which desk's conversations may call which.

A name that is not in it does not exist, and a tool that a desk does not list is refused there. Names are
matched exactly.
"""

from collections.abc import Iterable, Iterator

from casewright.domain.errors import NotFound, NotPermitted
from casewright.tools.spec import ToolSpec


class Catalogue:
    """An immutable set of tools."""

    __slots__ = ("_tools",)

    def __init__(self, tools: Iterable[ToolSpec]) -> None:
        self._tools: dict[str, ToolSpec] = {}
        for tool in tools:
            if tool.name in self._tools:
                raise ValueError(f"two tools are called {tool.name}")
            self._tools[tool.name] = tool

    def __iter__(self) -> Iterator[ToolSpec]:
        return iter(self._tools.values())

    def find(self, name: str, *, desk: str | None = None) -> ToolSpec:
        """The tool; for a desk's conversation only one that the desk may call.

        Raises NotFound (`unknown_tool`) or NotPermitted (`tool_not_allowed`).
        """
        tool = self._tools.get(name)
        if tool is None:
            raise NotFound("There is no such tool; GET /tools lists them.", code="unknown_tool")
        if desk is not None and not tool.is_allowed_for(desk):
            raise NotPermitted(f"The {desk} desk may not call {tool.name}.", code="tool_not_allowed")
        return tool
