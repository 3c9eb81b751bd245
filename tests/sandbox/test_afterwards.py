"""What becomes of messages: deleted, replaced by a stone, unfurled; and what the bot does."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncAck, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands
from tests.sandbox.kit import actions, button, section
from tests.sandbox.seeds import WIDE
from tests.sandbox.test_web_api import refusal

INC = "CINCIDENTS"
URL = "https://status.test/1"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=replace(WIDE, unfurl_domains=("status.test",))) as running:
        yield running


async def posted(client: AsyncWebClient, text: str, thread: str | None = None) -> str:
    answer = await client.chat_postMessage(channel=INC, text=text, thread_ts=thread)
    return str(answer["ts"])


async def history(client: AsyncWebClient) -> list[Json]:
    shown: list[Json] = (await client.conversations_history(channel=INC))["messages"]
    return shown


async def test_the_bot_deletes_what_it_said_and_hears_of_it(
    client: AsyncWebClient, hands: Hands
) -> None:
    ts = await posted(client, "oops")
    await client.chat_delete(channel=INC, ts=ts)
    assert await history(client) == []
    told = await hands.heard("message_deleted")
    assert (told["deleted_ts"], told["previous_message"]["text"]) == (ts, "oops")
    assert await refusal(client.chat_delete(channel=INC, ts=ts)) == "message_not_found"


async def test_the_bot_deletes_nothing_else(client: AsyncWebClient, hands: Hands) -> None:
    said = (await hands.do("message", user="UANA", channel=INC, text="mine"))["ts"]
    assert await refusal(client.chat_delete(channel=INC, ts=said)) == "cant_delete_message"
    await client.conversations_setTopic(channel=INC, topic="SEV1")
    told = (await hands.see("messages", channel=INC))[-1]["ts"]
    assert await refusal(client.chat_delete(channel=INC, ts=told)) == "cant_delete_message"
    whisper = await client.chat_postEphemeral(channel=INC, user="UANA", text="psst")
    hidden = client.chat_delete(channel=INC, ts=whisper["message_ts"])
    assert await refusal(hidden) == "message_not_found"
    assert await refusal(client.chat_delete(channel="CGENERAL", ts=said)) == "not_in_channel"


async def test_a_thread_keeps_a_stone_where_its_first_message_was(
    client: AsyncWebClient, hands: Hands
) -> None:
    top = await posted(client, "top")
    reply = await posted(client, "reply", top)
    await client.chat_delete(channel=INC, ts=top)
    told = await hands.heard("message_changed")
    assert told["message"]["subtype"] == "tombstone"
    (stone,) = await history(client)
    assert (stone["ts"], stone["subtype"], stone["reply_count"]) == (top, "tombstone", 1)
    assert (stone["user"], stone["text"]) == ("USLACKBOT", "This message was deleted.")
    assert await refusal(client.chat_delete(channel=INC, ts=top)) == "message_not_found"
    mark = client.reactions_add(channel=INC, timestamp=top, name="eyes")
    assert await refusal(mark) == "message_not_found"
    assert (await hands.attempt("react", user="UANA", channel=INC, ts=top, name="eyes"))[0] == 400
    await client.chat_delete(channel=INC, ts=reply)
    assert await history(client) == []


async def test_a_deleted_reply_is_no_longer_counted(client: AsyncWebClient) -> None:
    top = await posted(client, "top")
    replies = [await posted(client, text, top) for text in ("one", "two")]
    await client.chat_delete(channel=INC, ts=replies[1])
    (shown,) = await history(client)
    assert (shown["reply_count"], shown["latest_reply"]) == (1, replies[0])


async def test_a_message_deleted_by_response_url_is_told_of(
    sandbox: Sandbox, client: AsyncWebClient, hands: Hands
) -> None:
    app = bolt(sandbox)

    @app.action("drop")
    async def drop(ack: AsyncAck, respond: AsyncRespond) -> None:
        await ack()
        await respond(delete_original=True)

    blocks = [section("x"), actions(button(action_id="drop"))]
    ts = (await client.chat_postMessage(channel=INC, text="x", blocks=blocks))["ts"]
    async with by_socket(app):
        await hands.do("click", user="UANA", channel=INC, ts=ts, action_id="drop")
        assert (await hands.heard("message_deleted"))["deleted_ts"] == ts


async def test_a_message_has_an_address_and_a_reply_names_its_thread(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    top = await posted(client, "top")
    reply = await posted(client, "reply", top)
    there = f"{sandbox.url}/archives/{INC}/p"
    first = await client.chat_getPermalink(channel=INC, message_ts=top)
    assert first["permalink"] == there + top.replace(".", "")
    second = await client.chat_getPermalink(channel=INC, message_ts=reply)
    assert second["permalink"] == f"{there}{reply.replace('.', '')}?thread_ts={top}&cid={INC}"
    lost = client.chat_getPermalink(channel=INC, message_ts="1.1")
    assert await refusal(lost) == "message_not_found"


async def test_the_bot_says_what_it_does(client: AsyncWebClient, hands: Hands) -> None:
    said = await client.chat_meMessage(channel=INC, text="looks at the dashboards")
    told = await hands.heard("me_message")
    assert (told["ts"], told["user"], told["bot_id"]) == (said["ts"], "UBOT", "BBOT")
    assert await refusal(client.chat_meMessage(channel=INC, text="")) == "no_text"
    assert await refusal(client.chat_meMessage(channel=INC, text="x" * 4001)) == "msg_too_long"
    change = client.chat_update(channel=INC, ts=str(said["ts"]), text="x")
    assert await refusal(change) == "cant_update_message"
    await client.chat_delete(channel=INC, ts=str(said["ts"]))


async def test_a_link_is_unfurled_once_and_again(client: AsyncWebClient, hands: Hands) -> None:
    said = await hands.do("message", user="UANA", channel=INC, text=f"see {URL}")
    for words in ("SEV2", "SEV1"):
        unfurls = {URL: {"blocks": [section(words)]}}
        await client.chat_unfurl(channel=INC, ts=said["ts"], unfurls=unfurls)
    (shown,) = await history(client)
    (attachment,) = shown["attachments"]
    assert attachment["from_url"] == URL
    assert attachment["blocks"][0]["text"]["text"] == "SEV1"
    assert shown["text"] == f"see <{URL}>"
    assert "edited" not in shown
    assert (await hands.heard("message_changed"))["message"]["attachments"]


async def test_a_button_in_an_unfurled_link_is_clicked(
    client: AsyncWebClient, hands: Hands
) -> None:
    said = await hands.do("message", user="UANA", channel=INC, text=f"see {URL}")
    unfurls = {URL: {"blocks": [actions(button(action_id="take"))]}}
    await client.chat_unfurl(channel=INC, ts=said["ts"], unfurls=unfurls)
    await hands.do("click", user="UANA", channel=INC, ts=said["ts"], action_id="take")
    container = (await hands.see("deliveries"))[-1]["payload"]["container"]
    assert (container["type"], container["attachment_id"]) == ("message_attachment", 1)


UNFURL = {URL: {"blocks": [section("x")]}}
ELSE = "https://else.test/1"


@pytest.mark.parametrize(
    ("given", "error"),
    [({"channel": ""}, "missing_channel"), ({"ts": ""}, "missing_ts"),
     ({"unfurls": {}}, "missing_unfurls"), ({"unfurls": [1]}, "invalid_unfurls_format"),
     ({"unfurls": "{"}, "invalid_unfurls_format"), ({"ts": "1.1"}, "cannot_find_message"),
     ({"unfurls": {f"{URL}2": {"title": "x"}}}, "cannot_unfurl_message"),
     ({"unfurls": {ELSE: {"title": "x"}}}, "cannot_unfurl_url"),
     ({"unfurls": {URL: "x"}}, "cannot_parse_attachment"),
     ({"unfurls": {URL: {"blocks": [{"type": "x"}]}}}, "cannot_parse_attachment"),
     ({"unfurls": {URL: {"title": "x", "colour": "red"}}}, "cannot_parse_attachment"),
     ({"channel": "CGENERAL"}, "not_in_channel")],
)  # fmt: skip
async def test_only_own_links_of_the_message_are_unfurled(
    client: AsyncWebClient, hands: Hands, given: Json, error: str
) -> None:
    said = await hands.do("message", user="UANA", channel=INC, text=f"{URL} {ELSE}")
    good = {"channel": INC, "ts": said["ts"], "unfurls": UNFURL}
    assert await refusal(client.api_call("chat.unfurl", json={**good, **given})) == error


async def test_an_app_without_domains_unfurls_nothing() -> None:
    async with Sandbox(seed=WIDE) as sandbox, ClientSession() as session:
        hands = Hands(session, sandbox)
        said = await hands.do("message", user="UANA", channel=INC, text=URL)
        assert len(said["deliveries"]) == 1
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        call = client.chat_unfurl(channel=INC, ts=said["ts"], unfurls=UNFURL)
        assert await refusal(call) == "cannot_find_service"


async def test_of_a_deleted_message_nothing_is_left_but_its_place(
    client: AsyncWebClient, hands: Hands
) -> None:
    here = {"user": "UANA", "channel": INC}
    ts = (await hands.do("upload", **here, filename="a.txt", content="YQ=="))["ts"]
    await hands.do("react", **here, ts=ts, name="eyes")
    await posted(client, "a reply", ts)
    await hands.do("delete", **here, ts=ts)
    (stone,) = await history(client)
    assert (stone["subtype"], stone["user"]) == ("tombstone", "USLACKBOT")
    assert not {"files", "reactions", "blocks"} & set(stone)


@pytest.mark.parametrize("url", ["https://notstatus.test/1", "https://status.test.evil/1"])
async def test_a_like_sounding_domain_is_not_the_apps(hands: Hands, url: str) -> None:
    said = await hands.do("message", user="UANA", channel=INC, text=f"see {url} and {URL}")
    assert [link["url"] for link in (await hands.heard("link_shared"))["links"]] == [URL]
    assert len(said["deliveries"]) == 2


async def test_links_in_a_private_channel_without_the_bot_are_not_told(hands: Hands) -> None:
    made = await hands.do("create_channel", user="UANA", name="secret", is_private=True)
    quiet = await hands.do("message", user="UANA", channel=made["channel"], text=URL)
    assert quiet["deliveries"] == []


async def test_an_archived_channels_messages_are_not_changed(
    client: AsyncWebClient, hands: Hands
) -> None:
    ts = await posted(client, "old")
    await hands.do("archive", channel=INC)
    assert await refusal(client.chat_update(channel=INC, ts=ts, text="new")) == "is_inactive"
