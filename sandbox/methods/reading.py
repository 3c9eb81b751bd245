"""Web API methods that read what was said."""

from collections.abc import Callable, Iterable
from itertools import chain

from sandbox.access import HISTORY, joined, kept_message, require_scope
from sandbox.arguments import BEGINNING, END, Arguments, moment_of
from sandbox.errors import SlackError, missing
from sandbox.methods.method import CHANNELS_HISTORY, Method
from sandbox.paging import page
from sandbox.records import Channel, Message
from sandbox.viewing import belongs, described
from sandbox.wire import Json
from sandbox.workspace import Workspace

MOST_OF_HISTORY = 999


def history(workspace: Workspace, args: Arguments) -> Json:
    """Return a channel's messages, newest first and without thread replies."""
    channel = _readable(workspace, args)
    within = _between(args)
    tops = (
        message
        for message in reversed(channel.messages)
        if message.only_for is None and belongs(message, None) and within(message)
    )
    answer = _answer(channel, tops, args)
    return {**answer, "pin_count": len(channel.pins)}


def replies(workspace: Workspace, args: Arguments) -> Json:
    """Return a thread, the message it hangs on first."""
    channel = _readable(workspace, args)
    if not args.has("ts"):
        raise missing("ts")
    try:
        parent = kept_message(channel, args.text("ts"))
    except SlackError as error:
        raise SlackError("thread_not_found") from error
    within = _between(args)
    thread = (channel.by_ts[ts] for ts in parent.replies)
    return _answer(channel, chain([parent], filter(within, thread)), args)


def _readable(workspace: Workspace, args: Arguments) -> Channel:
    channel = joined(workspace, args.required("channel"))
    require_scope(workspace, HISTORY[channel.kind])
    return channel


def _between(args: Arguments) -> Callable[[Message], bool]:
    """Return what tells whether a message is between the asked moments."""
    if not (args.text("oldest") or args.text("latest")):
        return lambda _message: True
    oldest = args.moment("oldest", SlackError("invalid_ts_oldest")) or BEGINNING
    latest = args.moment("latest", SlackError("invalid_ts_latest")) or END
    if args.flag("inclusive"):
        return lambda message: oldest <= moment_of(message.ts) <= latest
    return lambda message: oldest < moment_of(message.ts) < latest


def _answer(channel: Channel, messages: Iterable[Message], args: Arguments) -> Json:
    shown, cursor = page(messages, args, most=MOST_OF_HISTORY)
    with_metadata = args.flag("include_all_metadata")
    answer: Json = {
        "messages": [described(channel, m, with_metadata=with_metadata) for m in shown],
        "has_more": bool(cursor),
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


METHODS = {
    "conversations.history": Method(history, CHANNELS_HISTORY),
    "conversations.replies": Method(replies, CHANNELS_HISTORY),
}
