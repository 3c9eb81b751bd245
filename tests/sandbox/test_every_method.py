"""What holds for every method of the Web API, tried with every one of them."""

import json
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.methods.registry import METHODS
from sandbox.seed import Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.calls import GOOD, NEVER, PLACE, prepared

NESTED: Any = []
for _ in range(150):
    NESTED = [NESTED]
WORDS = [
    "x" * 10_000, "🔥", "שלום", "../../etc/passwd", "<!channel> & <>", "a\0b", ",,,", "  ", "-5",
    "²", "٣", "9" * 5000, "inf", "1.5.5", "C", "{", "null",
]  # fmt: skip
THINGS: list[Any] = [["x"], {"a": 1}, [], {}, -1, 10**18, True, False, 1.5, 1e308, NESTED]
ODD = [*WORDS, *THINGS]
# Arguments that are the name of something, or a number: no odd value is ever one.
NAMES = {
    "bookmark_id", "bot", "canvas_id", "channel", "channel_id", "channel_ids", "cursor", "file",
    "hash", "latest", "limit", "message_ts", "oldest", "scheduled_message_id", "team", "thread_ts",
    "timestamp", "trigger_id", "ts", "ts_from", "ts_to", "types", "user", "user_id", "user_ids",
    "usergroup", "users", "view_id", "access_level", "parse", "snippet_type", "type", "post_at",
    "count", "page", "length", "email", "link",
}  # fmt: skip


@pytest.mark.parametrize("method", GOOD)
async def test_a_call_in_order_is_taken(method: str) -> None:
    async with prepared() as ready:
        status, answer = await ready.call(method, ready.good(method))
    assert (status, answer.get("error")) == (200, NEVER.get(method))


def refusable(name: str, good: Any, odd: Any) -> bool:
    """Tell whether Slack, asked strictly, refuses this in place of that."""
    if name in NAMES:
        return True
    if isinstance(good, dict | list):
        return not isinstance(odd, dict | list)
    return not isinstance(odd, type(good))


@pytest.mark.slow
@pytest.mark.parametrize("method", [name for name in GOOD if GOOD[name]])
async def test_no_odd_argument_is_taken_or_trips_the_workspace(method: str) -> None:
    """Given a call in order, when one argument is odd, then it is refused in words."""
    async with prepared() as ready:
        for name, good in ready.good(method).items():
            for odd in ODD:
                status, answer = await ready.call(method, {**ready.good(method), name: odd})
                assert status == 200, (name, odd)
                if method not in NEVER and refusable(name, good, odd):
                    assert not answer["ok"], (name, odd)
            for missing in (None, ""):
                args = {**ready.good(method), name: missing}
                assert (await ready.call(method, args))[0] == 200, name
        assert (await ready.call(method, {}))[0] == 200
        await ready.hands.see("calls")
        await ready.hands.see("deliveries")


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("application/json", b"{", "invalid_json"),
        ("application/json", b"[]", "json_not_object"),
        ("application/json", b'{"text": NaN}', "invalid_json"),
        ("application/json", b'{"text": "\\ud800"}', "invalid_json"),
        ("application/json", b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}", "invalid_json"),
        ("application/json; charset=klingon", b"{}", "invalid_charset"),
        ("application/x-www-form-urlencoded; charset=klingon", b"text=x", "invalid_charset"),
        ("application/x-www-form-urlencoded", b"text=\xff\xfe", "invalid_form_data"),
        ("multipart/form-data", b"x", "invalid_form_data"),
        ("multipart/form-data; boundary=a", b"x", "invalid_form_data"),
        ("application/xml", b"<text/>", "invalid_post_type"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(kind: str, body: bytes, error: str) -> None:
    async with Sandbox() as sandbox, ClientSession() as session:
        headers = {"Authorization": "Bearer xoxb-sandbox", "Content-Type": kind}
        place = f"{sandbox.api_url}chat.postMessage?channel=COPS"
        async with session.post(place, data=body, headers=headers) as response:
            assert (response.status, (await response.json())["error"]) == (200, error)
        async with session.get(f"{sandbox.url}/control/calls") as response:
            assert response.status == 200


async def test_a_file_is_no_text_and_is_remembered_by_its_name() -> None:
    async with prepared() as ready:
        form = FormData({"channel": PLACE})
        form.add_field("text", b"hello", filename="a.txt")
        headers = {"Authorization": "Bearer xoxb-sandbox"}
        place = f"{ready.sandbox.api_url}chat.postMessage"
        async with ready.session.post(place, data=form, headers=headers) as response:
            assert (await response.json())["error"] == "invalid_arguments"
        called = (await ready.hands.see("calls"))[-1]
        assert called["args"] == {"channel": PLACE, "text": {"file": "a.txt"}}


# The scope each method asks for first, as Slack's reference has it.
NEEDED = {
    "bookmarks:read": ["bookmarks.list"],
    "bookmarks:write": ["bookmarks.add", "bookmarks.edit", "bookmarks.remove"],
    "canvases:read": ["canvases.getContent", "canvases.sections.lookup"],
    "canvases:write": [
        "canvases.access.delete", "canvases.access.set", "canvases.create", "canvases.delete",
        "canvases.edit", "conversations.canvases.create",
    ],
    "channels:history": ["conversations.history", "conversations.replies"],
    "channels:join": ["conversations.join"],
    "channels:manage": [
        "conversations.archive", "conversations.create", "conversations.invite",
        "conversations.kick", "conversations.leave", "conversations.mark",
        "conversations.rename", "conversations.setPurpose", "conversations.setTopic",
        "conversations.unarchive",
    ],
    "channels:read": [
        "conversations.info", "conversations.list", "conversations.members",
        "users.conversations",
    ],
    "chat:write": [
        "chat.delete", "chat.deleteScheduledMessage", "chat.meMessage", "chat.postEphemeral",
        "chat.postMessage", "chat.scheduleMessage", "chat.scheduledMessages.list", "chat.update",
    ],
    "dnd:read": ["dnd.info", "dnd.teamInfo"],
    "emoji:read": ["emoji.list"],
    "files:read": ["files.info", "files.list"],
    "files:write": [
        "files.completeUploadExternal", "files.delete", "files.getUploadURLExternal",
    ],
    "im:write": ["conversations.close", "conversations.open"],
    "links:write": ["chat.unfurl"],
    "pins:read": ["pins.list"],
    "pins:write": ["pins.add", "pins.remove"],
    "reactions:read": ["reactions.get", "reactions.list"],
    "reactions:write": ["reactions.add", "reactions.remove"],
    "team:read": ["team.info"],
    "usergroups:read": ["usergroups.list", "usergroups.users.list"],
    "usergroups:write": [
        "usergroups.create", "usergroups.disable", "usergroups.enable", "usergroups.update",
        "usergroups.users.update",
    ],
    "users.profile:read": ["users.profile.get"],
    "users:read": ["bots.info", "users.getPresence", "users.info", "users.list"],
    "users:read.email": ["users.lookupByEmail"],
}  # fmt: skip
SCOPELESS = {
    "apps.connections.open", "auth.revoke", "auth.test", "blocks.validate", "chat.getPermalink",
    "files.revokePublicURL", "files.sharedPublicURL",
    "files.upload", "views.open", "views.publish", "views.push", "views.update",
}  # fmt: skip
ROWS = [(method, scope) for scope, methods in NEEDED.items() for method in methods]


def test_every_method_has_its_row() -> None:
    assert {method for method, _scope in ROWS} | SCOPELESS == set(METHODS)


@pytest.mark.parametrize(("method", "needed"), ROWS)
async def test_every_method_asks_for_its_scope(method: str, needed: str) -> None:
    async with Sandbox(seed=replace(Seed(), scopes=("commands",))) as sandbox:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        with pytest.raises(SlackApiError) as refused:
            await client.api_call(method, params={"channel": "COPS"})
    answer: Json = refused.value.response.data
    told = {name: answer[name] for name in ("error", "needed", "provided")}
    assert told == {"error": "missing_scope", "needed": needed, "provided": "commands"}


@pytest.mark.parametrize("method", sorted(SCOPELESS))
async def test_some_methods_ask_for_no_scope(method: str) -> None:
    async with prepared() as ready:
        good = ready.good(method)
    async with Sandbox(seed=replace(Seed(), scopes=())) as sandbox, ClientSession() as session:
        token = "xapp-sandbox" if METHODS[method].for_app_token else "xoxb-sandbox"
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        place = f"{sandbox.api_url}{method}"
        async with session.post(place, data=json.dumps(good), headers=headers) as response:
            assert (await response.json()).get("error") != "missing_scope"


# What a method says of a public channel where the bot is not, and of an archived one where it is.
OUTSIDE = {
    "canvases.access.set": None,
    "chat.deleteScheduledMessage": "invalid_scheduled_message_id",
    "chat.getPermalink": "message_not_found",
    "chat.scheduledMessages.list": None,
    "conversations.close": "method_not_supported_for_channel_type",
    "conversations.info": None,
    "conversations.join": None,
    "conversations.members": None,
    "conversations.unarchive": "not_archived",
    "files.list": None,
}
ARCHIVED = {
    "bookmarks.list": None,
    "canvases.access.set": None,
    "chat.deleteScheduledMessage": None,
    "chat.getPermalink": None,
    "chat.scheduledMessages.list": None,
    "chat.update": "is_inactive",
    "conversations.archive": "already_archived",
    "conversations.close": "method_not_supported_for_channel_type",
    "conversations.history": None,
    "conversations.info": None,
    "conversations.mark": None,
    "conversations.members": None,
    "conversations.replies": None,
    "conversations.unarchive": "not_in_channel",
    "files.list": None,
    "pins.list": None,
    "reactions.get": None,
}
CHANNEL = ("channel", "channel_id", "channel_ids")
PLACED = [m for m in GOOD if m not in NEVER.keys() - {"conversations.unarchive"}]
PLACED = [method for method in PLACED if set(CHANNEL) & set(GOOD[method])]


async def told_of(method: str, place: str, *, archived: bool = False) -> str | None:
    """Return what the method says when its channel is this one."""
    async with prepared() as ready:
        args = ready.good(method)
        name = next(name for name in CHANNEL if name in args)
        here = ready.names["made"] if method == "conversations.rename" else PLACE
        args[name] = [place or here] if name == "channel_ids" else place or here
        if archived:
            await ready.hands.do("archive", channel=here)
        error: str | None = (await ready.call(method, args))[1].get("error")
        return error


@pytest.mark.parametrize("method", PLACED)
async def test_a_private_channel_is_not_found_from_outside(method: str) -> None:
    assert await told_of(method, "CHIDDEN") == "channel_not_found"
    assert await told_of(method, "CNONE") == "channel_not_found"


@pytest.mark.parametrize("method", PLACED)
async def test_a_public_channel_is_for_members(method: str) -> None:
    assert await told_of(method, "CFAR") == OUTSIDE.get(method, "not_in_channel")


@pytest.mark.parametrize("method", [name for name in PLACED if name != "conversations.join"])
async def test_an_archived_channel_is_only_read(method: str) -> None:
    assert await told_of(method, "", archived=True) == ARCHIVED.get(method, "is_archived")
