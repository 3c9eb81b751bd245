"""How often Slack's methods may be called: a bucket of turns for each, and waits it asked for.

What has to wait is told so without calling Slack. A 429 stops its whole method, also where turns
are counted by channel: within a channel's turns it can only be the workspace's limit, or one that
nobody wrote down. Another process with the same token is not known here; Slack's 429 is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.ports import Clock, Unavailable

MANY = 1024  # buckets, before those that are full are forgotten


@dataclass(frozen=True, slots=True)
class Rate:
    """A turn each so long; so many at once after a rest.

    One job may want so many `together`: who is told to wait is told to wait for all of them, else
    the one turn there is would be taken again and again, and the next one never reached.
    """

    each: timedelta
    burst: int
    together: int = 1


def per_minute(turns: int) -> Rate:
    """Return the rate, half a minute's turns at once: Slack tolerates bursts."""
    return Rate(timedelta(minutes=1) / turns, turns // 2)


TIER_2, TIER_3, TIER_4, MORE = (per_minute(turns) for turns in (20, 50, 100, 240))
LOOKS = replace(TIER_3, together=3)  # in direct messages, in a room, and for what was before
METHODS: Mapping[str, Rate] = {
    "auth.test": MORE,
    "chat.getPermalink": MORE,
    "bookmarks.add": TIER_2,
    "bookmarks.list": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": MORE,
    "chat.update": TIER_3,
    "conversations.archive": TIER_2,
    "conversations.create": TIER_2,
    "conversations.history": LOOKS,
    "conversations.info": TIER_3,
    "conversations.invite": TIER_3,
    "conversations.open": LOOKS,
    "conversations.replies": LOOKS,
    "conversations.setPurpose": TIER_2,
    "conversations.setTopic": TIER_2,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "pins.add": TIER_2,
    "reactions.get": TIER_3,
    "usergroups.users.list": TIER_2,
    "users.conversations": TIER_3,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "views.publish": TIER_4,
}
CHANNELS: Mapping[str, Rate] = {"chat.postMessage": Rate(timedelta(seconds=1), 5)}


class Throttle:
    """Gives turns. `channels` are the rates that hold within one channel."""

    def __init__(
        self,
        clock: Clock,
        methods: Mapping[str, Rate] = METHODS,
        channels: Mapping[str, Rate] = CHANNELS,
    ) -> None:
        self._clock = clock
        self._methods = methods
        self._channels = channels
        self._full: dict[str, datetime] = {}  # when each bucket will be
        self._parked: dict[str, datetime] = {}
        self._latest = clock.now()

    def take(self, method: str, channel: str = "", *, more: bool = False) -> None:
        """Take a turn, or raise Unavailable with how long to wait for one.

        A search that wants `more` is not stopped halfway: what it takes is missing afterwards.
        """
        now = self._clock.now()
        if now < self._latest:  # the clock was set back: what was noted is of another time
            self._full.clear()
            self._parked.clear()
        self._latest = now
        buckets = list(self._buckets(method, channel))
        ready = [self._parked.get(method, now)]
        if not more:
            ready += [self._full.get(key, now) - r.each * (r.burst - 1) for key, r in buckets]
        if (wait := max(ready) - now) > timedelta():
            msg = f"{method} has to wait"
            more_turns = max(r.each * (min(r.together, r.burst) - 1) for _, r in buckets)
            raise Unavailable(msg, retry_after=wait + more_turns)
        for key, rate in buckets:
            self._full[key] = max(self._full.get(key, now), now) + rate.each
        if len(self._full) > MANY:
            self._full = {key: at for key, at in self._full.items() if at > now}

    def park(self, method: str, wait: timedelta) -> None:
        """Stop a method for as long as Slack asked."""
        until = self._clock.now() + wait
        self._parked[method] = max(until, self._parked.get(method, until))

    def _buckets(self, method: str, channel: str) -> Iterator[tuple[str, Rate]]:
        yield method, self._methods[method]
        if rate := self._channels.get(method):
            yield f"{method} {channel}", rate
