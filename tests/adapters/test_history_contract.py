"""What every Chat promises of what was said; each test runs on the twin and on the adapter."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters import slack_history
from bot.adapters.slack import SlackChat
from bot.adapters.throttle import Throttle
from bot.chatter import Mark
from bot.domain.errors import Refused
from bot.domain.transcript import Message
from bot.ports import Chat
from sandbox.seed import Seed
from sandbox.server import Sandbox
from tests.fakes.chat import FakeChat, Room
from tests.fakes.clock import SteppedClock
from tests.samples import ROOMY

ROOM = "CINCIDENTS"


class Talk(Protocol):
    """A chat, and people who talk there."""

    page: int

    @property
    def chat(self) -> Chat: ...

    async def says(self, text: str, by: str = "UANA", thread: str = "") -> str: ...

    async def edits(self, ts: str, text: str) -> None: ...

    async def deletes(self, ts: str) -> None: ...


@dataclass
class InMemory:
    chat: FakeChat
    page: int = 3
    told: int = 0

    def __post_init__(self) -> None:
        self.chat.page = self.page
        self.chat.rooms[ROOM] = Room("incidents", ours=False)

    async def says(self, text: str, by: str = "UANA", thread: str = "") -> str:
        self.told += 1
        return self.chat.hears(Message(ROOM, f"{self.told}.0", by, text, thread=thread)).ts

    async def edits(self, ts: str, text: str) -> None:
        spoken = self.chat.rooms[ROOM].spoken
        spoken[ts] = replace(spoken[ts], text=text, edited="99.0")

    async def deletes(self, ts: str) -> None:
        self.chat.deletes(ROOM, ts)


@dataclass
class InSlack:
    chat: SlackChat
    http: ClientSession
    page: int = slack_history.PAGE

    async def says(self, text: str, by: str = "UANA", thread: str = "") -> str:
        hung_on = {"thread_ts": thread} if thread else {}
        return str((await self._does("message", user=by, text=text, **hung_on))["ts"])

    async def edits(self, ts: str, text: str) -> None:
        await self._does("edit", user="UANA", ts=ts, text=text)

    async def deletes(self, ts: str) -> None:
        await self._does("delete", user="UANA", ts=ts)

    async def _does(self, act: str, **what: str) -> dict[str, Any]:
        body = {"channel": ROOM, **what}
        async with self.http.post(f"/control/{act}", json=body) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status == 200, told
            return told


@pytest.fixture(params=["twin", "slack"])
async def talk(request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    if request.param == "twin":
        yield InMemory(FakeChat())
    else:
        async with Sandbox(seed=Seed(rate_factor=0)) as box, ClientSession(box.url) as http:
            client = AsyncWebClient("xoxb-sandbox", base_url=box.api_url)
            yield InSlack(SlackChat(client, Throttle(SteppedClock(), ROOMY, {})), http)


async def test_what_people_said_is_read_as_it_stands(talk: Talk) -> None:
    first = await talk.says("it is the <database> & <@UBO>")
    second = await talk.says("it brok", by="UANA")
    await talk.edits(second, "it broke")
    ours = await talk.chat.post(ROOM, {"text": "our card"}, Mark("I", "I/card"))
    part = await talk.chat.history(ROOM)
    told = {m.ts: (m.author, m.text, bool(m.edited)) for m in part.said}
    assert told == {
        first: ("UANA", "it is the <database> & <@UBO>", False),
        second: ("UANA", "it broke", True),
    }
    assert part.shown >= {first, second, ours}
    assert (part.since, list(part.threads)) == ("", [])
    assert all(m.channel == ROOM for m in part.said)


async def test_a_thread_is_read_apart_from_its_channel(talk: Talk) -> None:
    root = await talk.says("who knows?")
    reply = await talk.says("I do", by="UBO", thread=root)
    part = await talk.chat.history(ROOM)
    assert ([m.ts for m in part.said], list(part.threads)) == ([root], [root])
    whole = await talk.chat.replies(ROOM, root)
    assert [(m.ts, m.thread) for m in whole.said] == [(root, ""), (reply, root)]
    assert whole.shown == {root, reply}


async def test_what_was_deleted_is_not_shown_and_a_thread_outlives_its_first_message(
    talk: Talk,
) -> None:
    gone, root = await talk.says("oops"), await talk.says("who knows?")
    reply = await talk.says("I do", thread=root)
    for ts in (gone, root):
        await talk.deletes(ts)
    part = await talk.chat.history(ROOM)
    assert part.said == []
    assert part.shown.isdisjoint({gone, root})
    assert list(part.threads) == [root]
    whole = await talk.chat.replies(ROOM, root)
    assert [m.ts for m in whole.said] == [reply]
    assert whole.shown == {reply}


async def test_a_thread_that_is_gone_altogether_shows_nothing(talk: Talk) -> None:
    root = await talk.says("who knows?")
    reply = await talk.says("I do", thread=root)
    for ts in (reply, root):
        await talk.deletes(ts)
    whole = await talk.chat.replies(ROOM, root)
    assert (whole.said, whole.shown) == ([], frozenset())


async def read(talk: Talk, further: Callable[[], Any] | None = None) -> list[Message]:
    """Read a channel from its end to its beginning."""
    said, before = list[Message](), ""
    while True:
        part = await talk.chat.history(ROOM, before)
        said += part.said
        if not (before := part.since):
            return said
        if further:
            await further()


async def test_a_long_channel_is_read_part_by_part_and_nothing_twice(talk: Talk) -> None:
    every = [await talk.says(f"line {n}") for n in range(2 * talk.page + 1)]

    async def more() -> None:
        await talk.says("said meanwhile")

    told = await read(talk, more)
    assert sorted(m.ts for m in told) == sorted(every)


async def test_a_part_that_is_just_full_is_the_last(talk: Talk) -> None:
    for n in range(talk.page):
        await talk.says(f"line {n}")
    assert len(await read(talk)) == talk.page


async def test_what_is_not_there_cannot_be_read(talk: Talk) -> None:
    with pytest.raises(Refused):
        await talk.chat.history("CNOWHERE")
    with pytest.raises(Refused):
        await talk.chat.replies("CNOWHERE", "1.1")
