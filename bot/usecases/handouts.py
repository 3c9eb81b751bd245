"""Files that are handed out: the post-mortem in the incident's room, others to one person."""

from collections.abc import Sequence
from zlib import crc32

from bot.chatter import Filed, Mark, Paper
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Milestone, PostmortemFiled, Stamp
from bot.domain.incident import Incident
from bot.domain.jobs import Job, Kind
from bot.domain.visibility import visible
from bot.ports import Chat, Rules, Unavailable
from bot.render import Wording

from .exports import Exports
from .places import Place, room
from .story import Stories

POSTMORTEM, DRAFT, EXPORT = "postmortem", "draft", "export"


class Handouts:
    """Shows each file once; its name tells which job it belongs to."""

    def __init__(
        self, chat: Chat, rules: Rules, stories: Stories, exports: Exports, wording: Wording
    ) -> None:
        self._chat = chat
        self._rules = rules
        self._stories = stories
        self._exports = exports
        self._wording = wording

    async def file(self, job: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact]:
        """Show the post-mortem where the incident was worked on, unless it goes on again."""
        place = await self._place(incident)
        if place is None or Milestone.RESOLVED not in incident.milestones:
            return ()
        story = await self._stories.story(incident.id)
        paper = self._paper(job, incident, POSTMORTEM, await self._stories.text(story))
        words = str(self._wording.message("postmortem", story=story)["text"])
        filed = await self._chat.upload(place.channel, paper, words, place.thread)
        return [PostmortemFiled(stamp, filed.file, filed.link, story.tells)]

    async def find_filed(
        self, job: Job, incident: Incident, stamp: Stamp
    ) -> Sequence[Fact] | None:
        """Return the post-mortem if an earlier attempt showed it unheard."""
        place = await self._place(incident)
        found = await self._found(place, _name(job, incident, POSTMORTEM)) if place else None
        return [PostmortemFiled(stamp, found.file, found.link, job.wanted_seq)] if found else None

    async def hand(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact]:
        """Send somebody the file they asked for, if they may still know of the incident."""
        person, what = _asked(job)
        if not visible(incident, self._rules.authority(person)):
            return ()
        paper = self._paper(job, incident, what, await self._text(incident, what))
        words = str(self._wording.message("handed", incident=incident, what=what)["text"])
        try:
            await self._chat.upload(await self._chat.direct(person), paper, words)
        except Refused as refused:
            said = self._wording.message("not_handed", incident=incident, reason=str(refused))
            await self._chat.tell(person, said, Mark(incident.id, job.key))
        return ()

    async def find_handed(self, job: Job, incident: Incident, _: Stamp) -> Sequence[Fact] | None:
        """Return that it was sent, if an earlier attempt sent it unheard."""
        person, what = _asked(job)
        place = Place(await self._chat.direct(person))
        return () if await self._found(place, _name(job, incident, what)) else None

    async def _text(self, incident: Incident, what: str) -> str:
        if what == EXPORT:
            return await self._exports.text(incident.id)
        return await self._stories.text(await self._stories.story(incident.id))

    async def _found(self, place: Place, name: str) -> Filed | None:
        try:
            return await self._chat.find_file(place.channel, name, place.thread)
        except Refused:
            return None  # where nothing can be read, nothing was shown

    async def _place(self, incident: Incident) -> Place | None:
        """Return the incident's room, else the direct messages of who carries it."""
        if found := room(incident):
            return found
        refused = any(trouble.job == Kind.OPEN_CHANNEL for trouble in incident.troubles)
        if not (refused or incident.former_channels):
            raise Unavailable("its channel is not open yet")
        carrying = (incident.commander, incident.acknowledged_by)
        person = next((p for p in carrying if p in incident.people), None)
        return Place(await self._chat.direct(person)) if person else None

    def _paper(self, job: Job, incident: Incident, what: str, text: str) -> Paper:
        title = self._wording.line("paper", incident=incident, what=what)
        return Paper(_name(job, incident, what), title, text)


def _asked(job: Job) -> tuple[str, str]:
    return (job.reply.person, str(job.reply.message["what"])) if job.reply else ("", DRAFT)


def _name(job: Job, incident: Incident, what: str) -> str:
    """Return a name that no other job's file has."""
    kind = "json" if what == EXPORT else "md"
    return f"{incident.id}-{what}-{crc32(job.key.encode()):08x}.{kind}"
