"""Slack's part of the Chat port that has to do with files: shown in three steps, found by name."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from bot.chatter import Filed, Paper
from bot.ports import Unavailable

PATIENCE = aiohttp.ClientTimeout(total=10)
OK = 200
PAGE = 200
LOOK_BACK = 5  # pages of messages

Call = Callable[..., Awaitable[Any]]


async def upload(call: Call, channel: str, paper: Paper, words: str, thread: str) -> Filed:
    """Announce a file, send its bytes, and show it; Slack shows it a moment later."""
    content = paper.text.encode()
    given = await call("files.getUploadURLExternal", filename=paper.name, length=len(content))
    await _send(str(given["upload_url"]), content)
    place = {"thread_ts": thread} if thread else {}
    done = await call(
        "files.completeUploadExternal",
        files=[{"id": given["file_id"], "title": paper.title}],
        channel_id=channel,
        initial_comment=words,
        **place,
    )
    return _filed(done["files"][0])


async def find_file(
    call: Call, channel: str, name: str, thread: str, *, ours: str
) -> Filed | None:
    """Return a file of that name that we showed in that channel or thread."""
    method = "conversations.replies" if thread else "conversations.history"
    place = {"channel": channel, **({"ts": thread} if thread else {})}
    cursor = ""
    for _ in range(LOOK_BACK):
        page = await call(method, **place, limit=PAGE, cursor=cursor)
        for message in page["messages"]:
            for file in message.get("files") or () if message.get("user") == ours else ():
                if file.get("name") == name:
                    return _filed(file)
        if not (cursor := str((page.get("response_metadata") or {}).get("next_cursor") or "")):
            break
    return None


async def _send(address: str, content: bytes) -> None:
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE, trust_env=True) as session,
            session.post(address, data=content) as response,
        ):
            if response.status != OK:  # the next attempt gets another address
                msg = f"Slack did not take the file ({response.status})"
                raise Unavailable(msg)
    except (TimeoutError, aiohttp.ClientError) as error:
        msg = f"Slack did not take the file ({type(error).__name__})"
        raise Unavailable(msg) from error


def _filed(file: Any) -> Filed:
    return Filed(str(file["id"]), str(file.get("permalink", "")))
