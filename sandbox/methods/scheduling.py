"""Web API methods about messages that are to be posted later."""

from sandbox.access import visible
from sandbox.arguments import BEGINNING, END, Arguments
from sandbox.errors import SlackError, missing
from sandbox.happenings import schedule
from sandbox.methods.chat import compose
from sandbox.methods.method import Method
from sandbox.paging import page
from sandbox.records import Scheduled
from sandbox.wire import Json
from sandbox.workspace import Workspace


def schedule_message(workspace: Workspace, args: Arguments) -> Json:
    """Have a message posted at a later time."""
    if not args.has("post_at"):
        raise missing("post_at")
    post_at = args.whole("post_at")
    if post_at is None:
        raise SlackError("invalid_time")
    channel, message = compose(workspace, args)
    if message.metadata is not None:
        words = "Slack never posts a scheduled message that has `metadata`"
        raise SlackError("invalid_arguments", [words])
    made = schedule.schedule(workspace, channel, message, post_at)
    shown = {name: value for name, value in message.shown().items() if name != "ts"}
    return {
        "channel": channel.id,
        "scheduled_message_id": made.id,
        "post_at": made.post_at,
        "message": {**shown, "type": "delayed_message"},
    }


def delete_scheduled(workspace: Workspace, args: Arguments) -> Json:
    """Have a message not posted after all."""
    channel = visible(workspace, args.required("channel"))
    schedule.cancel(workspace, channel, args.required("scheduled_message_id"))
    return {}


def list_scheduled(workspace: Workspace, args: Arguments) -> Json:
    """List what is still to be posted, the soonest first."""
    only = visible(workspace, args.text("channel")).id if args.text("channel") else None
    oldest = args.moment("oldest", _wrong("oldest")) or BEGINNING
    latest = args.moment("latest", _wrong("latest")) or END
    waiting = [
        one
        for one in workspace.scheduled.values()
        if only in {None, one.channel} and oldest <= (one.post_at, 0) <= latest
    ]
    shown, cursor = page(sorted(waiting, key=lambda one: one.post_at), args)
    return {
        "scheduled_messages": [_shown(one) for one in shown],
        "response_metadata": {"next_cursor": cursor},
    }


def _wrong(name: str) -> SlackError:
    return SlackError(f"invalid_scheduled_messages_{name}")


def _shown(one: Scheduled) -> Json:
    return {
        "id": one.id,
        "channel_id": one.channel,
        "post_at": one.post_at,
        "date_created": one.created,
        "text": one.message.text,
    }


METHODS = {
    "chat.deleteScheduledMessage": Method(delete_scheduled, ("chat:write",)),
    "chat.scheduleMessage": Method(schedule_message, ("chat:write",)),
    "chat.scheduledMessages.list": Method(list_scheduled, ("chat:write",)),
}
