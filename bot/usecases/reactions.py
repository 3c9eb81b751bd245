"""Makes of a message what the reactions under it say, as they are now."""

from collections.abc import Sequence
from dataclasses import replace

from bot.chatter import Reacted
from bot.domain.authority import Authority
from bot.domain.commands import AddAction, AddNote, Command, RetractAction, RetractNote, Update
from bot.domain.decisions import decide
from bot.domain.errors import Refused
from bot.domain.facts import Fact, Stamp
from bot.domain.incident import Incident, Post
from bot.domain.jobs import Job, Reply
from bot.domain.policy import Marking
from bot.domain.redaction import redacted
from bot.domain.visibility import visible
from bot.ports import Chat, Clock, Rules, Words
from bot.reading import written_at
from bot.render import Wording

from .notices import Notices


class Reactions:
    """Looks at a message: reactions come and go in any order, and are several people's."""

    def __init__(
        self, chat: Chat, rules: Rules, notices: Notices, wording: Wording, clock: Clock
    ) -> None:
        self._chat = chat
        self._rules = rules
        self._notices = notices
        self._wording = wording
        self._clock = clock

    async def look(self, job: Job, incident: Incident, stamp: Stamp) -> Sequence[Fact] | Command:
        """Add what the message is by its reactions, or take it back, and tell who reacted."""
        if job.reply is None:
            return ()
        marking, source = Marking(str(job.reply.message["marking"])), _source(job.reply)
        try:
            found = await self._chat.reactions(source.channel, source.ts)
            command = self._command(job.reply, marking, source, found)
            if command is None or not visible(incident, command.by):
                return ()
            facts = decide(incident, command, self._rules.policy(), self._clock.now())
        except Refused as refused:
            await self._say(job, incident, stamp, self._wording.refusal(refused))
            return ()
        if not facts:
            return ()
        state = marking.value if isinstance(command, AddNote | AddAction | Update) else "undone"
        words = self._wording.message("reacted", state=state, incident=incident)
        await self._say(job, incident, stamp, words)
        return command

    def _command(
        self, reply: Reply, marking: Marking, source: Post, found: Reacted
    ) -> Command | None:
        """Return what the reactions ask for now; who still has one asks, else who took theirs."""
        names = [name for name in found.emoji if self._rules.policy().marking(name) is marking]
        people = [person for name in names for person in found.emoji[name]]
        first = people[0] if people and reply.person not in people else reply.person
        by, at = self._rules.authority(first), written_at(source.ts)
        match marking:
            case Marking.TIMELINE:
                return AddNote(by, "", at, source) if names else RetractNote(by, source=source)
            case Marking.ACTION:
                return (
                    AddAction(by, "", source=source) if names else RetractAction(by, source=source)
                )
            case Marking.UPDATE:
                return _update(by, source, found.words) if names else None

    async def _say(self, job: Job, incident: Incident, stamp: Stamp, words: Words) -> None:
        if job.reply:
            told = replace(job, reply=replace(job.reply, message=words))
            await self._notices.answer(told, incident, stamp)


def _source(reply: Reply) -> Post:
    return Post(reply.channel, str(reply.message["ts"]))


def _update(by: Authority, source: Post, words: str) -> Update:
    """Return the update; unlike other things that came from a message it has the words."""
    if not words.strip():
        msg = "That message has no words to tell everybody. `/incident update TEXT` tells them."
        raise Refused(msg)
    return Update(by, redacted(words).text, source=source, at=written_at(source.ts))
