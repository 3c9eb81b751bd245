"""What the page reads: look, channel and timeline."""

from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from tests.sandbox.calls import prepared
from tests.sandbox.hands import Hands

PLACE = {"user": "UANA", "channel": "CINCIDENTS"}


async def say(hands: Hands, text: str, user: str = "UBO", **more: Any) -> str:
    """Say something in the channel and return its ts."""
    said = await hands.do("message", user=user, channel="CINCIDENTS", text=text, **more)
    return str(said["ts"])


async def listed(hands: Hands, user: str = "UANA") -> dict[str, Any]:
    """Return the channel as somebody's list of channels has it."""
    seen = await hands.see("look", user=user)
    found: dict[str, Any] = next(c for c in seen["channels"] if c["id"] == "CINCIDENTS")
    return found


@pytest.mark.parametrize(
    ("text", "mentions"),
    [
        ("nothing", 0),
        ("@ana", 1),
        ("@bo", 0),
        ("@here", 1),
        ("@channel", 1),
        ("@everyone", 1),
        ("@approvers", 0),
        ("UANA", 0),
    ],
)
async def test_what_calls_for_somebody_is_counted(hands: Hands, text: str, mentions: int) -> None:
    await say(hands, text, user="UCY")
    seen = await listed(hands)
    assert (seen["unread"], seen["mentions"]) == (1, mentions)


async def test_a_group_calls_for_its_people(hands: Hands) -> None:
    await say(hands, "@approvers")
    assert (await listed(hands, "UPAM"))["mentions"] == 1


async def test_names_in_blocks_count(hands: Hands, client: AsyncWebClient) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "<@UANA> look"}}
    user = {"type": "user", "user_id": "UPAM"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [user]}]}
    await client.chat_postMessage(channel="CINCIDENTS", text="a", blocks=[section, rich])
    assert (await listed(hands, "UANA"))["mentions"] == 1
    assert (await listed(hands, "UPAM"))["mentions"] == 1
    assert (await listed(hands, "UCY"))["mentions"] == 0


async def test_what_is_not_news_is_not_counted(hands: Hands, client: AsyncWebClient) -> None:
    parent = await say(hands, "mine", user="UANA")
    await say(hands, "a reply", thread_ts=parent)
    await client.chat_postEphemeral(channel="CINCIDENTS", user="UANA", text="psst")
    await hands.do("leave", user="UBO", channel="CINCIDENTS")
    assert (await listed(hands))["unread"] == 0
    await say(hands, "for all", user="UCY", thread_ts=parent, broadcast=True)
    assert (await listed(hands))["unread"] == 1
    await hands.do("read", **PLACE, ts=(await listed(hands))["latest"])
    assert (await listed(hands))["unread"] == 0


async def test_nobody_named_looks_as_the_first_person(hands: Hands) -> None:
    assert (await hands.see("look"))["me"] == "UANA"


async def test_a_timeline_is_read_in_stretches(hands: Hands) -> None:
    stamps = [await say(hands, str(number)) for number in range(9)]

    async def stretch(**query: str) -> tuple[str, bool, bool]:
        seen = await hands.see("timeline", **PLACE, limit="3", **query)
        texts = "".join(m["text"] for m in seen["messages"])
        return texts, seen["has_more"], seen["has_later"]

    assert await stretch() == ("678", True, False)
    assert await stretch(before=stamps[6]) == ("345", True, True)
    assert await stretch(before=stamps[2]) == ("01", False, True)
    assert await stretch(after=stamps[5]) == ("678", True, False)
    assert await stretch(around=stamps[4]) == ("345", True, True)
    assert await stretch(around=stamps[0]) == ("01", False, True)


async def test_a_timeline_tells_what_changed_and_went(hands: Hands) -> None:
    stamps = [await say(hands, str(number), user="UANA") for number in range(4)]
    before = (await hands.see("timeline", **PLACE))["version"]
    await hands.do("edit", **PLACE, ts=stamps[1], text="changed")
    await hands.do("delete", **PLACE, ts=stamps[2])
    await say(hands, "reply", thread_ts=stamps[3])
    seen = await hands.see("timeline", **PLACE, since=str(before))
    assert [(m["text"], m.get("reply_count")) for m in seen["messages"]] == [
        ("changed", None),
        ("3", 1),
    ]
    assert seen["gone"] == [stamps[2]]
    thread = await hands.see("timeline", **PLACE, thread=stamps[3])
    assert [m["text"] for m in thread["messages"]] == ["3", "reply"]


async def test_only_its_reader_sees_an_ephemeral(hands: Hands, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="CINCIDENTS", user="UANA", text="psst")
    mine = await hands.see("timeline", **PLACE)
    assert [m["is_ephemeral"] for m in mine["messages"]] == [True]
    assert (await hands.see("timeline", user="UBO", channel="CINCIDENTS"))["messages"] == []


@pytest.mark.parametrize(
    ("window", "query", "status"),
    [
        ("look", {"user": "UNOBODY"}, 404),
        ("channel", {"user": "UANA", "channel": "CNONE"}, 404),
        ("channel", {"user": "UEVE", "channel": "COPS"}, 400),
        ("timeline", {"user": "UXAV", "channel": "CGENERAL"}, 400),
        ("timeline", {**PLACE, "limit": "0"}, 400),
        ("timeline", {**PLACE, "limit": "many"}, 400),
        ("timeline", {**PLACE, "since": "now"}, 400),
    ],
)
async def test_a_wrong_question_is_refused_with_words(
    hands: Hands, window: str, query: dict[str, str], status: int
) -> None:
    async with hands._session.get(f"{hands._url}/{window}", params=query) as response:
        assert response.status == status
        assert (await response.json())["error"]


async def test_a_permanent_address_leads_to_the_page(hands: Hands, client: AsyncWebClient) -> None:
    ts = await say(hands, "the one")
    link = await client.chat_getPermalink(channel="CINCIDENTS", message_ts=ts)
    async with hands._session.get(str(link["permalink"]), allow_redirects=False) as response:
        assert response.status == 302
        assert response.headers["Location"] == f"/#/-/CINCIDENTS/{ts}"


ACTS = (
    "react",
    "pin",
    "edit",
    "delete",
    "read",
    "click",
    "shortcut",
    "message",
    "command",
    "join",
)
UNSEEN = [
    *((user, "CHIDDEN") for user in ("UBO", "UEVE", "UULA", "UXAV")),
    *((user, "CFAR") for user in ("UEVE", "UULA", "UXAV")),
]


@pytest.mark.parametrize(("user", "channel"), UNSEEN)
async def test_nobody_looks_or_reaches_into_what_they_do_not_see(user: str, channel: str) -> None:
    async with prepared() as ready:
        hands = ready.hands
        where = {"channel": channel, "text": "secret", "name": "eyes"}
        said = await hands.do("message", user="UANA", **where)
        content = {"filename": "a.txt", "content": "aGk="}
        file = (await hands.do("upload", user="UANA", **where, **content))["file"]["id"]
        canvas = (await hands.do("canvas", user="UANA", **where))["id"]
        ids = {"ts": said["ts"], "action_id": "x", "callback_id": "x", "command": "/incident"}
        for act in ACTS:
            status, answer = await hands.attempt(act, user=user, **where, **ids)
            assert (status in {400, 404}, "secret" in str(answer)) == (True, False), act
        for window in ("channel", "timeline", "messages", "file", "canvas"):
            place = f"{ready.sandbox.url}/control/{window}"
            asked = {"user": user, "channel": channel, "file": file}
            asked |= {"canvas": canvas} if window == "canvas" else {}
            async with ready.session.get(place, params=asked) as response:
                assert response.status in {400, 404}, window
        assert channel not in str((await hands.see("look", user=user))["channels"])


async def test_a_group_out_of_use_calls_for_nobody(hands: Hands) -> None:
    await hands.do("group", group="SAPPROVE", is_disabled=True)
    await say(hands, "<!subteam^SAPPROVE> look")
    assert (await listed(hands, "UPAM"))["mentions"] == 0


async def test_what_was_gone_before_is_not_told_again(hands: Hands) -> None:
    first, second = [await say(hands, text) for text in "ab"]
    await hands.do("delete", user="UBO", channel="CINCIDENTS", ts=first)
    since = str((await hands.see("state"))["version"])
    await hands.do("delete", user="UBO", channel="CINCIDENTS", ts=second)
    assert (await hands.see("timeline", **PLACE, since=since))["gone"] == [second]


async def test_a_whispered_reply_is_no_part_of_the_thread(
    hands: Hands, client: AsyncWebClient
) -> None:
    parent = await say(hands, "question")
    await client.chat_postEphemeral(
        channel="CINCIDENTS", user="UANA", text="psst", thread_ts=parent
    )
    (shown,) = (await client.conversations_history(channel="CINCIDENTS"))["messages"]
    assert "reply_count" not in shown


@pytest.mark.parametrize("path", ["/", "/page/app.js"])
async def test_the_page_may_fetch_and_run_nothing_from_elsewhere(
    sandbox: Sandbox, path: str
) -> None:
    async with ClientSession() as session, session.get(sandbox.url + path) as response:
        policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "unsafe" not in policy
