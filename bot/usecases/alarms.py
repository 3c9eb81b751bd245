"""What is said and drawn because of alerts: where people triage, and in the incident's room."""

from collections.abc import Awaitable, Callable, Sequence

from bot.domain.errors import Refused
from bot.domain.facts import Fact, Reopened, SeverityChanged, Stamp, SuggestionPosted
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind, card
from bot.domain.overview import overview, to_blame
from bot.domain.watching import Finding
from bot.ports import Chat, Clock, Rules, Words
from bot.render import Wording

from .lines import History
from .pictures import Drawn, Pictures
from .places import Place, room
from .voice import Voice

Owe = Callable[[Job, str], Awaitable[None]]
Look = Callable[[str], Finding | None]  # at a service


class Alarms:
    """Shows what alerts suggest, and says what they change."""

    def __init__(  # noqa: PLR0913, PLR0917 -- one of each that it speaks through
        self,
        chat: Chat,
        pictures: Pictures,
        rules: Rules,
        wording: Wording,
        clock: Clock,
        history: History,
        owe: Owe,
        look: Look | None = None,
    ) -> None:
        self._voice = Voice(chat)
        self._pictures = pictures
        self._rules = rules
        self._wording = wording
        self._clock = clock
        self._history = history
        self._owe = owe
        self._look = look

    async def triage(self, job: Job, incident: Incident, stamp: Stamp) -> Drawn:
        """Show what is suggested where people triage; Refused if no channel is known for that."""
        policy = self._rules.policy()
        known = incident.suggestion
        post = known.post if known else None
        channel = post.channel if post else policy.alerts.triage or policy.announcements
        channel = channel or policy.operators
        if channel is None:
            raise Refused("no channel is configured for it")
        if incident.audience is not None:
            await self._pictures.instead(job, post, channel, self._wording.message("hidden"))
            return incident.seq, []
        told = overview(incident, policy, self._clock.now())
        look = self._look or (lambda _: None)
        seen = {name: found for name in incident.services if (found := look(name))}
        words = self._wording.message("triage", incident=incident, told=told, seen=seen)
        posted = await self._pictures.show(job, post, Place(channel), words)
        learned = [] if posted == post else [SuggestionPosted(stamp, posted.channel, posted.ts)]
        return incident.seq, learned

    async def tally(self, job: Job, incident: Incident, _: Stamp) -> Drawn:
        """Have drawn again what shows how many alerts there are."""
        now = self._clock.now()
        for kind, there in ((Kind.CARD, incident.room), (Kind.TRIAGE, incident.suggestion)):
            if there:
                again = card(incident.id, incident.seq, now, kind)
                await self._owe(again, f"{job.key}/{incident.seq}/{kind}")
        return incident.seq, []

    async def alarmed(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Say in the room that alerts made it worse, or brought it back, unless it is over."""
        place = room(incident)
        if place and incident.under_way:
            fact = (await self._history(job.incident, job.wanted_seq - 1))[0]
            assert isinstance(fact, SeverityChanged | Reopened)
            worse = fact if isinstance(fact, SeverityChanged) else None
            blamed = to_blame(incident, again=worse is None)
            words = self._wording.message("alarmed", incident=incident, worse=worse, alarm=blamed)
            await self._voice.say(job, place, words)
        return ()

    async def all_clear(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Ask in the room whether it is over, unless an alert fires again or it is over."""
        place = room(incident)
        if place and incident.under_way and incident.calm_since:
            await self._voice.say(job, place, self._all_clear(incident))
        return ()

    def _all_clear(self, incident: Incident) -> Words:
        return self._wording.message("all_clear", incident=incident)

    async def find(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was said, if an earlier attempt said it unheard."""
        return () if await self._voice.said(job, room(incident)) else None
