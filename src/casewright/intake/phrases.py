"""Phrases: rules over concepts, compiled to regular expressions over the vocabulary's letters.

The rule language, items parted by spaces:
`IGNORE` a word of that concept · `word` that very word · `ANY` one word · `A|b` either · `A?` perhaps ·
`~3` up to three words of any kind in the sentence · `~~3` also across its end · `~3!MY` none of them `MY` ·
`^` start of a sentence or line ·
`!A` the next word is not `A` · `<!A` the word before is not `A` · `<NAME>` a phrase defined apart ·
`*A` the anchor: a rule is tried only on texts that hold its anchor, so choose the rarest word. A phrase whose
alternatives all have an anchor spares a rule the texts that hold none of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from casewright.intake.concepts import BREAK, LINE, Vocabulary

_ANY_WORD = "ANY"
_GAP = re.compile(r"~(~?)(\d+)(?:!(\S+))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """One compiled rule. `required` holds sets of letters, of each of which a text must hold one."""

    id: str
    kind: str
    is_weak: bool
    source: str
    anchors: frozenset[str]
    required: tuple[frozenset[str], ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression; compiled at first use, because most rules are never tried."""
        return _compiled(self.source)


@dataclass(frozen=True, slots=True)
class RuleSource:
    """One rule as written: what it finds, how, and whether it counts only beside a stronger one."""

    id: str
    kind: str
    match: str
    is_weak: bool = False


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


class PhraseError(ValueError):
    """A rule or phrase that cannot be compiled; the message names it."""


@dataclass(slots=True)
class _Compiler:
    vocabulary: Vocabulary
    phrases: Mapping[str, Sequence[str]]
    concepts: frozenset[str]
    compiled: dict[str, str] = field(default_factory=dict)

    def names(self, union: str) -> list[str]:
        return [
            name if name in self.concepts else self.vocabulary.add_literal(name) for name in union.split("|")
        ]

    def check(self, where: str, match: str) -> None:
        """Registers the literals of a match, so that the alphabet is complete before anything is compiled."""
        for item in match.split():
            gap = _GAP.fullmatch(item)
            if gap is not None:
                item = gap[3] or ""
            if not item or item in ("^", _ANY_WORD):
                continue
            bare = item.removeprefix("*").removesuffix("?") if len(item) > 1 else item
            if bare.startswith("<") and bare.endswith(">"):
                if bare[1:-1] not in self.phrases:
                    raise PhraseError(f"{where}: no phrase is named {bare}; define it under `phrases`.")
                continue
            for name in self.names(_without_sign(bare)):
                if name.startswith("=") and name.isupper():
                    raise PhraseError(f"{where}: no concept is named {name[1:]}; define it under `words`.")

    def letters(self, union: str) -> str:
        return self.vocabulary.letters_of(self.names(union))

    def source(self, match: str) -> str:
        return "".join(self.item(item) for item in match.split())

    def item(self, item: str) -> str:
        if item == "^":
            return f"(?:^|(?<=[{BREAK}{LINE}]))"
        if item == _ANY_WORD:
            return f"[^{BREAK}]"
        if (gap := _GAP.fullmatch(item)) is not None:
            banned = self.letters(gap[3]) if gap[3] else ""
            barrier = "" if gap[1] else BREAK
            return (f"[^{barrier}{banned}]" if barrier or banned else ".") + f"{{0,{gap[2]}}}?"
        optional = "?" if item.endswith("?") and len(item) > 1 else ""
        bare = item.removeprefix("*").removesuffix("?") if len(item) > 1 else item
        if bare.startswith("<!"):
            return f"(?<![{self.letters(bare[2:])}])"
        if bare.startswith("<") and bare.endswith(">"):
            return f"(?:{self.phrase(bare[1:-1])}){optional}"
        if bare.startswith("!") and len(bare) > 1:
            return f"(?![{self.letters(bare[1:])}])"
        return f"[{self.letters(bare)}]{optional}"

    def phrase(self, name: str) -> str:
        if name not in self.compiled:
            self.compiled[name] = "|".join(self.source(match) for match in self.phrases[name])
        return self.compiled[name]

    def required(self, match: str) -> tuple[frozenset[str], ...]:
        """What a text must hold: each plain word, and of a phrase the anchor of one of its alternatives."""
        needed: list[frozenset[str]] = []
        for item in match.split():
            if len(item) > 1 and (item[0] in "~!" or item.startswith("<!") or item.endswith("?")):
                continue
            if item in ("^", _ANY_WORD):
                continue
            if item.startswith("<") and item.endswith(">"):
                anchors = [_anchor_of(alternative) for alternative in self.phrases[item[1:-1]]]
                if all(anchors):
                    needed.append(frozenset("".join(self.letters(anchor) for anchor in anchors)))
                continue
            needed.append(frozenset(self.letters(item.removeprefix("*") if len(item) > 1 else item)))
        return tuple(dict.fromkeys(needed))

    def rule(self, source: RuleSource) -> Rule:
        anchor = _anchor_of(source.match)
        if not anchor:
            raise PhraseError(f"rule {source.id}: no anchor; put * before its rarest word.")
        pattern = self.source(source.match)
        anchors = frozenset(self.letters(anchor))
        return Rule(source.id, source.kind, source.is_weak, pattern, anchors, self.required(source.match))


def _anchor_of(match: str) -> str:
    return next((item[1:] for item in match.split() if item[0] == "*" and len(item) > 1), "")


def _without_sign(item: str) -> str:
    if item.startswith("<!"):
        return item[2:]
    return item[1:] if item.startswith("!") and len(item) > 1 else item


def compile_rules(
    vocabulary: Vocabulary,
    concepts: frozenset[str],
    phrases: Mapping[str, Sequence[str]],
    sources: Sequence[RuleSource],
) -> tuple[Rule, ...]:
    """Every rule, against a vocabulary that takes no more words from then on. Raises PhraseError."""
    compiler = _Compiler(vocabulary, phrases, concepts)
    for name, matches in phrases.items():
        for match in matches:
            compiler.check(f"phrase {name}", match)
    for source in sources:
        compiler.check(f"rule {source.id}", source.match)
    vocabulary.assign_letters()
    return tuple(compiler.rule(source) for source in sources)
