"""A call of every Web API method that is in order, and the workspace in which it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.clock import SteppedClock
from sandbox.methods.registry import METHODS
from sandbox.seed import ChannelSeed, Seed
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.hands import Hands
from tests.sandbox.seeds import WIDE

HOME = {"type": "home", "blocks": []}
MODAL = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": []}
PLACE = "CHERE"
LINK = "https://incidents.example/1"
MARKDOWN = {"type": "markdown", "markdown": "# One"}
SEED = replace(
    WIDE,
    scopes=(*WIDE.scopes, "chat:write.customize"),
    channels=(
        *WIDE.channels,
        ChannelSeed(PLACE, "here", ("UANA", "UBO", "UBOT")),
        ChannelSeed("CFAR", "far", ("UANA",)),
        ChannelSeed("CHIDDEN", "hidden", ("UANA",), is_private=True),
    ),
    unfurl_domains=("incidents.example",),
)
# What stands in <...> is there once the workspace is prepared.
GOOD: dict[str, Json] = {
    "apps.connections.open": {},
    "auth.revoke": {"test": True},
    "auth.test": {},
    "blocks.validate": {"blocks": [{"type": "divider"}]},
    "bookmarks.add": {"channel_id": PLACE, "title": "x", "type": "link", "link": LINK},
    "bookmarks.edit": {"channel_id": PLACE, "bookmark_id": "<bookmark>", "title": "y"},
    "bookmarks.list": {"channel_id": PLACE},
    "bookmarks.remove": {"channel_id": PLACE, "bookmark_id": "<bookmark>"},
    "bots.info": {"bot": "BBOT"},
    "canvases.access.delete": {"canvas_id": "<canvas>", "user_ids": ["UANA"]},
    "canvases.access.set": {
        "canvas_id": "<canvas>", "access_level": "read", "channel_ids": [PLACE],
    },
    "canvases.create": {"title": "x", "channel_id": PLACE, "document_content": MARKDOWN},
    "canvases.delete": {"canvas_id": "<canvas>"},
    "canvases.edit": {
        "canvas_id": "<canvas>",
        "changes": [{"operation": "insert_at_end", "document_content": MARKDOWN}],
    },
    "canvases.getContent": {"canvas_id": "<canvas>"},
    "canvases.sections.lookup": {
        "canvas_id": "<canvas>", "criteria": {"section_types": ["h1"]},
    },
    "chat.delete": {"channel": PLACE, "ts": "<ts>"},
    "chat.deleteScheduledMessage": {"channel": PLACE, "scheduled_message_id": "<scheduled>"},
    "chat.getPermalink": {"channel": PLACE, "message_ts": "<ts>"},
    "chat.meMessage": {"channel": PLACE, "text": "x"},
    "chat.postEphemeral": {"channel": PLACE, "user": "UANA", "text": "x", "thread_ts": "<ts>"},
    "chat.postMessage": {
        "channel": PLACE, "text": "x", "thread_ts": "<ts>", "username": "x",
        "icon_emoji": ":fire:", "icon_url": LINK, "unfurl_links": False, "unfurl_media": False,
        "blocks": [{"type": "divider"}], "attachments": [{"text": "x"}], "parse": "none",
        "metadata": {"event_type": "x", "event_payload": {}}, "reply_broadcast": False,
    },
    "chat.scheduleMessage": {
        "channel": PLACE, "text": "x", "post_at": "<soon>", "thread_ts": "<ts>",
    },
    "chat.scheduledMessages.list": {
        "channel": PLACE, "oldest": "1", "latest": "9999999999", "limit": 5, "cursor": "",
    },
    "chat.unfurl": {"channel": PLACE, "ts": "<link>", "unfurls": {LINK: {"title": "x"}}},
    "chat.update": {
        "channel": PLACE, "ts": "<ts>", "text": "x", "blocks": [{"type": "divider"}],
        "attachments": [{"text": "x"}], "metadata": {"event_type": "x", "event_payload": {}},
    },
    "conversations.archive": {"channel": PLACE},
    "conversations.canvases.create": {"channel_id": PLACE, "document_content": MARKDOWN},
    "conversations.close": {"channel": "DUANA"},
    "conversations.create": {"name": "new", "is_private": False},
    "conversations.history": {
        "channel": PLACE, "oldest": "1", "latest": "9999999999", "limit": 5, "cursor": "",
    },
    "conversations.info": {"channel": PLACE},
    "conversations.invite": {"channel": PLACE, "users": "UPAM"},
    "conversations.join": {"channel": "CFAR"},
    "conversations.kick": {"channel": PLACE, "user": "UBO"},
    "conversations.leave": {"channel": PLACE},
    "conversations.list": {"types": "public_channel", "limit": 5, "cursor": ""},
    "conversations.mark": {"channel": PLACE, "ts": "<ts>"},
    "conversations.members": {"channel": PLACE, "limit": 5, "cursor": ""},
    "conversations.open": {"users": "UANA"},
    "conversations.rename": {"channel": "<made>", "name": "renamed"},
    "conversations.replies": {
        "channel": PLACE, "ts": "<ts>", "oldest": "1", "latest": "9999999999", "limit": 5,
    },
    "conversations.setPurpose": {"channel": PLACE, "purpose": "x"},
    "conversations.setTopic": {"channel": PLACE, "topic": "x"},
    "conversations.unarchive": {"channel": PLACE},
    "dnd.info": {"user": "UANA"},
    "dnd.teamInfo": {"users": "UANA,UBO"},
    "emoji.list": {},
    "files.completeUploadExternal": {
        "files": [{"id": "<sent>"}], "channel_id": PLACE, "initial_comment": "x",
        "thread_ts": "<ts>",
    },
    "files.delete": {"file": "<file>"},
    "files.getUploadURLExternal": {"filename": "a.txt", "length": 5, "snippet_type": "text"},
    "files.info": {"file": "<file>"},
    "files.list": {
        "user": "UBOT", "channel": PLACE, "types": "all", "ts_from": "1", "ts_to": "9999999999",
        "count": 5, "page": 1,
    },
    "files.revokePublicURL": {"file": "<file>"},
    "files.sharedPublicURL": {"file": "<file>"},
    "files.upload": {"channels": PLACE, "content": "x"},
    "pins.add": {"channel": PLACE, "timestamp": "<ts>"},
    "pins.list": {"channel": PLACE},
    "pins.remove": {"channel": PLACE, "timestamp": "<link>"},
    "reactions.add": {"channel": PLACE, "timestamp": "<ts>", "name": "eyes"},
    "reactions.get": {"channel": PLACE, "timestamp": "<ts>"},
    "reactions.list": {"user": "UBOT", "limit": 5, "cursor": ""},
    "reactions.remove": {"channel": PLACE, "timestamp": "<link>", "name": "eyes"},
    "team.info": {"team": "T1"},
    "usergroups.create": {"name": "New", "handle": "new", "description": "x"},
    "usergroups.disable": {"usergroup": "SONCALL"},
    "usergroups.enable": {"usergroup": "SOLD"},
    "usergroups.list": {},
    "usergroups.update": {"usergroup": "SONCALL", "name": "New", "handle": "new"},
    "usergroups.users.list": {"usergroup": "SONCALL"},
    "usergroups.users.update": {"usergroup": "SONCALL", "users": "UANA"},
    "users.conversations": {"types": "public_channel", "limit": 5, "cursor": ""},
    "users.getPresence": {"user": "UANA"},
    "users.info": {"user": "UANA"},
    "users.list": {"limit": 5, "cursor": ""},
    "users.lookupByEmail": {"email": "ana@t1.example"},
    "users.profile.get": {"user": "UANA"},
    "views.open": {"trigger_id": "<trigger>", "view": MODAL},
    "views.publish": {"user_id": "UANA", "view": HOME, "hash": "<home>"},
    "views.push": {"trigger_id": "<inner>", "view": MODAL},
    "views.update": {"view_id": "<view>", "view": MODAL, "hash": "<hash>"},
}  # fmt: skip
# These refuse whatever they are asked.
NEVER = {
    "conversations.unarchive": "not_archived",
    "files.revokePublicURL": "not_allowed_token_type",
    "files.sharedPublicURL": "not_allowed_token_type",
    "files.upload": "method_deprecated",
}
assert set(GOOD) == set(METHODS)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A workspace in which every call is in order, and how to make one."""

    sandbox: Sandbox
    client: AsyncWebClient
    hands: Hands
    session: ClientSession
    names: dict[str, Any]

    def good(self, method: str) -> Json:
        """Return arguments with which the method does what it does."""
        return {name: self._named(value) for name, value in GOOD[method].items()}

    async def call(self, method: str, args: Json) -> tuple[int, Json]:
        """Call a method with any JSON at all, and return the status and the answer."""
        token = "xapp-sandbox" if METHODS[method].for_app_token else "xoxb-sandbox"
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.sandbox.api_url}{method}"
        async with self.session.post(url, json=args, headers=headers) as response:
            return response.status, await response.json()

    def _named(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._named(item) for item in value]
        if isinstance(value, dict):
            return {name: self._named(item) for name, item in value.items()}
        if isinstance(value, str) and value.startswith("<") and value.endswith(">"):
            return self.names[value[1:-1]]
        return value


@asynccontextmanager
async def prepared(seed: Seed = SEED) -> AsyncIterator[Prepared]:
    """Run a workspace in which there is something of everything."""
    clock = SteppedClock()
    async with Sandbox(seed=seed, clock=clock) as sandbox, ClientSession() as session:
        client = AsyncWebClient(token="xoxb-sandbox", base_url=sandbox.api_url)
        hands = Hands(session, sandbox)
        names = await _things(sandbox, client, hands, session, clock)
        yield Prepared(sandbox, client, hands, session, names)


async def _things(
    sandbox: Sandbox,
    client: AsyncWebClient,
    hands: Hands,
    session: ClientSession,
    clock: SteppedClock,
) -> dict[str, Any]:
    """Put something of everything into the workspace and return what it is called."""
    ts = (await client.chat_postMessage(channel=PLACE, text="hello"))["ts"]
    linked = await hands.do("message", user="UANA", channel=PLACE, text=LINK)
    await client.pins_add(channel=PLACE, timestamp=linked["ts"])
    await client.reactions_add(channel=PLACE, timestamp=linked["ts"], name="eyes")
    bookmark = await client.bookmarks_add(channel_id=PLACE, title="x", type="link", link=LINK)
    canvas = await client.canvases_create(title="x", document_content=MARKDOWN)
    soon = int(clock.now()) + 3600
    later = await client.chat_scheduleMessage(channel=PLACE, text="x", post_at=soon)
    made = await client.conversations_create(name="made")
    await client.conversations_open(users="UANA")
    sent, file = [await _sent(client, session) for _ in range(2)]
    await client.files_completeUploadExternal(files=[{"id": file}], channel_id=PLACE)
    clock.step(1)
    await hands.until("messages", lambda seen: seen[-1]["subtype"] == "file_share", channel=PLACE)
    home = await client.views_publish(user_id="UANA", view=HOME)
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "x"}}
    blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    view = await client.views_open(
        trigger_id=await _trigger(hands, "command", channel=PLACE, command="/incident", text=""),
        view={**MODAL, "blocks": blocks},
    )
    pressed = {"view": view["view"]["id"], "action_id": "go"}
    return {
        "ts": ts,
        "link": linked["ts"],
        "bookmark": bookmark["bookmark"]["id"],
        "canvas": canvas["canvas_id"],
        "soon": soon,
        "scheduled": later["scheduled_message_id"],
        "made": made["channel"]["id"],
        "sent": sent,
        "file": file,
        "home": home["view"]["hash"],
        "view": view["view"]["id"],
        "hash": view["view"]["hash"],
        "inner": await _trigger(hands, "click", **pressed),
        "trigger": await _trigger(hands, "command", channel=PLACE, command="/incident", text=""),
    }


async def _trigger(hands: Hands, act: str, **fields: Any) -> str:
    """Let ana do something, and return the trigger that it issues."""
    await hands.do(act, user="UANA", **fields)
    return str((await hands.see("deliveries"))[-1]["payload"]["trigger_id"])


async def _sent(client: AsyncWebClient, session: ClientSession) -> str:
    told = await client.files_getUploadURLExternal(filename="a.txt", length=5)
    async with session.post(told["upload_url"], data=b"hello") as response:
        assert response.status == 200
    return str(told["file_id"])
