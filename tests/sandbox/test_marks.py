"""Reactions, pins and bookmarks through the Web API."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.emoji import EMOJI
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.seeds import WIDE
from tests.sandbox.test_web_api import refusal

INC = "CINCIDENTS"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=replace(WIDE, emoji=(("sandbox", "alias:tada"),))) as running:
        yield running


async def posted(client: AsyncWebClient, text: str = "card") -> str:
    return str((await client.chat_postMessage(channel=INC, text=text))["ts"])


async def test_a_reaction_is_put_once_and_taken_once(client: AsyncWebClient, hands: Hands) -> None:
    ts = await posted(client)
    mark = {"channel": INC, "timestamp": ts, "name": "eyes"}
    await client.reactions_add(**mark)
    assert (await hands.heard("reaction_added"))["item_user"] == "UBOT"
    assert await refusal(client.reactions_add(**mark)) == "already_reacted"
    await hands.do("react", user="UANA", channel=INC, ts=ts, name="eyes")
    shown = (await client.reactions_get(channel=INC, timestamp=ts, full=True))["message"]
    assert shown["reactions"] == [{"name": "eyes", "users": ["UBOT", "UANA"], "count": 2}]
    await client.reactions_remove(**mark)
    assert (await hands.heard("reaction_removed"))["user"] == "UBOT"
    assert await refusal(client.reactions_remove(**mark)) == "no_reaction"


@pytest.mark.parametrize("name", ["+1", ":tada:", "wave::skin-tone-3", "sandbox"])
async def test_an_emoji_has_a_known_name(client: AsyncWebClient, name: str) -> None:
    await client.reactions_add(channel=INC, timestamp=await posted(client), name=name)


@pytest.mark.parametrize("name", ["no-such-emoji", "👍", "wave::skin-tone-7", "Tada", "::"])
async def test_an_unknown_emoji_is_refused(client: AsyncWebClient, name: str) -> None:
    ts = await posted(client)
    call = client.reactions_add(channel=INC, timestamp=ts, name=name)
    assert await refusal(call) == "invalid_name"


@pytest.mark.parametrize(
    ("given", "error"),
    [({"channel": INC}, "no_item_specified"), ({"timestamp": "1.1"}, "no_item_specified"),
     ({"channel": INC, "timestamp": "now"}, "bad_timestamp"),
     ({"channel": INC, "timestamp": "1.1"}, "message_not_found"),
     ({"channel": "CGENERAL", "timestamp": "1.1"}, "not_in_channel"),
     ({"channel": "CNONE", "timestamp": "1.1"}, "channel_not_found")],
)  # fmt: skip
@pytest.mark.parametrize("method", ["reactions.add", "reactions.remove", "reactions.get"])
async def test_what_is_marked_must_be_there(
    client: AsyncWebClient, method: str, given: Json, error: str
) -> None:
    assert await refusal(client.api_call(method, params={"name": "eyes", **given})) == error


async def test_an_ephemeral_message_takes_no_marks(client: AsyncWebClient) -> None:
    whisper = await client.chat_postEphemeral(channel=INC, user="UANA", text="psst")
    ts = whisper["message_ts"]
    mark = client.reactions_add(channel=INC, timestamp=ts, name="eyes")
    assert await refusal(mark) == "message_not_found"
    assert await refusal(client.pins_add(channel=INC, timestamp=ts)) == "message_not_found"


async def test_one_reacts_so_often_and_all_together_so_often(
    client: AsyncWebClient, hands: Hands
) -> None:
    ts = await posted(client)
    names = list(EMOJI)
    for name in names[:23]:
        await client.reactions_add(channel=INC, timestamp=ts, name=name)
    more = client.reactions_add(channel=INC, timestamp=ts, name=names[23])
    assert await refusal(more) == "too_many_reactions"
    for index, name in enumerate(names[23:50]):
        user = "UANA" if index < 20 else "UBO"
        await hands.do("react", user=user, channel=INC, ts=ts, name=name)
    last = await hands.attempt("react", user="UCY", channel=INC, ts=ts, name=names[50])
    assert last == (400, {"error": "Slack refuses this: too_many_emoji"})
    await hands.do("react", user="UCY", channel=INC, ts=ts, name=names[0])


async def test_reactions_are_listed_the_newest_first(client: AsyncWebClient) -> None:
    stamps = [await posted(client, text) for text in "abc"]
    for ts in stamps[:2]:
        await client.reactions_add(channel=INC, timestamp=ts, name="eyes")
    listed = await client.reactions_list()
    assert [item["message"]["text"] for item in listed["items"]] == ["b", "a"]
    assert (await client.reactions_list(user="UANA"))["items"] == []
    first = await client.reactions_list(limit=1)
    rest = await client.reactions_list(cursor=first["response_metadata"]["next_cursor"])
    assert [item["message"]["text"] for item in rest["items"]] == ["a"]


async def test_a_pin_is_put_told_listed_and_taken(client: AsyncWebClient, hands: Hands) -> None:
    ts = await posted(client)
    await client.pins_add(channel=INC, timestamp=ts)
    assert (await hands.heard("pin_added"))["user"] == "UBOT"
    (item,) = (await client.pins_list(channel=INC))["items"]
    assert (item["created_by"], item["message"]["text"]) == ("UBOT", "card")
    await client.pins_remove(channel=INC, timestamp=ts)
    assert (await hands.heard("pin_removed"))["item"]["message"]["ts"] == ts
    assert await refusal(client.pins_remove(channel=INC, timestamp=ts)) == "no_pin"


async def test_slacks_own_messages_are_not_pinned(client: AsyncWebClient, hands: Hands) -> None:
    await client.conversations_setTopic(channel=INC, topic="SEV1")
    ts = (await hands.see("messages", channel=INC))[-1]["ts"]
    assert await refusal(client.pins_add(channel=INC, timestamp=ts)) == "not_pinnable"


async def test_a_channel_takes_a_hundred_pins_and_bookmarks(
    client: AsyncWebClient, hands: Hands
) -> None:
    await hands.do("settings", rate_factor=0)
    mark = {"channel_id": INC, "title": "x", "type": "link", "link": "https://x.test"}
    for _ in range(100):
        await client.pins_add(channel=INC, timestamp=await posted(client))
        await client.bookmarks_add(**mark)
    pin = client.pins_add(channel=INC, timestamp=await posted(client))
    assert await refusal(pin) == "too_many_pins"
    assert await refusal(client.bookmarks_add(**mark)) == "too_many_bookmarks"


async def test_a_bookmark_is_changed_and_taken_away(client: AsyncWebClient) -> None:
    made = await client.bookmarks_add(
        channel_id=INC, title="Old", type="link", link="https://old.test"
    )
    where = {"channel_id": INC, "bookmark_id": made["bookmark"]["id"]}
    changed = (await client.bookmarks_edit(**where, title="New", emoji=":fire:"))["bookmark"]
    assert (changed["title"], changed["link"]) == ("New", "https://old.test")
    assert changed["last_updated_by_user_id"] == "UBOT"
    (listed,) = (await client.bookmarks_list(channel_id=INC))["bookmarks"]
    assert (listed["emoji"], listed["date_updated"] > 0) == (":fire:", True)
    await client.bookmarks_remove(**where)
    assert (await client.bookmarks_list(channel_id=INC))["bookmarks"] == []
    assert await refusal(client.bookmarks_remove(**where)) == "not_found"


@pytest.mark.parametrize(
    ("given", "error"),
    [({"title": "x" * 257}, "invalid_arguments"), ({"title": ""}, "invalid_arguments"),
     ({"link": "mailto:a@b"}, "invalid_link"), ({"link": "https://" + "x" * 2048}, "invalid_link"),
     ({"link": ""}, "invalid_link"), ({"emoji": ":no-such:"}, "invalid_emoji")],
)  # fmt: skip
async def test_a_bookmark_is_checked_when_made_and_when_changed(
    client: AsyncWebClient, given: Json, error: str
) -> None:
    good = {"channel_id": INC, "title": "x", "type": "link", "link": "https://x.test"}
    made = (await client.bookmarks_add(**good))["bookmark"]
    where = {"channel_id": INC, "bookmark_id": made["id"]}
    assert await refusal(client.api_call("bookmarks.edit", params={**where, **given})) == error
    if given.get("link") != "":
        call = client.api_call("bookmarks.add", params={**good, **given})
        assert await refusal(call) == error
    other = client.api_call("bookmarks.add", params={**good, "type": "file"})
    assert await refusal(other) == "invalid_bookmark_type"


@pytest.mark.parametrize("name", ["rotating_light", "white_check_mark", "warning", "fire"])
async def test_what_incidents_are_marked_with_is_known(hands: Hands, name: str) -> None:
    assert name in await hands.see("emoji")


async def test_the_bot_hears_no_marks_where_it_is_not() -> None:
    async with Sandbox(seed=WIDE) as sandbox, ClientSession() as session:
        hands = Hands(session, sandbox)
        where = {"user": "UANA", "channel": "CGENERAL"}
        ts = (await hands.do("message", **where, text="lunch?"))["ts"]
        for act, rest in (("react", {"name": "pizza"}), ("pin", {}), ("edit", {"text": "tea?"})):
            assert (await hands.do(act, **where, ts=ts, **rest))["deliveries"] == []
