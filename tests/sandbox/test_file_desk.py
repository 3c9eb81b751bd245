"""A file desk: an app that takes in text files, answers with changed ones and keeps an index."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.seed import Seed, Shortcut
from sandbox.server import Sandbox
from sandbox.wire import Json
from tests.sandbox.apps import bolt, by_socket
from tests.sandbox.hands import Hands

SEED = replace(
    Seed(),
    scopes=(*Seed().scopes, "files:read", "canvases:read"),
    events=("file_shared",),
    shortcuts=(Shortcut("Forget this file", "message", "forget"),),
)
INDEX = "# Files"


class Desk:
    """Answer every text file with itself in capitals, and list it in the channel's canvas."""

    def __init__(self, app: AsyncApp) -> None:
        self._client: AsyncWebClient = app.client
        app.event("file_shared")(self.take_in)
        app.shortcut("forget")(self.forget)

    async def take_in(self, event: Json) -> None:
        file = (await self._client.files_info(file=event["file_id"]))["file"]
        if file["user"] == "UBOT":
            return
        channel = event["channel_id"]
        ts = file["shares"]["public"][channel][0]["ts"]
        if not file["mimetype"].startswith("text/"):
            await self._client.chat_postMessage(
                channel=channel, thread_ts=ts, text=f"{file['name']} is not text"
            )
            return
        content = await self._download(file["url_private"])
        await self._client.files_upload_v2(
            content=content.upper(), filename=f"loud-{file['name']}", channel=channel,
            thread_ts=ts, initial_comment="Louder:", alt_txt="The same in capitals",
        )  # fmt: skip
        await self._note(channel, f"- {file['name']} from ![](@{file['user']})", file["name"])

    async def forget(self, ack: AsyncAck, respond: AsyncRespond, shortcut: Json) -> None:
        await ack()
        own = [f for f in shortcut["message"].get("files", []) if f.get("user") == "UBOT"]
        for file in own:
            await self._client.files_delete(file=file["id"])
            name = file["name"].removeprefix("loud-")
            await self._note(shortcut["channel"]["id"], None, name)
        await respond(f"{len(own)} forgotten")

    async def _download(self, url: str) -> str:
        headers = {"Authorization": f"Bearer {self._client.token}"}
        async with ClientSession() as session, session.get(url, headers=headers) as response:
            assert response.content_type != "text/html"
            return await response.text()

    async def _note(self, channel: str, line: str | None, name: str) -> None:
        canvas = await self._index(channel)
        found = await self._client.canvases_sections_lookup(
            canvas_id=canvas, criteria={"contains_text": name}
        )
        change: Json = {"operation": "insert_at_end" if line else "delete"}
        if line:
            change["document_content"] = {"type": "markdown", "markdown": line}
        if found["sections"]:
            change["section_id"] = found["sections"][0]["id"]
            change["operation"] = "replace" if line else "delete"
        await self._client.canvases_edit(canvas_id=canvas, changes=[change])

    async def _index(self, channel: str) -> str:
        known = (await self._client.conversations_info(channel=channel))["channel"]["properties"]
        if "canvas" in known:
            return str(known["canvas"]["file_id"])
        made = await self._client.conversations_canvases_create(
            channel_id=channel, document_content={"type": "markdown", "markdown": INDEX}
        )
        return str(made["canvas_id"])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(seed=SEED) as running:
        app = bolt(running)
        Desk(app)
        async with by_socket(app):
            yield running


async def hand_in(hands: Hands, name: str, content: str, **fields: Any) -> str:
    """Upload a file into the operators' channel and return its message."""
    encoded = b64encode(content.encode()).decode()
    given = {"user": "UANA", "channel": "COPS", "filename": name, "content": encoded}
    return str((await hands.do("upload", **given | fields))["ts"])


async def answer(hands: Hands, parent: str) -> Json:
    """Return the newest answer in a thread, with its files, as Ana sees it."""

    def answers(seen: Json) -> list[Json]:
        return [message for message in seen["messages"] if message["ts"] != parent]

    query = {"user": "UANA", "channel": "COPS", "thread": parent}
    return answers(await hands.until("timeline", lambda seen: bool(answers(seen)), **query))[-1]


async def index(hands: Hands, *lines: str) -> None:
    """Wait until the channel's canvas lists exactly this."""
    await hands.until("canvases", lambda seen: [*map(written, seen)] == ["\n\n".join(lines)])


def written(canvas: Json) -> str:
    return str(canvas["markdown"])


async def test_a_text_comes_back_louder_and_is_in_the_index(
    sandbox: Sandbox, hands: Hands
) -> None:
    first = await hand_in(hands, "notes.txt", "the disk is full")
    said = await answer(hands, first)
    assert (said["text"], said["bot_id"]) == ("Louder:", "BBOT")
    file = said["files"][0]
    assert (file["name"], file["alt_txt"]) == ("loud-notes.txt", "The same in capitals")
    async with ClientSession() as session:
        place = f"{sandbox.url}/control/file?user=UBO&file={file['id']}"
        async with session.get(place) as response:
            assert await response.text() == "THE DISK IS FULL"
    await index(hands, INDEX, "- notes.txt from ![](@UANA)")
    await hand_in(hands, "more.txt", "and slow")
    await index(hands, INDEX, "- notes.txt from ![](@UANA)", "- more.txt from ![](@UANA)")
    await hands.do("join", user="UPAM", channel="COPS")
    await hand_in(hands, "notes.txt", "no longer", user="UPAM")
    await index(hands, INDEX, "- notes.txt from ![](@UPAM)", "- more.txt from ![](@UANA)")


async def test_what_is_not_text_is_sent_back(hands: Hands) -> None:
    said = await answer(hands, await hand_in(hands, "graph.png", "PNG"))
    assert (said["text"], "files" in said) == ("graph.png is not text", False)
    assert await hands.see("canvases") == []


async def test_a_shortcut_forgets_the_answer_and_its_line(hands: Hands) -> None:
    await hand_in(hands, "keep.txt", "a")
    await index(hands, INDEX, "- keep.txt from ![](@UANA)")
    parent = await hand_in(hands, "drop.txt", "b")
    said = await answer(hands, parent)
    await index(hands, INDEX, "- keep.txt from ![](@UANA)", "- drop.txt from ![](@UANA)")
    used = await hands.do(
        "shortcut", user="UANA", callback_id="forget", channel="COPS", ts=said["ts"]
    )
    assert used["acked"]
    await index(hands, INDEX, "- keep.txt from ![](@UANA)")
    assert (await answer(hands, parent))["files"] == [
        {"id": said["files"][0]["id"], "mode": "tombstone"}
    ]
    seen = await hands.until(
        "messages", lambda m: any(x["ephemeral"] for x in m), channel="COPS", user="UANA"
    )
    assert [m["text"] for m in seen if m["ephemeral"]] == ["1 forgotten"]


async def test_the_desk_hears_only_where_it_is(hands: Hands) -> None:
    sent = await hands.do(
        "upload", user="UANA", channel="CGENERAL", filename="a.txt", content="YQ=="
    )
    assert sent["deliveries"] == []
    assert [call["method"] for call in await hands.see("calls") if "files" in call["method"]] == []
