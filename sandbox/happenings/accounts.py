"""People's accounts: what the app is told of them, and how they change."""

from sandbox.happenings.members import join
from sandbox.records import Channel
from sandbox.seed import SLACKBOT, Person
from sandbox.wire import Json
from sandbox.workspace import Workspace


def shown(workspace: Workspace, person: Person, *, with_email: bool) -> Json:
    """Return a person as the Web API and events describe them."""
    account: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.is_deleted,
        "is_bot": person.is_bot and person.id != SLACKBOT,
        "is_app_user": False,
        "updated": 0,
        "profile": profile(workspace, person, with_email=with_email),
    }
    if workspace.seed.enterprise and person.team == workspace.seed.team and not person.is_bot:
        account["enterprise_user"] = _in_organisation(workspace, person)
    if is_stranger(workspace, person):
        account["is_stranger"] = True
    # Slack tells no more than this of who is deactivated.
    return account if person.is_deleted else {**account, **_standing(person)}


def profile(workspace: Workspace, person: Person, *, with_email: bool) -> Json:
    """Return what a person says of themselves."""
    name = _real_name(person)
    told: Json = {
        "title": person.title,
        "real_name": name,
        "real_name_normalized": name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "team": person.team,
    }
    if person.is_bot:
        bot = {"bot_id": workspace.seed.bot, "api_app_id": workspace.seed.app}
        return told if person.id == SLACKBOT else {**told, **bot}
    is_colleague = person.team == workspace.seed.team
    return {**told, "email": person.email} if with_email and is_colleague else told


def is_stranger(workspace: Workspace, person: Person) -> bool:
    """Tell whether somebody of another company shares no channel with the app."""
    return person.team != workspace.seed.team and not any(
        _holds_both(channel, person.id, workspace.seed.bot_user)
        for channel in workspace.channels.values()
    )


def put(workspace: Workspace, person: Person) -> None:
    """Keep a new or changed account, and tell the app of it."""
    is_new = person.id not in workspace.people
    workspace.people[person.id] = person
    workspace.changes.bump()
    is_colleague = person.team == workspace.seed.team
    if is_new and is_colleague and not person.is_guest:
        join(workspace, workspace.channels[workspace.seed.general], person.id)
    if is_new and not is_colleague:
        return
    kind = "team_join" if is_new else "user_change"
    with_email = "users:read.email" in workspace.seed.scopes
    user = shown(workspace, person, with_email=with_email)
    workspace.emit(kind, {"type": kind, "user": user, "event_ts": workspace.stamp()})


def uninstall(workspace: Workspace) -> None:
    """Remove the app from the workspace."""
    revoke(workspace)
    workspace.emit("app_uninstalled", {"type": "app_uninstalled"})


def revoke(workspace: Workspace) -> None:
    """Make the app's bot token good for nothing, and tell the app as the last thing."""
    workspace.revoked.add(workspace.seed.bot_token)
    workspace.changes.bump()
    tokens = {"oauth": [], "bot": [workspace.seed.bot_user]}
    workspace.emit("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens})


def _holds_both(channel: Channel, one: str, other: str) -> bool:
    return one in channel.members and other in channel.members


def _real_name(person: Person) -> str:
    return person.real_name or person.name.capitalize()


def _standing(person: Person) -> Json:
    return {
        "real_name": _real_name(person),
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": person.tz_offset,
        "is_admin": person.is_admin or person.is_owner,
        "is_owner": person.is_owner,
        "is_primary_owner": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": bool(person.is_guest and person.only_channel),
    }


def _in_organisation(workspace: Workspace, person: Person) -> Json:
    seed = workspace.seed
    return {
        "id": person.id,
        "enterprise_id": seed.enterprise,
        "enterprise_name": seed.enterprise_name,
        "is_admin": False,
        "is_owner": False,
        "teams": [seed.team],
    }
