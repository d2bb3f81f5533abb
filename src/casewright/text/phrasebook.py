"""Phrasebook: patterns over plain words, kept in data files and compiled once.

A pattern is a regular expression over a sentence in its spaced form (see `clauses`): words divided by
single spaces, no boundaries needed. Two abbreviations make it readable: a group is never captured, so
`(a|b)` is enough, and `<name>` stands for a macro of the same file (or of the shared `shield_macros.yaml`).
Line breaks inside a macro count for nothing.

Invariant: nothing here depends on the text that is checked.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import cast

from casewright.language.data_files import read_yaml
from casewright.language.normalise import normalise

_MACRO = re.compile(r"<([a-z_]+)>")
_GROUP = re.compile(r"(?<!\\)\((?!\?)")
_LINE_BREAK = re.compile(r"\s*\n\s*")
_MAX_MACRO_DEPTH = 8


@cache
def load_document(name: str) -> Mapping[str, object]:
    """A packaged data file of the shield, with text in the composed form that sentences have."""
    raw = resources.files("casewright.text").joinpath("data", name).read_text(encoding="utf-8")
    return cast("Mapping[str, object]", read_yaml(raw))


def word_set(document: Mapping[str, object], key: str) -> frozenset[str]:
    """The words of a block of text under a key, in the form that sentences have."""
    return frozenset(normalise(str(document[key])).text.split())


@cache
def _macros(name: str) -> Mapping[str, str]:
    shared = cast("Mapping[str, str]", load_document("shield_macros.yaml"))
    own = cast("Mapping[str, str]", load_document(name).get("macros", {}))
    return {**shared, **own}


def _expand(pattern: str, macros: Mapping[str, str]) -> str:
    for _ in range(_MAX_MACRO_DEPTH):
        expanded = _MACRO.sub(lambda match: "(" + _LINE_BREAK.sub("", macros[match.group(1)]) + ")", pattern)
        if expanded == pattern:
            break
        pattern = expanded
    return _GROUP.sub("(?:", pattern)


class Phrasebook:
    """Named lists of patterns from one data file."""

    def __init__(self, name: str) -> None:
        self._document = load_document(name)
        self._macros = _macros(name)

    def patterns(self, key: str) -> tuple[re.Pattern[str], ...]:
        """Each pattern under a key, bound to whole words."""
        return tuple(self._compile(source) for source in cast("list[str]", self._document[key]))

    def any_of(self, key: str) -> re.Pattern[str]:
        """One pattern that matches where any pattern under the key does."""
        sources = cast("list[str]", self._document[key])
        return self._compile("(" + "|".join(sources) + ")")

    def _compile(self, source: str) -> re.Pattern[str]:
        expanded = normalise_pattern(_expand(source, self._macros))
        return re.compile(f"(?<= )(?:{expanded})(?= )")


def normalise_pattern(pattern: str) -> str:
    """Bring the words of a pattern to the composed form of normalised text, leaving its syntax alone."""
    return normalise(pattern).text


def excise(sentence: str, patterns: Iterable[re.Pattern[str]]) -> str:
    """The sentence with every match cut out and a mark left in its place."""
    for pattern in patterns:
        sentence = pattern.sub("¦", sentence)
    return sentence
