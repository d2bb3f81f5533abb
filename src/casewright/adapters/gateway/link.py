"""Link of a chain: one provider with its breaker, budget and connections, asked once per text.

There is no retry inside a provider: whatever goes wrong is one attempt with an outcome, and the chain moves
on.
"""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Generic

from casewright.adapters.gateway.breaker import Breaker, Permit
from casewright.adapters.gateway.budget import Budget
from casewright.adapters.gateway.connections import Connections, Exchange
from casewright.adapters.gateway.openai_wire import (
    PATH,
    Answer,
    build_body,
    build_headers,
    estimate_tokens,
    parse_output,
    read_answer,
)
from casewright.adapters.gateway.providers import Provider
from casewright.ports.text_model import Accept, Attempt, AttemptOutcome, Message, OutputT

HTTP_OK = 200
HTTP_TOO_MANY_REQUESTS = 429
HTTP_SERVER_ERROR = 500
_PROVIDER_WORKS = frozenset({AttemptOutcome.ANSWERED, AttemptOutcome.BLOCKED})
_COSTS_NOTHING = frozenset(
    {
        AttemptOutcome.UNREACHABLE,
        AttemptOutcome.RATE_LIMITED,
        AttemptOutcome.REFUSED,
        AttemptOutcome.SERVER_ERROR,
    }
)


@dataclass(frozen=True, slots=True)
class Asked(Generic[OutputT]):
    """One attempt, the value if there is one, and the shield rules that a blocked value broke."""

    attempt: Attempt
    value: OutputT | None = None
    blocked: tuple[str, ...] = ()


class Link:
    """Thread-safe."""

    def __init__(self, provider: Provider, verify: ssl.SSLContext, clock: Callable[[], float]) -> None:
        self.provider = provider
        self._clock = clock
        self._breaker = Breaker()
        self._budget = Budget(provider.limits)
        self._connections = Connections(provider.max_in_flight, verify)

    def may_enter(self) -> bool:
        """Whether the breaker would let a call through now."""
        return self._breaker.may_enter(self._clock())

    def ask(
        self,
        messages: Sequence[Message],
        output: type[OutputT],
        accept: Accept[OutputT] | None,
        timeout_s: float,
    ) -> Asked[OutputT]:
        """One call at most, within `timeout_s`. Never raises."""
        permit = self._breaker.enter(self._clock())
        if permit is None:
            return self._skipped(AttemptOutcome.SKIPPED_OPEN)
        slot = self._connections.take()
        if slot is None:
            self._breaker.leave(permit)
            return self._skipped(AttemptOutcome.SKIPPED_BUSY)
        provider = self.provider
        body = build_body(provider, messages, output)
        tokens_in, tokens_out = estimate_tokens(body), provider.max_tokens
        cost_micros = provider.cost_micros(tokens_in, tokens_out)
        if not self._budget.reserve(self._clock(), tokens_in + tokens_out, cost_micros):
            self._connections.give_back(slot)
            self._breaker.leave(permit)
            return self._skipped(AttemptOutcome.SKIPPED_BUDGET)
        started_s = time.perf_counter()
        exchange = self._connections.post(
            slot, provider.base_url + PATH, build_headers(provider), body, timeout_s
        )
        answer = read_exchange(exchange, provider)
        outcome, value, blocked = _judge(answer, output, accept)
        self._report(permit, outcome, exchange.headers)
        used_in, used_out = _used(answer, outcome, tokens_in, tokens_out)
        used_micros = provider.cost_micros(used_in, used_out)
        self._budget.settle(
            self._clock(), used_in + used_out - tokens_in - tokens_out, used_micros - cost_micros
        )
        took_ms = round((time.perf_counter() - started_s) * 1000)
        attempt = Attempt(provider.name, provider.model, outcome, used_in, used_out, used_micros, took_ms)
        return Asked(attempt, value, blocked)

    def close(self) -> None:
        self._connections.close()

    def _skipped(self, outcome: AttemptOutcome) -> Asked[OutputT]:
        return Asked(Attempt(self.provider.name, self.provider.model, outcome))

    def _report(self, permit: Permit, outcome: AttemptOutcome, headers: Mapping[str, str]) -> None:
        if outcome in _PROVIDER_WORKS:
            self._breaker.succeed(permit)
        elif outcome is AttemptOutcome.RATE_LIMITED:
            self._breaker.limit(self._clock(), parse_retry_after(headers))
        else:
            self._breaker.fail(permit, self._clock())


def read_exchange(exchange: Exchange, provider: Provider) -> Answer:
    """The answer that stands in an HTTP exchange, or why there is none."""
    if exchange.failure is not None:
        return Answer(failure=exchange.failure)
    if exchange.status == HTTP_TOO_MANY_REQUESTS:
        return Answer(failure=AttemptOutcome.RATE_LIMITED)
    if exchange.status >= HTTP_SERVER_ERROR:
        return Answer(failure=AttemptOutcome.SERVER_ERROR)
    if exchange.status != HTTP_OK:
        return Answer(failure=AttemptOutcome.REFUSED)
    return read_answer(exchange.body, provider.structured_output)


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


def _judge(
    answer: Answer, output: type[OutputT], accept: Accept[OutputT] | None
) -> tuple[AttemptOutcome, OutputT | None, tuple[str, ...]]:
    if answer.failure is not None:
        return answer.failure, None, ()
    parsed = parse_output(answer.text, output)
    if isinstance(parsed, AttemptOutcome):
        return parsed, None, ()
    blocked = accept(parsed) if accept is not None else ()
    if blocked:
        return AttemptOutcome.BLOCKED, None, blocked
    return AttemptOutcome.ANSWERED, parsed, ()


def _used(answer: Answer, outcome: AttemptOutcome, tokens_in: int, tokens_out: int) -> tuple[int, int]:
    """What the server counted; without a count nothing for a refused call, and the estimate otherwise."""
    if outcome in _COSTS_NOTHING:
        return 0, 0
    used_in = tokens_in if answer.tokens_in is None else answer.tokens_in
    used_out = tokens_out if answer.tokens_out is None else answer.tokens_out
    return used_in, used_out
