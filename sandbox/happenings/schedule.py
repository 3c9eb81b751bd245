"""Messages that are to be posted later, and are when the workspace's clock says so."""

from functools import partial

from sandbox.errors import SlackError
from sandbox.records import Channel, Message, Scheduled
from sandbox.workspace import Workspace

FARTHEST = 120 * 24 * 60 * 60
WINDOW = 5 * 60
MOST_IN_WINDOW = 30
TOO_LATE_TO_CANCEL = 60


def schedule(workspace: Workspace, channel: Channel, message: Message, post_at: int) -> Scheduled:
    """Keep a message until it is time to post it."""
    now = workspace.clock.now()
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + FARTHEST:
        raise SlackError("time_too_far")
    waiting = [one for one in workspace.scheduled.values() if one.channel == channel.id]
    if sum(abs(one.post_at - post_at) < WINDOW for one in waiting) >= MOST_IN_WINDOW:
        raise SlackError("restricted_too_many")
    made = Scheduled(workspace.name_new("Q"), channel.id, post_at, int(now), message)
    workspace.scheduled[made.id] = made
    workspace.later.after(post_at - now, partial(_post_until, workspace, post_at))
    return made


def cancel(workspace: Workspace, channel: Channel, scheduled_id: str) -> None:
    """Post a message never, if there is still time to say so."""
    made = workspace.scheduled.get(scheduled_id)
    too_late = made is not None and made.post_at - workspace.clock.now() < TOO_LATE_TO_CANCEL
    if made is None or made.channel != channel.id or too_late:
        raise SlackError("invalid_scheduled_message_id")
    del workspace.scheduled[scheduled_id]


def _post_until(workspace: Workspace, moment: int) -> None:
    due = [one for one in workspace.scheduled.values() if one.post_at <= moment]
    for one in sorted(due, key=lambda one: one.post_at):
        del workspace.scheduled[one.id]
        _post(workspace, one)


def _post(workspace: Workspace, one: Scheduled) -> None:
    channel, message = workspace.channels[one.channel], one.message
    outside = workspace.seed.bot_user not in channel.members
    lost = message.thread_ts is not None and channel.find(message.thread_ts) is None
    if not (channel.is_archived or outside or lost):
        message.ts = workspace.stamp()
        workspace.add(channel, message)
