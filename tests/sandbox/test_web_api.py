"""The Web API says yes and no where Slack does."""

import re
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.seed import ChannelSeed, Seed
from sandbox.server import Sandbox
from tests.sandbox.hands import Hands

HIDDEN = Seed(channels=(ChannelSeed("CHIDDEN", "hidden", ("UANA",), is_private=True),))


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_the_app_learns_who_it_is_and_what_it_may(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("UBOT", "BBOT", "T1")
    assert "chat:write" in answer.headers["x-oauth-scopes"]
    assert answer.headers["Date"].endswith("GMT")


@pytest.mark.parametrize(
    ("token", "error"),
    [(None, "not_authed"), ("xoxb-wrong", "invalid_auth"),
     ("xapp-sandbox", "not_allowed_token_type")],
)  # fmt: skip
async def test_tokens_are_checked(sandbox: Sandbox, token: str | None, error: str) -> None:
    client = AsyncWebClient(token=token, base_url=sandbox.api_url)
    assert await refusal(client.auth_test()) == error


async def test_timestamps_are_text_and_increase() -> None:
    async with Sandbox(clock=SteppedClock()) as sandbox:  # whose time stands still
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        said = [await client.chat_postMessage(channel="COPS", text="x") for _ in range(4)]
        stamps = [one["ts"] for one in said]
        assert all(re.fullmatch(r"\d{10}\.\d{6}", stamp) for stamp in stamps)
        assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    "text", ["a &amp; b", "<!channel> &lt;", "🔥 :fire:", "שלום *x*", "a\n\tb ", "e\u0301 \u200d"]
)
async def test_text_is_kept_as_it_was_sent(
    client: AsyncWebClient, hands: Hands, text: str
) -> None:
    posted = await client.chat_postMessage(channel="COPS", text=text)
    (seen,) = (await client.conversations_history(channel="COPS"))["messages"]
    assert (posted["message"]["text"], seen["text"]) == (text, text)
    assert (await hands.see("messages", channel="COPS"))[0]["text"] == text


async def test_an_unknown_method_is_refused(client: AsyncWebClient) -> None:
    assert await refusal(client.api_call("chat.shout")) == "unknown_method"


async def test_a_missing_scope_is_named(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.pins_list(channel="CINCIDENTS")
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", "pins:read")
    assert "pins:write" in answer["provided"]


async def test_a_missing_argument_is_named(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call("chat.postMessage", json={"text": "hello"})
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] missing required field: channel"
    ]


async def test_a_channel_is_created_with_the_bot_inside(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="inc-1"))["channel"]
    assert (channel["name"], channel["is_member"]) == ("inc-1", True)
    members = await client.conversations_members(channel=channel["id"])
    assert members["members"] == ["UBOT"]


@pytest.mark.parametrize(
    ("name", "error"),
    [("", "invalid_name_required"), ("a" * 81, "invalid_name_maxlength"),
     ("Inc", "invalid_name_specials"), ("a b", "invalid_name_specials"),
     ("a.b", "invalid_name_specials"), ("--", "invalid_name_punctuation"),
     ("general", "name_taken")],
)  # fmt: skip
async def test_channel_names_are_checked(client: AsyncWebClient, name: str, error: str) -> None:
    assert await refusal(client.conversations_create(name=name)) == error


async def test_an_archived_channel_keeps_its_name(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    await client.conversations_archive(channel=channel)
    assert await refusal(client.conversations_create(name="inc-1")) == "name_taken"
    assert await refusal(client.chat_postMessage(channel=channel, text="x")) == "is_archived"
    assert await refusal(client.conversations_archive(channel=channel)) == "already_archived"


async def test_a_private_channel_is_invisible_from_outside() -> None:
    async with Sandbox(seed=HIDDEN) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        assert await refusal(client.conversations_info(channel="CHIDDEN")) == "channel_not_found"
        listed = await client.conversations_list(types="public_channel,private_channel")
        assert listed["channels"] == []
        assert await refusal(client.conversations_create(name="hidden")) == "name_taken"


async def test_one_bad_guest_spoils_an_invitation_unless_forced(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="inc-1"))["channel"]["id"]
    users = ["UANA", "UNOBODY", "UBOT"]
    with pytest.raises(SlackApiError) as refused:
        await client.conversations_invite(channel=channel, users=users)
    assert [e["error"] for e in refused.value.response["errors"]] == [
        "user_not_found", "cant_invite_self",
    ]  # fmt: skip
    await client.conversations_invite(channel=channel, users=users, force=True)
    members = (await client.conversations_members(channel=channel))["members"]
    assert members == ["UBOT", "UANA"]
    again = client.conversations_invite(channel=channel, users="UANA")
    assert await refusal(again) == "already_in_channel"


async def test_the_bot_speaks_only_where_it_is(client: AsyncWebClient) -> None:
    post = client.chat_postMessage(channel="CGENERAL", text="hello")
    assert await refusal(post) == "not_in_channel"
    await client.conversations_join(channel="CGENERAL")
    await client.chat_postMessage(channel="CGENERAL", text="hello")


async def test_a_person_id_is_their_direct_messages(client: AsyncWebClient) -> None:
    posted = await client.chat_postMessage(channel="UANA", text="hello")
    opened = await client.conversations_open(users="UANA")
    assert posted["channel"] == opened["channel"]["id"] == "DUANA"


async def test_text_is_stored_as_sent_and_stamps_grow(client: AsyncWebClient) -> None:
    stamps = []
    for text in ("a &amp; b", "<@UANA>", "*c*"):
        posted = await client.chat_postMessage(channel="CINCIDENTS", text=text)
        assert posted["message"]["text"] == text
        stamps.append(posted["ts"])
    assert stamps == sorted(set(stamps))


async def test_history_pages_from_new_to_old_with_metadata(client: AsyncWebClient) -> None:
    metadata = {"event_type": "incident", "event_payload": {"id": "1"}}
    for text in ("one", "two", "three"):
        await client.chat_postMessage(channel="CINCIDENTS", text=text, metadata=metadata)
    texts, cursor = [], None
    for _ in range(2):
        page = await client.conversations_history(
            channel="CINCIDENTS", limit=2, cursor=cursor, include_all_metadata=True
        )
        texts += [message["text"] for message in page["messages"]]
        assert all(message["metadata"] == metadata for message in page["messages"])
        cursor = (page.get("response_metadata") or {"next_cursor": None})["next_cursor"]
    assert (texts, cursor) == (["three", "two", "one"], None)
    plain = await client.conversations_history(channel="CINCIDENTS")
    assert "metadata" not in plain["messages"][0]


async def test_history_between_two_moments_leaves_both_out(client: AsyncWebClient) -> None:
    stamps = [
        (await client.chat_postMessage(channel="CINCIDENTS", text=text))["ts"] for text in "abc"
    ]
    page = await client.conversations_history(
        channel="CINCIDENTS", oldest=stamps[0], latest=stamps[2]
    )
    assert [message["text"] for message in page["messages"]] == ["b"]


async def test_replies_are_in_the_thread_and_not_in_the_history(client: AsyncWebClient) -> None:
    parent = (await client.chat_postMessage(channel="CINCIDENTS", text="top"))["ts"]
    await client.chat_postMessage(channel="CINCIDENTS", text="reply", thread_ts=parent)
    thread = await client.conversations_replies(channel="CINCIDENTS", ts=parent)
    history = await client.conversations_history(channel="CINCIDENTS")
    assert [message["text"] for message in thread["messages"]] == ["top", "reply"]
    assert [message["text"] for message in history["messages"]] == ["top"]
    lost = client.chat_postMessage(channel="CINCIDENTS", text="x", thread_ts="1.000001")
    assert await refusal(lost) == "thread_not_found"


async def test_only_own_messages_are_updated(client: AsyncWebClient, hands: Hands) -> None:
    said = await hands.do("message", user="UANA", channel="CINCIDENTS", text="mine")
    change = client.chat_update(channel="CINCIDENTS", ts=said["ts"], text="yours")
    assert await refusal(change) == "cant_update_message"
    lost = client.chat_update(channel="CINCIDENTS", ts="1.000001", text="x")
    assert await refusal(lost) == "message_not_found"


async def test_an_update_keeps_metadata_unless_told(client: AsyncWebClient) -> None:
    metadata = {"event_type": "incident", "event_payload": {"id": "1"}}
    ts = (await client.chat_postMessage(channel="CINCIDENTS", text="a", metadata=metadata))["ts"]
    kept = await client.chat_update(channel="CINCIDENTS", ts=ts, text="b")
    assert kept["message"]["metadata"] == metadata
    gone = await client.chat_update(channel="CINCIDENTS", ts=ts, text="c", metadata={})
    assert "metadata" not in gone["message"]
    long = client.chat_update(channel="CINCIDENTS", ts=ts, text="x" * 4001)
    assert await refusal(long) == "msg_too_long"


async def test_an_ephemeral_is_seen_by_one_and_kept_nowhere(
    client: AsyncWebClient, hands: Hands
) -> None:
    whisper = await client.chat_postEphemeral(channel="CINCIDENTS", user="UANA", text="psst")
    ts = whisper["message_ts"]
    assert [m["text"] for m in await hands.see("messages", channel="CINCIDENTS", user="UANA")]
    assert not await hands.see("messages", channel="CINCIDENTS", user="UBO")
    assert not (await client.conversations_history(channel="CINCIDENTS"))["messages"]
    change = client.chat_update(channel="CINCIDENTS", ts=ts, text="x")
    assert await refusal(change) == "message_not_found"
    outside = client.chat_postEphemeral(channel="COPS", user="UBO", text="psst")
    assert await refusal(outside) == "user_not_in_channel"


async def test_a_topic_is_short_and_its_change_is_visible(
    client: AsyncWebClient, hands: Hands
) -> None:
    long = client.conversations_setTopic(channel="CINCIDENTS", topic="x" * 251)
    assert await refusal(long) == "too_long"
    await client.conversations_setTopic(channel="CINCIDENTS", topic="SEV1")
    told = (await hands.see("messages", channel="CINCIDENTS"))[-1]
    assert (told["subtype"], "SEV1" in told["text"]) == ("channel_topic", True)


async def test_a_message_is_pinned_once(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="CINCIDENTS", text="card"))["ts"]
    await client.pins_add(channel="CINCIDENTS", timestamp=ts)
    again = client.pins_add(channel="CINCIDENTS", timestamp=ts)
    assert await refusal(again) == "already_pinned"


async def test_a_bookmark_needs_a_real_link(client: AsyncWebClient) -> None:
    bad = client.bookmarks_add(channel_id="COPS", title="x", type="link", link="ftp://x")
    assert await refusal(bad) == "invalid_link"
    good = await client.bookmarks_add(
        channel_id="COPS", title="x", type="link", link="https://x.test"
    )
    assert good["bookmark"]["title"] == "x"


async def test_lists_come_in_pages(client: AsyncWebClient) -> None:
    first = await client.conversations_list(limit=2)
    rest = await client.conversations_list(
        limit=2, cursor=first["response_metadata"]["next_cursor"]
    )
    names = [channel["name"] for channel in [*first["channels"], *rest["channels"]]]
    assert names == ["general", "incidents", "operators", "partners"]
    for cursor in ("nonsense", "bmV4dDp4", "cHJldjox"):  # the last two say next:x and prev:1
        assert await refusal(client.conversations_list(cursor=cursor)) == "invalid_cursor"
    assert await refusal(client.conversations_list(limit=1001)) == "invalid_limit"


async def test_a_malformed_body_is_refused_in_words(sandbox: Sandbox) -> None:
    headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": "application/json"}
    url = f"{sandbox.api_url}chat.postMessage"
    async with (
        ClientSession(headers=headers) as session,
        session.post(url, data="{") as response,
    ):
        assert (await response.json())["error"] == "invalid_json"
