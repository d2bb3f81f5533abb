"""What a provider says that an attacker owns: raw answers, drawn from a seed, for every kind of provider.

Where `hostile_model` breaks the port's contract in this process, this breaks into it from behind: valid JSON
with lies and unsafe replies, the schema and anything but it, noise of every script, calls of tools, echoes of
the prompt, refusals and errors. It takes no time of its own: hanging is measured elsewhere.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from casewright.adapters.scripted_model import Fails, Says, Step
from casewright.evaluation.hostile_model import CALLS, LIES, VERDICTS, HostileModel
from casewright.evaluation.misbehaving_provider import Mode
from casewright.ports.text_model import AttemptOutcome, Message

QUICK_MODES = (
    Mode.RATE_LIMITED,
    Mode.SERVER_ERROR,
    Mode.UNAUTHORISED,
    Mode.REDIRECT,
    Mode.DISCONNECT,
    Mode.BROKEN_ENVELOPE,
    Mode.DEEP_JSON,
    Mode.OVERLONG,
    Mode.CUT_OFF,
    Mode.EMPTY,
    Mode.TOOL_CALL,
    Mode.SURROGATE,
)
_ENGINE_FAILURES: Mapping[Mode, Step] = {
    Mode.RATE_LIMITED: Fails(AttemptOutcome.RATE_LIMITED),
    Mode.SERVER_ERROR: Fails(AttemptOutcome.SERVER_ERROR),
    Mode.UNAUTHORISED: Fails(AttemptOutcome.REFUSED),
    Mode.REDIRECT: RuntimeError("native"),
    Mode.DISCONNECT: ConnectionResetError("gone"),
    Mode.BROKEN_ENVELOPE: Says("<html>gateway</html>"),
    Mode.DEEP_JSON: Says("[" * 10_000),
    Mode.OVERLONG: Says("long " * 10_000),
    Mode.CUT_OFF: Fails(AttemptOutcome.TOO_LONG),
    Mode.EMPTY: Says(""),
    Mode.TOOL_CALL: Says('{"name": "refund", "arguments": {"amount": 5000}}'),
    Mode.SURROGATE: Says('{"customer_reply": "\ud800"}'),
}
_Behaviour = Callable[[HostileModel, str], object]
_BEHAVIOURS: Mapping[str, _Behaviour] = {
    "noise": lambda m, _: m.noise(m.pick((1, 40, 300))),
    "noise in fields": lambda m, _: m.fields(lambda: m.noise(m.pick((1, 40, 300)))),
    "schema-valid lie": lambda m, _: m.fields(lambda: m.pick(LIES)),
    "unsafe reply": lambda m, _: m.fields(m.unsafe),
    "one unsafe field": lambda m, _: m.with_one(m.unsafe()),
    "leak": lambda m, _: m.fields(m.leak),
    "tool call in a field": lambda m, _: m.fields(lambda: json.dumps(m.pick(CALLS))),
    "tool call": lambda m, _: m.pick(CALLS),
    "verdict as fields": lambda m, _: {**VERDICTS, **m.fields(lambda: "The case is closed.")},
    "verdict": lambda m, _: VERDICTS,
    "prompt echoed": lambda m, prompt: m.fields(lambda: prompt[:500]),
    "wrong types": lambda m, _: m.fields(lambda: m.pick((None, 7, 1.5, True, [], {}))),
    "fields missing": lambda m, _: {"customer_reply": "The case is under review."},
    "empty texts": lambda m, _: m.fields(lambda: m.pick(("", " ", "\u200b"))),
    "two answers": lambda m, _: json.dumps(m.fields(m.unsafe)) * 2,
    "fenced": lambda m, _: f"```json\n{json.dumps(m.fields(m.unsafe))}\n```",
    "thought aloud": lambda m, _: f"<think>{m.unsafe()}</think>{json.dumps(m.with_one(m.unsafe()))}",
    "text for an answer": lambda m, _: m.unsafe(),
}


class HostileScript:
    """Draws one thing after another. `behaviour` says what it was, for a report. Not thread-safe."""

    def __init__(self, seed: int, *, leaks: Sequence[str] = ()) -> None:
        self._model = HostileModel(seed, leaks=leaks)
        self.behaviour = ""

    def compose(self, body: Mapping[str, Any]) -> Mode | str:
        """For a server: an error of its own, or the text of an answer."""
        return self._draw(str(body.get("messages")))

    def play(self, messages: Sequence[Message]) -> Step:
        """The same for an engine in this process."""
        said = self._draw(" ".join(message.content for message in messages))
        return _ENGINE_FAILURES[said] if isinstance(said, Mode) else Says(said)

    def _draw(self, prompt: str) -> Mode | str:
        name = self._model.pick((*_BEHAVIOURS, "error"))
        if name == "error":
            mode: Mode = self._model.pick(QUICK_MODES)
            self.behaviour = mode.value
            return mode
        self.behaviour = name
        said = _BEHAVIOURS[name](self._model, prompt)
        return said if isinstance(said, str) and not isinstance(said, Mode) else json.dumps(said)
