"""What Slack tells the app when somebody does something."""

from sandbox.blocks.attachments import blocks_within
from sandbox.deliveries.response_urls import ResponseUrls
from sandbox.forms import fields_of, state_values
from sandbox.happenings import modals
from sandbox.records import Channel, Message, View
from sandbox.wire import Json
from sandbox.workspace import Workspace

CHANNEL_NAMES = {"im": "directmessage", "private_channel": "privategroup"}


class Payloads:
    """Build the payloads of interactions, each with a new trigger."""

    def __init__(self, workspace: Workspace, response_urls: ResponseUrls) -> None:
        self._workspace = workspace
        self._response_urls = response_urls

    def command(self, user: str, channel: Channel, command: str, text: str) -> Json:
        """Build the payload of a slash command."""
        seed = self._workspace.seed
        organisation = {"enterprise_id": seed.enterprise, "enterprise_name": seed.enterprise_name}
        return {
            **(organisation if seed.enterprise else {}),
            "token": "sandbox-verification-token",
            "team_id": seed.team,
            "team_domain": seed.team_name.lower(),
            "channel_id": channel.id,
            "channel_name": CHANNEL_NAMES.get(channel.kind, channel.name),
            "user_id": user,
            "user_name": self._workspace.people[user].name,
            "command": command,
            "text": text,
            "api_app_id": seed.app,
            "is_enterprise_install": "false",
            "response_url": self._response_urls.issue(channel, user),
            "trigger_id": self._workspace.triggers.issue(user, channel=channel.id),
        }

    def global_shortcut(self, user: str, callback_id: str, channel: str | None = None) -> Json:
        """Build the payload of a shortcut that hangs on nothing."""
        return {
            **self._common("shortcut", user),
            "callback_id": callback_id,
            "action_ts": self._workspace.stamp(),
            "trigger_id": self._workspace.triggers.issue(user, channel=channel),
        }

    def message_shortcut(
        self, user: str, callback_id: str, channel: Channel, message: Message
    ) -> Json:
        """Build the payload of a shortcut on a message."""
        return {
            **self.global_shortcut(user, callback_id, channel.id),
            "type": "message_action",
            "channel": {"id": channel.id, "name": channel.name},
            "message": message.shown(),
            "message_ts": message.ts,
            "response_url": self._response_urls.issue(channel, user, message.ts),
        }

    def message_action(self, user: str, channel: Channel, message: Message, action: Json) -> Json:
        """Build the payload of a click in a message."""
        typed = message.typed.get(user, {})
        return {
            **self._common("block_actions", user),
            **_place(channel, message, action["block_id"]),
            "trigger_id": self._workspace.triggers.issue(user, channel=channel.id),
            "state": {"values": state_values(blocks_of(message), typed, channel.id)},
            "response_url": self._response_urls.issue(channel, user, message.ts),
            "actions": [{**action, "action_ts": self._workspace.stamp()}],
        }

    def view_action(self, user: str, view: View, action: Json) -> Json:
        """Build the payload of a click in a modal or on the Home tab."""
        in_modal = view.definition["type"] == "modal"
        return {
            **self._common("block_actions", user),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self._workspace.triggers.issue(
                user, in_modal=in_modal, channel=view.channel
            ),
            "view": self._view(view),
            "actions": [{**action, "action_ts": self._workspace.stamp()}],
        }

    def suggestion_in_message(
        self, user: str, channel: Channel, message: Message, query: Json
    ) -> Json:
        """Build the payload that asks for a select's options, in a message."""
        place = _place(channel, message, query["block_id"])
        return {**self._common("block_suggestion", user), **place, **query}

    def suggestion_in_view(self, user: str, view: View, query: Json) -> Json:
        """Build the payload that asks for a select's options, in a modal or on the Home tab."""
        return {
            **self._common("block_suggestion", user),
            "container": {"type": "view", "view_id": view.id},
            "view": self._view(view),
            **query,
        }

    def submission(self, view: View) -> Json:
        """Build the payload of a submitted modal."""
        return {
            **self._common("view_submission", view.user),
            "trigger_id": self._workspace.triggers.issue(
                view.user, in_modal=True, channel=view.channel
            ),
            "view": self._view(view),
            "response_urls": self._response_urls_of(view),
        }

    def closing(self, view: View, *, is_cleared: bool) -> Json:
        """Build the payload of a modal closed by hand."""
        common = self._common("view_closed", view.user)
        return {**common, "view": self._view(view), "is_cleared": is_cleared}

    def home_opened(self, user: str) -> Json:
        """Build the event of an opened Home tab."""
        event = {
            "type": "app_home_opened",
            "user": user,
            "channel": self._workspace.direct(user).id,
            "tab": "home",
            "event_ts": self._workspace.stamp(),
        }
        view = self._workspace.homes.get(user)
        return {**event, "view": self._view(view)} if view else event

    def _view(self, view: View) -> Json:
        return modals.shown(self._workspace, view)

    def _common(self, kind: str, user: str) -> Json:
        seed = self._workspace.seed
        person = self._workspace.people[user]
        organisation = {"id": seed.enterprise, "name": seed.enterprise_name}
        names = {"username": person.name, "name": person.name}
        return {
            "type": kind,
            "token": "sandbox-verification-token",
            "user": {"id": user, **names, "team_id": person.team},
            "team": {"id": seed.team, "domain": seed.team_name.lower()},
            "api_app_id": seed.app,
            "enterprise": organisation if seed.enterprise else None,
            "is_enterprise_install": False,
        }

    def _response_urls_of(self, view: View) -> list[Json]:
        found = []
        values = modals.values_of(view)
        for block, element in fields_of(view.definition["blocks"]):
            entry = values[block["block_id"]][element["action_id"]]
            chosen = entry.get("selected_conversation") or entry.get("selected_channel") or ""
            channel = self._workspace.channels.get(chosen)
            if element.get("response_url_enabled") and channel is not None:
                field = {"block_id": block["block_id"], "action_id": element["action_id"]}
                url = self._response_urls.issue(channel, view.user)
                found.append({**field, "channel_id": channel.id, "response_url": url})
        return found


def blocks_of(message: Message) -> list[Json]:
    """Return every block of a message, those in its attachments too."""
    return [*(message.blocks or []), *blocks_within(message.attachments or [])]


def _place(channel: Channel, message: Message, block_id: str) -> Json:
    ephemeral = message.only_for is not None
    container: Json = {"type": "message", "message_ts": message.ts}
    for attachment in message.attachments or []:
        if any(block["block_id"] == block_id for block in attachment.get("blocks", ())):
            container |= {"type": "message_attachment", "attachment_id": attachment["id"]}
    container |= {"channel_id": channel.id, "is_ephemeral": ephemeral}
    place: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
    }
    # Slack keeps no ephemeral messages, so it has none to send along.
    return place if ephemeral else {**place, "message": message.shown()}
