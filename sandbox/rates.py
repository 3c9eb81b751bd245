"""How often things may be done: a bucket of turns for each, and the seconds until the next."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import web

from sandbox.clock import Clock
from sandbox.errors import TOO_MANY
from sandbox.methods.method import Tier
from sandbox.wire import Json, written

MINUTE = 60.0
SLOWEST, FASTEST = 0.000_001, 1_000_000  # the factors that make sense
INSTANT = 0.001  # what the clock's fractions may be wrong by
MANY = 4096  # buckets, before those that are full are forgotten
LISTS = {"conversations.list", "conversations.members", "users.conversations", "users.list"}


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many turns at once after a rest, and one more each so many seconds."""

    burst: int
    each: float


def a_minute(turns: int) -> Allowance:
    """Return the allowance of so many turns a minute, all of which may come at once."""
    return Allowance(turns, MINUTE / turns)


TIERS = {
    Tier.ONE: a_minute(1),
    Tier.TWO: a_minute(20),
    Tier.THREE: a_minute(50),
    Tier.FOUR: a_minute(100),
    Tier.POSTING: a_minute(300),
    Tier.HUNDREDS: a_minute(300),
}
PER_CHANNEL = Allowance(5, 1.0)


def too_soon(seconds: int) -> web.Response:
    """Return the answer that says how long to wait."""
    body = written({"ok": False, "error": "ratelimited"})
    return web.Response(
        body=body,
        status=TOO_MANY,
        headers={"Retry-After": str(seconds)},
        content_type="application/json",
    )


class Rates:
    """Give turns at Slack's pace times a factor; a factor of 0 sets no limits."""

    def __init__(self, clock: Clock, factor: float) -> None:
        self._clock = clock
        self._factor = factor
        self._full: dict[str, float] = {}  # when each bucket will be

    @property
    def factor(self) -> float:
        """Return how many times as fast as Slack's the pace is."""
        return self._factor

    @factor.setter
    def factor(self, factor: float) -> None:
        self._factor = factor
        self._full.clear()

    def call(self, method: str, tier: Tier, args: Json) -> int:
        """Take a turn of a Web API method and return 0, or the seconds to wait for one."""
        if not self._factor:
            return 0
        buckets = [(method, TIERS[tier])]
        if tier is Tier.POSTING:
            buckets.append((f"{method} {_channel(args)}", PER_CHANNEL))
        # Slack limits lists that are not asked for in pages more tightly.
        cost = 2 if method in LISTS and "limit" not in args else 1
        return self._taken(buckets, cost)

    def answer(self, channel: str) -> int:
        """Take a turn of answering by response_url there, likewise."""
        return self._taken([(f"response_url {channel}", PER_CHANNEL)], 1) if self._factor else 0

    def _taken(self, buckets: list[tuple[str, Allowance]], cost: int) -> int:
        now = self._clock.now()
        wait = max(self._waits(buckets, cost, now))
        if wait > INSTANT:
            return max(1, math.ceil(wait))
        if len(self._full) > MANY:
            self._full = {key: at for key, at in self._full.items() if at > now}
        for key, allowance in buckets:
            spent = cost * allowance.each / self._factor
            self._full[key] = max(self._full.get(key, now), now) + spent
        return 0

    def _waits(
        self, buckets: list[tuple[str, Allowance]], cost: int, now: float
    ) -> Iterator[float]:
        for key, allowance in buckets:
            each = allowance.each / self._factor
            yield self._full.get(key, now) - each * (allowance.burst - cost) - now


class EventLimit:
    """Count the events of the last hour, minute by minute; a factor makes both shorter."""

    def __init__(self, clock: Clock, most: int, rates: Rates) -> None:
        self._clock = clock
        self._most = most
        self._rates = rates
        self._minutes: dict[int, int] = {}
        self._told = 0

    def admits(self) -> bool:
        """Count one more event, unless there were too many."""
        if not self._rates.factor:
            return True
        minute = self._minute()
        if minute not in self._minutes:
            hour = range(minute - 59, minute + 1)
            self._minutes = {m: n for m, n in self._minutes.items() if m in hour} | {minute: 0}
        if sum(self._minutes.values()) >= self._most:
            return False
        self._minutes[minute] += 1
        return True

    def untold(self) -> bool:
        """Tell, once a minute, that the app is to hear of it."""
        told, self._told = self._told, self._minute()
        return told != self._told

    def _minute(self) -> int:
        return int(self._clock.now() * self._rates.factor / MINUTE)


def _channel(args: Json) -> str:
    given = str(args.get("channel", ""))
    return f"D{given}" if given.startswith(("U", "W")) else given
