"""Policy files as values that remember their lines.

YAML allows a key twice and keeps the last; in a policy that would drop a rule in silence, so here it is a
problem. Anything that is not a mapping, list, string, whole number, truth value or date is a problem too (a
float, above all). This module knows nothing of what the keys mean.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from casewright.policy.problems import Problem

_PLAIN_TAGS = (
    "tag:yaml.org,2002:map",
    "tag:yaml.org,2002:seq",
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:int",
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:null",
    "tag:yaml.org,2002:timestamp",
    "tag:yaml.org,2002:float",
)
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class RulesetSource:
    """The text of a desk's policy: `policy.md`, `parameters.yaml`, `invariants.yaml`, and tables `*.yaml`."""

    desk: str
    files: Mapping[str, str]


class LocatedMap(dict[object, object]):
    """A mapping that knows the line it starts on and the line of each key."""

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.key_lines: dict[object, int] = {}


@dataclass(slots=True)
class Collector:
    """Gathers problems of one file."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, place: str, message: str, remedy: str, line: int = 0) -> None:
        """Record one error."""
        self.problems.append(Problem(code, self.file, place, message, remedy, line=line))


def read_document(text: str, found: Collector) -> LocatedMap:
    """The top-level mapping of a YAML file; an empty one (and a problem) where it cannot be read."""
    empty = LocatedMap()
    try:
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            value = _value_of(node, loader, found) if node is not None else empty
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 0
        what = getattr(error, "problem", None) or "it cannot be read"
        found.add("bad_yaml", "", f"This is not YAML: {what}.", "Correct the line.", line)
        return empty
    except ValueError as error:
        found.add("bad_yaml", "", f"This is not YAML: {error}.", "Correct the value.")
        return empty
    if not isinstance(value, LocatedMap):
        found.add(
            "bad_shape", "", "The file must be a mapping of keys to values.", "Start it with `key: value`."
        )
        return empty
    return value


def _value_of(node: yaml.Node, loader: yaml.SafeLoader, found: Collector) -> object:
    line = node.start_mark.line + 1
    if not node.tag.startswith(_PLAIN_TAGS):
        found.add("bad_yaml", "", f"The tag {node.tag} is not allowed.", "Write plain values.", line)
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping_of(node, loader, found)
    if isinstance(node, yaml.SequenceNode):
        return [_value_of(item, loader, found) for item in node.value]
    value: object = loader.construct_object(node)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    found.add(
        "bad_value",
        "",
        f"`{node.value}` is not a whole number, a word, true, false or a date.",
        "Write amounts in minor units and shares in hundredths.",
        line,
    )
    return None


def _mapping_of(node: yaml.MappingNode, loader: yaml.SafeLoader, found: Collector) -> LocatedMap:
    result = LocatedMap(node.start_mark.line + 1)
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = _value_of(key_node, loader, found)
        if isinstance(key, LocatedMap | list):
            found.add(
                "bad_shape", "", "A key must be a word, a number or a date.", "Write a plain key.", line
            )
            continue
        if key in result:
            found.add(
                "duplicate_key",
                str(key),
                f"`{key}` stands here twice (first on line {result.key_lines[key]}).",
                "Keep one of them.",
                line,
            )
            continue
        result[key] = _value_of(value_node, loader, found)
        result.key_lines[key] = line
    return result
