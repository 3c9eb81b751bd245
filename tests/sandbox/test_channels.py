"""Channels and members through the Web API: what is possible, what is refused, what is told."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import ChannelSeed, Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.seeds import WIDE
from tests.sandbox.test_web_api import refusal

FAR = ChannelSeed("CFAR", "far", ("UANA",))
HIDDEN = ChannelSeed("CHIDDEN", "hidden", ("UANA",), is_private=True)
ALONE = ChannelSeed("CALONE", "alone", ("UBOT",))
OLD = "COLD"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    old = ChannelSeed(OLD, "old", ("UANA", "UBOT"))
    seed = replace(WIDE, channels=(*WIDE.channels, FAR, HIDDEN, ALONE, old))
    async with Sandbox(seed=seed) as running:
        yield running


async def made(client: AsyncWebClient, *, private: bool = False) -> str:
    answer = await client.conversations_create(name="inc-1", is_private=private)
    return str(answer["channel"]["id"])


REFUSED: list[tuple[str, Json, str]] = [
    ("conversations.invite", {"channel": "COPS"}, "no_user"),
    ("conversations.invite", {"channel": "COPS", "users": "UBOT"}, "cant_invite_self"),
    ("conversations.invite", {"channel": "COPS", "users": "UNO"}, "user_not_found"),
    ("conversations.invite", {"channel": "COPS", "users": "UANA"}, "already_in_channel"),
    ("conversations.invite", {"channel": "COPS", "users": "UDAN"}, "cant_invite"),
    ("conversations.invite", {"channel": "COPS", "users": "UULA"}, "ura_max_channels"),
    ("conversations.invite", {"channel": "COPS", "users": "UXAV"}, "org_user_not_in_team"),
    ("conversations.invite", {"channel": "CFAR", "users": "UBO"}, "not_in_channel"),
    ("conversations.invite", {"channel": OLD, "users": "UBO"}, "is_archived"),
    ("conversations.invite", {"channel": "CHIDDEN", "users": "UBO"}, "channel_not_found"),
    ("conversations.kick", {"channel": "COPS", "user": "UBOT"}, "cant_kick_self"),
    ("conversations.kick", {"channel": "COPS", "user": "UNO"}, "user_not_found"),
    ("conversations.kick", {"channel": "COPS", "user": "UBO"}, "not_in_channel"),
    ("conversations.kick", {"channel": "CFAR", "user": "UANA"}, "not_in_channel"),
    ("conversations.kick", {"channel": OLD, "user": "UANA"}, "is_archived"),
    ("conversations.kick", {"channel": "CHIDDEN", "user": "UANA"}, "channel_not_found"),
    ("conversations.leave", {"channel": "CFAR"}, "not_in_channel"),
    ("conversations.leave", {"channel": "CALONE"}, "last_member"),
    ("conversations.leave", {"channel": OLD}, "is_archived"),
    ("conversations.leave", {"channel": "CHIDDEN"}, "channel_not_found"),
    ("conversations.rename", {"channel": "COPS", "name": "ops"}, "not_authorized"),
    ("conversations.rename", {"channel": "CFAR", "name": "x"}, "not_in_channel"),
    ("conversations.rename", {"channel": OLD, "name": "x"}, "is_archived"),
    ("conversations.archive", {"channel": OLD}, "already_archived"),
    ("conversations.archive", {"channel": "CFAR"}, "not_in_channel"),
    ("conversations.unarchive", {"channel": OLD}, "not_in_channel"),
    ("conversations.unarchive", {"channel": "COPS"}, "not_archived"),
    ("conversations.join", {"channel": OLD}, "is_archived"),
    ("conversations.join", {"channel": "CHIDDEN"}, "channel_not_found"),
    ("conversations.setTopic", {"channel": OLD, "topic": "x"}, "is_archived"),
    ("conversations.setPurpose", {"channel": "CFAR", "purpose": "x"}, "not_in_channel"),
    ("conversations.setPurpose", {"channel": "COPS", "purpose": "x" * 251}, "too_long"),
    ("conversations.mark", {"channel": "CFAR", "ts": "1.1"}, "not_in_channel"),
    ("conversations.mark", {"channel": "COPS", "ts": "now"}, "invalid_timestamp"),
    ("conversations.info", {"channel": "CHIDDEN"}, "channel_not_found"),
    ("conversations.info", {"channel": "CNONE"}, "channel_not_found"),
    ("conversations.members", {"channel": "CHIDDEN"}, "channel_not_found"),
    ("conversations.history", {"channel": "CHIDDEN"}, "channel_not_found"),
    ("conversations.history", {"channel": "CFAR"}, "not_in_channel"),
    ("conversations.replies", {"channel": "CFAR", "ts": "1.1"}, "not_in_channel"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "UDAN"}, "user_disabled"),
    ("conversations.open", {"users": "UNO"}, "user_not_found"),
    ("conversations.open", {"users": "UBOT"}, "cannot_dm_bot"),
    ("conversations.open", {"users": ",".join(f"U{n}" for n in range(9))}, "too_many_users"),
    ("conversations.open", {"channel": "COPS"}, "method_not_supported_for_channel_type"),
    ("conversations.close", {"channel": "COPS"}, "method_not_supported_for_channel_type"),
    ("conversations.kick", {"channel": "DUANA", "user": "UANA"},
     "method_not_supported_for_channel_type"),
    ("conversations.leave", {"channel": "DUANA"}, "method_not_supported_for_channel_type"),
    ("pins.add", {"channel": OLD, "timestamp": "1.1"}, "is_archived"),
    ("bookmarks.add", {"channel_id": OLD, "title": "x", "type": "link", "link": "https://x"},
     "is_archived"),
    ("reactions.add", {"channel": OLD, "timestamp": "1.1", "name": "eyes"}, "is_archived"),
    ("chat.postMessage", {"channel": OLD, "text": "x"}, "is_archived"),
    ("chat.update", {"channel": OLD, "ts": "1.1", "text": "x"}, "is_inactive"),
    ("chat.delete", {"channel": OLD, "ts": "1.1"}, "is_archived"),
    ("chat.meMessage", {"channel": OLD, "text": "x"}, "is_archived"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "args", "error"), REFUSED)
async def test_slack_says_no(
    client: AsyncWebClient, hands: Hands, method: str, args: Json, error: str
) -> None:
    await hands.do("archive", channel=OLD)
    await client.conversations_open(users="UANA")
    assert await refusal(client.api_call(method, params=args)) == error


@pytest.mark.parametrize(
    ("method", "args"),
    [("conversations.create", {"name": "x"}), ("conversations.invite", {"users": "UBO"}),
     ("conversations.kick", {"user": "UANA"}), ("conversations.archive", {}),
     ("conversations.rename", {"name": "x"}), ("chat.meMessage", {"text": "x"}),
     ("chat.postMessage", {"text": "x"})],
)  # fmt: skip
async def test_what_admins_keep_to_themselves_is_restricted(method: str, args: Json) -> None:
    kept = "chat.postMessage" if method.startswith("chat.") else method
    async with Sandbox(seed=replace(WIDE, restricted=(kept,))) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        call = client.api_call(method, params={"channel": "COPS", **args})
        assert await refusal(call) == "restricted_action"


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [("conversations.rename", {"channel": "COPS", "name": "x"}, "channels:manage"),
     ("conversations.kick", {"channel": "COPS", "user": "UANA"}, "channels:manage"),
     ("conversations.open", {"users": "UANA,UBO"}, "mpim:write"),
     ("conversations.mark", {"channel": "COPS", "ts": "1.1"}, "channels:manage"),
     ("conversations.list", {"types": "mpim"}, "mpim:read"),
     ("reactions.add", {"channel": "COPS", "timestamp": "1.1", "name": "x"}, "reactions:write"),
     ("chat.unfurl", {"channel": "COPS"}, "links:write"),
     ("emoji.list", {}, "emoji:read"), ("dnd.info", {}, "dnd:read")],
)  # fmt: skip
async def test_a_method_needs_its_scope(method: str, args: Json, needed: str) -> None:
    scopes = ("im:write", "groups:write", "channels:read")
    async with Sandbox(seed=replace(Seed(), scopes=scopes)) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        with pytest.raises(SlackApiError) as refused:
            await client.api_call(method, params=args)
    answer = refused.value.response
    assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
    assert answer["provided"] == ",".join(scopes)


async def test_more_than_a_hundred_are_not_invited_at_once(client: AsyncWebClient) -> None:
    users = ",".join(f"U{number}" for number in range(101))
    assert await refusal(client.conversations_invite(channel="COPS", users=users)) == (
        "too_many_users"
    )


async def test_a_guest_is_invited_unless_admins_forbid_it(client: AsyncWebClient) -> None:
    await client.conversations_invite(channel="COPS", users="UEVE")
    async with Sandbox(seed=replace(WIDE, app_invites_guests=False)) as strict:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=strict.api_url)
        call = client.conversations_invite(channel="COPS", users="UEVE")
        assert await refusal(call) == "user_is_restricted"


async def test_somebody_from_outside_is_invited_where_their_company_is(
    client: AsyncWebClient, hands: Hands
) -> None:
    person = replace(WIDE.people[7], id="UYVE", name="yve")
    seed = replace(WIDE, people=(*WIDE.people, person))
    async with Sandbox(seed=seed) as shared:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=shared.api_url)
        await client.conversations_invite(channel="CPARTNERS", users="UYVE")
        outside = client.conversations_invite(channel="COPS", users="UYVE")
        assert await refusal(outside) == "org_user_not_in_team"


async def test_forced_the_rest_are_invited_and_the_others_named(client: AsyncWebClient) -> None:
    answer = await client.conversations_invite(
        channel="COPS", users=["UDAN", "UBO", "UULA"], force=True
    )
    assert answer["errors"] == [
        {"user": "UDAN", "ok": False, "error": "cant_invite"},
        {"user": "UULA", "ok": False, "error": "ura_max_channels"},
    ]
    members = (await client.conversations_members(channel="COPS"))["members"]
    assert members == ["UANA", "UBOT", "UBO"]


async def test_an_invitation_is_told_with_who_invited(
    client: AsyncWebClient, hands: Hands
) -> None:
    await client.conversations_invite(channel="COPS", users="UBO")
    told = await hands.heard("member_joined_channel")
    assert (told["user"], told["inviter"], told["channel_type"]) == ("UBO", "UBOT", "C")
    assert (await hands.heard("channel_join"))["inviter"] == "UBOT"


async def test_a_person_is_removed_and_told_of(client: AsyncWebClient, hands: Hands) -> None:
    await client.conversations_invite(channel="COPS", users="UBO")
    await client.conversations_kick(channel="COPS", user="UBO")
    assert (await hands.heard("member_left_channel"))["user"] == "UBO"
    assert (await hands.heard("channel_leave"))["user"] == "UBO"
    assert (await client.conversations_members(channel="COPS"))["members"] == ["UANA", "UBOT"]


async def test_nobody_is_removed_from_general_and_the_bot_does_not_leave_it(
    client: AsyncWebClient,
) -> None:
    await client.conversations_join(channel="CGENERAL")
    kick = client.conversations_kick(channel="CGENERAL", user="UANA")
    assert await refusal(kick) == "cant_kick_from_general"
    assert await refusal(client.conversations_leave(channel="CGENERAL")) == "cant_leave_general"


async def test_the_bot_leaves_and_hears_of_it_once(client: AsyncWebClient, hands: Hands) -> None:
    await client.conversations_leave(channel="COPS")
    assert (await hands.heard("channel_left"))["channel"] == "COPS"
    post = client.chat_postMessage(channel="COPS", text="still here?")
    assert await refusal(post) == "not_in_channel"
    kinds = [sent["payload"]["event"]["type"] for sent in await hands.see("deliveries")]
    assert "member_left_channel" not in kinds


async def test_the_bot_renames_what_it_made(client: AsyncWebClient, hands: Hands) -> None:
    channel = await made(client)
    answer = await client.conversations_rename(channel=channel, name="inc-1-checkout")
    assert answer["channel"]["name"] == "inc-1-checkout"
    assert (await hands.heard("channel_rename"))["channel"]["id"] == channel
    assert (await hands.heard("channel_name"))["old_name"] == "inc-1"
    await client.conversations_create(name="inc-1")


@pytest.mark.parametrize(
    ("name", "error"),
    [("", "invalid_name_required"), ("a" * 81, "invalid_name_maxlength"),
     ("A", "invalid_name_specials"), ("__", "invalid_name_punctuation"),
     ("--", "invalid_name_punctuation"),
     ("hidden", "name_taken"), ("inc-1", "name_taken"), ("störung-1", "")],
)  # fmt: skip
async def test_a_new_name_obeys_the_same_rules(
    client: AsyncWebClient, name: str, error: str
) -> None:
    channel = await made(client)
    call = client.conversations_rename(channel=channel, name=name)
    if error:
        assert await refusal(call) == error
    else:
        assert (await call)["channel"]["name"] == name


async def test_what_the_bot_does_to_channels_is_told_to_itself(
    client: AsyncWebClient, hands: Hands
) -> None:
    channel = await made(client)
    assert (await hands.heard("channel_created"))["channel"]["creator"] == "UBOT"
    await client.conversations_setTopic(channel=channel, topic="SEV1")
    assert (await hands.heard("channel_topic"))["user"] == "UBOT"
    await client.conversations_archive(channel=channel)
    assert (await hands.heard("channel_archive"))["user"] == "UBOT"


async def test_a_private_channel_tells_its_own_kind_of_events(
    client: AsyncWebClient, hands: Hands
) -> None:
    channel = await made(client, private=True)
    await client.conversations_rename(channel=channel, name="inc-2")
    assert (await hands.heard("group_rename"))["channel"]["is_channel"] is False
    await client.conversations_archive(channel=channel)
    await hands.heard("group_archive")
    kinds = {sent["payload"]["event"]["type"] for sent in await hands.see("deliveries")}
    assert not {"channel_created", "channel_rename", "channel_archive"} & kinds


@pytest.mark.parametrize(("scope", "heard"), [("channels:read", True), ("groups:read", False)])
async def test_joining_is_told_to_the_scope_of_its_kind_of_channel(
    *, scope: str, heard: bool
) -> None:
    seed = replace(Seed(), scopes=(scope,))
    async with Sandbox(seed=seed) as sandbox, ClientSession() as session:
        hands = Hands(session, sandbox)
        told = await hands.do("invite", user="UANA", channel="COPS", invited="UBO")
        assert bool(told["deliveries"]) is heard


async def test_a_few_people_talk_in_one_direct_message(
    client: AsyncWebClient, hands: Hands
) -> None:
    first = await client.conversations_open(users="UANA,UBO", return_im=True)
    channel = first["channel"]["id"]
    assert (first["channel"]["is_mpim"], first["channel"]["name"][:5]) == (True, "mpdm-")
    again = await client.conversations_open(users="UBO,UANA")
    assert (again["channel"]["id"], again["already_open"]) == (channel, True)
    await client.chat_postMessage(channel=channel, text="just us")
    assert (await hands.heard("message"))["channel_type"] == "mpim"
    listed = await client.conversations_list(types="mpim")
    assert [one["id"] for one in listed["channels"]] == [channel]
    history = await client.conversations_history(channel=channel)
    assert [message["text"] for message in history["messages"]] == ["just us"]


async def test_direct_messages_are_closed_and_opened_again(client: AsyncWebClient) -> None:
    channel = (await client.conversations_open(users="UANA"))["channel"]["id"]
    assert "already_closed" not in (await client.conversations_close(channel=channel)).data
    assert (await client.conversations_close(channel=channel))["already_closed"]
    opened: Any = (await client.conversations_open(channel=channel)).data
    assert (opened["channel"]["id"], "already_open" in opened) == (channel, False)


async def test_a_stranger_is_written_to_only_where_they_were_met(client: AsyncWebClient) -> None:
    await client.conversations_open(users="UXAV")
    async with Sandbox(seed=replace(WIDE, channels=())) as lonely:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=lonely.api_url)
        assert await refusal(client.conversations_open(users="UXAV")) == "user_not_visible"


async def test_of_somebody_elses_channels_the_app_learns_those_it_sees(
    client: AsyncWebClient,
) -> None:
    of_ana = await client.users_conversations(user="UANA", types="public_channel,private_channel")
    ids = {channel["id"] for channel in of_ana["channels"]}
    assert {"CFAR", "COPS"} <= ids
    assert not {"CHIDDEN", "CALONE"} & ids
    assert await refusal(client.users_conversations(user="UNO")) == "user_not_found"


async def test_a_channel_is_described(client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="COPS", text="read me"))["ts"]
    await client.conversations_mark(channel="COPS", ts=ts)
    shown = (await client.conversations_info(channel="COPS", include_num_members=True))["channel"]
    assert (shown["last_read"], shown["num_members"], shown["is_general"]) == (ts, 2, False)
    assert (shown["is_member"], shown["is_private"], shown["properties"]) == (True, False, {})
    outside = (await client.conversations_info(channel="CFAR"))["channel"]
    assert (outside["is_member"], "last_read" in outside) == (False, False)


async def test_nobody_is_kept_from_being_disturbed_and_emoji_are_listed() -> None:
    seed = replace(WIDE, emoji=(("sandbox", "https://emoji.test/1.png"),))
    async with Sandbox(seed=seed) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        assert (await client.emoji_list())["emoji"] == {"sandbox": "https://emoji.test/1.png"}
        assert (await client.dnd_info(user="UANA"))["dnd_enabled"] is False
        asked = await client.dnd_teamInfo(users=["UANA", "UBO"])
        assert set(asked["users"]) == {"UANA", "UBO"}
        assert await refusal(client.dnd_info(user="UNO")) == "user_not_found"
        crowd = client.dnd_teamInfo(users=",".join(["UANA"] * 51))
        assert await refusal(crowd) == "too_many_users"


async def test_a_closed_direct_message_opens_when_somebody_writes(
    client: AsyncWebClient, hands: Hands
) -> None:
    group = (await client.conversations_open(users="UANA,UBO"))["channel"]["id"]
    await client.conversations_close(channel=group)
    await hands.do("message", user="UBO", channel=group, text="still there?")
    assert (await client.conversations_open(channel=group))["already_open"] is True


async def test_a_shared_channel_takes_only_companies_that_are_in_it(
    client: AsyncWebClient, hands: Hands
) -> None:
    await hands.do("set_shared", channel="CINCIDENTS")
    asked = client.conversations_invite(channel="CINCIDENTS", users="UXAV")
    assert await refusal(asked) == "org_user_not_in_team"


async def test_forced_an_invitation_of_nobody_possible_is_refused(client: AsyncWebClient) -> None:
    asked = client.conversations_invite(channel="COPS", users="UDAN,UULA", force=True)
    assert await refusal(asked) == "cant_invite"


async def test_a_channels_new_id_is_known_to_all_that_hangs_on_it(
    client: AsyncWebClient, hands: Hands
) -> None:
    await client.api_call("conversations.canvases.create", params={"channel_id": "COPS"})
    at = int((await hands.see("look"))["now"]) + 3600
    await client.chat_scheduleMessage(channel="COPS", text="later", post_at=at)
    new = (await hands.do("change_id", channel="COPS"))["channel"]
    (canvas,) = await hands.see("canvases")
    assert (canvas["channel"], canvas["access"]) == (new, {new: "write"})
    (waiting,) = (await client.chat_scheduledMessages_list(channel=new))["scheduled_messages"]
    assert waiting["channel_id"] == new


async def test_fewer_people_have_a_direct_message_of_their_own(client: AsyncWebClient) -> None:
    three = (await client.conversations_open(users="UANA,UBO,UCY"))["channel"]["id"]
    two = (await client.conversations_open(users="UANA,UBO"))["channel"]["id"]
    assert two != three
    assert (await client.conversations_open(users="UBO,UANA"))["channel"]["id"] == two
