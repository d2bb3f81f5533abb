"""Where in a sentence the system is spoken to, when nothing marks where the instruction begins or ends.

The sentence is cut into clauses: at marks and line breaks, where a text seems to begin (a capital, another
script), and behind verbs that end a clause. Clauses that speak to the system, and what belongs to them, are
the instruction; a part before or behind it that claims something, or is plainly a customer's, is the
customer's own. A cut too many costs nothing, for the customer's clauses stay together.

It finds places only. What the parts say, and what of it counts, is for `directives` and the desk to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from casewright.investigation.command_words import CLAUSE_ENDS, IMPERATIVE, Use
from casewright.investigation.reader import Reader
from casewright.language.normalise import Normalised
from casewright.language.tokens import Tokens

DIRECTIVE = "directive"
TAGS = frozenset({"speaker >1 colon", "instruction >1 colon"})
"""Sentences that open with a role ("SYSTEM:"): no claim stands behind it, unless all else is silent."""
BACKGROUND = frozenset(
    {
        "problem_named",
        "loss_named",
        "not_received",
        "transfer_named",
        "cash_out_named",
        "asks_if_real",
        "deducted",
    }
    | {"right_recipient", "scam_denied", "unknown_incoming", "damage_named"}
)
"""Signals that give no type: sentences with no others say nothing that a directive one could spoil."""
INSTRUCTED = frozenset(
    {DIRECTIVE, "refund_asked", "credential_sought", "credential_shared", "credential_mentioned"}
    | {"scam_mentioned"}
)
"""What instructions to the system speak of ("refund me", "ask for the PIN"): no claim of the customer's."""
_MATTERS = BACKGROUND | {"refund_asked"}
"""What a part that claims nothing may yet say and be the customer's."""
_PATIENCE = 300_000
"""Words that are read again, in all, to tell the customer's part of a sentence from an instruction."""
_PART_COST = 100
"""What reading a part costs beside its words, in words."""
_NEAR = 5
"""Words between what is spoken of and the word of command that makes an instruction of it."""
_CLOSING = frozenset(",;\"'-`#[](){}<>|*…=")
_OPENING = frozenset("[({<#`|")
_RULE = 3
"""Equal marks in a row that make a line of them."""
_OWN_WORDS = 4
_OWN_WORDS_AT_SEAM = 3
_OWN_WORDS_UNTOLD = 6
"""So many words make a part of a sentence the customer's own where they claim nothing: fewer where something
else tells that they are (a verb, a pronoun), fewest where a text begins."""


@dataclass(slots=True)
class Parts:
    """Signals of parts of sentences, until so many words have been read that no customer can have meant it.

    A sentence has as many parts as words; to try them all would take time quadratic in its length.
    """

    reader: Reader
    masks: list[int]
    negated: list[bool]
    left: int = _PATIENCE
    _known: dict[tuple[int, int], dict[str, str]] = field(default_factory=dict)
    """Of parts that were read: a sentence is done with before its negations are read anew."""

    def signals(self, start: int, end: int) -> dict[str, str]:
        """The signals of a part, not to be changed; none once patience is at its end."""
        found = self._known.get((start, end))
        if found is None:
            if self.left <= 0:
                return {}
            self.left -= _PART_COST + end - start
            found = self._known[start, end] = self.reader.signals_of(self.masks, self.negated, start, end)
        return found


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of one sentence (last exclusive) that are an instruction, or that are not."""

    start: int
    end: int
    is_command: bool


def is_claim(signals: Mapping[str, str]) -> bool:
    """Whether something is claimed that gives a case its type, and nothing is said to the system."""
    return DIRECTIVE not in signals and not signals.keys() <= BACKGROUND | INSTRUCTED


@dataclass(frozen=True, slots=True)
class Clauses:
    """The words of a message, with what is needed to cut its sentences into clauses."""

    normalised: Normalised
    tokens: Tokens
    uses: Sequence[int]
    parts: Parts

    def split(self, start: int, end: int, *, is_continued: bool) -> list[Stretch]:
        """The sentence in stretches; none if the system is not spoken to.

        `is_continued`: the sentence before was an instruction, which may go on in this one.
        """
        spans = self._spans(start, end)
        commands = self._seeds(spans, is_continued=is_continued)
        if not commands:
            return []
        self._grow(spans, commands)
        stretches: list[Stretch] = []
        for number, (first, last) in enumerate(spans):
            is_command = number in commands
            if stretches and stretches[-1].is_command == is_command:
                stretches[-1] = Stretch(stretches[-1].start, last, is_command)
            else:
                stretches.append(Stretch(first, last, is_command))
        return self._join([self._give_back(stretches, number) for number in range(len(stretches))])

    def _give_back(self, stretches: list[Stretch], number: int) -> Stretch:
        """A stretch with its ends at the words of command, if that makes a claim of what is beside them."""
        stretch = stretches[number]
        before = stretches[number - 1] if number else None
        behind = stretches[number + 1] if number + 1 < len(stretches) else None
        start, end = stretch.start, stretch.end
        if stretch.is_command:
            return replace(
                stretch, start=self._first_told(before, stretch), end=self._last_told(stretch, behind)
            )
        if before:
            start = self._last_told(before, stretch)
        if behind:
            end = self._first_told(stretch, behind)
        return replace(stretch, start=start, end=end)

    def _first_told(self, before: Stretch | None, command: Stretch) -> int:
        """Where an instruction begins: with its clause, or with its first word of command."""
        if self.is_seam(command.start):
            return command.start
        told = [at for at in range(command.start, command.end) if self._weight(at, at + 1)]
        at = told[0] if told else command.start
        while at > command.start and not self.parts.masks[at - 1] and self.tokens.words[at - 1][0].isalpha():
            at -= 1
        if before and any(word[0].isdigit() for word in self.tokens.words[command.start : at]):
            return at
        start = before.start if before else command.start
        if at == start or (before and is_claim(self.parts.signals(start, before.end))):
            return command.start
        return at if is_claim(self.parts.signals(start, at)) else command.start

    def _last_told(self, command: Stretch, behind: Stretch | None) -> int:
        """Where an instruction ends: with its clause, or, where verbs stand last, with its last command."""
        end = behind.end if behind else command.end
        if self.is_seam(command.end) or (behind and is_claim(self.parts.signals(behind.start, end))):
            return command.end
        told = [at for at in range(command.start, command.end) if self._weight(at, at + 1) >= _COMMANDING]
        if not any(use & (Use.ORDER | Use.FAMILIAR) for use in self.uses[command.start : command.end]):
            return command.end
        at = told[-1] + 1 if told else end
        is_saying = at < end and self.parts.masks[at - 1] & self.parts.reader.lexicon.bits["utter"]
        return at if at < end and not is_saying and is_claim(self.parts.signals(at, end)) else command.end

    def _spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """The clauses of a sentence."""
        spans: list[tuple[int, int]] = []
        first = start
        for at in range(start + 1, end):
            if self._is_cut(at, first):
                spans.append((first, at))
                first = at
        spans.append((first, end))
        return spans

    def _is_cut(self, at: int, start: int) -> bool:
        words = self.tokens.words
        before, here = words[at - 1], words[at]
        if here == ":" or before == ":" or (before in "\"'" and at - 2 >= start and words[at - 2] == ":"):
            return False
        if "_" in (before, here):
            return False
        if self.is_seam(at):
            return True
        if before != here and (self._is_rule(at) or self._is_rule(max(start, at - _RULE))):
            return True
        if before == "{" and here[0].isalnum():
            return True  # what a machine writes has a quote or a bracket there
        if here in _CLOSING:
            return here in _OPENING and before not in _OPENING
        if before in _CLOSING:
            return before not in _OPENING
        ends = self.uses[at - 1] & CLAUSE_ENDS and not self._is_object(at, start)
        return bool(ends) or here == "i"

    def _is_object(self, at: int, start: int) -> bool:
        """Whether "that" stands here, and what was before it had no room for an object."""
        if not self.parts.masks[at] & self.parts.reader.lexicon.bits["that"]:
            return False
        return at - start <= _BRIDGE

    def _is_rule(self, at: int) -> bool:
        """Whether a line of marks stands here ("---", "###"), which parts texts."""
        words = self.tokens.words
        if at >= len(words) or words[at] not in _CLOSING:
            return False
        return len(words) >= at + _RULE and len(set(words[at : at + _RULE])) == 1

    def is_seam(self, at: int) -> bool:
        """Whether something shows that one text ends and another begins before a word."""
        if not 0 < at < len(self.tokens.words):
            return False
        return self.begins_text(at) or self.is_line_break(at) or (at >= _RULE and self._is_rule(at - _RULE))

    def is_line_break(self, at: int) -> bool:
        """Whether a line ends before a word."""
        tokens = self.tokens
        return "\n" in tokens.text[tokens.ends[at - 1] : tokens.starts[at]]

    def begins_text(self, at: int) -> bool:
        """Whether a text seems to begin at a word: a capital behind a small letter, or another script."""
        words = self.tokens.words
        before, here = words[at - 1], words[at]
        if not before[-1].isalpha():
            return False
        if here[0].isdigit():
            return at + 1 < len(words) and self._changes_script(at, at + 1)
        if not here[0].isalpha():
            return False
        if self._changes_script(at, at):
            return True
        original, offsets = self.normalised.original, self.normalised.offsets
        right = offsets[self.tokens.starts[at]]
        if not original[right].isupper() or not original[offsets[self.tokens.starts[at - 1]]].islower():
            return False
        is_acronym = original[right + 1 : right + 2].isupper() and words[at + 1 : at + 2] != ("-",)
        return not is_acronym

    def _changes_script(self, at: int, following: int) -> bool:
        """Whether another script begins, and is no single word in the midst of the first."""
        if self.tokens.text.isascii():
            return False
        words = self.tokens.words
        before, behind = words[max(0, at - 2) : at], words[following : following + 2]
        left = {word.isascii() for word in before if word[0].isalpha()}
        right = {word.isascii() for word in behind if word[0].isalpha()}
        return len(left) == len(right) == 1 and left != right

    def _seeds(self, spans: Sequence[tuple[int, int]], *, is_continued: bool) -> set[int]:
        """Numbers of the clauses that speak to the system by themselves, or with a clause close by."""
        seeds = {number for number, span in enumerate(spans) if DIRECTIVE in self.parts.signals(*span)}
        last: dict[str, tuple[int, int]] = {}
        line = 0
        for number, (start, end) in enumerate(spans):
            if number and self.begins_text(start):
                last.clear()
            if number and self.is_line_break(start):
                line = number
            for at in range(start, end):
                if self.uses[at] & Use.MACHINE and ":" in self.tokens.words[at + 1 : at + 3]:
                    seeds.add(number)
                for kind in self._kinds(at):
                    for other in _MAKES_COMMAND[kind]:
                        place, where = last.get(other, (-_NEAR - 2, 0))
                        if other == "order" and where != number:
                            continue  # an order stands behind what it speaks of, or in one clause with it
                        if "told" in (kind, other) and where < line:
                            continue
                        if at - place <= _NEAR + 1 and place != at:
                            seeds |= set(range(where, number + 1))
                    last[kind] = (at, number)
        if not seeds:
            seeds = self._spread(spans)
        if is_continued and not seeds:
            for number, (start, end) in enumerate(spans[:_GOES_ON]):
                if is_claim(self.parts.signals(spans[0][0], end)):
                    break
                if any(use & Use.ORDER for use in self.uses[start:end]):
                    seeds |= set(range(number + 1))
        return seeds

    def _kinds(self, at: int) -> list[str]:
        """What a word is among those that make a command together."""
        use, mask, bits = self.uses[at], self.parts.masks[at], self.parts.reader.lexicon.bits
        kinds: list[str] = []
        if use & Use.MACHINE or mask & (bits["instruction"] | bits["speaker"] | bits["machine"]):
            kinds.append("spoken of")
        if mask & bits["case_field"]:
            kinds.append("field")
        if use & Use.ORDER:
            kinds.append("order")
        if use & (Use.FAMILIAR | Use.UNDO) or mask & bits["dismiss"]:
            kinds.append("told")
        return kinds

    def _spread(self, spans: Sequence[tuple[int, int]]) -> set[int]:
        """Numbers of the clauses over which an instruction is spread that none of them shows by itself."""
        seeds: set[int] = set()
        first = 0
        for number in range(1, len(spans) + 1):
            if number < len(spans) and not self.begins_text(spans[number][0]):
                continue
            if DIRECTIVE in self.parts.signals(spans[first][0], spans[number - 1][1]):
                cores = [at for at in range(first, number) if self._weight(*spans[at])] or [first]
                seeds |= set(range(cores[0], cores[-1] + 1))
            first = number
        return seeds

    def _grow(self, spans: Sequence[tuple[int, int]], commands: set[int]) -> None:
        """Adds the clauses that belong to an instruction: those like it beside it, and what is to be said."""
        for number in sorted(commands):
            at = number - 1
            while at >= 0 and at not in commands:
                is_bridge = at > 0 and self._is_bridge(spans, at) and self._is_like(spans[at - 1])
                if not (is_bridge or self._is_like(spans[at])):
                    break
                commands.add(at)
                at -= 1
        self._close_tags(spans, commands)
        is_open = False
        for number in range(min(commands), len(spans) - 1):
            if number not in commands:
                is_open = False
                continue
            is_open = self._stays_open(spans[number], is_open=is_open)
            if number + 1 not in commands:
                is_open = is_open and not self.begins_text(spans[number + 1][0])
                if is_open or self._goes_on(spans, commands, number):
                    commands.add(number + 1)

    def _stays_open(self, span: tuple[int, int], *, is_open: bool) -> bool:
        """Whether a role or a tag has opened an instruction that has come to no imperative yet."""
        if any(use & IMPERATIVE for use in self.uses[span[0] : span[1]]):
            return False
        return is_open or self._is_tag(*span) or self.parts.signals(*span).get(DIRECTIVE) in TAGS

    def _goes_on(self, spans: Sequence[tuple[int, int]], commands: set[int], number: int) -> bool:
        """Whether the clause behind an instruction is still a part of it."""
        start, end = spans[number]
        following = spans[number + 1]
        if self._is_like(following):
            return True
        is_bridge = number + 2 < len(spans) and self._is_bridge(spans, number + 1)
        if is_bridge and (number + 2 in commands or self._is_like(spans[number + 2])):
            return True
        bits = self.parts.reader.lexicon.bits
        if not any(self.parts.masks[at] & bits["addressee"] for at in range(start, end)):
            return False
        if not self.parts.masks[end - 1] & bits["utter"]:
            return False
        said = [at for at in range(*following) if self.tokens.words[at][0].isalpha()]
        return len(said) >= _OWN_WORDS_AT_SEAM and bool(self.uses[said[-1]] & (IMPERATIVE | Use.WANTED))

    def _is_bridge(self, spans: Sequence[tuple[int, int]], number: int) -> bool:
        """Whether a clause is so short and plain that it goes with an instruction on both sides of it."""
        start, end = spans[number]
        if end - start > _BRIDGE or self.begins_text(start) or self.begins_text(end):
            return False
        return not is_claim(self.parts.signals(start, end))

    def _is_tag(self, start: int, end: int) -> bool:
        """Whether a clause is a role or a mark of a machine in brackets, and opens what stands behind it."""
        words, reader = self.tokens.words[start:end], self.parts.reader
        named = reader.lexicon.bits["machine"] | reader.lexicon.bits["speaker"]
        return "[" in words and "/" not in words and any(mask & named for mask in self.parts.masks[start:end])

    def _close_tags(self, spans: Sequence[tuple[int, int]], commands: set[int]) -> None:
        """Adds what stands between a tag and the one that closes it ("[inst]" and "[/inst]")."""
        words = self.tokens.words
        opened: dict[tuple[str, str], int] = {}
        covered = len(spans)
        for number, (start, end) in enumerate(spans):
            for at in range(start, end - 1):
                if words[at] in _OPENING and words[at + 1] != "/":
                    opened.setdefault((words[at], words[at + 1]), number)
        for number in sorted(commands, reverse=True):
            start, end = spans[number]
            for at in range(start, end - 2):
                first = opened.get((words[at], words[at + 2])) if words[at + 1] == "/" else None
                if first is not None and first < covered:
                    commands |= set(range(first, min(number, covered)))
                    covered = first

    def _is_like(self, span: tuple[int, int]) -> bool:
        """Whether a clause beside an instruction is made of the same words, and orders or claims nothing."""
        if self._is_rule(span[0]):
            return True
        if self._weight(*span) < _COMMANDING:
            return False
        return self._is_order(span) or not is_claim(self.parts.signals(*span))

    def _is_order(self, span: tuple[int, int]) -> bool:
        """Whether a clause ends in an order and tells nothing: "cancel it", and not "they cancelled"."""
        said = [at for at in range(*span) if self.tokens.words[at][0].isalpha()]
        tells = any(use & (Use.FINITE | Use.SELF) for use in self.uses[span[0] : span[1]])
        return bool(said) and bool(self.uses[said[-1]] & Use.ORDER) and not tells

    def _weight(self, start: int, end: int) -> int:
        """How much a clause speaks to the system."""
        reader = self.parts.reader
        strong = (
            reader.lexicon.bits["dismiss"] | reader.lexicon.bits["machine"] | reader.lexicon.bits["addressee"]
        )
        weight = 0
        for at in range(start, end):
            mask, use = self.parts.masks[at], self.uses[at]
            if mask & strong or use & (Use.ORDER | Use.FAMILIAR | Use.MACHINE):
                weight += _COMMANDING
            elif mask & reader.commands or use & Use.UNDO:
                weight += 1
        return weight

    def _join(self, stretches: list[Stretch]) -> list[Stretch]:
        """Joins to the instruction what is not plainly the customer's."""
        joined: list[Stretch] = []
        for number, stretch in enumerate(stretches):
            is_first, is_last = number == 0, number == len(stretches) - 1
            is_own = not stretch.is_command and self._is_own(stretch, is_first=is_first, is_last=is_last)
            if joined and joined[-1].is_command is not is_own:
                joined[-1] = Stretch(joined[-1].start, stretch.end, not is_own)
            else:
                joined.append(Stretch(stretch.start, stretch.end, not is_own))
        return joined

    def _is_own(self, stretch: Stretch, *, is_first: bool, is_last: bool) -> bool:
        """Whether a part of a sentence is the customer's: it claims something, or is a matter of its own."""
        start, end = stretch.start, stretch.end
        signals = self.parts.signals(start, end)
        if DIRECTIVE in signals:
            return False
        if is_claim(signals):
            return True
        if not (is_first or is_last):
            return False
        is_told = any(use & (Use.SELF | Use.FINITE) for use in self.uses[start:end])
        if not is_told and not signals.keys() <= _MATTERS:
            return False
        count = sum(word[0].isalpha() for word in self.tokens.words[start:end])
        if count < _OWN_WORDS_AT_SEAM:
            return False
        has_seam = not is_first and (not self.tokens.words[start][0].isalnum() or self.is_seam(start))
        has_seam = has_seam or (not is_last and self.is_seam(end))
        if has_seam:
            return count >= _OWN_WORDS_AT_SEAM
        is_told = is_told or any(use & Use.POLITE for use in self.uses[start:end])
        is_told = is_told and not self._weight(start, end)
        return count >= (_OWN_WORDS if is_told else _OWN_WORDS_UNTOLD)


_COMMANDING = 2
_BRIDGE = 4
"""Words of a clause that may stand inside an instruction and be of none of its kinds."""
_GOES_ON = 2
"""Clauses of a sentence in which the instruction of the sentence before may end."""
_MAKES_COMMAND = {
    "spoken of": ("order", "told"),
    "field": ("order",),
    "order": ("spoken of", "field"),
    "told": ("spoken of",),
}
