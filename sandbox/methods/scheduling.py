"""Web API methods about messages that are to be posted later."""

from sandbox.access import visible
from sandbox.arguments import Arguments
from sandbox.errors import SlackError
from sandbox.happenings import schedule
from sandbox.methods.chat import compose
from sandbox.methods.method import Method
from sandbox.paging import page
from sandbox.records import Scheduled
from sandbox.wire import Json
from sandbox.workspace import Workspace


def schedule_message(workspace: Workspace, args: Arguments) -> Json:
    """Have a message posted at a later time."""
    post_at = args.required("post_at")
    if not post_at.isdecimal():
        raise SlackError("invalid_time")
    channel, message = compose(workspace, args)
    if message.metadata is not None:
        words = "Slack never posts a scheduled message that has `metadata`"
        raise SlackError("invalid_arguments", [words])
    made = schedule.schedule(workspace, channel, message, int(post_at))
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
    oldest, latest = _moment(args, "oldest", 0.0), _moment(args, "latest", float("inf"))
    waiting = [
        one
        for one in workspace.scheduled.values()
        if only in {None, one.channel} and oldest <= one.post_at <= latest
    ]
    shown, cursor = page(sorted(waiting, key=lambda one: one.post_at), args)
    return {
        "scheduled_messages": [_shown(one) for one in shown],
        "response_metadata": {"next_cursor": cursor},
    }


def _moment(args: Arguments, name: str, default: float) -> float:
    text = args.text(name)
    if text and not text.replace(".", "", 1).isdecimal():
        refusal = f"invalid_scheduled_messages_{name}"
        raise SlackError(refusal)
    return float(text) if text else default


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
