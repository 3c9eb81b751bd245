"""Hears all that the bot does for people in the chat, and makes up what may be asked of it."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from random import Random
from types import UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from bot.chatter import Mark
from bot.domain.alarming import alarm_of
from bot.domain.alert_commands import FoldInto, OpenApart, Suggest
from bot.domain.alerts import Alert, Group
from bot.domain.authority import Authority
from bot.domain.commands import Absorb, Command, Conclude, Declare, MakePrivate, Merge, OfTheClock
from bot.domain.facts import DataLoss, Milestone, Role, Urgency
from bot.domain.incident import Post
from bot.domain.policy import Policy
from bot.domain.severity import Severity
from bot.domain.standing import Standing
from bot.domain.state import Alarm, Cost
from bot.domain.status import OPEN, Status
from tests.fakes.chat import FakeChat

# What only looks. Whatever else the bot does in the chat, somebody sees.
LOOKS = {
    *("whoami", "own_channels", "check_channel", "members", "topic", "bookmarks", "find_post"),
    *("direct", "told", "name", "permalink", "history", "replies", "find_file"),
    "reactions",
}


class Output(NamedTuple):
    """Something done in the chat: for a person, or in a channel; and what it says."""

    method: str
    where: str
    text: str


class WatchedChat(FakeChat):
    """Notes whatever is done, also by methods that are not there yet."""

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        super().__init__()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith("_") or name in LOOKS or not asyncio.iscoroutinefunction(found):
            return found

        async def noted(*args: Any, **named: Any) -> Any:
            told = [a for a in (*args[1:], *named.values()) if not isinstance(a, Mark)]
            where = args[1] if name == "whisper" else args[0]
            if name == "open_channel":
                told, where = [where], ""
                if named["private"]:
                    return await found(*args, **named)
            self.outputs.append(Output(name, where, json.dumps(told, default=str)))
            return await found(*args, **named)

        return noted

    def seen_by(self, person: str, since: int = 0) -> Iterator[Output]:
        """Yield what the person could see of all that was done since."""
        for output in self.outputs[since:]:
            room = self.rooms.get(output.where)
            if (
                output.where == person
                or output.method == "open_channel"
                or (room and (not room.private or person in room.people))
            ):
                yield output


BEGINS = {Declare, Merge, Absorb, MakePrivate, Suggest, OpenApart, FoldInto}
KINDS = [
    kind for kind in get_args(Command) if kind not in BEGINS and kind not in get_args(OfTheClock)
]


@dataclass
class Muse:
    """Makes up commands of every kind, also of kinds that are not there yet."""

    rnd: Random
    word: Callable[[], str]
    people: list[str]
    room: Callable[[], str]
    now: Callable[[], datetime]

    def command(self, by: Authority) -> Command:
        made: Command = self.made(self.rnd.choice(KINDS), by)
        return made

    def made(self, kind: type[Any], by: Authority) -> Any:
        hints = get_type_hints(kind)
        given = {f.name: self._value(f.name, hints[f.name], by) for f in fields(kind)}
        return kind(**given)

    def _value(self, name: str, kind: Any, by: Authority) -> Any:
        if isinstance(kind, UnionType):
            some = [one for one in get_args(kind) if one is not type(None)]
            return None if self.rnd.random() < 0.3 else self._value(name, some[0], by)
        if get_origin(kind) is tuple:
            return (self._value(name, get_args(kind)[0], by),)
        if name in {"person", "people", "owner", "invited"}:
            return self.rnd.choice(self.people)
        if name == "channel":
            return self.room()
        return self._made_of(kind, by)

    def _cost(self) -> Cost:
        query = {"failed": self.word()}
        return Cost(self.now(), self.now(), 1.0, None, 2.0, self.word(), query, {"users": "?"})

    def _group(self) -> Group:
        labels = {"alertname": self.word(), "service": self.word(), "severity": "critical"}
        told = Alert(self.word(), self.word(), self.now(), None, labels, self.word(), self.word())
        return Group("alertmanager", self.word(), (told,), labels)

    def _made_of(self, kind: Any, by: Authority) -> Any:
        simple: dict[type[Any], Callable[[], Any]] = {
            Authority: lambda: by,
            str: self.word,
            bool: lambda: self.rnd.random() < 0.5,
            Group: self._group,
            Cost: self._cost,
            Alarm: lambda: alarm_of((told := self._group()).alerts[0], told, Policy()),
            int: lambda: self.rnd.randint(1, 3),
            datetime: self.now,
            date: lambda: self.now().date(),
            timedelta: lambda: timedelta(minutes=30),
            Status: lambda: self.rnd.choice([*OPEN, Status.RESOLVED]),
            Post: lambda: Post(self.room(), f"{self.rnd.randint(1, 9)}.1"),
            Standing: lambda: Standing.UNKNOWN,
            Conclude: lambda: self.made(Conclude, by),
        }
        if kind in {Severity, Milestone, Role, Urgency, DataLoss}:
            return self.rnd.choice([*kind])
        return simple[kind]()
