"""Members of a channel: how they come and go, and why somebody may not be brought in."""

from sandbox.records import Channel, Message
from sandbox.wire import Json
from sandbox.workspace import Workspace


def join(workspace: Workspace, channel: Channel, user: str, inviter: str | None = None) -> None:
    """Make somebody a member, as Slack shows and tells it."""
    channel.members.append(user)
    invited = {} if inviter is None else {"inviter": inviter}
    said, stamp = f"<@{user}> has joined the channel", workspace.stamp()
    workspace.add(channel, Message(stamp, user, said, subtype="channel_join", details=invited))
    _tell_moved(workspace, "member_joined_channel", channel, {"user": user, **invited})


def leave(workspace: Workspace, channel: Channel, user: str, by: str | None = None) -> None:
    """Make somebody a member no more, by their own will or another's."""
    channel.members.remove(user)
    said, stamp = f"<@{user}> has left the channel", workspace.stamp()
    workspace.add(channel, Message(stamp, user, said, subtype="channel_leave"))
    _tell_moved(workspace, "member_left_channel", channel, {"user": user})
    if user == workspace.seed.bot_user:
        # The bot is no member any more, so this event is not one of the channel's.
        kind, stamp = f"{channel.family}_left", workspace.stamp()
        told = {"channel": channel.id, "actor_id": by or user, "event_ts": stamp}
        workspace.emit(kind, {"type": kind, **told})


def refusal(workspace: Workspace, channel: Channel, user: str) -> str:
    """Return why a person cannot be brought into the channel, in Slack's word, if so."""
    person = workspace.people.get(user)
    if person is None:
        return "user_not_found"
    if user in channel.members:
        return "already_in_channel"
    if person.is_deleted:
        return "cant_invite"
    if person.only_channel and person.only_channel != channel.id:
        return "ura_max_channels"
    if person.is_guest and not workspace.seed.app_invites_guests:
        return "user_is_restricted"
    if person.team != workspace.seed.team and not _is_shared_with(workspace, channel, person.team):
        return "org_user_not_in_team"
    return ""


def _tell_moved(workspace: Workspace, kind: str, channel: Channel, event: Json) -> None:
    # One event for both kinds of channel, each of which has a scope of its own.
    scope = "groups:read" if channel.is_private else "channels:read"
    if scope in workspace.seed.scopes:
        letter = "G" if channel.is_private else "C"
        place = {"channel": channel.id, "channel_type": letter, "team": workspace.seed.team}
        workspace.tell(channel, {"type": kind, **place, **event})


def _is_shared_with(workspace: Workspace, channel: Channel, team: str) -> bool:
    teams = {workspace.people[user].team for user in channel.members}
    return channel.is_ext_shared and team in teams
