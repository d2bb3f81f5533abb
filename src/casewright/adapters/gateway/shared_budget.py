"""Budget of one provider that all processes share, in Redis; without Redis each goes on with its own.

A reservation is one script, so that it is taken whole or not at all. What this process takes is counted here
too: when Redis is away, its own limits hold from what it has used itself. A process that dies holds its calls
in flight no longer than they may last.
"""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from casewright.adapters.gateway.budget import (
    BUCKETS,
    DAY_S,
    MINUTE_S,
    OWN_LEASE,
    Budget,
    BudgetLimits,
    Lease,
)
from casewright.adapters.ids import new_id
from casewright.adapters.redis_link import RedisLink

if TYPE_CHECKING:
    from redis import Redis

_CLOCK = """
local t = redis.call('TIME')
local now_ms = t[1] * 1000 + math.floor(t[2] / 1000)
local width = {{r = {minute}, t = {minute}, c = {day}}}
local function bucket(kind) return math.floor(now_ms / width[kind]) end
""".format(minute=int(MINUTE_S * 1000 / BUCKETS), day=int(DAY_S * 1000 / BUCKETS))
_RESERVE = (
    _CLOCK
    + """
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now_ms)
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[4]) then return 0 end
local sums = {r = 1, t = tonumber(ARGV[5]), c = tonumber(ARGV[6])}
local rows = redis.call('HGETALL', KEYS[1])
for i = 1, #rows, 2 do
  local kind, at = string.match(rows[i], '(%a):(%d+)')
  if tonumber(at) < bucket(kind) - """
    + str(BUCKETS)
    + """ then redis.call('HDEL', KEYS[1], rows[i])
  else sums[kind] = sums[kind] + tonumber(rows[i + 1]) end
end
for i, kind in ipairs({'r', 't', 'c'}) do
  local limit = tonumber(ARGV[i])
  if limit >= 0 and sums[kind] > limit then return 0 end
end
redis.call('HINCRBY', KEYS[1], 'r:' .. bucket('r'), 1)
redis.call('HINCRBY', KEYS[1], 't:' .. bucket('t'), ARGV[5])
redis.call('HINCRBY', KEYS[1], 'c:' .. bucket('c'), ARGV[6])
redis.call('ZADD', KEYS[2], now_ms + tonumber(ARGV[8]), ARGV[7])
redis.call('EXPIRE', KEYS[1], 100000)
redis.call('EXPIRE', KEYS[2], 1000)
return 1
"""
)
_SETTLE = (
    _CLOCK
    + """
redis.call('HINCRBY', KEYS[1], 't:' .. bucket('t'), ARGV[1])
redis.call('HINCRBY', KEYS[1], 'c:' .. bucket('c'), ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[3])
redis.call('EXPIRE', KEYS[1], 100000)
return 1
"""
)
_NO_LIMIT = -1


class SharedBudget:
    """A `BudgetShare` of many processes. `name` says whose budget it is: the same name, the same budget."""

    def __init__(self, link: RedisLink, name: str, limits: BudgetLimits, max_in_flight: int) -> None:
        self._link = link
        self._own = Budget(limits)
        self._max_in_flight = max_in_flight
        self._limits = [
            _NO_LIMIT if limit is None else limit
            for limit in (limits.requests_per_minute, limits.tokens_per_minute, limits.cost_micros_per_day)
        ]
        digest = hashlib.sha256(name.encode()).hexdigest()[:16]
        # One slot of a cluster: the braces say what is hashed.
        self._keys = [f"casewright:text:{{{digest}}}:{part}" for part in ("used", "in_flight")]

    def reserve(
        self, now_s: float, tokens: int, cost_micros: int, *, hold_s: float = MINUTE_S
    ) -> Lease | None:
        """See `BudgetShare.reserve`.

        It is refused too where all processes together have as many calls in flight as there may be.
        """
        own = self._own.reserve(now_s, tokens, cost_micros)
        if own is None:
            return None
        lease_id = new_id("txl")
        hold_ms = max(1, round(hold_s * 1000))
        arguments = [*self._limits, self._max_in_flight, tokens, cost_micros, lease_id, hold_ms]
        granted = self._link.run(lambda client: self._call(client, _RESERVE, arguments), lambda: None)
        if granted is None:
            return own
        if granted == 1:
            return Lease(lease_id)
        self._own.undo(now_s, tokens, cost_micros)
        return None

    def settle(self, now_s: float, tokens: int, cost_micros: int, lease: Lease = OWN_LEASE) -> None:
        """See `BudgetShare.settle`."""
        self._own.settle(now_s, tokens, cost_micros)
        if lease.lease_id:
            arguments = [tokens, cost_micros, lease.lease_id]
            self._link.run(lambda client: self._call(client, _SETTLE, arguments), lambda: None)

    def _call(self, client: "Redis", script: str, arguments: Sequence[object]) -> Any:
        return client.eval(script, len(self._keys), *self._keys, *map(str, arguments))
