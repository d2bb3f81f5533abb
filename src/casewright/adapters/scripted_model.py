"""Scripted text model: plays given answers, failures and time-outs, with no network.

`ScriptedModel` keeps the contract of the port like any other adapter: answers are validated, the shield of
the caller has its say, nothing raises. `ScriptedEngine` is a provider in the chain of a gateway, which does
all that. They are what tests, demonstrations and red-team suites put in the place of a provider.
"""

import json
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from casewright.adapters.gateway.engine import EngineRequest
from casewright.adapters.gateway.wire import Answer, read_text
from casewright.ports.text_model import (
    Accept,
    Attempt,
    AttemptOutcome,
    Choice,
    Message,
    OutputT,
    Role,
    Trace,
    Written,
)

PROVIDER = "scripted"
MODEL = "script"
SOURCE = f"model:{PROVIDER}/{MODEL}"


@dataclass(frozen=True, slots=True)
class Fails:
    """A call that ends without an answer."""

    outcome: AttemptOutcome = AttemptOutcome.UNREACHABLE


@dataclass(frozen=True, slots=True)
class Says:
    """The raw text of an answer, as a server would send it: JSON, or whatever else."""

    text: str


Fields = Mapping[str, object]
Step = Fields | Says | Fails | BaseException
"""An answer's fields, its raw text, a failure, or an exception (which a failed connection stands for)."""
Play = Callable[[Sequence[Message]], Step]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model was shown."""

    messages: tuple[Message, ...]
    prompt_version: str


class ScriptedModel:
    """Plays `steps` in turn, the last one for ever; or what `play` returns for each prompt. Thread-safe.

    `probabilities` answers `choice`; without them nobody does. `seen` holds every prompt.
    """

    def __init__(
        self,
        steps: Iterable[Step] = (),
        *,
        play: Play | None = None,
        probabilities: Mapping[str, float] | None = None,
    ) -> None:
        self._steps = list(steps)
        self._play = play
        self._probabilities = probabilities
        self._lock = threading.Lock()
        self.seen: list[Seen] = []

    def write(
        self,
        messages: Sequence[Message],
        output: type[OutputT],
        *,
        prompt_version: str,
        accept: Accept[OutputT] | None = None,
    ) -> Written[OutputT]:
        """See `TextModel.write`."""
        step = self.next_step(messages, prompt_version)
        if isinstance(step, Fails):
            return _failed(step.outcome)
        if isinstance(step, BaseException):
            is_late = isinstance(step, TimeoutError)
            return _failed(AttemptOutcome.TIMED_OUT if is_late else AttemptOutcome.UNREACHABLE)
        try:
            if isinstance(step, Says):
                value = output.model_validate_json(step.text, strict=True)
            else:
                value = output.model_validate(dict(step), strict=True)
        except (ValidationError, ValueError):
            return _failed(AttemptOutcome.INVALID)
        blocked = accept(value) if accept is not None else ()
        if blocked:
            return Written(trace=Trace((_attempt(AttemptOutcome.BLOCKED),), blocked))
        return Written(value, SOURCE, Trace((_attempt(AttemptOutcome.ANSWERED),)))

    def choice(self, state: str, question: str, options: Sequence[str]) -> Choice:
        """See `TextModel.choice`. Probabilities are played as given, whether or not they fit the options."""
        with self._lock:
            self.seen.append(Seen((Message(Role.USER, f"{question}\n{state}"),), "choice"))
        if self._probabilities is None:
            return Choice(trace=Trace((_attempt(AttemptOutcome.UNREACHABLE),)))
        return Choice(self._probabilities, SOURCE, Trace((_attempt(AttemptOutcome.ANSWERED),)))

    def next_step(self, messages: Sequence[Message], prompt_version: str) -> Step:
        """What comes next in the script; the prompt is noted."""
        with self._lock:
            self.seen.append(Seen(tuple(messages), prompt_version))
            if self._play is None:
                if not self._steps:
                    return Fails()
                return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        return self._play(messages)


class ScriptedEngine:
    """Plays `steps` in turn, the last one for ever; or what `play` returns for each prompt. Thread-safe."""

    def __init__(self, steps: Iterable[Step] = (), *, play: Play | None = None) -> None:
        self._script = ScriptedModel(steps, play=play)

    @property
    def seen(self) -> list[Seen]:
        """Every prompt."""
        return self._script.seen

    def answer(self, request: EngineRequest) -> Answer:
        """See `Engine.answer`."""
        step = self._script.next_step(request.messages, "")
        if isinstance(step, Fails):
            return Answer(failure=step.outcome)
        if isinstance(step, BaseException):
            raise step
        text = read_text(step.text if isinstance(step, Says) else json.dumps(dict(step)))
        if isinstance(text, AttemptOutcome):
            return Answer(failure=text)
        return Answer(text)

    def close(self) -> None:
        """Nothing to let go of."""


def _attempt(outcome: AttemptOutcome) -> Attempt:
    return Attempt(PROVIDER, MODEL, outcome)


def _failed(outcome: AttemptOutcome) -> Written[OutputT]:
    return Written(trace=Trace((_attempt(outcome),)))
