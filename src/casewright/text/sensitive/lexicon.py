"""The words of `data/redaction.yaml`, compiled: cues that name a credential, flags of the words around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from casewright.text.sensitive.findings import Kind
from casewright.text.sensitive.scan import Scan
from casewright.text.sensitive.wordlists import load_data


class Flag:
    """What a word can be to a number near a credential; the file says which words. Plain bits, for speed."""

    STRONG = 1
    LINK = 2
    VERB = 4
    GIVE = 8
    PRONOUN = 16
    MONEY_NOUN = 32
    MONEY_VERB = 64
    CURRENCY = 128
    SCALE = 256
    UNIT = 512
    ID_NOUN = 1024
    ENDING = 2048
    LAST = 4096
    DIGIT = 8192
    PLACE = 16384
    STOP = 32768
    JOIN = 65536
    SPOKEN_MULTIPLIER = 131072
    AUXILIARY = 262144
    DEDUCTION = 524288
    CHANGE = 1048576
    MONTH = 2097152


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that names a credential; `kind` None: one that only looks like it."""

    parts: tuple[str, ...]
    kind: Kind | None
    is_weak: bool = False


class CueTree(dict[str, "CueTree"]):
    """Cues by their words: from each word those that may follow, and the cue that ends here, if one does."""

    __slots__ = ("cue",)

    def __init__(self) -> None:
        super().__init__()
        self.cue: Cue | None = None

    def add(self, cue: Cue) -> None:
        """A sure cue takes the place of a weak one, and a phrase that is no cue that of any."""
        node = self
        for part in cue.parts:
            node = node.setdefault(part, CueTree())
        if node.cue is None or cue.kind is None or (node.cue.kind is not None and node.cue.is_weak):
            node.cue = cue

    def match(self, words: list[str], index: int) -> tuple[Cue, int] | None:
        """The longest cue that begins at `index`, and where it ends. A hyphen may join its words."""
        node, at, found = self, index, None
        while at < len(words):
            follows = node.get(words[at])
            if follows is None and at > index and words[at] in "-_" and at + 1 < len(words):
                at += 1
                follows = node.get(words[at])
            if follows is None:
                break
            at += 1
            node = follows
            if node.cue is not None:
                found = node.cue, at
        return found


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything by word, in matching form."""

    cues: CueTree
    flags: Mapping[str, int]
    money_stems: tuple[str, ...]
    """A word that begins so and has no flags of its own is a verb of money."""
    spoken: Mapping[str, int]
    """Number word -> 1 for a single digit, 2 for two digits, 0 for a ten that a digit may follow."""
    not_passwords: frozenset[str]
    clause_openers: frozenset[str]
    """Words that may follow a password that is an ordinary word."""
    hints: tuple[str, ...]
    """Pieces of text, one of which every cue contains."""

    def flag(self, word: str) -> int:
        """The flags of a word, as bits."""
        known = self.flags.get(word)
        if known is None:
            return Flag.MONEY_VERB if word.startswith(self.money_stems) else 0
        return known


def words_of(phrase: str) -> tuple[str, ...]:
    """A phrase as a text's words are read."""
    if phrase.isascii() and phrase.replace(" ", "").isalpha():
        return tuple(phrase.lower().split())
    return tuple(Scan.of(phrase).words.words)


@cache
def load_lexicon() -> Lexicon:
    """The packaged lexicon, read once."""
    data = load_data("redaction")
    cues = CueTree()
    for section, is_weak in (("cues", False), ("weak_cues", True)):
        for kind, phrases in data[section].items():
            for phrase in phrases:
                for form in _forms(str(phrase), data["endings"]):
                    cues.add(Cue(words_of(form), Kind(kind), is_weak))
    for phrase in data["not_cues"]:
        cues.add(Cue(words_of(phrase), None))
    flags: dict[str, int] = {}
    stems = data["words"]["money_stem"]
    for name, words in data["words"].items():
        if words is stems:
            continue
        for word in str(words).split():
            key = "".join(words_of(word))
            flags[key] = flags.get(key, 0) | getattr(Flag, name.upper())
    return Lexicon(
        cues=cues,
        flags=flags,
        money_stems=tuple(str(stems).split()),
        spoken=_spoken(data["spoken_digits"]),
        not_passwords=frozenset("".join(words_of(word)) for word in str(data["not_passwords"]).split()),
        clause_openers=frozenset(str(data["clause_openers"]).split()),
        hints=tuple(str(hint) for hint in data["hints"]),
    )


def _forms(phrase: str, endings: Mapping[str, str]) -> list[str]:
    """The phrase, and with `~` the phrase with every ending of its script."""
    if not phrase.endswith("~"):
        return [phrase]
    stem = phrase[:-1]
    script = "latin" if stem[-1].isascii() else "bangla"
    return [stem, *(stem + ending for ending in endings[script].split())]


def _spoken(source: Mapping[str, str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value, words in source.items():
        for word in str(words).split():
            counts["".join(words_of(word))] = 1 if int(value) < 10 else 0 if int(value) == 20 else 2
    return counts
