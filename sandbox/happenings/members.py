"""Who may be brought into a channel, and why somebody may not."""

from sandbox.records import Channel
from sandbox.workspace import Workspace


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


def _is_shared_with(workspace: Workspace, channel: Channel, team: str) -> bool:
    teams = {workspace.people[user].team for user in channel.members}
    return channel.is_ext_shared and team in teams
