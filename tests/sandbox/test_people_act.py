"""What people may do to messages and channels, and what the app hears of it."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import Seed, Shortcut, SlashCommand
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.seeds import WIDE


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=WIDE) as running:
        yield running


async def said(hands: Hands, channel: str = "CINCIDENTS") -> list[Json]:
    shown: list[Json] = await hands.see("messages", channel=channel)
    return shown


async def written(hands: Hands, user: str = "UANA", text: str = "the site is down") -> str:
    posted = await hands.do("message", user=user, channel="CINCIDENTS", text=text)
    return str(posted["ts"])


async def test_a_reaction_is_told_with_whose_message_it_is_under(
    client: AsyncWebClient, hands: Hands
) -> None:
    ts = await written(hands)
    await hands.do("react", user="UBO", channel="CINCIDENTS", ts=ts, name=":eyes:")
    told = await hands.heard("reaction_added")
    assert (told["user"], told["reaction"], told["item_user"]) == ("UBO", "eyes", "UANA")
    assert told["item"] == {"type": "message", "channel": "CINCIDENTS", "ts": ts}
    shown = await client.reactions_get(channel="CINCIDENTS", timestamp=ts)
    assert shown["message"]["reactions"] == [{"name": "eyes", "users": ["UBO"], "count": 1}]
    where = {"channel": "CINCIDENTS", "ts": ts, "name": "eyes"}
    await hands.do("react", user="UBO", **where, remove=True)
    assert (await hands.heard("reaction_removed"))["reaction"] == "eyes"
    gone = await hands.attempt("react", user="UBO", **where, remove=True)
    assert gone == (400, {"error": "Slack refuses this: no_reaction"})


async def test_a_reply_hangs_on_a_message_and_never_on_a_reply(hands: Hands) -> None:
    parent, here = await written(hands), {"user": "UBO", "channel": "CINCIDENTS"}
    reply = (await hands.do("message", **here, text="a", thread_ts=parent))["ts"]
    nested = await hands.attempt("message", **here, text="b", thread_ts=reply)
    assert nested == (400, {"error": "Slack refuses this: cannot_reply_to_message"})
    file = {"filename": "b.txt", "content": "Yg=="}
    assert await hands.attempt("upload", **here, **file, thread_ts=reply) == nested
    assert [message["text"] for message in await said(hands)] == ["the site is down", "a"]


async def test_a_reply_sent_to_the_channel_too_carries_what_it_answers(
    client: AsyncWebClient, hands: Hands
) -> None:
    parent, here = await written(hands), {"user": "UBO", "channel": "CINCIDENTS"}
    alone, why = await hands.attempt("message", **here, text="a", broadcast=True)
    assert (alone, why["error"]) == (400, "Slack refuses this: invalid_arguments")
    await hands.do("message", **here, text="b", thread_ts=parent, broadcast=True)
    newest = (await client.conversations_history(channel="CINCIDENTS"))["messages"][0]
    assert (newest["subtype"], newest["root"]["ts"]) == ("thread_broadcast", parent)


async def test_an_edit_is_told_with_what_was_there_before(hands: Hands) -> None:
    ts = await written(hands)
    await hands.do("edit", user="UANA", channel="CINCIDENTS", ts=ts, text="down & <out>")
    told = await hands.heard("message_changed")
    assert told["previous_message"]["text"] == "the site is down"
    assert told["message"]["text"] == "down &amp; &lt;out&gt;"
    assert told["message"]["edited"]["user"] == "UANA"
    same = await hands.do("edit", user="UANA", channel="CINCIDENTS", ts=ts, text="down & <out>")
    assert same["deliveries"] == []


async def test_a_deleted_message_is_gone_and_told(hands: Hands) -> None:
    ts = await written(hands, "UBO")
    await hands.do("delete", user="UBO", channel="CINCIDENTS", ts=ts)
    told = await hands.heard("message_deleted")
    assert (told["deleted_ts"], told["hidden"]) == (ts, True)
    assert told["previous_message"]["text"] == "the site is down"
    assert await said(hands) == []


async def test_an_admin_deletes_anybodys_message(hands: Hands) -> None:
    ts = await written(hands, "UBO")
    await hands.do("delete", user="UANA", channel="CINCIDENTS", ts=ts)
    assert await said(hands) == []


async def test_a_pin_is_said_in_the_channel_and_told(hands: Hands) -> None:
    ts = await written(hands)
    await hands.do("pin", user="UBO", channel="CINCIDENTS", ts=ts)
    told = await hands.heard("pin_added")
    assert (told["channel_id"], told["item"]["message"]["ts"]) == ("CINCIDENTS", ts)
    assert (told["user"], told["item_user"], told["pin_count"]) == ("UBO", "UANA", 1)
    assert (await said(hands))[-1]["subtype"] == "pinned_item"
    assert (await hands.heard("pinned_item"))["item_type"] == "C"
    await hands.do("unpin", user="UCY", channel="CINCIDENTS", ts=ts)
    assert (await hands.heard("pin_removed"))["has_pins"] is False


async def test_a_deleted_message_is_no_longer_pinned(client: AsyncWebClient, hands: Hands) -> None:
    ts = await written(hands)
    await hands.do("pin", user="UBO", channel="CINCIDENTS", ts=ts)
    await hands.do("delete", user="UANA", channel="CINCIDENTS", ts=ts)
    assert (await client.pins_list(channel="CINCIDENTS"))["items"] == []


async def test_what_was_read_is_remembered(hands: Hands) -> None:
    first, second = await written(hands, "UBO", "one"), await written(hands, "UBO", "two")
    read = {"user": "UANA", "channel": "CINCIDENTS"}
    await hands.do("read", **read, ts=second)
    assert (await hands.see("channel", **read))["unread"] == 0
    await hands.do("read", **read, ts=first)
    assert (await hands.see("channel", **read))["unread"] == 1


async def test_a_channel_is_made_named_described_and_reopened(
    client: AsyncWebClient, hands: Hands
) -> None:
    made = (await hands.do("create_channel", user="UBO", name="inc-1"))["channel"]
    assert (await hands.heard("channel_created"))["channel"]["creator"] == "UBO"
    await hands.do("invite", user="UBO", channel=made, invited="UBOT")
    await hands.do("topic", user="UBO", channel=made, text="SEV1")
    assert (await hands.heard("channel_topic"))["topic"] == "SEV1"
    await hands.do("purpose", user="UBO", channel=made, text="one incident")
    assert (await hands.heard("channel_purpose"))["purpose"] == "one incident"
    await hands.do("rename", user="UBO", channel=made, name="inc-1-checkout")
    assert (await hands.heard("channel_rename"))["channel"]["name"] == "inc-1-checkout"
    assert (await hands.heard("channel_name"))["old_name"] == "inc-1"
    await hands.do("archive", user="UBO", channel=made)
    assert (await hands.heard("channel_archive"))["user"] == "UBO"
    await hands.do("unarchive", user="UCY", channel=made)
    assert (await hands.heard("channel_unarchive"))["user"] == "UCY"
    shown = (await client.conversations_info(channel=made))["channel"]
    assert (shown["name"], shown["is_archived"]) == ("inc-1-checkout", False)
    assert (shown["topic"]["value"], shown["purpose"]["creator"]) == ("SEV1", "UBO")


async def test_the_private_twins_of_channel_events_are_told(hands: Hands) -> None:
    made = await hands.do("create_channel", user="UANA", name="secret", is_private=True)
    assert made["deliveries"] == []
    where = {"user": "UANA", "channel": made["channel"]}
    await hands.do("invite", **where, invited="UBOT")
    assert (await hands.heard("member_joined_channel"))["channel_type"] == "G"
    await hands.do("rename", **where, name="more-secret")
    assert (await hands.heard("group_rename"))["channel"]["name"] == "more-secret"
    outside = await hands.attempt("archive", user="UCY", channel=made["channel"])
    assert (outside[0], "cannot see" in outside[1]["error"]) == (400, True)
    await hands.do("archive", **where)
    assert (await hands.heard("group_archive"))["channel"] == made["channel"]
    await hands.do("unarchive", **where)
    await hands.heard("group_unarchive")
    await hands.do("remove_member", **where, removed="UBOT")
    assert (await hands.heard("group_left"))["actor_id"] == "UANA"


async def test_a_removed_person_is_told_of_and_a_removed_bot_tells_itself(
    client: AsyncWebClient, hands: Hands
) -> None:
    await hands.do("remove_member", user="UANA", channel="CINCIDENTS", removed="UBO")
    assert (await hands.heard("member_left_channel"))["user"] == "UBO"
    assert (await hands.heard("channel_leave"))["user"] == "UBO"
    gone = await hands.do("remove_member", user="UANA", channel="CINCIDENTS", removed="UBOT")
    assert len(gone["deliveries"]) == 1
    assert (await hands.heard("channel_left"))["channel"] == "CINCIDENTS"
    listed = await client.users_conversations()
    assert "CINCIDENTS" not in [channel["id"] for channel in listed["channels"]]


async def test_a_bookmark_comes_and_goes(client: AsyncWebClient, hands: Hands) -> None:
    where = {"user": "UBO", "channel": "CINCIDENTS"}
    made = await hands.do(
        "bookmark", **where, title="Runbook", link="https://runbook.test", emoji=":book:"
    )
    listed = (await client.bookmarks_list(channel_id="CINCIDENTS"))["bookmarks"]
    assert [(mark["title"], mark["emoji"]) for mark in listed] == [("Runbook", ":book:")]
    await hands.do("unbookmark", **where, bookmark=made["id"])
    assert (await client.bookmarks_list(channel_id="CINCIDENTS"))["bookmarks"] == []


async def test_a_channel_that_moves_has_another_id(client: AsyncWebClient, hands: Hands) -> None:
    ts = await written(hands)
    await client.pins_add(channel="CINCIDENTS", timestamp=ts)
    moved = (await hands.do("change_id", channel="CINCIDENTS"))["channel"]
    told = await hands.heard("channel_id_changed")
    assert (told["old_channel_id"], told["new_channel_id"]) == ("CINCIDENTS", moved)
    (pin,) = (await client.pins_list(channel=moved))["items"]
    assert (pin["channel"], pin["message"]["ts"]) == (moved, ts)
    assert await hands.attempt("topic", user="UANA", channel="CINCIDENTS", text="x") == (
        404, {"error": "there is no such channel: CINCIDENTS"},
    )  # fmt: skip


async def test_a_channel_is_shared_and_no_longer(client: AsyncWebClient, hands: Hands) -> None:
    await hands.do("set_shared", channel="COPS", is_ext_shared=True)
    await hands.heard("channel_shared")
    assert (await client.conversations_info(channel="COPS"))["channel"]["is_ext_shared"]
    await hands.do("set_shared", channel="COPS", is_ext_shared=False)
    await hands.heard("channel_unshared")
    assert not (await client.conversations_info(channel="COPS"))["channel"]["is_ext_shared"]


async def test_a_link_of_the_apps_domain_is_told_of() -> None:
    seed = replace(WIDE, unfurl_domains=("status.test",))
    async with Sandbox(seed=seed) as sandbox, ClientSession() as session:
        hands = Hands(session, sandbox)
        ts = await written(hands, text="see https://www.status.test/1?a=b&c and http://else.test")
        told = await hands.heard("link_shared")
        url = "https://www.status.test/1?a=b&c"
        assert told["links"] == [{"domain": "status.test", "url": url}]
        assert (told["message_ts"], told["is_bot_user_member"]) == (ts, True)


INC = {"channel": "CINCIDENTS"}
ALL = {"channel": "CGENERAL"}
REFUSED: list[tuple[str, Json, str]] = [
    ("react", {"user": "UBO", **INC, "ts": "MINE", "name": "no-such"}, "invalid_name"),
    ("react", {"user": "UXAV", **INC, "ts": "MINE", "name": "eyes"}, "is not in the channel"),
    ("react", {"user": "UDAN", **INC, "ts": "MINE", "name": "eyes"}, "is deactivated"),
    ("edit", {"user": "UBO", **INC, "ts": "MINE", "text": "x"}, "only its author edits"),
    ("edit", {"user": "UANA", **INC, "ts": "BOT", "text": "x"}, "only its author edits"),
    ("edit", {"user": "UANA", **INC, "ts": "MINE", "text": "  "}, "says something"),
    ("edit", {"user": "UANA", **INC, "ts": "MINE", "text": "x" * 40_001}, "no longer than"),
    ("delete", {"user": "UBO", **INC, "ts": "MINE"}, "author or an admin"),
    ("delete", {"user": "UBO", **INC, "ts": "BOT"}, "author or an admin"),
    ("delete", {"user": "UANA", **INC, "ts": "1.1"}, "no such message"),
    ("pin", {"user": "UULA", **INC, "ts": "MINE"}, "is not in the channel"),
    ("unpin", {"user": "UANA", **INC, "ts": "MINE"}, "no_pin"),
    ("read", {"user": "UXAV", **INC, "ts": "MINE"}, "cannot see"),
    ("message", {"user": "UANA", **INC, "text": " "}, "says something"),
    ("message", {"user": "UANA", **INC, "text": "x" * 40_001}, "no longer than"),
    ("message", {"user": "UULA", **INC, "text": "x"}, "is not in the channel"),
    ("create_channel", {"user": "UEVE", "name": "x"}, "only members of the workspace"),
    ("create_channel", {"user": "UXAV", "name": "x"}, "only members of the workspace"),
    ("create_channel", {"user": "UBO", "name": "general"}, "name_taken"),
    ("rename", {"user": "UBO", **INC, "name": "x"}, "creator or an admin"),
    ("rename", {"user": "UANA", **INC, "name": "X"}, "invalid_name_specials"),
    ("topic", {"user": "UANA", **INC, "text": "x" * 251}, "too_long"),
    ("topic", {"user": "UANA", "channel": "DM", "text": "x"}, "are not a channel"),
    ("unarchive", {"user": "UANA", **INC}, "is not archived"),
    ("invite", {"user": "UEVE", **INC, "invited": "UXAV"}, "only members of the workspace"),
    ("invite", {"user": "UANA", **INC, "invited": "UDAN"}, "cant_invite"),
    ("invite", {"user": "UANA", **INC, "invited": "UULA"}, "ura_max_channels"),
    ("invite", {"user": "UANA", **INC, "invited": "UXAV"}, "org_user_not_in_team"),
    ("archive", {"user": "UEVE", **INC}, "only members of the workspace"),
    ("remove_member", {"user": "UANA", **ALL, "removed": "UBO"}, "is removed from"),
    ("remove_member", {"user": "UBO", **INC, "removed": "UCY"}, "creator or an admin"),
    ("remove_member", {"user": "UANA", **INC, "removed": "UXAV"}, "cannot be removed"),
    ("bookmark", {"user": "UBO", **INC, "title": "x", "link": "ftp://x"}, "invalid_link"),
    ("unbookmark", {"user": "UBO", **INC, "bookmark": "Bk0"}, "not_found"),
    ("change_id", {"user": "UANA", "channel": "DM"}, "are not a channel"),
    ("set_shared", {**INC, "is_ext_shared": "yes"}, "must be true or false"),
    ("command", {"user": "UXAV", "channel": "CPARTNERS"}, "is not installed where"),
    ("shortcut", {"user": "UXAV", "callback_id": "x"}, "is not installed where"),
    ("join", {"user": "UEVE", "channel": "COPS"}, "cannot see"),
    ("join", {"user": "UULA", "channel": "CINCIDENTS"}, "cannot see"),
]  # fmt: skip


@pytest.mark.parametrize(("act", "fields", "words"), REFUSED)
async def test_nobody_does_what_slack_does_not_let_them_do(
    client: AsyncWebClient, hands: Hands, act: str, fields: Json, words: str
) -> None:
    posted = await client.chat_postMessage(channel="CINCIDENTS", text="mine")
    named = {"MINE": await written(hands), "BOT": posted["ts"]}
    fields = {
        **fields,
        **({"ts": named.get(fields["ts"], fields["ts"])} if "ts" in fields else {}),
    }
    status, answer = await hands.attempt(act, **fields)
    assert status in {400, 404}
    assert words in answer["error"]


@pytest.mark.parametrize(
    ("act", "rest"),
    [("react", {"name": "eyes"}), ("edit", {"text": "x"}), ("delete", {}), ("pin", {}),
     ("unpin", {}), ("message", {"text": "x"}), ("topic", {"text": "x"}), ("leave", {}),
     ("rename", {"name": "x"}), ("invite", {"invited": "UXAV"}), ("command", {}),
     ("remove_member", {"removed": "UBO"}), ("bookmark", {"title": "x", "link": "https://x"})],
)  # fmt: skip
async def test_nothing_is_done_in_an_archived_channel(hands: Hands, act: str, rest: Json) -> None:
    ts = await written(hands)
    await hands.do("archive", channel="CINCIDENTS")
    refused = await hands.attempt(act, user="UANA", channel="CINCIDENTS", ts=ts, **rest)
    assert refused == (400, {"error": "the channel is archived: CINCIDENTS"})


async def test_a_single_channel_guest_sees_one_channel(hands: Hands) -> None:
    seen = (await hands.see("look", user="UULA"))["channels"]
    assert [channel["id"] for channel in seen] == ["CGENERAL"]
    await hands.do("message", user="UULA", channel="CGENERAL", text="hello")
    await hands.do("message", user="UULA", channel="DM", text="hello")


async def test_only_registered_shortcuts_are_offered() -> None:
    shortcuts = (
        Shortcut("Declare", "global", "declare"), Shortcut("Note", "message", "note"),
    )  # fmt: skip
    async with (
        Sandbox(seed=replace(Seed(), shortcuts=shortcuts)) as sandbox,
        ClientSession() as session,
    ):
        hands = Hands(session, sandbox)
        refused = await hands.attempt("shortcut", user="UANA", callback_id="note")
        words = "the app registered no such global shortcut: note"
        assert refused == (404, {"error": words})
        assert (await hands.do("shortcut", user="UANA", callback_id="declare"))["delivery"]


@pytest.mark.parametrize(
    ("should_escape", "told"),
    [(True, "page <@UBO|bo> in <#COPS|operators> &amp; &lt;!channel&gt;"),
     (False, "page @bo in #operators &amp; &lt;!channel&gt;")],
)  # fmt: skip
async def test_a_command_names_people_as_its_app_registered_it(
    *, should_escape: bool, told: str
) -> None:
    commands = (SlashCommand("/incident", "", should_escape=should_escape),)
    async with (
        Sandbox(seed=replace(Seed(), commands=commands)) as sandbox,
        ClientSession() as session,
    ):
        hands = Hands(session, sandbox)
        text = "page <@UBO> in #operators & <!channel>"
        await hands.do("command", user="UANA", channel="COPS", text=text)
        (sent,) = await hands.see("deliveries")
        assert sent["payload"]["text"] == told
