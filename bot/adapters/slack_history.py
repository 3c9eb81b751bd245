"""What stands in Slack's channels and threads, a part at a time."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from bot.chatter import Part
from bot.reading import is_gone, said

Call = Callable[..., Awaitable[Any]]

PAGE = 200
NO_THREAD = {"thread_not_found"}  # the message it hung on, and every reply, was deleted


async def history(call: Call, channel: str, before: str, ours: Collection[str]) -> Part:
    """Return the newest page before that ts; pages are told apart by ts, which go on for ever."""
    until = {"latest": before} if before else {}
    page = await call("conversations.history", channel=channel, limit=PAGE, **until)
    shown = page["messages"]
    since = str(shown[-1]["ts"]) if page.get("has_more") and shown else ""
    return _part(channel, shown, ours, since)


async def replies(call: Call, channel: str, thread: str, ours: Collection[str]) -> Part:
    """Return a whole thread."""
    shown, cursor = list[dict[str, Any]](), ""
    while True:
        page = await call(
            *("conversations.replies", NO_THREAD),
            channel=channel,
            ts=thread,
            limit=PAGE,
            cursor=cursor,
        )
        shown += page.get("messages") or ()
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return _part(channel, shown, ours, "")


def _part(
    channel: str, shown: Sequence[dict[str, Any]], ours: Collection[str], since: str
) -> Part:
    told = (said(channel, message, ours) for message in shown)
    return Part(
        said=[message for message in told if message],
        shown=frozenset(str(m["ts"]) for m in shown if not is_gone(m)),
        threads=[str(m["ts"]) for m in shown if m.get("reply_count")],
        since=since,
    )
