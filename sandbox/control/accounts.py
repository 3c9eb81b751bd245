"""What becomes of people's accounts and user groups."""

from collections.abc import Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.control.fields import Act, Fields
from sandbox.deliveries.courier import Courier
from sandbox.errors import NOT_FOUND, ControlError, SlackError
from sandbox.happenings import accounts, user_groups
from sandbox.records import UserGroup
from sandbox.seed import SLACKBOT, Person
from sandbox.wire import Json
from sandbox.workspace import Workspace

KINDS = {
    field.name: field.type
    for field in fields_of(Person)
    if field.name not in {"id", "is_bot", "tz_offset"}
}


class Accounts:
    """Make and change people's accounts and user groups."""

    def __init__(self, workspace: Workspace, courier: Courier) -> None:
        self._workspace = workspace
        self._courier = courier

    def posts(self) -> Mapping[str, Act]:
        """Return what can be done."""
        return {"person": self.person, "group": self.group, "uninstall": self.uninstall}

    def gets(self) -> Mapping[str, Act]:
        """Return what can be seen."""
        return {"people": self.people, "groups": self.groups}

    async def person(self, fields: Fields) -> Json:
        """Change somebody's account; make one, if nobody has this id or none is given."""
        before, given = self._courier.sent(), dict(fields.given)
        known = self._known(fields)
        given.pop("user", None)
        for name, value in given.items():
            if name not in KINDS:
                raise ControlError("an account has no such field", name)
            if type(value) is not KINDS[name]:
                raise ControlError("this field is of another type", name)
        if not given.get("name", known.name):
            raise ControlError("a field is missing", "name")
        self._refuse_name(known.id, given.get("name", known.name))
        changed = replace(known, **given)
        if "tz" in given:
            changed = replace(changed, tz_offset=self._offset(changed.tz))
        if changed != self._workspace.people.get(known.id):
            accounts.put(self._workspace, changed)
        return {"user": known.id, "deliveries": self._courier.since(before)}

    async def group(self, fields: Fields) -> Json:
        """Change a user group; make one, if none is named."""
        before, given = self._courier.sent(), fields.given
        users, is_disabled = given.get("users"), given.get("is_disabled")
        if is_disabled is not None and not isinstance(is_disabled, bool):
            raise ControlError("this field must be true or false", "is_disabled")
        if users is not None:
            self._refuse_users(users)
        group = self._group(fields)
        if users is not None:
            user_groups.set_users(self._workspace, group, users)
        if is_disabled is not None and is_disabled is not group.is_disabled:
            group.is_disabled = is_disabled
            user_groups.change(self._workspace, group)
        return {"group": group.id, "deliveries": self._courier.since(before)}

    async def uninstall(self, _fields: Fields) -> Json:
        """Remove the app from the workspace."""
        before, workspace = self._courier.sent(), self._workspace
        if workspace.seed.bot_token in workspace.revoked:
            raise ControlError("the app is not installed")
        accounts.uninstall(workspace)
        return {"deliveries": self._courier.since(before)}

    async def people(self, _fields: Fields) -> list[Json]:
        """Show every account, as an app with every scope is told of it."""
        return [
            accounts.shown(self._workspace, person, with_email=True)
            for person in self._workspace.people.values()
        ]

    async def groups(self, _fields: Fields) -> list[Json]:
        """Show every user group, those out of use too."""
        groups = self._workspace.groups.values()
        return [user_groups.shown(self._workspace, group) for group in groups]

    def _known(self, fields: Fields) -> Person:
        user = fields.optional("user")
        if user in {SLACKBOT, self._workspace.seed.bot_user}:
            raise ControlError("this account is nobody's to change", user)
        letter = "W" if self._workspace.seed.enterprise else "U"
        if user is None:
            return Person(self._workspace.name_new(letter), "")
        return self._workspace.people.get(user) or Person(user, "")

    def _refuse_name(self, user: str, name: str) -> None:
        others = self._workspace.people.values()
        if any(person.name == name and person.id != user for person in others):
            raise ControlError("somebody else has this name", name)

    def _offset(self, tz: str) -> int:
        now = datetime.fromtimestamp(self._workspace.clock.now(), UTC)
        try:
            offset = now.astimezone(ZoneInfo(tz)).utcoffset()
        except (KeyError, ValueError, OSError) as error:
            raise ControlError("there is no such time zone", tz) from error
        return int(offset.total_seconds()) if offset else 0

    def _refuse_users(self, users: Any) -> None:
        people = self._workspace.people
        known = isinstance(users, list) and all(
            isinstance(user, str) and user in people for user in users
        )
        if not known:
            raise ControlError("users is a list of people's ids", users)

    def _group(self, fields: Fields) -> UserGroup:
        group_id, workspace = fields.optional("group"), self._workspace
        try:
            if group_id is None:
                name, handle = fields.text("name"), fields.text("handle")
                group = UserGroup(workspace.name_new("S"), handle, name, [])
                user_groups.create(workspace, group, workspace.seed.people[0].id)
                return group
            if group_id not in workspace.groups:
                raise ControlError("there is no such group", group_id, status=NOT_FOUND)
            group = workspace.groups[group_id]
            name, handle = fields.text("name", group.name), fields.text("handle", group.handle)
            if (name, handle) != (group.name, group.handle):
                user_groups.rename(workspace, group, name, handle)
        except SlackError as error:
            raise ControlError("Slack would not have this group", error.code) from error
        return group
