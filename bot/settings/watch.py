"""What a team configures of what the bot looks at by itself, and where it is asked."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated

from pydantic import Field, HttpUrl

from bot.domain.spikes import SPIKES, Spike
from bot.domain.watching import Sight, WatchRules

from .fields import Minutes, Model

DEFAULT = WatchRules()

Often = Annotated[int, Field(gt=0, le=100)]
Word = Annotated[str, Field(min_length=2, max_length=200)]


class Server(Model):
    """Where a server is asked; who the bot is there, it is told by the environment."""

    url: HttpUrl | None = None


class SpikeEntry(Model):
    """So many lines within that time, each with one of the words, are too many."""

    words: Annotated[tuple[Word, ...], Field(min_length=1, max_length=50)]
    times: Annotated[int, Field(gt=0, le=1_000_000)] = 20
    within_minutes: Minutes = 5


class Watching(Model):
    """What is looked at how often, and what is worth telling."""

    enabled: bool = False
    every_seconds: Annotated[int, Field(ge=10, le=3600)] = int(DEFAULT.every.total_seconds())
    patience_seconds: Annotated[int, Field(ge=1, le=60)] = int(DEFAULT.patience.total_seconds())
    fails_after: Often = DEFAULT.fails_after
    works_after: Often = DEFAULT.works_after
    up: str = DEFAULT.up
    severities: Mapping[Sight, Annotated[str, Field(min_length=1)]] = {}
    errors: Mapping[str, SpikeEntry | None] = {}

    def rules(self) -> WatchRules | None:
        """Return the rules for the domain; None if nothing is watched."""
        if not self.enabled:
            return None
        own = {name: e and _spike(name, e) for name, e in self.errors.items()}
        spikes = {**own, **{s.name: own.get(s.name, s) for s in SPIKES}}
        return WatchRules(
            timedelta(seconds=self.every_seconds),
            timedelta(seconds=self.patience_seconds),
            self.fails_after,
            self.works_after,
            self.up,
            tuple(spike for spike in spikes.values() if spike),
            {**DEFAULT.severities, **self.severities},
        )


def _spike(name: str, entry: SpikeEntry) -> Spike:
    return Spike(name, entry.words, entry.times, timedelta(minutes=entry.within_minutes))
