"""A whole conversation with another app: reminders that are scheduled, listed, cancelled, snoozed.

The app keeps nothing itself: what is still to come it asks Slack for, and an emoji under a
reminder has it come again.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.seed import Seed, SlashCommand
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands

COMMAND = "/remind-us"
USAGE = "`/remind-us 30 look at the dashboards`, `/remind-us list`, `/remind-us cancel ID`"
MINUTE = 60
SNOOZE = 10 * MINUTE
SEED = replace(
    Seed(),
    commands=(SlashCommand(COMMAND, "Remind this channel of something", "MINUTES TEXT"),),
    scopes=("commands", "chat:write", "reactions:read", "channels:read", "channels:history"),
    events=("reaction_added",),
)


class Reminders:
    """The app: what its command and an emoji under its messages do."""

    def __init__(self, app: AsyncApp, clock: SteppedClock) -> None:
        self._clock = clock
        self._client: AsyncWebClient = app.client
        app.command(COMMAND)(self.command)
        app.event("reaction_added")(self.snooze)

    async def command(self, ack: AsyncAck, body: Json) -> None:
        words = body["text"].split()
        match words:
            case ["list"]:
                await ack(await self._listed(body["channel_id"]))
            case ["cancel", name]:
                await ack(await self._cancel(body["channel_id"], name))
            case [minutes, _, *_] if minutes.isdecimal():
                text = body["text"].split(maxsplit=1)[1]
                said = f"<@{body['user_id']}> wanted you to remember: {text}"
                await ack(await self._schedule(body["channel_id"], int(minutes) * MINUTE, said))
            case _:
                await ack(f"Say {USAGE}")

    async def snooze(self, event: Json) -> None:
        if event["reaction"] != "zzz" or event["item_user"] != "UBOT":
            return
        where = event["item"]
        found = await self._client.conversations_history(
            channel=where["channel"], latest=where["ts"], inclusive=True, limit=1
        )
        await self._schedule(where["channel"], SNOOZE, found["messages"][0]["text"])

    async def _schedule(self, channel: str, seconds: int, text: str) -> str:
        post_at = int(self._clock.now()) + seconds
        try:
            made = await self._client.chat_scheduleMessage(
                channel=channel, post_at=post_at, text=text
            )
        except SlackApiError as error:
            return f"Slack does not want that: {error.response['error']}"
        return f"I will, in {seconds // MINUTE} minutes ({made['scheduled_message_id']})"

    async def _listed(self, channel: str) -> str:
        listed = await self._client.chat_scheduledMessages_list(channel=channel)
        lines = [
            f"{one['id']} in {round((one['post_at'] - self._clock.now()) / MINUTE)} minutes"
            for one in listed["scheduled_messages"]
        ]
        return "\n".join(lines) or "Nothing is to come"

    async def _cancel(self, channel: str, name: str) -> str:
        try:
            await self._client.chat_deleteScheduledMessage(
                channel=channel, scheduled_message_id=name
            )
        except SlackApiError as error:
            return f"Slack does not want that: {error.response['error']}"
        return "Forgotten"


@dataclass
class Scene:
    """The workspace with the app in it, and the time in one's hand."""

    hands: Hands
    clock: SteppedClock

    async def types(self, text: str, user: str = "UANA") -> str:
        """Type the command and return what it answers."""
        outcome = await self.hands.do(
            "command", user=user, channel="COPS", command=COMMAND, text=text
        )
        assert outcome["warning"] is None, outcome
        return str(outcome["body"]["text"])

    async def reminders(self, count: int) -> list[Json]:
        """Return what was posted, once there is so much of it."""
        shown: list[Json] = await self.hands.until(
            "messages", lambda seen: len(seen) == count, channel="COPS"
        )
        return shown


@asynccontextmanager
async def playing() -> AsyncIterator[Scene]:
    clock = SteppedClock()
    async with (
        Sandbox(clock=clock, seed=SEED) as sandbox,
        ClientSession() as session,
    ):
        app = bolt(sandbox)
        Reminders(app, clock)
        async with by_socket(app):
            yield Scene(Hands(session, sandbox), clock)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with playing() as scene:
        yield scene


async def test_a_reminder_comes_is_snoozed_and_comes_again(scene: Scene) -> None:
    assert "in 30 minutes" in await scene.types("30 ask <@UBO> & co")
    scene.clock.step(29 * MINUTE)
    assert await scene.reminders(0) == []
    scene.clock.step(2 * MINUTE)
    (first,) = await scene.reminders(1)
    assert first["text"] == "<@UANA> wanted you to remember: ask <@UBO|bo> &amp; co"

    where = {"user": "UANA", "channel": "COPS", "ts": first["ts"]}
    await scene.hands.do("react", **where, name="eyes")
    await scene.hands.do("react", **where, name="zzz")
    await scene.hands.until("calls", scheduled_twice)
    assert await scene.types("list") == f"{await only(scene)} in 10 minutes"
    scene.clock.step(11 * MINUTE)
    again = (await scene.reminders(2))[-1]
    assert again["text"] == first["text"]
    assert await scene.types("list") == "Nothing is to come"


async def test_a_reminder_is_listed_and_cancelled(scene: Scene) -> None:
    for minutes in ("60", "20"):
        await scene.types(f"{minutes} breathe")
    listed = await scene.types("list", "UANA")
    names = re.findall(r"Q\d+", listed)
    assert [line.split(" ", 1)[1] for line in listed.splitlines()] == [
        "in 20 minutes", "in 60 minutes",
    ]  # fmt: skip
    assert await scene.types(f"cancel {names[0]}") == "Forgotten"
    assert "invalid_scheduled_message_id" in await scene.types(f"cancel {names[0]}")
    scene.clock.step(2 * 60 * MINUTE)
    assert len(await scene.reminders(1)) == 1


async def test_what_slack_refuses_is_said(scene: Scene) -> None:
    assert "time_too_far" in await scene.types(f"{121 * 24 * 60} renew the certificate")
    assert "time_in_past" in await scene.types("0 now")
    assert USAGE in await scene.types("")


async def test_an_emoji_of_somebody_elses_matter_changes_nothing(scene: Scene) -> None:
    said = await scene.hands.do("message", user="UANA", channel="COPS", text="tired")
    told = await scene.hands.do("react", user="UANA", channel="COPS", ts=said["ts"], name="zzz")
    await scene.hands.until(
        "deliveries",
        lambda sent: {one["id"] for one in sent if one["acked"]} >= set(told["deliveries"]),
    )
    assert await scene.types("list") == "Nothing is to come"


def scheduled_twice(calls: list[Json]) -> bool:
    return [call["method"] for call in calls if call["ok"]].count("chat.scheduleMessage") == 2


async def only(scene: Scene) -> str:
    (name,) = re.findall(r"Q\d+", await scene.types("list"))
    return str(name)
