"""Sentences of an answer that is being written, each let out once it may be read.

Invariant: nothing is told that has not passed, together with all the text before it, the shield that the
caller handed in; after one refusal nothing more is told. Only one provider is ever heard in this way: once a
sentence is out, no other provider's text is mixed with it.
"""

import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from casewright.adapters.gateway.wire import Listen

_END = re.compile(r"[.!?।]+[\"'”’)\]]*(?=\s)")
_ESCAPE_CHARS = {"u": 6}


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears sentences: of which `field`, when, and how.

    `accept` names the rules that a text so far breaks; none: what is new in it may be told.
    """

    field: str
    accept: Callable[[str], tuple[str, ...]]
    tell: Callable[[str], None]


def split_sentences(text: str) -> list[str]:
    """A text in its sentences; joined with a blank they are the text again, but for its spaces."""
    ends = [match.end() for match in _END.finditer(text)] + [len(text)]
    starts = [0, *ends[:-1]]
    return [part for start, end in zip(starts, ends, strict=True) if (part := text[start:end].strip())]


class SentenceGate:
    """Thread-safe: pieces come from the thread of a call, the end from the one who waits."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing
        self._lock = threading.Lock()
        self._told: list[str] = []
        self._told_to = 0
        self._ear = 0
        self._is_shut = False

    def open_ear(self) -> Listen | None:
        """The ear for the next provider's text; None once a sentence is out."""
        with self._lock:
            if self._told or self._is_shut:
                return None
            self._ear += 1
            ear, reader = self._ear, FieldReader(self._hearing.field)

        def listen(piece: str) -> None:
            text = reader.read(piece)
            with self._lock:
                if ear == self._ear:
                    self._tell(text)

        return listen

    def finish(self, text: str) -> None:
        """The whole text, which has passed: tell what is left of it, if what was told is its beginning."""
        with self._lock:
            self._ear += 1
            sentences = split_sentences(text)
            if not self._is_shut and sentences[: len(self._told)] == self._told:
                for sentence in sentences[len(self._told) :]:
                    self._hearing.tell(sentence)
            self._is_shut = True

    def close(self) -> None:
        """Nothing more is told, whoever still writes."""
        with self._lock:
            self._ear += 1
            self._is_shut = True

    def _tell(self, text: str) -> None:
        """Tell the sentences that are whole; the last one may still go on."""
        for match in _END.finditer(text, self._told_to):
            if self._is_shut:
                return
            if self._hearing.accept(text[: match.end()].strip()):
                self._is_shut = True
                return
            sentence = text[self._told_to : match.end()].strip()
            self._told_to = match.end()
            self._told.append(sentence)
            self._hearing.tell(sentence)


class FieldReader:
    """Reads one text field of a JSON object that is still being written."""

    def __init__(self, field: str) -> None:
        self._opening = re.compile(rf'"{re.escape(field)}"\s*:\s*"')
        self._raw = ""
        self._start: int | None = None
        self._end = 0

    def read(self, piece: str) -> str:
        """The field's text so far; nothing before it has begun."""
        self._raw += piece
        if self._start is None:
            found = self._opening.search(self._raw)
            if found is None:
                return ""
            self._start = self._end = found.end()
        while self._end < len(self._raw) and self._raw[self._end] != '"':
            width = 1
            if self._raw[self._end] == "\\":
                width = _ESCAPE_CHARS.get(self._raw[self._end + 1 : self._end + 2], 2)
                if self._end + width > len(self._raw):
                    break
            self._end += width
        try:
            return str(json.loads(f'"{self._raw[self._start : self._end]}"', strict=False))
        except ValueError:
            return ""
