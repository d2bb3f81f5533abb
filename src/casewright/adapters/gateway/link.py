"""Link of a chain: one provider with its breaker, budget and way to it, asked once per text.

There is no retry inside a provider: whatever goes wrong is one attempt with an outcome, and the chain moves
on.
"""

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic

from pydantic import BaseModel

from casewright.adapters.gateway.breaker import Breaker, Permit
from casewright.adapters.gateway.budget import Budget, BudgetShare
from casewright.adapters.gateway.providers import Provider, ProviderKind
from casewright.adapters.gateway.speakers import Turn, open_speaker
from casewright.adapters.gateway.wire import Answer, build_schema, parse_output
from casewright.domain.case import Language
from casewright.ports.text_model import (
    Accept,
    Attempt,
    AttemptOutcome,
    Message,
    OutputT,
    ProviderHealth,
    languages_of,
)

_PROVIDER_WORKS = frozenset({AttemptOutcome.ANSWERED, AttemptOutcome.BLOCKED})
_COSTS_NOTHING = frozenset(
    {
        AttemptOutcome.UNREACHABLE,
        AttemptOutcome.RATE_LIMITED,
        AttemptOutcome.REFUSED,
        AttemptOutcome.SERVER_ERROR,
    }
)
_CLOSED_ANSWERS = frozenset({"enum", "const"})


@dataclass(frozen=True, slots=True)
class Asked(Generic[OutputT]):
    """One attempt, the value if there is one, and the shield rules that a blocked value broke."""

    attempt: Attempt
    value: OutputT | None = None
    blocked: tuple[str, ...] = ()


class Link:
    """Thread-safe."""

    def __init__(
        self,
        provider: Provider,
        verify: ssl.SSLContext,
        clock: Callable[[], float],
        budget: BudgetShare | None = None,
    ) -> None:
        self.provider = provider
        self._clock = clock
        self._breaker = Breaker()
        self._budget: BudgetShare = budget or Budget(provider.limits)
        self._speaker = open_speaker(provider, verify)

    def may_serve(self, output: type[BaseModel]) -> bool:
        """Whether a call for this output would be let through now."""
        return _is_fit(self.provider, output) and self._breaker.may_enter(self._clock())

    def health(self) -> ProviderHealth:
        """Whether it is asked now."""
        is_open = not self._breaker.may_enter(self._clock())
        return ProviderHealth(self.provider.name, self.provider.model, is_open)

    def ask(
        self,
        messages: Sequence[Message],
        output: type[OutputT],
        accept: Accept[OutputT] | None,
        timeout_s: float,
    ) -> Asked[OutputT]:
        """One call at most, within `timeout_s`. Never raises."""
        give_up_at_s = time.monotonic() + timeout_s
        if not _is_fit(self.provider, output):
            return self._skipped(AttemptOutcome.SKIPPED_UNFIT)
        permit = self._breaker.enter(self._clock())
        if permit is None:
            return self._skipped(AttemptOutcome.SKIPPED_OPEN)
        turn = self._speaker.take_turn()
        if turn is None:
            self._breaker.leave(permit)
            return self._skipped(AttemptOutcome.SKIPPED_BUSY)
        return self._call(turn, permit, messages, output, accept, give_up_at_s)

    def close(self) -> None:
        self._speaker.close()

    def _call(
        self,
        turn: Turn,
        permit: Permit,
        messages: Sequence[Message],
        output: type[OutputT],
        accept: Accept[OutputT] | None,
        give_up_at_s: float,
    ) -> Asked[OutputT]:
        provider = self.provider
        try:
            question = self._speaker.prepare(messages, output)
        except BaseException:  # an output that no schema can say is the caller's mistake, and takes no seat
            turn.give_back()
            self._breaker.leave(permit)
            raise
        tokens_in, tokens_out = question.tokens_in, provider.max_tokens
        cost_micros = provider.cost_micros(tokens_in, tokens_out)
        lease = self._budget.reserve(
            self._clock(), tokens_in + tokens_out, cost_micros, hold_s=give_up_at_s - time.monotonic()
        )
        if lease is None:
            turn.give_back()
            self._breaker.leave(permit)
            return self._skipped(AttemptOutcome.SKIPPED_BUDGET)
        started_s = time.perf_counter()
        answer = turn.ask(question, give_up_at_s - time.monotonic())
        outcome, value, blocked = _judge(answer, output, accept)
        self._report(permit, outcome, answer.retry_after_s)
        used_in, used_out = _used(answer, outcome, tokens_in, tokens_out)
        used_micros = provider.cost_micros(used_in, used_out)
        self._budget.settle(
            self._clock(), used_in + used_out - tokens_in - tokens_out, used_micros - cost_micros, lease
        )
        took_ms = round((time.perf_counter() - started_s) * 1000)
        attempt = Attempt(
            provider.name, provider.model, outcome, used_in, used_out, used_micros, took_ms, answer.version
        )
        return Asked(attempt, value, blocked)

    def _skipped(self, outcome: AttemptOutcome) -> Asked[OutputT]:
        return Asked(Attempt(self.provider.name, self.provider.model, outcome))

    def _report(self, permit: Permit, outcome: AttemptOutcome, retry_after_s: float | None) -> None:
        if outcome in _PROVIDER_WORKS:
            self._breaker.succeed(permit)
        elif outcome is AttemptOutcome.RATE_LIMITED:
            self._breaker.limit(self._clock(), retry_after_s)
        else:
            self._breaker.fail(permit, self._clock())


def _is_fit(provider: Provider, output: type[BaseModel]) -> bool:
    """Whether a provider may be asked for this: the local model writes English text, and chooses nothing."""
    if provider.kind is not ProviderKind.LOCAL:
        return True
    properties = build_schema(output)["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - it was just built so
    chooses = any(_CLOSED_ANSWERS & set(definition) for definition in properties.values())
    return not chooses and languages_of(output) == {Language.EN}


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
