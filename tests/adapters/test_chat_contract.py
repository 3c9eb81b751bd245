"""What every Chat promises; each test runs on the twin and on the Slack adapter."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack import SlackChat
from bot.adapters.throttle import Throttle
from bot.chatter import Account, Filed, Mark, Paper
from bot.domain.errors import Refused
from bot.domain.standing import Standing
from bot.domain.transcript import Message
from bot.ports import Chat, Gone, NameTaken, NotAllowed
from bot.render import Wording
from sandbox.manifest import seeded
from sandbox.seed import Seed
from sandbox.server import Sandbox
from tests.conversations.stage import ROOT
from tests.fakes.chat import FakeChat, Room
from tests.fakes.clock import SteppedClock
from tests.samples import ROOMY, T

MARK = Mark("INC-1", "INC-1/card")
WORDS = {"text": "hello", "blocks": [{"type": "divider"}]}


@pytest.fixture(params=["twin", "slack"])
async def chat(request: pytest.FixtureRequest) -> AsyncIterator[Chat]:
    if request.param == "twin":
        twin = FakeChat()
        twin.rooms["CINCIDENTS"] = Room("incidents", ours=False, people={"UANA", "UBO"})
        twin.groups = {"SONCALL": {"UCY"}, "SOLD": set()}
        twin.uninvited = {"UDAN": "deactivated", "UNOBODY": "unknown"}
        yield twin
    else:
        async with Sandbox(seed=seeded(ROOT / "manifest.yml", Seed())) as sandbox:
            client = AsyncWebClient("xoxb-sandbox", base_url=sandbox.api_url)
            yield SlackChat(client, Throttle(SteppedClock(), ROOMY, {}))


async def test_it_knows_who_it_is(chat: Chat) -> None:
    me = await chat.whoami()
    assert (me.team, me.user, me.bot) == ("T1", "UBOT", "BBOT")
    assert me.clock is not None


@pytest.mark.parametrize("private", [True, False])
async def test_a_channel_is_opened_once_and_found_again(chat: Chat, *, private: bool) -> None:
    opened = await chat.open_channel("inc-1", private=private)
    with pytest.raises(NameTaken):
        await chat.open_channel("inc-1", private=private)
    (found,) = await chat.own_channels({"inc-1", "inc-1-2"})
    assert (found.id, found.name, found.private, found.purpose) == (opened, "inc-1", private, "")
    assert found.opened_at > datetime.now(UTC) - timedelta(minutes=1)
    assert await chat.own_channels({"inc-2"}) == []
    await chat.set_purpose(opened, "INC-1: carts & more")
    assert (await chat.own_channels({"inc-1"}))[0].purpose == "INC-1: carts & more"
    await chat.check_channel(opened)


async def test_a_channel_is_archived_once_and_is_not_found_as_ours_any_more(chat: Chat) -> None:
    opened = await chat.open_channel("inc-1", private=False)
    for _ in range(2):
        await chat.archive(opened)
    assert await chat.own_channels({"inc-1"}) == []
    with pytest.raises(NameTaken):
        await chat.open_channel("inc-1", private=False)
    with pytest.raises(Refused):
        await chat.post(opened, WORDS, MARK)


async def test_where_channels_are_kept_to_others_none_is_opened() -> None:
    twin = FakeChat()
    twin.may_open = False
    async with Sandbox(seed=replace(Seed(), restricted=("conversations.create",))) as sandbox:
        client = AsyncWebClient("xoxb-sandbox", base_url=sandbox.api_url)
        for chat in (twin, SlackChat(client, Throttle(SteppedClock(), ROOMY, {}))):
            with pytest.raises(NotAllowed):
                await chat.open_channel("inc-1", private=False)


async def test_a_channel_of_others_is_not_found_as_ours(chat: Chat) -> None:
    assert await chat.own_channels({"incidents"}) == []


async def test_people_are_brought_in_whoever_is_in_already(chat: Chat) -> None:
    opened = await chat.open_channel("inc-1", private=False)
    await chat.invite(opened, ["UANA"])
    await chat.invite(opened, ["UANA", "UBO"])
    assert await chat.invite(opened, []) == {}
    await chat.whisper(opened, "UBO", WORDS)


async def test_who_cannot_be_brought_in_keeps_nobody_out(chat: Chat) -> None:
    opened = await chat.open_channel("inc-1", private=False)
    missing = await chat.invite(opened, ["UBO", "UDAN", "UNOBODY", "UANA"])
    assert set(missing) == {"UDAN", "UNOBODY"}
    await chat.whisper(opened, "UANA", WORDS)
    await chat.whisper(opened, "UBO", WORDS)
    assert set(await chat.invite(opened, ["UBO", "UDAN"])) == {"UDAN"}
    assert set(await chat.invite(opened, ["UDAN"])) == {"UDAN"}


async def test_a_user_group_is_its_members(chat: Chat) -> None:
    assert await chat.members("SONCALL") == {"UCY"}
    assert await chat.members("SOLD") == frozenset()
    with pytest.raises(Refused):
        await chat.members("SNOBODY")


async def test_a_link_is_a_bookmark(chat: Chat) -> None:
    opened = await chat.open_channel("inc-1", private=False)
    assert await chat.bookmarks(opened) == frozenset()
    await chat.bookmark(opened, "Bridge", "https://meet.example.com/a?b=1&c=2")
    assert await chat.bookmarks(opened) == {"https://meet.example.com/a?b=1&c=2"}


async def test_a_topic_is_read_as_it_was_set(chat: Chat) -> None:
    opened = await chat.open_channel("inc-1", private=False)
    await chat.set_topic(opened, "P1 · detected · <carts> & payments")
    assert await chat.topic(opened) == "P1 · detected · <carts> & payments"
    await chat.set_purpose(opened, "INC-1: carts")


async def test_a_post_is_found_by_its_mark_and_edited(chat: Chat) -> None:
    assert await chat.find_post("CINCIDENTS", MARK) is None
    ts = await chat.post("CINCIDENTS", WORDS, MARK)
    await chat.post("CINCIDENTS", WORDS, Mark("INC-1", "other"))
    assert await chat.find_post("CINCIDENTS", MARK) == ts
    await chat.edit("CINCIDENTS", ts, {"text": "only words now"})
    assert await chat.find_post("CINCIDENTS", MARK) == ts


async def test_a_reply_is_found_in_its_thread_and_nowhere_else(chat: Chat) -> None:
    parent = await chat.post("CINCIDENTS", WORDS, Mark("INC-1", "announcement"))
    reply = await chat.post("CINCIDENTS", WORDS, MARK, parent)
    assert await chat.find_post("CINCIDENTS", MARK, parent) == reply
    assert await chat.find_post("CINCIDENTS", MARK) is None
    with pytest.raises(Refused):
        await chat.find_post("CINCIDENTS", MARK, "1.000001")


async def test_a_thread_of_direct_messages_is_a_thread(chat: Chat) -> None:
    channel = await chat.direct("UANA")
    parent = await chat.post(channel, WORDS, MARK)
    assert await chat.find_post(await chat.direct("UANA"), MARK) == parent
    await chat.post(channel, WORDS, Mark("INC-1", "line"), parent)


async def test_what_is_pinned_may_be_pinned_again(chat: Chat) -> None:
    ts = await chat.post("CINCIDENTS", WORDS, MARK)
    for _ in range(2):
        await chat.pin("CINCIDENTS", ts)


async def test_a_person_is_told_where_they_are_or_directly(chat: Chat) -> None:
    await chat.whisper("CINCIDENTS", "UANA", WORDS)
    assert not await chat.told("UANA", MARK)
    await chat.tell("UANA", WORDS, MARK)
    assert await chat.told("UANA", MARK)
    assert not await chat.told("UBO", MARK)
    opened = await chat.open_channel("inc-1", private=True)
    with pytest.raises(Refused):
        await chat.whisper(opened, "UEVE", WORDS)


async def test_what_is_under_a_message_is_seen_with_what_it_says(chat: Chat) -> None:
    ts = await chat.post("CINCIDENTS", {"text": "carts &amp; &lt;all&gt;"}, MARK)
    if isinstance(chat, FakeChat):
        said = Message("CINCIDENTS", ts, "UANA", "carts & <all>")
        chat.rooms["CINCIDENTS"].spoken[ts] = said
        chat.rooms["CINCIDENTS"].reactions[ts] = {"memo": ["UANA"]}
    elif isinstance(chat, SlackChat):
        react = chat._client.base_url.replace("/api/", "/control/react")
        reaction = {"user": "UANA", "channel": "CINCIDENTS", "ts": ts, "name": "memo"}
        async with ClientSession() as http, http.post(react, json=reaction) as answer:
            assert answer.status == 200
    found = await chat.reactions("CINCIDENTS", ts)
    assert found.words == "carts & <all>"
    assert {name: list(people) for name, people in found.emoji.items()} == {"memo": ["UANA"]}
    bare = await chat.post("CINCIDENTS", {"text": "x"}, MARK)
    assert (await chat.reactions("CINCIDENTS", bare)).emoji == {}
    with pytest.raises(Refused):
        await chat.reactions("CINCIDENTS", "1.000001")


async def test_a_home_is_published(chat: Chat) -> None:
    home = Wording().page("home", incidents=[], viewer="UANA", actions=[], suggestions=[], at=T)
    await chat.publish_home("UANA", home)


async def test_a_person_has_a_name(chat: Chat) -> None:
    assert await chat.name("UANA") == "ana"
    with pytest.raises(Refused):
        await chat.name("UNOBODY")


async def test_everybody_is_told_of_with_what_they_are(chat: Chat) -> None:
    if isinstance(chat, FakeChat):
        chat.names |= {"UBOT": "incident-bot", "UDAN": "dan", "UULA": "ula", "UXAV": "xav"}
        chat.names["USLACKBOT"] = "slackbot"
        chat.standings = {
            **dict.fromkeys(("UBOT", "USLACKBOT"), Standing.APP),
            "UDAN": Standing.GONE,
            "UULA": Standing.GUEST,
            "UXAV": Standing.OUTSIDER,
        }
        chat.page = 3
    told, part = dict[str, Account](), await chat.accounts()
    while True:
        told |= {account.person: account for account in part.accounts}
        if not part.more:
            break
        part = await chat.accounts(part.more)
    assert told["UANA"] == Account("UANA", "ana", Standing.MEMBER)
    assert told["UEVE"].standing is Standing.MEMBER  # a guest of several channels
    assert told["UULA"].standing is Standing.GUEST
    assert told["UXAV"].standing is Standing.OUTSIDER
    assert told["UDAN"].standing is Standing.GONE
    assert {told[who].standing for who in ("UBOT", "USLACKBOT")} == {Standing.APP}


async def test_a_message_has_an_address_while_it_is_there(chat: Chat) -> None:
    ts = await chat.post("CINCIDENTS", WORDS, MARK)
    link = await chat.permalink("CINCIDENTS", ts)
    assert link is not None
    assert link.startswith("http")
    assert await chat.permalink("CINCIDENTS", "1.000001") is None
    assert await chat.permalink("CNOWHERE", ts) is None


@pytest.mark.parametrize("where", ["channel", "thread", "direct"])
async def test_a_file_is_shown_and_found_by_its_name(chat: Chat, where: str) -> None:
    channel = await chat.direct("UANA") if where == "direct" else "CINCIDENTS"
    thread = await chat.post(channel, WORDS, MARK) if where == "thread" else ""
    assert await chat.find_file(channel, "it.md", thread) is None
    filed = await chat.upload(channel, Paper("it.md", "It", "# \u00e9\n"), "Look", thread)
    assert filed.link.startswith("http")

    async def shown() -> Filed:
        while True:
            if found := await chat.find_file(channel, "it.md", thread):
                return found
            await asyncio.sleep(0.02)  # a workspace shows it a moment later

    async with asyncio.timeout(10):
        assert await shown() == filed
    assert await chat.find_file(channel, "other.md", thread) is None


async def test_a_file_for_nowhere_is_refused(chat: Chat) -> None:
    with pytest.raises(Refused):
        await chat.upload("CNOWHERE", Paper("it.md", "It", "x"), "Look")


@pytest.mark.parametrize("what", ["check_channel", "topic"])
async def test_what_is_not_there_is_refused(chat: Chat, what: str) -> None:
    with pytest.raises(Refused):
        await getattr(chat, what)("CNOWHERE")
    with pytest.raises(Gone):
        await chat.edit("CINCIDENTS", "1.1", WORDS)
