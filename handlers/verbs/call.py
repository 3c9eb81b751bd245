"""A verb that somebody said, and what answers one."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.authority import Authority
from bot.domain.commands import Command
from bot.domain.decisions import UNKNOWN
from bot.domain.errors import Refused
from bot.domain.incident import Incident
from bot.domain.judging import judge, only_suggested
from bot.domain.status import OPEN, Status
from bot.ports import View, Words
from handlers.desk import Desk
from handlers.payloads import Payload, channel

OVER = frozenset({Status.RESOLVED})
ANY = OPEN | OVER


@dataclass(frozen=True, slots=True)
class Call:
    """Who said a verb and where, about which incident (if it is about one), and what else.

    What is committed is known again by the key.
    """

    desk: Desk
    body: Payload
    by: Authority
    key: str
    incident: str
    rest: str

    @property
    def now(self) -> datetime:
        """Return the time."""
        return self.desk.clock.now()

    async def do(self, command: Command) -> Incident:
        """Change the incident."""
        return await self.desk.incidents.handle(self.incident, command, self.key)

    async def shown(self) -> Incident:
        """Return the incident as this person may see it."""
        found = await self.desk.board.anything(self.incident, self.by)
        if found is None:
            raise Refused(UNKNOWN)
        if found.status is None:
            raise only_suggested(found)
        return found

    async def meant(self, wish: Command) -> Incident:
        """Return the incident if it may be done to it, before more is asked."""
        incident = await self.shown()
        judge(incident, wish, self.desk.rules.policy())
        return incident

    async def quoted(self) -> Incident:
        """Return the incident as this person may see it, with the words of its messages."""
        return await self.desk.board.quoted(await self.shown())

    def say(self, name: str, **values: object) -> Words:
        """Return words."""
        return self.desk.wording.message(name, **values)

    def form(self, name: str, *about: object, **values: object) -> View:
        """Return a form that knows where it was asked for, and what it is about."""
        metadata = " ".join((channel(self.body), self.incident, *map(str, about)))
        return self.desk.wording.modal(name, metadata=metadata, **values)


Answer = Callable[[Call], Awaitable[Words]]
Form = Callable[[Call], Awaitable[View | None]]
Check = Callable[[Call], object]
Fits = Callable[[Incident, Authority], bool]


def no_words(call: Call) -> None:
    """Refuse words, for a verb that takes none."""
    if call.rest:
        raise Refused(
            "Nothing was done: I do not understand `{quote}`. `/incident help` has examples.",
            quote=call.rest,
        )


def any_words(_: Call) -> None:
    """Take whatever is said."""


def always(_: Incident, __: Authority) -> bool:
    """Say that every incident fits."""
    return True


@dataclass(frozen=True, slots=True)
class Verb:
    """What a verb does, and what else it is called.

    It is about an incident that stands in one of these ways and fits; None is about no incident.
    Words it cannot take are refused before anybody is asked which incident. Where a form can be
    opened, it may be asked for one; None is that the words say enough.
    """

    answer: Answer
    also: str = ""
    about: Collection[Status] | None = ANY
    check: Check = any_words
    form: Form | None = None
    fits: Fits = field(default=always)
