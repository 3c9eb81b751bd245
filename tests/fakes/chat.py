"""The Chat port: rooms in memory, and a script of what was said in them."""

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.chatter import Account, Accounts, Filed, Identity, Mark, OwnChannel, Paper, Part, Reacted
from bot.domain.errors import Refused
from bot.domain.standing import Standing
from bot.domain.transcript import Message, moment
from bot.ports import Gone, NameTaken, NotAllowed, Unavailable, View, Words

JUST_NOW = datetime(9999, 1, 1, tzinfo=UTC)


class LostAnswer(Unavailable):
    """It ran, and then the line went dead."""

    def __init__(self) -> None:
        super().__init__("no answer")


@dataclass
class Room:
    name: str
    private: bool = False
    ours: bool = True
    topic: str = ""
    purpose: str = ""
    people: set[str] = field(default_factory=set)
    posts: dict[str, tuple[Mark, Words]] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)  # a post, and what it replies to
    pins: list[str] = field(default_factory=list)
    bookmarks: dict[str, str] = field(default_factory=dict)  # a link, and what it is called
    opened_at: datetime = JUST_NOW
    reactions: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    archived: bool = False
    files: list[tuple[str, str, Paper, Filed]] = field(default_factory=list)
    spoken: dict[str, Message] = field(default_factory=dict)  # by people and other apps
    stones: set[str] = field(default_factory=set)  # of messages that left a thread behind


class FakeChat:
    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.said: list[str] = []
        self.failures: list[Exception] = []
        self.fails_only = ""  # what begins so
        self.away = False
        self.meanwhile: Callable[[], Awaitable[object]] | None = None  # while a room is opened
        self.unreadable = False
        self.page = 100
        self.homes: dict[str, View] = {}
        self.directly: list[tuple[str, Mark]] = []
        self.scopes = frozenset[str]()
        self.names = {f"U{name.upper()}": name for name in ("ana", "bo", "cy", "sue", "eve")}
        self.standings: dict[str, Standing] = {}  # of those who are no members
        self.looked_up: list[str] = []
        self.groups: dict[str, set[str]] = {}
        self.uninvited: dict[str, str] = {}  # who cannot be, and why
        self.may_open = True
        self.permalinks: int | None = None  # how many turns there are

    def hears(self, message: Message) -> Message:
        """Let a person or another app say something, or say it otherwise."""
        self.rooms[message.channel].spoken[message.ts] = message
        return message

    def deletes(self, channel: str, ts: str) -> None:
        """Let somebody delete what was said; where a thread hangs on it, a stone stays."""
        room = self.rooms[channel]
        del room.spoken[ts]
        if any(self._thread(channel, reply) == ts for reply in self._standing(channel)):
            room.stones.add(ts)

    @contextmanager
    def _doing(self, what: str) -> Iterator[None]:
        """Fail as told: before it is done or, with LostAnswer, after."""
        self._reached()
        due = self.failures and what.startswith(self.fails_only)
        failure = self.failures.pop(0) if due else None
        if failure and not isinstance(failure, LostAnswer):
            raise failure
        yield
        self.said.append(what)
        if failure:
            raise failure

    def _reached(self) -> None:
        if self.away:
            raise Unavailable("Slack is away")

    def _room(self, channel: str) -> Room:
        self._reached()
        if channel not in self.rooms:
            raise Refused("channel_not_found")
        if self.rooms[channel].archived:
            raise Refused("is_archived")
        return self.rooms[channel]

    async def whoami(self) -> Identity:
        self._reached()
        return Identity("T1", "UBOT", "BBOT", self.scopes, datetime.now(UTC))

    async def own_channels(self, names: Collection[str]) -> Sequence[OwnChannel]:
        return [
            OwnChannel(channel, room.name, room.private, room.purpose, room.opened_at)
            for channel, room in self.rooms.items()
            if room.name in names and room.ours and not room.archived
        ]

    async def open_channel(self, name: str, *, private: bool) -> str:
        if not self.may_open:
            raise NotAllowed("Slack refused it (restricted_action)")
        if any(room.name == name for room in self.rooms.values()):
            raise NameTaken("name_taken")
        channel = f"C{sum(not id.startswith('D') for id in self.rooms) + 1}"
        with self._doing(f"open {name}{' privately' if private else ''}"):
            self.rooms[channel] = Room(name, private)
        await self._wait()
        return channel

    async def _wait(self) -> None:
        """Let happen, once, what happens before the answer is there."""
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            await meanwhile()

    async def check_channel(self, channel: str) -> None:
        self._room(channel)

    async def invite(self, channel: str, people: Collection[str]) -> Mapping[str, str]:
        room = self._room(channel)
        missing = {who: why for who, why in self.uninvited.items() if who in people}
        if new := set(people) - room.people - set(missing):
            with self._doing(f"invite {', '.join(sorted(new))}"):
                room.people |= new
        return missing

    async def members(self, group: str) -> frozenset[str]:
        if group not in self.groups:
            raise Refused("no_such_subteam")
        return frozenset(self.groups[group])

    async def archive(self, channel: str) -> None:
        if not self.rooms[channel].archived:
            with self._doing(f"archive {self.rooms[channel].name}"):
                self.rooms[channel].archived = True

    async def bookmarks(self, channel: str) -> frozenset[str]:
        return frozenset(self._room(channel).bookmarks)

    async def bookmark(self, channel: str, title: str, link: str) -> None:
        room = self._room(channel)
        with self._doing(f"bookmark {title}"):
            room.bookmarks[link] = title

    async def topic(self, channel: str) -> str:
        return self._room(channel).topic

    async def set_topic(self, channel: str, topic: str) -> None:
        with self._doing(f"topic {topic}"):
            self._room(channel).topic = topic

    async def set_purpose(self, channel: str, purpose: str) -> None:
        with self._doing(f"purpose {purpose}"):
            self._room(channel).purpose = purpose

    async def find_post(self, channel: str, mark: Mark, thread: str = "") -> str | None:
        if self.unreadable:
            raise Refused("missing_scope")
        room = self._room(channel)
        if thread and thread not in {**room.posts, **room.spoken}:
            raise Refused("thread_not_found")
        there = (ts for ts in room.posts if room.threads.get(ts, "") == thread)
        return next((ts for ts in there if room.posts[ts][0] == mark), None)

    async def history(self, channel: str, before: str = "") -> Part:
        with self._doing(f"read {channel}{' before ' + before if before else ''}"):
            tops = [ts for ts in self._standing(channel) if not self._thread(channel, ts)]
        tops = [ts for ts in tops if not before or moment(ts) < moment(before)]
        page = tops[-self.page :]
        return self._part(channel, page, page[0] if len(page) < len(tops) else "")

    async def replies(self, channel: str, thread: str) -> Part:
        with self._doing(f"read {channel} in {thread}"):
            there = [
                ts for ts in self._standing(channel) if thread in {ts, self._thread(channel, ts)}
            ]
        return self._part(channel, there, "")

    def _standing(self, channel: str) -> list[str]:
        """Return the ts of everything in a channel, oldest first; an archived one can be read."""
        if channel not in self.rooms:
            raise Refused("channel_not_found")
        room = self.rooms[channel]
        return sorted({*room.posts, *room.spoken, *room.stones}, key=moment)

    def _thread(self, channel: str, ts: str) -> str:
        room = self.rooms[channel]
        return room.spoken[ts].thread if ts in room.spoken else room.threads.get(ts, "")

    def _part(self, channel: str, there: Sequence[str], since: str) -> Part:
        room = self.rooms[channel]
        hung_on = {self._thread(channel, ts) for ts in self._standing(channel)}
        return Part(
            said=[room.spoken[ts] for ts in there if ts in room.spoken],
            shown=frozenset(there) - room.stones,
            threads=[ts for ts in there if ts in hung_on],
            since=since,
        )

    async def post(self, channel: str, words: Words, mark: Mark, thread: str = "") -> str:
        room = self._room(channel)
        ts = f"{len(self.said) + 1}.{len(room.posts):06}"
        with self._doing(f"{'reply' if thread else 'post'}: {words['text']}"):
            room.posts[ts] = (mark, words)
            room.threads |= {ts: thread} if thread else {}
        await self._wait()
        return ts

    async def edit(self, channel: str, ts: str, words: Words) -> None:
        room = self._room(channel)
        if ts not in room.posts:
            raise Gone("message_not_found")
        with self._doing(f"edit: {words['text']}"):
            room.posts[ts] = (room.posts[ts][0], words)

    async def pin(self, channel: str, ts: str) -> None:
        if ts not in self._room(channel).pins:
            with self._doing("pin"):
                self._room(channel).pins.append(ts)

    async def reactions(self, channel: str, ts: str) -> Reacted:
        room = self._room(channel)
        if ts not in room.spoken and ts not in room.posts:
            raise Refused("message_not_found")
        said = room.spoken[ts].text if ts in room.spoken else ""
        return Reacted(said, room.reactions.get(ts, {}))

    async def whisper(self, channel: str, person: str, words: Words, thread: str = "") -> None:
        if person not in self._room(channel).people:
            raise Refused("user_not_in_channel")
        with self._doing(f"to {person}: {words['text']}"):
            pass

    async def tell(self, person: str, words: Words, mark: Mark) -> None:
        channel = await self.direct(person)
        with self._doing(f"to {person}: {words['text']}"):
            self.directly.append((person, mark))
            self.rooms[channel].posts[f"{len(self.said) + 1}.0"] = (mark, words)

    async def direct(self, person: str) -> str:
        channel = f"D{person}"
        self.rooms.setdefault(channel, Room("", private=True, people={person}))
        return channel

    async def told(self, person: str, mark: Mark) -> bool:
        if self.unreadable:
            raise Refused("missing_scope")
        return (person, mark) in self.directly

    async def publish_home(self, person: str, view: View) -> None:
        with self._doing(f"home of {person}"):
            self.homes[person] = view

    async def name(self, person: str) -> str:
        self.looked_up.append(person)
        if person not in self.names:
            raise Refused("user_not_found")
        return self.names[person]

    async def accounts(self, after: str = "") -> Accounts:
        everybody = sorted(self.names)
        with self._doing(f"people after {after}"):
            page = everybody[int(after or 0) :][: self.page]
        until = int(after or 0) + len(page)
        return Accounts(
            [Account(p, self.names[p], self.standings.get(p, Standing.MEMBER)) for p in page],
            str(until) if until < len(everybody) else "",
        )

    async def permalink(self, channel: str, ts: str) -> str | None:
        if self.permalinks == 0:
            raise Unavailable("no turn", retry_after=timedelta(seconds=1))
        self.permalinks = self.permalinks and self.permalinks - 1
        self.looked_up.append(f"{channel}/{ts}")
        there = channel in self.rooms and ts in self.rooms[channel].posts
        return f"https://chat.example/{channel}/{ts}" if there else None

    async def upload(self, channel: str, paper: Paper, words: str, thread: str = "") -> Filed:
        room = self._room(channel)
        count = sum(len(room.files) for room in self.rooms.values())
        filed = Filed(f"F{count + 1}", f"https://chat.example/files/F{count + 1}")
        with self._doing(f"file {paper.name}: {words}"):
            room.files.append((paper.name, thread, paper, filed))
        return filed

    async def find_file(self, channel: str, name: str, thread: str = "") -> Filed | None:
        if self.unreadable:
            raise Refused("missing_scope")
        shown = self._room(channel).files
        return next((f for n, place, _, f in shown if (n, place) == (name, thread)), None)
