"""Gateway: a chain of providers behind the text model port.

Invariants: it never raises for what a provider does; one total deadline is shared by the whole chain and
holds to within a tenth of a second; a text that the shield refused is neither returned, nor stored, nor
asked for again. It does not redact (its callers do, before anything gets here), and it does not retry
inside a provider.
"""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

import httpx2
from pydantic import BaseModel

from casewright.adapters.gateway.cache import Flights, ResultCache
from casewright.adapters.gateway.link import Link
from casewright.adapters.gateway.providers import Provider, ProviderKind
from casewright.adapters.gateway.shared_budget import SharedBudget
from casewright.adapters.redis_link import RedisLink
from casewright.domain.reply import TEMPLATE_SOURCE
from casewright.ports.text_model import (
    Accept,
    Attempt,
    Choice,
    Message,
    OutputT,
    ProviderHealth,
    Trace,
    Written,
)
from casewright.writing.prompts import build_choice_prompt, choice_output

RecordAttempt = Callable[[Attempt], None]


@dataclass(frozen=True, slots=True)
class GatewayLimits:
    """`deadline_s` is for a whole chain; a cached result lives `cache_lifetime_s`."""

    deadline_s: float = 8.0
    cache_entries: int = 1024
    cache_lifetime_s: float = 3600.0


class Gateway:
    """A `TextModel` over a chain of providers, tried in order; those in this process after every server.

    `record` gets a ledger row for each call made (not for a provider that was skipped); it must not raise.
    `clock` is monotonic, in seconds. With `redis`, budgets are those of all processes together. Thread-safe.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        limits: GatewayLimits = GatewayLimits(),
        record: RecordAttempt | None = None,
        clock: Callable[[], float] = time.monotonic,
        redis: RedisLink | None = None,
    ) -> None:
        self.redis = redis
        """What budgets are shared in; None: each process has its own."""
        verify = httpx2.create_ssl_context()
        chain = sorted(providers, key=lambda provider: provider.kind is ProviderKind.LOCAL)
        budgets = [None if redis is None else _share(redis, provider) for provider in chain]
        self._links = tuple(
            Link(provider, verify, clock, budget) for provider, budget in zip(chain, budgets, strict=True)
        )
        self._chain = [[p.name, p.base_url, p.model, p.structured_output.value] for p in chain]
        self._limits = limits
        self._record = record
        self._observers: tuple[RecordAttempt, ...] = ()
        self._clock = clock
        self._cache = ResultCache(limits.cache_entries, limits.cache_lifetime_s)
        self._flights = Flights()
        self._lock = threading.Lock()

    def write(
        self,
        messages: Sequence[Message],
        output: type[OutputT],
        *,
        prompt_version: str,
        accept: Accept[OutputT] | None = None,
    ) -> Written[OutputT]:
        """See `TextModel.write`."""
        if not self._links:
            return Written()
        deadline_s = self._clock() + self._limits.deadline_s
        key = self._request_key(messages, output, prompt_version)
        flight, is_leader = self._flights.join(key)
        if not is_leader:
            shared = flight.wait(deadline_s - self._clock())
            return _reused(cast("Written[OutputT] | None", shared), accept)
        written: Written[OutputT] = Written()
        try:
            cached = self._cache.get(key, self._clock())
            if cached is not None:
                written = cast("Written[OutputT]", cached)
                return _reused(written, accept)
            written = self._ask_chain(messages, output, accept, deadline_s)
            if written.value is not None:
                self._cache.put(key, cast("Written[BaseModel]", written), self._clock())
        finally:
            self._flights.finish(key, cast("Written[BaseModel]", written))
        return written

    def watch(self, observe: RecordAttempt) -> None:
        """Let `observe` see every attempt, those that were skipped too. It must not raise, nor take long."""
        with self._lock:
            self._observers = (*self._observers, observe)

    def health(self) -> tuple[ProviderHealth, ...]:
        """Each provider of the chain, in the order in which they are asked."""
        return tuple(link.health() for link in self._links)

    def choice(self, state: str, question: str, options: Sequence[str]) -> Choice:
        """See `TextModel.choice`. These providers name one option, which then has all the probability."""
        if not options:
            return Choice()
        prompt = build_choice_prompt(state, question, options)
        written = self.write(prompt.messages, choice_output(tuple(options)), prompt_version=prompt.version)
        answer = getattr(written.value, "answer", None)
        if answer is None:
            return Choice(trace=written.trace)
        probabilities = {option: float(option == answer) for option in options}
        return Choice(probabilities, written.source, written.trace)

    def close(self) -> None:
        """Close idle connections; the gateway answers with nothing from here on."""
        for link in self._links:
            link.close()
        if self.redis is not None:
            self.redis.close()

    def _ask_chain(
        self,
        messages: Sequence[Message],
        output: type[OutputT],
        accept: Accept[OutputT] | None,
        deadline_s: float,
    ) -> Written[OutputT]:
        attempts: list[Attempt] = []
        for position, link in enumerate(self._links):
            remaining_s = deadline_s - self._clock()
            if remaining_s <= 0:
                break
            # A provider that hangs leaves an equal share of the time to each of those that may still answer.
            others = sum(later.may_serve(output) for later in self._links[position + 1 :])
            asked = link.ask(messages, output, accept, remaining_s / (1 + others))
            attempts.append(asked.attempt)
            self._note(asked.attempt)
            if asked.value is not None or asked.blocked:
                named = link.provider.source_of(asked.attempt.version)
                source = named if asked.value is not None else TEMPLATE_SOURCE
                return Written(asked.value, source, Trace(tuple(attempts), asked.blocked))
        return Written(trace=Trace(tuple(attempts)))

    def _note(self, attempt: Attempt) -> None:
        if self._record is not None and not attempt.outcome.is_skipped:
            self._record(attempt)
        for observe in self._observers:
            observe(attempt)

    def _request_key(self, messages: Sequence[Message], output: type[BaseModel], prompt_version: str) -> str:
        turns = [[message.role.value, message.content] for message in messages]
        document = [self._chain, prompt_version, turns, _schema_text(output)]
        return hashlib.sha256(json.dumps(document).encode("ascii")).hexdigest()


def _share(redis: RedisLink, provider: Provider) -> SharedBudget:
    name = f"{provider.name} {provider.base_url} {provider.model}"
    return SharedBudget(redis, name, provider.limits, provider.max_in_flight)


@lru_cache(maxsize=256)
def _schema_text(output: type[BaseModel]) -> str:
    """The class and its whole schema, lengths included: nobody is given the value of another class."""
    return (
        f"{output.__module__}.{output.__qualname__} {json.dumps(output.model_json_schema(), sort_keys=True)}"
    )


def _reused(written: Written[OutputT] | None, accept: Accept[OutputT] | None) -> Written[OutputT]:
    """A result that another request paid for: this caller's own shield has the last word on it."""
    if written is None:
        return Written()
    trace = Trace(blocked=written.trace.blocked, is_reused=True)
    if written.value is not None and accept is not None and (blocked := accept(written.value)):
        return Written(trace=replace(trace, blocked=blocked))
    return replace(written, trace=trace)
