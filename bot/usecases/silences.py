"""Alerts kept quiet where they come from, and told again once the incident is over."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

from bot.domain.errors import Refused
from bot.domain.facts import Fact, SilenceAsked, Silenced, SilenceLifted, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job
from bot.ports import Chat
from bot.sources import Silencer

from .lines import History

HIDDEN = "the incident bot"  # who asks for what is private


class Silences:
    """Asks a source to be quiet; what it was asked unheard is found by its comment.

    What a private incident asks does not tell which it is, nor who is in it.
    """

    def __init__(self, chat: Chat, silencers: Mapping[str, Silencer], history: History) -> None:
        self._chat = chat
        self._silencers = silencers
        self._history = history

    async def silence(self, job: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact]:
        """Keep a group quiet, unless it is over meanwhile. Raises Refused if that is too late."""
        asked = await self._asked(job)
        if not incident.under_way:
            return ()
        _see_that_it_is_in_time(asked, stamp)
        hidden = incident.audience is not None
        name = HIDDEN if hidden else await self._chat.name(asked.stamp.by)
        comment = _comments(job)[hidden]
        named = await self._silencer(asked.source).silence(
            asked.labels, asked.until, name, comment
        )
        return [Silenced(stamp, asked.source, asked.group, named, asked.until)]

    async def find_silence(
        self, job: Job, incident: Incident, stamp: Stamp
    ) -> Sequence[Fact] | None:
        """Return that it is kept quiet, if an earlier attempt asked for it unheard."""
        asked = await self._asked(job)
        if incident.under_way:
            _see_that_it_is_in_time(asked, stamp)
        known = await self._silencer(asked.source).silences()
        found = next((s for s in known if s.comment in _comments(job)), None)
        if found is None:
            return None
        return [Silenced(stamp, asked.source, asked.group, found.id, asked.until)]

    async def lift(self, job: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact]:
        """Let a source tell of the group again."""
        silence = job.reply.channel if job.reply else ""
        quiet = next((q for q in incident.quiet if q.silence == silence), None)
        if quiet:
            await self._silencer(quiet.source).lift(silence)
        return [SilenceLifted(stamp, silence)] if quiet else ()

    async def _asked(self, job: Job) -> SilenceAsked:
        fact = (await self._history(job.incident, job.wanted_seq - 1))[0]
        assert isinstance(fact, SilenceAsked)
        return fact

    def _silencer(self, source: str) -> Silencer:
        if source not in self._silencers:
            msg = f"no address is configured for {source}"
            raise Refused(msg)
        return self._silencers[source]


def _see_that_it_is_in_time(asked: SilenceAsked, stamp: Stamp) -> None:
    if stamp.recorded_at >= asked.until:
        raise Refused("there was no answer for as long as it was to last")


def _comments(job: Job) -> tuple[str, str]:
    """Return what it is found by: for everybody to read, and telling nothing of the incident."""
    secret = sha256(job.key.encode()).hexdigest()[:16]
    return f"{job.incident} ({job.key})", f"asked of {HIDDEN} ({secret})"
