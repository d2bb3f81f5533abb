"""Speakers: how a provider is asked, whatever its kind, over HTTP or in this process.

Each kind turns messages and an output into an `Answer` within a time, with at most as many calls in flight as
its provider may hold. Nothing here knows of breakers, budgets or chains.
"""

import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from pydantic import BaseModel

from casewright.adapters.gateway import anthropic_wire, openai_wire
from casewright.adapters.gateway.connections import Connections, Exchange, Slot
from casewright.adapters.gateway.engine import EngineSeats
from casewright.adapters.gateway.providers import Provider, ProviderKind
from casewright.adapters.gateway.wire import Answer, build_schema, estimate_tokens
from casewright.domain.errors import ConfigurationError
from casewright.ports.text_model import AttemptOutcome, Message

HTTP_OK = 200
HTTP_TOO_MANY_REQUESTS = 429
HTTP_SERVER_ERROR = 500
_WIRES: Mapping[ProviderKind, Any] = {
    ProviderKind.OPENAI_COMPATIBLE: openai_wire,
    ProviderKind.ANTHROPIC: anthropic_wire,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One request, ready to be sent."""

    messages: Sequence[Message] = field(repr=False)
    output: type[BaseModel]
    tokens_in: int
    """An estimate, until the provider has counted."""
    body: bytes = field(default=b"", repr=False)


class Turn(Protocol):
    """The right to one call: it is either asked or given back, once."""

    def ask(self, question: Question, timeout_s: float) -> Answer:
        """The answer, within `timeout_s`. Never raises."""
        ...

    def give_back(self) -> None:
        """No call is made."""
        ...


class Speaker(Protocol):
    """The way to one provider. Thread-safe."""

    def prepare(self, messages: Sequence[Message], output: type[BaseModel]) -> Question:
        """What will be asked, and about how much of it there is."""
        ...

    def take_turn(self) -> Turn | None:
        """The right to one call; None while as many as allowed are in flight."""
        ...

    def close(self) -> None:
        """No more calls."""
        ...


def open_speaker(provider: Provider, verify: ssl.SSLContext) -> Speaker:
    """The way to a provider of any kind. Raises ConfigurationError for one in this process without engine."""
    if provider.kind in _WIRES:
        return HttpSpeaker(provider, verify)
    if provider.engine is None:
        raise ConfigurationError(f"the text model {provider.name}/{provider.model} has no engine to run it")
    return EngineSpeaker(provider, EngineSeats(provider.engine, provider.max_in_flight))


class HttpSpeaker:
    """A server."""

    def __init__(self, provider: Provider, verify: ssl.SSLContext) -> None:
        self.provider = provider
        self.wire = _WIRES[provider.kind]
        self.connections = Connections(provider.max_in_flight, verify)

    def prepare(self, messages: Sequence[Message], output: type[BaseModel]) -> Question:
        """See `Speaker.prepare`."""
        body = self.wire.build_body(self.provider, messages, output)
        return Question(messages, output, estimate_tokens(body), body)

    def take_turn(self) -> "HttpTurn | None":
        """See `Speaker.take_turn`."""
        slot = self.connections.take()
        return None if slot is None else HttpTurn(self, slot)

    def close(self) -> None:
        """See `Speaker.close`."""
        self.connections.close()


@dataclass(frozen=True, slots=True)
class HttpTurn:
    """A slot of a server."""

    speaker: HttpSpeaker
    slot: Slot

    def ask(self, question: Question, timeout_s: float) -> Answer:
        """See `Turn.ask`."""
        speaker, wire = self.speaker, self.speaker.wire
        exchange = speaker.connections.post(
            self.slot,
            speaker.provider.base_url + wire.PATH,
            wire.build_headers(speaker.provider),
            question.body,
            timeout_s,
        )
        return read_exchange(exchange, speaker.provider)

    def give_back(self) -> None:
        """See `Turn.give_back`."""
        self.speaker.connections.give_back(self.slot)


class EngineSpeaker:
    """An engine in this process."""

    def __init__(self, provider: Provider, seats: EngineSeats) -> None:
        self.provider = provider
        self.seats = seats

    def prepare(self, messages: Sequence[Message], output: type[BaseModel]) -> Question:
        """See `Speaker.prepare`."""
        told = "".join(message.content for message in messages) + json.dumps(build_schema(output))
        return Question(messages, output, estimate_tokens(told.encode("utf-8", "replace")))

    def take_turn(self) -> "EngineTurn | None":
        """See `Speaker.take_turn`."""
        return EngineTurn(self) if self.seats.take() else None

    def close(self) -> None:
        """See `Speaker.close`."""
        self.seats.close()


@dataclass(frozen=True, slots=True)
class EngineTurn:
    """A seat of an engine."""

    speaker: EngineSpeaker

    def ask(self, question: Question, timeout_s: float) -> Answer:
        """See `Turn.ask`."""
        provider = self.speaker.provider
        return self.speaker.seats.ask(
            question.messages,
            question.output,
            max_tokens=provider.max_tokens,
            temperature=provider.temperature,
            timeout_s=timeout_s,
        )

    def give_back(self) -> None:
        """See `Turn.give_back`."""
        self.speaker.seats.give_back()


def read_exchange(exchange: Exchange, provider: Provider) -> Answer:
    """The answer that stands in an HTTP exchange, or why there is none."""
    if exchange.failure is not None:
        return Answer(failure=exchange.failure)
    if exchange.status == HTTP_TOO_MANY_REQUESTS:
        said = parse_retry_after(exchange.headers)
        return Answer(failure=AttemptOutcome.RATE_LIMITED, retry_after_s=said)
    if exchange.status >= HTTP_SERVER_ERROR:
        return Answer(failure=AttemptOutcome.SERVER_ERROR)
    if exchange.status != HTTP_OK:
        return Answer(failure=AttemptOutcome.REFUSED)
    read: Callable[..., Answer] = _WIRES[provider.kind].read_answer
    return read(exchange.body, provider.structured_output)


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a `Retry-After` header: a number, or a date beside the server's `Date`. None: not said."""
    said = headers.get("retry-after", "").strip()
    whole, _, fraction = said.partition(".")
    if whole.isascii() and whole.isdigit() and len(whole) < 10 and fraction.isascii():
        return float(int(whole)) + (1.0 if fraction.strip("0") else 0.0)
    try:
        at, now = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (at - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
