"""The workspace: who and what is there, and how it changes."""

from collections.abc import Callable

from sandbox.changes import Changes
from sandbox.clock import Clock
from sandbox.errors import SlackError
from sandbox.later import Later
from sandbox.records import Canvas, Channel, File, Message, Scheduled, Ticket, UserGroup, View
from sandbox.seed import SLACKBOT, Person, Seed
from sandbox.triggers import Triggers
from sandbox.wire import Json

MICROSECONDS = 1_000_000
EVENT_KINDS = {
    "im": "im",
    "mpim": "mpim",
    "private_channel": "group",
    "public_channel": "channel",
}
SUBSCRIPTIONS = {
    "im": "message.im",
    "mpim": "message.mpim",
    "group": "message.groups",
    "channel": "message.channels",
}
Listener = Callable[[str, Json], None]


class Workspace:
    """Keep the state that the Web API, the people and the deliveries share."""

    def __init__(self, seed: Seed, clock: Clock) -> None:
        self.seed = seed
        self.clock = clock
        self.changes = Changes()
        self.triggers = Triggers(clock)
        self.later = Later(clock)
        self.url = ""
        self.people = {person.id: person for person in seed.people}
        self.people[seed.bot_user] = Person(seed.bot_user, seed.bot_name, is_bot=True)
        self.people[SLACKBOT] = Person(SLACKBOT, "slackbot", is_bot=True)
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.tickets: set[str] = set()
        self.revoked: set[str] = set()  # tokens good no longer
        self.takes_sockets = True
        self.files: dict[str, File] = {}
        self.uploads: dict[str, Ticket] = {}
        self.canvases: dict[str, Canvas] = {}
        self.opened: set[str] = set()  # direct messages that the app has open
        self.scheduled: dict[str, Scheduled] = {}
        self.groups = {
            group.id: UserGroup(
                group.id, group.handle, group.name, list(group.users), group.is_disabled
            )
            for group in seed.groups
        }
        self.listener: Listener = lambda _subscription, _event: None
        self._last_stamp = 0
        self._last_number = 0
        created = int(clock.now())
        self.channels = {
            new.id: Channel(
                new.id,
                new.name,
                seed.people[0].id,
                created,
                list(new.members),
                is_private=new.is_private,
                is_ext_shared=new.is_ext_shared,
            )
            for new in seed.channels
        }

    def stamp(self) -> str:
        """Return a timestamp later than every one before it."""
        self._last_stamp = max(int(self.clock.now() * MICROSECONDS), self._last_stamp + 1)
        seconds, rest = divmod(self._last_stamp, MICROSECONDS)
        return f"{seconds}.{rest:06d}"

    def name_new(self, prefix: str) -> str:
        """Return an id that nothing else in the workspace has."""
        self._last_number += 1
        return f"{prefix}{self._last_number:08d}"

    def emit(self, subscription: str, event: Json) -> None:
        """Tell whoever delivers events that one has happened."""
        self.listener(subscription, event)

    def tell(self, channel: Channel, event: Json, *, event_ts: str = "") -> None:
        """Emit an event of a channel, if the bot is in it."""
        if self.seed.bot_user in channel.members:
            self.emit(event["type"], {**event, "event_ts": event_ts or self.stamp()})

    def person(self, user: str) -> Person:
        """Return the person with this id, or refuse the call."""
        if user not in self.people:
            raise SlackError("user_not_found")
        return self.people[user]

    def direct(self, user: str) -> Channel:
        """Return the direct messages between this person and the bot."""
        channel_id = f"D{user}"
        if channel_id not in self.channels:
            created = int(self.clock.now())
            members = [user, self.seed.bot_user]
            self.channels[channel_id] = Channel(
                channel_id, "directmessage", user, created, members, is_private=True, is_im=True
            )
            self.changes.bump()
        return self.channels[channel_id]

    def direct_group(self, users: list[str]) -> Channel:
        """Return the direct messages among these people and the bot."""
        members = [*users, self.seed.bot_user]
        for channel in self.channels.values():
            if channel.is_mpim and set(channel.members) == set(members):
                return channel
        created, name = int(self.clock.now()), "--".join(self.people[m].name for m in members)
        made = Channel(
            self.name_new("C"), f"mpdm-{name}-1", self.seed.bot_user, created, members,
            is_private=True, is_mpim=True,
        )  # fmt: skip
        self.channels[made.id] = made
        self.changes.bump()
        return made

    def add(self, channel: Channel, message: Message) -> None:
        """Put a new message in the channel and announce it."""
        channel.add(message)
        self.touch(channel, message)
        if channel.is_im or channel.is_mpim:
            self.opened.add(channel.id)
        if message.only_for is None:
            self.emit_message(channel, message.shown())

    def touch(self, channel: Channel, message: Message) -> None:
        """Count that a message, and with a reply its thread's first message, looks different."""
        self.changes.bump()
        message.version = self.changes.version
        parent = channel.find(message.thread_ts or "")
        if parent is not None:
            parent.version = self.changes.version

    def remove(self, channel: Channel, message: Message) -> None:
        """Take a message away, so that pages take it away too."""
        channel.remove(message)
        self.touch(channel, message)
        channel.gone.append((self.changes.version, message.ts))

    def change(self, channel: Channel, message: Message, before: Json) -> None:
        """Announce that a message now looks different."""
        self.touch(channel, message)
        self.emit_message(
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "hidden": True,
                "ts": self.stamp(),
                "message": message.shown(),
                "previous_message": before,
            },
        )

    def emit_message(self, channel: Channel, shown: Json) -> None:
        """Emit a message event for a channel the bot is in."""
        kind = EVENT_KINDS[channel.kind]
        event = {
            **shown,
            "channel": channel.id,
            "channel_type": kind,
            "event_ts": shown["ts"],
            "team": self.seed.team,
        }
        if channel.is_ext_shared and shown.get("user") in self.people:
            team = self.people[shown["user"]].team
            event |= {"user_team": team, "source_team": team}
        if self.seed.bot_user in channel.members:
            self.emit(SUBSCRIPTIONS[kind], event)
