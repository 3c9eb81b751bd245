"""What the bot needs from outside, in its own words. One Protocol per thing."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.chatter import Accounts, Filed, Identity, Mark, OwnChannel, Paper, Part, Reacted
from bot.domain.authority import Authority
from bot.domain.errors import Refused
from bot.domain.facts import Fact
from bot.domain.jobs import Job, Kind
from bot.domain.policy import Policy
from bot.domain.transcript import Message

Claim = tuple[str, str]
Written = Sequence[tuple[str, int, Sequence[Mapping[str, Any]]]]
Words = Mapping[str, object]  # what a message shows: text, and blocks if it has any
View = Mapping[str, object]


class Unavailable(Exception):
    """The outside did not answer; told to come back later, it surely did nothing."""

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Held(Unavailable):
    """Another process has it."""


class Rejected(Unavailable):
    """The outside does not accept who we say we are."""


class Older(Exception):
    """The store holds less than it once did: what is in memory never was, or was undone."""


class Conflict(Exception):
    """Somebody else's commit came first; `claim` is what is owned already, if that is why."""

    def __init__(self, claim: Claim | None = None) -> None:
        super().__init__(claim)
        self.claim = claim


class Fenced(Exception):
    """The job was given to another worker meanwhile."""


class NameTaken(Refused):
    """There is a channel of that name, perhaps one that we cannot see."""


class Gone(Refused):
    """Somebody deleted the message."""


class NotAllowed(Refused):
    """We may not do that here: it is kept to others, or a right is missing."""


@dataclass(frozen=True, slots=True)
class Commit:
    """All that becomes true at once.

    `streams` gives per incident how many facts it has so far, and those to add. A job in `jobs`
    with a fence is put back by who holds it; one without is owed, or wanted again if it is owed
    already. A picture in `finishes` tells in `wanted_seq` what it shows, and in `due` when it may
    be drawn next. A request key is good for one commit.

    A release names whom the claim is taken from; it leaves alone what somebody else holds by now.
    What is released may be claimed for another in the same commit.
    """

    streams: Mapping[str, tuple[int, Sequence[Fact]]] = field(default_factory=dict)
    claims: Mapping[Claim, str] = field(default_factory=dict)
    releases: Mapping[Claim, str] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    finishes: Sequence[Job] = ()
    messages: Sequence[Message] = ()
    request_key: str | None = None


@dataclass(frozen=True, slots=True)
class Lease:
    """From when until when a claimed job is held."""

    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """The newest commit: its position, and a hash over all facts up to it."""

    position: int
    hash: str


class Store(Protocol):
    """Keeps the facts, what they own and what they owe."""

    async def commit(self, commit: Commit) -> int:
        """Write all of it and return its position, the last one plus 1.

        Raises Conflict (a stream moved, a claim is taken, the request key is spent), Fenced (a
        job is no longer held) or Unavailable; each writes nothing. Cancelled, or if it
        raises TimeoutError, it may have written.
        """

    async def history(self, incident: str, after: int = 0) -> Sequence[Fact]:
        """Return the incident's facts beyond the first `after`, oldest first."""

    async def feed(self, after: int = 0) -> Sequence[tuple[int, str, Fact]]:
        """Return what was committed beyond that position: position, incident, fact.

        Facts that were put away are left out; their Shelved stands for them.
        """

    def chronicle(self, after: int = 0) -> AsyncIterator[tuple[int, Written]]:
        """Yield every commit with facts beyond that position, as written, put away or not.

        What was written is the records by incident, and how many facts the incident had before.
        """

    async def beyond(self, position: int) -> int:
        """Wait until a commit lies beyond that position, whoever made it; return the newest.

        Raises Older, or Unavailable.
        """

    async def claim_jobs(
        self, lanes: int, lease: Lease, parked: Collection[Kind] = ()
    ) -> Sequence[Job]:
        """Take the first job, if due, of at most so many lanes; the most urgent first.

        Until the lease ends or the job is finished or put back, nobody gets a job of that lane.
        A lane whose first job is of a parked kind is passed over.
        """

    async def renew(self, jobs: Sequence[Job], until: datetime) -> Sequence[Job]:
        """Hold claimed jobs for longer; return those that are no longer held."""

    async def next_due(self, parked: Collection[Kind] = ()) -> datetime | None:
        """Return when a job can next be claimed, as things stand; None if none is owed."""

    async def hold(self, name: str, lease: Lease) -> bool:
        """Take or keep what only one process may do at a time; False if another has it."""

    async def owner(self, kind: str, key: str) -> str | None:
        """Say who holds the claim.

        Of kind "request": the incident that the key was spent on, the first of several, "" if it
        was none. Request keys are kept for an hour at least.
        """

    async def owned(self, kind: str) -> Mapping[str, str]:
        """Return every claim of that kind: what is claimed, and who holds it; no request keys."""

    async def transcript(self, channel: str) -> Sequence[Message]:
        """Return the channel's messages as they stand now, oldest first."""

    async def said_by(self, author: str) -> Sequence[Message]:
        """Return every message of somebody's that is kept, in whatever channel."""

    async def head(self) -> Head:
        """Return the newest position and its hash; equal facts give equal hashes on any store."""

    async def ready(self) -> None:
        """Raise Unavailable unless a commit could be written now."""

    async def close(self) -> None:
        """Finish what is being written, and let go."""


class Clock(Protocol):
    """Tells the time, and waits."""

    def now(self) -> datetime:
        """Return the time, in UTC."""

    async def sleep_until(self, at: datetime) -> None:
        """Return when it is that late."""


class Rules(Protocol):
    """What the team configured, as it stands now."""

    def policy(self) -> Policy:
        """Return the policy in force."""

    def authority(self, person: str) -> Authority:
        """Return what is known of the person now."""


class Chat(Protocol):
    """The rooms people talk in.

    Every method is one attempt, and raises Unavailable or Refused. All may be repeated but those
    that open, post, tell and upload: what they did unheard is found by name or mark.
    """

    async def whoami(self) -> Identity:
        """Return who we are; Rejected if the chat does not know us."""

    async def own_channels(self, names: Collection[str]) -> Sequence[OwnChannel]:
        """Return the channels of such names that we opened, but for those that are archived."""

    async def open_channel(self, name: str, *, private: bool) -> str:
        """Open a channel; NameTaken if there is one of that name, NotAllowed if we never may."""

    async def check_channel(self, channel: str) -> None:
        """Raise Refused unless we could post there."""

    async def invite(self, channel: str, people: Collection[str]) -> Mapping[str, str]:
        """Bring people in; whoever is in already stays. Return who cannot be, and why."""

    async def members(self, group: str) -> frozenset[str]:
        """Return who is in a user group: nobody if it is switched off, Refused if unknown."""

    async def archive(self, channel: str) -> None:
        """Close the channel for good: we cannot open it again. One that is closed stays so."""

    async def bookmarks(self, channel: str) -> frozenset[str]:
        """Return the links that are bookmarks of the channel."""

    async def bookmark(self, channel: str, title: str, link: str) -> None:
        """Keep a link at the top of the channel. The same again is there twice."""

    async def topic(self, channel: str) -> str:
        """Return the channel's topic."""

    async def set_topic(self, channel: str, topic: str) -> None:
        """Change the channel's topic; everybody in it sees that."""

    async def set_purpose(self, channel: str, purpose: str) -> None:
        """Change the channel's purpose; everybody in it sees that."""

    async def find_post(self, channel: str, mark: Mark, thread: str = "") -> str | None:
        """Return the message with that mark, if it is there; in that thread, if one is named."""

    async def history(self, channel: str, before: str = "") -> Part:
        """Return the newest part of what stands in a channel before that ts, without replies."""

    async def replies(self, channel: str, thread: str) -> Part:
        """Return a whole thread, and what it hangs on; nothing if all of it was deleted."""

    async def post(self, channel: str, words: Words, mark: Mark, thread: str = "") -> str:
        """Post a marked message, in a thread if one is named; return its ts."""

    async def edit(self, channel: str, ts: str, words: Words) -> None:
        """Show these words instead; Gone if somebody deleted the message."""

    async def pin(self, channel: str, ts: str) -> None:
        """Keep the message at hand; one that is pinned stays so."""

    async def reactions(self, channel: str, ts: str) -> Reacted:
        """Return what is under a message, and what the message says; Refused if it is gone."""

    async def whisper(self, channel: str, person: str, words: Words, thread: str = "") -> None:
        """Say something in a channel, or in a thread of it, that only one person sees."""

    async def tell(self, person: str, words: Words, mark: Mark) -> None:
        """Send one person a marked direct message."""

    async def direct(self, person: str) -> str:
        """Return the channel of direct messages with that person."""

    async def told(self, person: str, mark: Mark) -> bool:
        """Say whether the person has a direct message with that mark."""

    async def publish_home(self, person: str, view: View) -> None:
        """Show this on the person's Home."""

    async def name(self, person: str) -> str:
        """Return what the person is called; Refused if there is nobody of that id."""

    async def accounts(self, after: str = "") -> Accounts:
        """Return who everybody is, deactivated people and apps too, a part at a time."""

    async def permalink(self, channel: str, ts: str) -> str | None:
        """Return the message's address; None if it is not there, or not for us to see."""

    async def upload(self, channel: str, paper: Paper, words: str, thread: str = "") -> Filed:
        """Show a file in a channel, or in a thread of it, with a few words.

        It may be seen there a moment later only.
        """

    async def find_file(self, channel: str, name: str, thread: str = "") -> Filed | None:
        """Return the file of that name that we showed there, if we did."""


@dataclass(frozen=True, slots=True)
class Tail:
    """How a file of lines ends: its last whole line, and what was begun after it."""

    last: bytes
    torn: bytes


class Ledger(Protocol):
    """A file of lines that only grows; one process has it at a time.

    Every method raises Unavailable (Held if another process has it); after that it must be taken
    again, and its end says what is written.
    """

    async def take(self) -> Tail:
        """Take the file, an empty one if there is none, and return its end; change nothing."""

    async def append(self, lines: Sequence[bytes]) -> None:
        """Write lines in the place of what was begun; once this returns, they stay.

        Raises Unavailable too if the file is no longer the one that was taken, or as it was left.
        """

    async def release(self) -> None:
        """Let the file go, so that others may take it."""

    async def close(self) -> None:
        """Finish what is being written, and let go for good."""


class Archive(Protocol):
    """Keeps a text for each incident, whole: the old one or the new one."""

    async def kept(self) -> Mapping[str, str]:
        """Return the last line of what is kept of each incident. Raises Unavailable."""

    async def keep(self, incident: str, text: str) -> None:
        """Keep it in the place of what was kept; once this returns, it stays.

        Raises Unavailable.
        """


class Notifier(Protocol):
    """Reaches the operators when the chat cannot."""

    async def alarm(self, text: str) -> None:
        """Tell them. Raises Unavailable."""


class Telemetry(Protocol):
    """Counts what happens, for those who watch the bot."""

    def handled(self, payload: str, outcome: str, seconds: float) -> None:
        """Count a payload answered: its kind, what came of it, how long it took."""

    def paid(self, job: str, outcome: str) -> None:
        """Count an attempt at a job: its kind, what came of it."""

    def ready(self, *, ready: bool) -> None:
        """Note whether the bot could do its work now."""
